"""What a caller hears and keys, on a real switch: keys in RFC 2833, sound recorded.

Each situation has a customer and numbers of its own, so all share their programs.
"""

from contextlib import ExitStack
from datetime import timedelta

import pytest

from domain.database import engine_for, transactions
from domain.numbers import E164
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from esl_service.voice import Amount, Digits, Prompt, Voice
from tests.freeswitch.hearing import EVENTS
from tests.freeswitch.hotline import Hotline
from tests.freeswitch.spoken import quick_sounds, spoilt
from tests.people import NOON, POLAND, Town
from tests.system.programs import Programs, Switchboard, eventually

BUSY, UNAVAILABLE, INVALID = "0048225550001#", "0048225550003#", "0048225550004#"
DEAR = E164("+48225559995")
"""Answers by itself and talks on."""
BEEP = 950


@pytest.fixture(scope="module")
def sounds(tmp_path_factory):
    return quick_sounds(tmp_path_factory.mktemp("voice"))


@pytest.fixture(scope="module")
def engine(sqlite):
    engine = engine_for(sqlite.fresh())
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def town(engine):
    town = Town(transactions(engine))
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        lines = [
            Line("48", POLAND, "Poland"),
            Line(DEAR[1:], Rate(per_minute=60_000_000), "A dear number"),
        ]
        services.tariffs.replace(plan, lines, NOON - timedelta(days=29))
    return town


@pytest.fixture(scope="module")
def programs(telephony, engine, town, sounds, tmp_path_factory):
    switch, folder = telephony.switch, tmp_path_factory.mktemp("programs")
    running = Programs(str(engine.url), folder, sounds=sounds)
    where = (switch.host, switch.port), switch.password, "http://127.0.0.1:9"
    running.start(Switchboard(*where, switch.cdr_folder))
    yield running
    running.stop()


@pytest.fixture
def hotline(programs, telephony, town, engine, sounds):
    with telephony.connect() as link:
        link.subscribe(*EVENTS)
        yield Hotline(programs, telephony, town, engine, sounds, link)
        link.api("hupall NORMAL_CLEARING")


def test_a_mailbox_that_answers_costs_no_second_leg(hotline):
    anna = hotline.welcome(confirms_leg_a=None)

    mailbox = hotline.picks_up(anna, hotline.other())
    hotline.hears("confirm", times=3)
    hotline.hears("goodbye")
    mailbox.wait_gone(10)

    eventually(lambda: hotline.is_settled(anna))
    assert [leg.side.value for leg in hotline.legs(anna)] == ["a"]
    assert hotline.was_heard(mailbox, hotline.sentence(Prompt.CONFIRM))


def test_a_star_at_the_confirmation_offers_the_languages_and_keeps_one(hotline):
    anna = hotline.welcome(confirms_leg_a=None)
    spoken = Voice(hotline.sounds).languages
    last, key = spoken[-1], str(len(spoken))
    office = hotline.person(hotline.other())

    customer = hotline.picks_up(anna, hotline.other())
    hotline.hears("confirm")
    customer.press("*")
    hotline.hears_out("language")  # all the offers, for a key would cut them
    customer.press(key)
    hotline.hears("keep-language")
    customer.press("1")
    hotline.hears("confirm", times=2)
    customer.press("1")
    office.wait_ringing(20)
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert hotline.account(anna).language == hotline.session(anna).language == last
    offers = [
        hotline.sentence(Prompt.LANGUAGE, each, key=Digits(str(place)))
        for place, each in enumerate(spoken, start=1)
    ]
    assert hotline.was_heard(customer, *offers)


def test_a_star_cuts_an_announcement_and_b_is_rung_once(hotline):
    anna = hotline.welcome(announces_duration=True)
    office = hotline.person(hotline.other())

    customer = hotline.picks_up(anna, hotline.other())
    hotline.hears("max-duration")
    customer.press("*")
    hotline.hears("language")
    customer.press("1")
    hotline.hears("keep-language")
    customer.press("#")
    hotline.hears("max-duration", times=2)
    office.wait_ringing(20)
    office.answer()
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert hotline.account(anna).language is None
    assert len(hotline.legs(anna)) == 2


def test_status_phonebook_and_redial_are_keyed_at_the_question(hotline):
    anna = hotline.welcome()
    with hotline.town.transaction() as services:
        account = services.accounts.get(anna.id)
        services.phonebook.add(account, "office", hotline.other(), 12)
    office = hotline.person(hotline.other())

    customer = hotline.picks_up(anna)
    hotline.hears("which-number")
    customer.press("12#")
    office.wait_ringing(20)
    office.answer()
    hotline.link.hear(0.5)
    office.hang_up()
    hotline.hears("which-number", times=2)
    customer.press("111")
    hotline.hears_out("what-it-buys-1")  # to its end, for a key would cut it
    customer.press("0#")
    office.wait_ringing(20)
    office.hang_up("USER_BUSY")
    hotline.hears("busy")
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert [leg.number for leg in hotline.legs(anna)[1:]] == [hotline.other()] * 2
    balance = hotline.sentence(Prompt.BALANCE, money=Amount(0, "USD"))
    assert hotline.was_heard(customer, balance[:1])


def test_each_failure_has_its_own_words_and_three_in_a_row_are_a_goodbye(hotline):
    anna = hotline.welcome()

    customer = hotline.picks_up(anna)
    for place, (keyed, said) in enumerate(
        [(INVALID, "invalid"), (UNAVAILABLE, "unavailable"), (BUSY, "busy")], start=1
    ):
        hotline.hears("which-number", times=place)
        customer.press(keyed)
        hotline.hears_out(said)  # to its end, for a key would cut it
    hotline.hears("goodbye")
    customer.wait_gone(10)

    eventually(lambda: hotline.is_settled(anna))
    assert [leg.cause for leg in hotline.legs(anna)[1:]] == [
        "UNALLOCATED_NUMBER",
        "NORMAL_TEMPORARY_FAILURE",
        "USER_BUSY",
    ]
    said = [Prompt.INVALID, Prompt.UNAVAILABLE, Prompt.BUSY]
    assert hotline.was_heard(customer, *map(hotline.sentence, said))


def test_three_silences_in_a_row_are_a_goodbye(hotline):
    anna = hotline.welcome()

    customer = hotline.picks_up(anna)
    hotline.hears("nothing-heard", times=3, seconds=40)
    customer.wait_gone(10)

    eventually(lambda: hotline.is_settled(anna))
    assert hotline.was_heard(customer, hotline.sentence(Prompt.NOTHING_HEARD))


def test_what_may_not_be_dialled_is_said_and_asked_again(hotline):
    anna = hotline.welcome()

    customer = hotline.picks_up(anna)
    hotline.hears("which-number")
    customer.press("00881612345678#")
    hotline.hears("forbidden")
    customer.press("77#")
    hotline.hears("unknown-entry-1")
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert len(hotline.legs(anna)) == 1


def test_who_does_not_answer_is_said_and_the_next_is_rung_without_a_callback(hotline):
    anna = hotline.welcome()
    silent, office = (hotline.person(hotline.other(each)) for each in (0, 1))

    customer = hotline.picks_up(anna, hotline.other(0))
    silent.wait_ringing(20)
    silent.hang_up("NO_ANSWER")
    hotline.hears("no-answer")
    customer.press(f"00{hotline.other(1)[1:]}#")
    office.wait_ringing(20)
    office.answer()
    hotline.link.hear(1)
    office.hang_up()
    hotline.hears("which-number", times=2)
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert len([leg for leg in hotline.legs(anna) if leg.side.value == "a"]) == 1
    assert hotline.legs(anna)[2].billed_seconds in {1, 2, 3}


@pytest.mark.parametrize("keys", ["##", "#1#"])
def test_a_combination_drops_b_alone_and_the_next_number_is_rung(hotline, keys):
    anna = hotline.welcome()
    first, second = (hotline.person(hotline.other(each)) for each in (0, 1))

    customer = hotline.picks_up(anna, hotline.other(0))
    first.wait_ringing(20)
    first.answer()
    customer.press("42#")
    eventually(lambda: first.keys_heard == "42#")
    customer.press(keys)
    first.wait_gone(5)
    hotline.hears("which-number")
    customer.press(f"00{hotline.other(1)[1:]}#")
    second.wait_ringing(20)
    second.answer()
    second.talk(700)
    hotline.link.hear(1)
    customer.hang_up()
    second.wait_gone(5)

    eventually(lambda: hotline.is_settled(anna))
    assert first.keys_heard == "42#"
    assert customer.recording.seconds_of(700) > 0.3


def test_a_telephone_that_rings_is_dropped_too(hotline):
    anna = hotline.welcome()
    silent = hotline.person(hotline.other())

    customer = hotline.picks_up(anna, hotline.other())
    silent.wait_ringing(20)
    hotline.link.hear(1.2)
    customer.press("##")
    silent.wait_gone(5)
    hotline.hears("which-number")
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert customer.recording.seconds_of(425) > 0.3  # ringing, until then


def test_she_leaves_while_they_ring_and_their_telephone_falls_silent(hotline):
    anna = hotline.welcome()
    silent = hotline.person(hotline.other())

    customer = hotline.picks_up(anna, hotline.other())
    silent.wait_ringing(20)
    customer.hang_up()
    silent.wait_gone(5)

    eventually(lambda: hotline.is_settled(anna))
    leg_a, leg_b = hotline.legs(anna)
    assert (leg_a.price > 0, leg_b.price) == (True, 0)


def test_she_leaves_in_the_middle_of_a_word(hotline):
    anna = hotline.welcome(announces_balance=True, announces_duration=True)

    customer = hotline.picks_up(anna, hotline.other())
    hotline.hears("balance")
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert [leg.price for leg in hotline.legs(anna)][1:] in ([], [0])


def test_a_minute_before_the_end_she_alone_is_told_and_they_talk_on(hotline):
    anna = hotline.welcome(funds="0.16")  # some 74 seconds of both legs
    office = hotline.person(hotline.other())

    customer = hotline.picks_up(anna, hotline.other())
    office.wait_ringing(20)
    office.answer()
    office.talk(700)
    hotline.hears_out("low-credit", seconds=40)
    hotline.link.hear(1)
    warned = customer.recording
    assert office.is_on_the_line
    customer.talk(440)
    hotline.link.hear(1)
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert warned.seconds_of(BEEP) > 0.1
    assert warned.between(warned.seconds - 0.5, warned.seconds).seconds_of(700) > 0.3
    assert hotline.was_heard(customer, hotline.sentence(Prompt.LOW_CREDIT))
    assert office.recording.seconds_of(BEEP) == 0
    assert office.recording.seconds_of(440) > 0.5


def test_when_the_money_ends_b_is_dropped_by_the_switch_and_she_is_asked_again(
    hotline,
):
    anna = hotline.welcome(funds="11.80")  # eleven seconds to a dear number
    dear = hotline.person(DEAR)

    customer = hotline.picks_up(anna, DEAR)
    dear.wait_ringing(20)
    dear.wait_gone(30)
    hotline.hears("time-is-up")
    hotline.hears_out("which-number")
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    leg_b = hotline.legs(anna)[1]
    assert (leg_b.cause, leg_b.billed_seconds >= 9) == ("ALLOTTED_TIMEOUT", True)
    assert hotline.account(anna).balance >= 0
    said = [Prompt.TIME_IS_UP, Prompt.WHICH_NUMBER]
    assert hotline.was_heard(customer, *map(hotline.sentence, said))


def test_the_longest_call_ends_it_and_is_named_and_she_is_asked_again(hotline):
    anna = hotline.welcome(longest_call=10)
    office = hotline.person(hotline.other())

    customer = hotline.picks_up(anna, hotline.other())
    office.wait_ringing(20)
    office.answer()
    office.wait_gone(20)
    hotline.hears("longest-call")
    hotline.hears_out("which-number")
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    leg_b = hotline.legs(anna)[1]
    assert (leg_b.cause, leg_b.billed_seconds <= 10) == ("ALLOTTED_TIMEOUT", True)
    said = [Prompt.LONGEST_CALL, Prompt.WHICH_NUMBER]
    assert hotline.was_heard(customer, *map(hotline.sentence, said))


def test_who_was_busy_is_rung_again_when_it_is_time(hotline):
    anna = hotline.welcome()
    customer = hotline.person(hotline.number)

    hotline.ask(anna)
    customer.wait_ringing(15)
    customer.hang_up("USER_BUSY")
    eventually(lambda: hotline.has_asked(anna, "queued"))
    waits = hotline.request(anna).due_at - hotline.legs(anna)[0].ended_at
    hotline.let_it_be_time(anna)
    customer.wait_ringing(15)
    customer.answer()
    hotline.hears("which-number")
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert 55 < waits.total_seconds() < 70
    assert [leg.cause for leg in hotline.legs(anna)] == ["USER_BUSY", "NORMAL_CLEARING"]


def test_who_is_never_reached_is_told_so_by_one_sms(hotline):
    anna = hotline.welcome()
    customer = hotline.person(hotline.number)

    hotline.text(f"D.{hotline.other()}")
    for attempt in (1, 2, 3):
        customer.wait_ringing(15)
        customer.hang_up("NO_ANSWER")
        eventually(lambda: hotline.legs(anna)[-1].ended_at)
        assert len(hotline.legs(anna)) == attempt
        hotline.let_it_be_time(anna)
    eventually(lambda: len(hotline.sms_to(hotline.number)) == 2)

    _, sms = hotline.sms_to(hotline.number)
    assert sms.startswith("We could not reach you at")
    assert hotline.is_settled(anna)


def test_a_number_that_does_not_exist_is_not_rung_again(hotline):
    anna = hotline.welcome()

    hotline.text(f"U.{anna.login} P.{anna.password} O.48225550004 D.{hotline.other()}")
    eventually(lambda: hotline.has_asked(anna, "done"))

    (leg_a,) = hotline.legs(anna)
    assert leg_a.cause == "UNALLOCATED_NUMBER"


def test_who_rings_while_the_service_stops_is_rung_again_by_the_next(hotline):
    anna = hotline.welcome()
    customer = hotline.person(hotline.number)

    hotline.ask(anna)
    customer.wait_ringing(15)
    hotline.programs.esl.stop()
    customer.wait_gone(5)
    hotline.programs.esl.start()
    eventually(lambda: hotline.has_asked(anna, "queued"), patience=40)
    hotline.let_it_be_time(anna)
    customer.wait_ringing(15)
    customer.answer()
    hotline.hears("which-number")
    customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    assert len(hotline.legs(anna)) == 2


def test_clips_that_are_lost_in_mid_call_are_named_and_the_call_goes_on(hotline):
    anna = hotline.welcome(announces_balance=True)
    office = hotline.person(hotline.other())
    spoken = Voice(hotline.sounds).languages
    questions = [hotline.sentence(Prompt.WHICH_NUMBER, each) for each in spoken]
    balance = hotline.sentence(Prompt.BALANCE, money=Amount(0, "USD"))[0]
    another = next(each for each in spoken if each != "en")

    with ExitStack() as lost:
        lost.enter_context(spoilt(balance, b"no sound at all"))
        for (question,) in questions:
            lost.enter_context(spoilt(question))
        customer = hotline.picks_up(anna)
        hotline.hears(f"{another}/balance")
        hotline.hears_out("tone")
        customer.press(f"00{hotline.other()[1:]}#")
        office.wait_ringing(20)
        customer.hang_up()

    eventually(lambda: hotline.is_settled(anna))
    log = hotline.programs.esl.log.read_text()
    for name in ("which-number", "balance"):
        assert f"clips cannot be played: en/{name}" in log
    assert customer.recording.seconds_of(BEEP) > 0.1
