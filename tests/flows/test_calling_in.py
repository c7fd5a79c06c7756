"""Calls that come to us: called back, let in, questioned, or sent away."""

from datetime import timedelta

import pytest

from domain.accounts.models import Service, Status
from domain.calls.models import Source, State
from esl_service.caller import Keys
from esl_service.channel import Arrival, HungUp, LinkLost
from esl_service.front_desk import FrontDesk
from esl_service.porter import BUSY, LATER, PROVING, Porter
from esl_service.reception import Reception
from tests.broken import Flaky
from tests.doubles import CalledParty, FakeExchange
from tests.people import ACCESS_NUMBER, ANNA, HOTEL, OFFICE, STRANGER, new_uuid


class Lodge:
    """A porter, and those who ring."""

    def __init__(self, service, transaction):
        self.service = service
        self.town = service.town
        self.front = FrontDesk(transaction, clock=service.clock)
        self.reception = Reception(
            FakeExchange(service.channel()),
            service.desk,
            service.lobby,
            service.voice,
            Keys(),
            service.clock,
        )
        self.porter = Porter(self.reception, self.front, service.desk, service.clock)

    def rung(self, caller=ANNA, called=ACCESS_NUMBER, *, channel=None, **state):
        """Somebody rings us; how it went for them."""
        channel = channel or self.service.channel()
        channel.uuid = channel.uuid or new_uuid()
        arrival = Arrival(channel.uuid, called.strip("+"), caller.strip("+"), **state)
        self.porter.serve(arrival, channel)
        for goodbye in channel.orphans:
            self.service.desk.settle(goodbye)
        assert self.reception.present == {}
        return channel

    def serves(self, service, **settings):
        """Let the access number have this service."""
        with self.town.transaction() as services:
            access = services.accounts.access_number(ACCESS_NUMBER)
            access.service = service
            for name, value in settings.items():
                setattr(access, name, value)

    def card_of(self, person):
        with self.town.transaction() as services:
            account = services.accounts.get(person.id)
            return services.cards.issue(account, self.service.clock.now)

    def requests(self, person):
        """Source, state, cause and delay of each request, the newest first."""
        with self.town.transaction(write=False) as services:
            account = services.accounts.get(person.id)
            return [
                (r.source, r.state, r.cause, (r.due_at - r.asked_at).seconds)
                for r in services.history.requests(account)
            ]

    def texts(self):
        """What is to be sent by SMS."""
        with self.town.transaction(write=False) as services:
            waiting = services.messages.due(self.service.clock.now)
            return [(each.recipient, each.text) for each in waiting]


@pytest.fixture
def lodge(service, transaction) -> Lodge:
    return Lodge(service, transaction)


def was_rejected(channel, cause=BUSY) -> bool:
    return channel.gone.cause == cause and not channel.gone.answered


# An access number that calls back.


@pytest.fixture
def callback(lodge) -> Lodge:
    lodge.serves(Service.ANI_CALLBACK)
    return lodge


def test_she_is_not_answered_and_called_back_after_five_seconds(callback, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)

    channel = callback.rung(ANNA)

    assert was_rejected(channel)
    assert callback.requests(anna) == [(Source.MISSED_CALL, State.QUEUED, None, 5)]
    assert callback.service.desk.take_due() == []
    callback.service.clock.pass_by(5)
    (due,) = callback.service.desk.take_due()
    assert due.number == ANNA
    phone = callback.service.channel(
        keys=["0048774417880"], parties=[CalledParty(talks=7)]
    )
    leg_a, leg_b = callback.service.serve(due, phone)
    assert phone.told[0] == "which-number"
    assert (leg_a.number, leg_b.number) == (ANNA, OFFICE)
    assert leg_b.price == 7_000


def test_whoever_is_unknown_is_rejected_alike_and_never_called_back(callback, town):
    anna = town.welcome()

    channel = callback.rung(STRANGER)

    assert was_rejected(channel)
    callback.service.clock.pass_by(60)
    assert callback.service.desk.take_due() == []
    assert callback.requests(anna) == []
    assert callback.texts() == []


@pytest.mark.parametrize("caller", ["", "112", "0", "9" * 20, ACCESS_NUMBER])
def test_a_number_that_is_withheld_short_ours_or_none_is_rejected(
    callback, town, caller
):
    anna = town.welcome()

    assert was_rejected(callback.rung(caller))

    assert callback.requests(anna) == []


def test_she_rings_again_before_we_have_called_and_is_called_once(callback, town):
    anna = town.welcome()

    callback.rung(ANNA)
    callback.service.clock.pass_by(2)
    channel = callback.rung(ANNA)

    assert was_rejected(channel)
    assert [state for _, state, _, _ in callback.requests(anna)] == [
        State.REFUSED,
        State.QUEUED,
    ]
    assert callback.texts() == []


def test_without_money_she_is_told_by_sms_and_not_twice_a_minute(callback, town):
    town.welcome(funds="0.000001")

    for _ in range(2):
        assert was_rejected(callback.rung(ANNA))
        callback.service.clock.pass_by(20)
    assert [number for number, _ in callback.texts()] == [ANNA]
    assert "Not enough money" in callback.texts()[0][1]

    callback.service.clock.pass_by(60)
    callback.rung(ANNA)
    assert len(callback.texts()) == 2


def test_a_number_that_sends_no_messages_says_nothing(callback, town):
    town.welcome(funds="0.000001")
    callback.serves(Service.ANI_CALLBACK, carrier="")

    assert was_rejected(callback.rung(ANNA))

    assert callback.texts() == []


def test_she_rings_too_often_and_is_called_back_no_more(callback, town):
    anna = town.welcome()

    for _ in range(4):
        callback.rung(ANNA)
        callback.service.clock.pass_by(5)
        for due in callback.service.desk.take_due():
            callback.service.serve(due, callback.service.channel())

    newest, *_ = callback.requests(anna)
    assert newest[1:3] == (State.REFUSED, "too_many_requests")


def test_one_whose_account_is_blocked_is_not_called_back(callback, town):
    town.welcome(status=Status.BLOCKED)

    assert was_rejected(callback.rung(ANNA))

    callback.service.clock.pass_by(5)
    assert callback.service.desk.take_due() == []


def test_a_number_without_a_service_rejects_everybody(lodge, town):
    anna = town.welcome()

    assert was_rejected(lodge.rung(ANNA))
    assert was_rejected(lodge.rung(ANNA, called=OFFICE))
    assert was_rejected(lodge.rung(ANNA, called=""))

    assert lodge.requests(anna) == []


def test_without_a_database_nobody_is_told_that_we_are_busy(callback, monkeypatch):
    flaky = Flaky(callback.town.transaction)
    flaky.away = True
    monkeypatch.setattr(callback.front, "_transaction", flaky)

    assert was_rejected(callback.rung(ANNA), LATER)


# An access number that is a calling card's.


@pytest.fixture
def card(lodge) -> Lodge:
    lodge.serves(Service.CALLING_CARD)
    return lodge


def test_she_hears_her_balance_dials_and_pays_for_both_legs(card, town):
    anna = town.welcome()
    phone = card.service.channel(
        keys=["0048774417880"], parties=[CalledParty(talks=7.2)]
    )

    channel = card.rung(ANNA, channel=phone)

    assert channel.told[:2] == ["balance", "which-number"]
    leg_a, leg_b = card.service.legs()
    assert (leg_a.number, leg_a.gateway, leg_b.number) == (ANNA, "", OFFICE)
    assert leg_a.price == leg_a.billed_seconds * 1_000 > 0
    assert leg_b.price == 8_000
    paid = leg_a.price + leg_b.price
    assert town.balance(anna) == f"{(10_000_000 - paid) / 1e6:.6f}".rstrip("0")
    assert town.holds() == 0
    assert card.requests(anna) == [(Source.CARD, State.DONE, "NORMAL_CLEARING", 0)]


def test_her_leg_is_stored_and_held_for_before_she_is_answered(card, town, monkeypatch):
    anna = town.welcome()
    phone = card.service.channel()
    seen = []

    def look(self=phone):
        leg = card.service.legs()[0]
        seen.append((leg.uuid, leg.answered_at, town.available(anna), phone.stops))
        raise HungUp

    monkeypatch.setattr(phone, "answer", look)

    card.rung(ANNA, channel=phone)

    ((uuid, answered_at, available, stops),) = seen
    assert (uuid, answered_at) == (phone.uuid, None)
    assert available == "9.935"  # the first window and the tail of leg A
    assert stops == [10_000]


def test_the_switch_ends_her_where_her_money_does(card, town):
    town.welcome(funds="0.10")

    channel = card.rung(ANNA)

    assert channel.stops == [100]


def test_who_rings_and_leaves_unanswered_pays_nothing_and_is_told_nothing(
    card, town, monkeypatch
):
    anna = town.welcome()
    phone = card.service.channel()

    def leave():
        phone._go("ORIGINATOR_CANCEL")
        raise HungUp

    monkeypatch.setattr(phone, "answer", leave)

    card.rung(ANNA, channel=phone)

    (leg_a,) = card.service.legs()
    assert (leg_a.price, leg_a.cause) == (0, "ORIGINATOR_CANCEL")
    assert town.holds() == 0
    assert card.requests(anna)[0][1] is State.DONE
    assert card.texts() == []


def test_a_leg_that_ends_unheard_as_busy_is_not_rung_by_us(card, town, monkeypatch):
    anna = town.welcome()
    phone = card.service.channel()

    def leave():
        phone._go("USER_BUSY")
        raise HungUp

    monkeypatch.setattr(phone, "answer", leave)

    card.rung(ANNA, channel=phone)

    assert card.requests(anna)[0][1] is State.DONE


@pytest.mark.parametrize("funds", ["0.000001", "0.009"])
def test_who_cannot_pay_ten_seconds_is_not_answered_and_told_by_sms(card, town, funds):
    town.welcome(funds=funds)

    assert was_rejected(card.rung(ANNA))

    assert [number for number, _ in card.texts()] == [ANNA]


def test_she_is_on_the_line_and_a_second_call_from_her_number_is_rejected(card, town):
    anna = town.welcome(calls_at_once=2)
    second = []

    def ring_again(*_, **__):
        second.append(card.service.channel())
        second[0].uuid = new_uuid()
        arrival = Arrival(second[0].uuid, ACCESS_NUMBER, ANNA)
        card.porter.serve(arrival, second[0])
        raise HungUp

    phone = card.service.channel()
    phone.read = ring_again

    card.rung(ANNA, channel=phone)

    assert was_rejected(second[0])
    assert card.requests(anna)[0][2] == "already_calling"


def test_her_account_has_as_many_calls_as_it_may(card, town):
    anna = town.welcome()
    card.service.ask(anna)

    assert was_rejected(card.rung(ANNA))

    assert card.requests(anna)[0][2] == "too_many_calls"


# Others prove who they are: Anna, from the hotel's telephone.


@pytest.fixture
def anna(town):
    return town.welcome(announces_balance=False)


@pytest.fixture
def hers(card, anna):
    return card.card_of(anna)


def test_with_card_and_pin_she_dials_from_any_telephone(card, hers, town):
    keys = [hers.login, hers.pin, "0048774417880"]
    phone = card.service.channel(keys=keys, parties=[CalledParty(talks=5)])

    channel = card.rung(HOTEL, channel=phone)

    assert channel.told[:4] == [
        "not-registered",
        "card-number",
        "card-pin",
        "which-number",
    ]
    leg_a, leg_b = card.service.legs()
    assert (leg_a.number, leg_b.price) == (HOTEL, 5_000)
    lasted = leg_a.ended_at - leg_a.answered_at
    assert leg_a.answered_us == lasted // timedelta(microseconds=1)
    assert leg_a.billed_seconds > leg_b.billed_seconds + 6  # from the first prompt on
    assert channel.stops == [PROVING, 10_000 - 10]
    assert town.holds() == 0


@pytest.mark.parametrize(
    "keys",
    [
        ["12345678", "111111"] * 3,
        ["12345678", ""] * 3,
        [""] * 3,
        ["", "*", "1", "", ""],
    ],
)
def test_after_three_wrong_tries_or_silences_a_stranger_is_let_go(card, town, keys):
    anna = town.welcome()

    channel = card.rung(HOTEL, channel=card.service.channel(keys=keys))

    assert channel.told[-1] == "goodbye"
    assert channel.gone.answered
    assert card.requests(anna) == []
    assert town.balance(anna) == "10.00"


def test_a_wrong_pin_then_the_right_one_lets_her_in(card, hers):
    keys = [hers.login, "000000", hers.login, hers.pin]

    channel = card.rung(HOTEL, channel=card.service.channel(keys=keys))

    assert "wrong-pin" in channel.told
    assert channel.told[-1] == "which-number"


def test_an_unknown_card_and_a_wrong_pin_sound_alike(card, hers):
    unknown = card.rung(
        HOTEL, channel=card.service.channel(keys=["87654321", hers.pin])
    )
    wrong = card.rung(HOTEL, channel=card.service.channel(keys=[hers.login, "000000"]))

    assert unknown.told == wrong.told


def test_five_wrong_pins_lock_the_card_for_a_quarter_of_an_hour(card, hers):
    wrong = [hers.login, "000000"] * 3
    for _ in range(2):
        card.rung(HOTEL, channel=card.service.channel(keys=list(wrong)))
    right = [hers.login, hers.pin]

    locked = card.rung(HOTEL, channel=card.service.channel(keys=list(right)))
    card.service.clock.pass_by(16 * 60)
    again = card.rung(HOTEL, channel=card.service.channel(keys=list(right)))

    assert locked.told[-2:] == ["try-later", "goodbye"]
    assert again.told[-1] == "which-number"


def test_ten_wrong_cards_from_one_telephone_and_it_is_not_answered(card, hers):
    for number in range(4):
        keys = [f"1000000{number}", "000000"] * 3
        card.rung(HOTEL, channel=card.service.channel(keys=keys))

    assert was_rejected(card.rung(HOTEL))
    assert not was_rejected(card.rung(STRANGER, channel=card.service.channel()))


def test_who_hangs_up_while_the_pin_is_asked_leaves_nothing_behind(card, hers, town):
    channel = card.rung(HOTEL, channel=card.service.channel(keys=[hers.login]))

    assert channel.gone.answered
    assert town.holds() == 0
    with town.transaction(write=False) as services:
        assert services.history.sessions() == []


def test_she_has_proved_who_she_is_and_has_no_money(card, town):
    ben = town.welcome("ben", number=OFFICE, funds="0.000001")
    his = card.card_of(ben)

    channel = card.rung(HOTEL, channel=card.service.channel(keys=[his.login, his.pin]))

    assert channel.told[-2:] == ["not-enough-money", "goodbye"]
    assert town.holds() == 0
    assert town.balance(ben) == "0.000001"


def test_she_took_all_the_time_that_her_money_lasts_to_prove_who_she_is(card, town):
    ben = town.welcome("ben", number=OFFICE, funds="0.015")
    his = card.card_of(ben)

    channel = card.rung(HOTEL, channel=card.service.channel(keys=[his.login, his.pin]))

    assert channel.told[-2:] == ["not-enough-money", "goodbye"]
    assert town.holds() == 0
    with town.transaction(write=False) as services:
        assert services.history.sessions() == []


def test_one_telephone_is_questioned_once_at_a_time(card):
    second = []
    phone = card.service.channel()

    def ring_again(*_, **__):
        second.append(card.service.channel())
        card.porter.serve(Arrival(new_uuid(), ACCESS_NUMBER, HOTEL), second[0])
        raise HungUp

    phone.read = ring_again

    card.rung(HOTEL, channel=phone)

    assert was_rejected(second[0])


def test_where_a_pin_is_asked_a_registered_number_proves_nothing(card, hers, town):
    card.serves(Service.CALLING_CARD, asks_pin=True)

    wrong = card.rung(ANNA, channel=card.service.channel(keys=["000000"] * 3))
    right = card.rung(ANNA, channel=card.service.channel(keys=[hers.pin]))

    assert wrong.told == ["card-pin", *["wrong-pin", "card-pin"] * 2, *LET_GO]
    assert right.told == ["card-pin", "which-number"]


LET_GO = ["wrong-pin", "goodbye"]


def test_where_a_pin_is_asked_who_cannot_pay_is_not_even_answered(card, town):
    card.serves(Service.CALLING_CARD, asks_pin=True)
    town.welcome(funds="0.001")

    assert was_rejected(card.rung(ANNA))


@pytest.fixture
def spoken(card):
    """The language and prompt of every sentence."""
    spoken = []
    sounds = card.reception._voice.sounds
    card.reception._voice.sounds = lambda language, prompt, **slots: (
        spoken.append((language, prompt)) or sounds(language, prompt, **slots)
    )
    return spoken


def test_strangers_hear_the_language_of_the_number_and_she_her_own(
    card, hers, town, spoken
):
    card.serves(Service.CALLING_CARD, language="es")
    with town.transaction() as services:
        services.accounts.by_login("anna").language = "fr"

    card.rung(HOTEL, channel=card.service.channel(keys=[hers.login, hers.pin]))

    assert spoken[0] == ("es", "not-registered")
    assert spoken[-1] == ("fr", "which-number")


@pytest.mark.parametrize("at_the_pin", [False, True])
def test_what_she_chose_while_a_stranger_holds_for_her_call(
    card, hers, town, spoken, at_the_pin
):
    star = ["*", "2"]
    proof = (
        [hers.login, *star, hers.pin] if at_the_pin else [*star, hers.login, hers.pin]
    )
    with town.transaction() as services:
        services.accounts.by_login("anna").language = "fr"

    card.rung(HOTEL, channel=card.service.channel(keys=proof))

    assert spoken[-1] == ("es", "which-number")
    assert card.service.session().language == "es"
    with town.transaction() as services:
        assert services.accounts.by_login("anna").language == "fr"


# The service was away.


def test_one_who_rang_while_we_were_away_is_served_now(card, town):
    town.welcome()

    channel = card.rung(ANNA, found=True)

    assert channel.gone.answered


def test_one_who_was_answered_and_never_proved_is_let_go(card, town):
    anna = town.welcome()
    phone = card.service.channel(answered_at=card.service.clock.now)

    channel = card.rung(ANNA, channel=phone, found=True, answered=True)

    assert channel.heard == []
    assert channel.gone is not None
    assert card.requests(anna) == []


def test_one_who_was_let_in_and_never_answered_may_ring_again(card, town):
    town.welcome()
    phone = card.service.channel(uuid="hers")
    phone.answer = lambda: (_ for _ in ()).throw(LinkLost)
    card.rung(ANNA, channel=phone)

    again = card.rung(ANNA, channel=card.service.channel(uuid="hers"), found=True)

    assert was_rejected(again, LATER)
    assert town.holds() == 0
    assert not was_rejected(card.rung(ANNA))


def test_one_whose_leg_is_stored_is_left_to_those_who_look_for_legs(card, town):
    town.welcome()
    phone = card.service.channel(uuid="hers")
    phone.answer = lambda: (_ for _ in ()).throw(LinkLost)
    card.rung(ANNA, channel=phone)

    phone = card.service.channel(uuid="hers", answered_at=card.service.clock.now)
    again = card.rung(ANNA, channel=phone, found=True, answered=True)

    assert again.gone is None
    assert [leg.uuid for leg in card.service.desk.till.open_legs()] == ["hers"]


def test_without_a_database_whoever_is_on_the_line_is_left_to_be_taken_up(
    card, monkeypatch
):
    flaky = Flaky(card.town.transaction)
    flaky.away = True
    monkeypatch.setattr(card.front, "_transaction", flaky)
    phone = card.service.channel(answered_at=card.service.clock.now)
    listens = ["hers"]
    phone.goodbye = lambda patience: listens.clear()

    card.rung(ANNA, channel=phone, found=True, answered=True)

    assert phone.gone is None
    assert listens == []


def test_without_a_database_whoever_rings_still_may_ring_again(card, monkeypatch):
    flaky = Flaky(card.town.transaction)
    flaky.away = True
    monkeypatch.setattr(card.front, "_transaction", flaky)

    assert was_rejected(card.rung(ANNA, found=True), LATER)


def test_who_has_not_proved_who_they_are_is_let_go_when_the_service_ends(card):
    phone = card.service.channel()

    def end(*_, **__):
        card.porter.send_away()
        raise HungUp

    phone.read = end

    assert card.rung(HOTEL, channel=phone).gone is not None
