"""What a user lives through once they have picked up."""

import pytest

from domain import money
from domain.accounts.models import Status
from domain.numbers import E164
from esl_service.channel import NotReached
from tests.doubles import CalledParty
from tests.people import ACCESS_NUMBER, HOTEL, OFFICE

LONDON = E164("+442071234567")


def test_she_confirms_hears_her_balance_and_how_long_and_is_connected(service, town):
    anna = town.welcome()
    channel = service.channel(keys=["1"], parties=[CalledParty(talks=7.2)])

    leg_a, leg_b = service.call(anna, channel)

    assert channel.told[:4] == ["confirm", "balance", "max-duration", "connecting"]
    assert [dial.number for dial in channel.dialled] == [OFFICE]
    assert (leg_b.billed_seconds, leg_b.price) == (8, 8_000)
    assert leg_a.price == leg_a.billed_seconds * 1_000
    spent = money.parse("10.00") - leg_a.price - leg_b.price
    assert money.parse(town.balance(anna)) == spent
    assert town.holds() == 0


def test_a_mailbox_never_costs_two_legs(service, town):
    anna = town.welcome()
    channel = service.channel(keys=["", "", ""])

    legs = service.call(anna, channel)

    assert channel.told == ["confirm", "confirm", "confirm", "goodbye"]
    assert [leg.number for leg in legs] == [HOTEL]
    assert town.holds() == 0


def test_who_has_confirmed_once_is_not_asked_again(service, town):
    anna = town.welcome()
    service.call(anna, service.channel(keys=["1"]))
    service.clock.pass_by(100)
    channel = service.channel()

    service.call(anna, channel)

    assert "confirm" not in channel.told


def test_when_the_other_party_hangs_up_she_keys_the_next_number(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(
        keys=["00442071234567"],
        parties=[CalledParty(talks=5), CalledParty(talks=61)],
    )

    legs = service.call(anna, channel)

    assert [dial.number for dial in channel.dialled] == [OFFICE, LONDON]
    # Britain: 0.10 to begin with, 0.60 a minute, every minute begun is paid.
    assert legs[2].price == 1_300_000


@pytest.mark.parametrize(
    ("cause", "prompt"),
    [
        ("USER_BUSY", "busy"),
        ("NO_ANSWER", "no-answer"),
        ("ALLOTTED_TIMEOUT", "no-answer"),
        ("UNALLOCATED_NUMBER", "invalid"),
        ("NORMAL_TEMPORARY_FAILURE", "unavailable"),
    ],
)
def test_why_nobody_was_reached_is_said_and_she_is_asked_again(
    service, town, cause, prompt
):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(parties=[CalledParty(cause=cause)])

    _, leg_b = service.call(anna, channel)

    assert channel.told[-2:] == [prompt, "which-number"]
    assert (leg_b.cause, leg_b.price) == (cause, 0)


def test_three_silences_in_a_row_are_a_goodbye(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(keys=["", "", ""], parties=[CalledParty(talks=1)])

    service.call(anna, channel)

    assert channel.told.count("nothing-heard") == 3
    assert channel.told[-1] == "goodbye"


@pytest.mark.parametrize(
    ("keyed", "prompt"),
    [
        ("00881612345678", "forbidden"),
        ("0033123456789", "no-rate"),
        (ACCESS_NUMBER.replace("+", "00"), "own-number"),
        (HOTEL.replace("+", "00"), "same-number"),
        ("123", "invalid"),
        ("77", "unknown-entry-1"),
    ],
)
def test_what_cannot_be_dialled_is_said_and_asked_again(service, town, keyed, prompt):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(keys=[keyed], parties=[CalledParty(talks=1)])

    service.call(anna, channel)

    assert channel.told[-2:] == [prompt, "which-number"]
    assert len(channel.dialled) == 1


def test_two_digits_are_a_position_in_her_phonebook(service, town):
    anna = town.welcome(confirms_leg_a=False)
    with town.transaction() as services:
        account = services.accounts.get(anna.id)
        services.phonebook.add(account, "London", LONDON, 12)
    channel = service.channel(keys=["12"], parties=[CalledParty(talks=1)] * 2)

    service.call(anna, channel)

    assert channel.dialled[-1].number == LONDON


def test_0_dials_the_last_number_again_and_111_tells_the_balance(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    channel = service.channel(keys=["111", "0"], parties=[CalledParty(talks=1)] * 2)

    service.call(anna, channel)

    assert channel.told.count("balance") == 1
    assert [dial.number for dial in channel.dialled] == [OFFICE, OFFICE]


def test_0_says_so_when_there_is_nobody_to_dial_again(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(keys=["0"])

    service.call(anna, channel, leg_b=None)

    assert channel.told[-2:] == ["nothing-to-redial", "which-number"]


def test_she_is_never_connected_for_longer_than_she_can_pay(service, town):
    anna = town.welcome(funds="0.10", confirms_leg_a=False, announces_balance=False)
    channel = service.channel(parties=[CalledParty(talks=9999)])

    service.call(anna, channel)

    (dial,), (limit,) = channel.dialled, channel.limits
    assert dial.stop_seconds <= limit
    assert "time-is-up" in channel.told
    assert money.parse(town.balance(anna)) >= 0


def test_she_hangs_up_in_the_middle_and_pays_for_both_legs(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(
        parties=[CalledParty(talks=30)], leaves_while_talking=True
    )

    leg_a, leg_b = service.call(anna, channel)

    assert leg_a.price > 0
    assert (leg_b.billed_seconds, leg_b.price) == (30, 30_000)
    assert town.holds() == 0


def test_she_leaves_while_they_ring_and_pays_for_her_own_leg(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(leaves_while_ringing=True)

    leg_a, leg_b = service.call(anna, channel)

    assert leg_a.price > 0
    assert (leg_b.cause, leg_b.price) == ("ORIGINATOR_CANCEL", 0)
    assert town.holds() == 0


def test_she_leaves_while_she_is_told_and_nobody_is_rung(service, town, monkeypatch):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel()
    play = channel.play

    def leave_at_the_duration(sounds):
        if any("max-duration" in sound for sound in sounds):
            channel._leave()
        return play(sounds)

    monkeypatch.setattr(channel, "play", leave_at_the_duration)

    _, leg_b = service.call(anna, channel)

    assert channel.dialled == []
    assert (leg_b.cause, leg_b.price) == ("ORIGINATOR_CANCEL", 0)
    assert town.holds() == 0


def test_she_drops_them_and_is_asked_for_the_next_number(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(parties=[CalledParty(talks=99)], drops_after=4)

    _, leg_b = service.call(anna, channel)

    assert channel.told[-2:] == ["connecting", "which-number"]
    assert leg_b.billed_seconds == 4


def test_three_busy_lines_in_a_row_are_a_goodbye(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(keys=["00442071234567", "0", "0"])

    service.call(anna, channel)

    assert channel.told.count("busy") == 3
    assert channel.told[-1] == "goodbye"
    assert channel.gone.cause == "NORMAL_CLEARING"


def test_one_answer_makes_good_for_two_failures(service, town):
    anna = town.welcome(confirms_leg_a=False)
    busy, talks = CalledParty(cause="USER_BUSY"), CalledParty(talks=1)
    channel = service.channel(
        keys=["0"] * 5, parties=[busy, busy, talks, busy, busy, talks]
    )

    service.call(anna, channel)

    assert channel.told[-1] == "which-number"


def test_who_cannot_pay_their_own_leg_any_longer_is_told_before_goodbye(service, town):
    anna = town.welcome(funds="0.06", confirms_leg_a=False, announces_balance=False)
    channel = service.channel(keys=[""] * 9, prompt_seconds=9)

    service.call(anna, channel, leg_b=None)

    assert channel.told[-2:] == ["not-enough-money", "goodbye"]


def test_nobody_is_told_twice_that_their_money_is_gone(service, town):
    anna = town.welcome(funds="0.10", confirms_leg_a=False, announces_balance=False)
    channel = service.channel(parties=[CalledParty(talks=9999)])

    service.call(anna, channel)

    assert channel.told[-2:] == ["time-is-up", "goodbye"]


def test_whoever_cannot_be_reached_pays_nothing_and_is_told_by_sms(service, town):
    anna = town.welcome()

    (leg_a,) = service.call(
        anna, service.channel(), failure=NotReached("CALL_REJECTED")
    )

    assert (leg_a.cause, leg_a.price) == ("CALL_REJECTED", 0)
    assert town.holds() == 0
    with town.transaction() as services:
        (message,) = services.messages.due(service.clock.now)
        assert message.recipient == anna.number
        assert message.text.startswith("We could not reach you at")


def test_who_is_dropped_while_ringing_is_not_explained_nor_a_failure(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    dropped = CalledParty(cause="NORMAL_CLEARING")
    channel = service.channel(
        keys=[OFFICE.replace("+", "00")] * 3, parties=[dropped] * 4
    )

    service.call(anna, channel)

    assert len(channel.dialled) == 4
    assert {"unavailable", "goodbye"}.isdisjoint(channel.told)


def test_why_nobody_was_reached_is_heard_with_the_question_and_keys_cut_both_short(
    service, town
):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    channel = service.channel(parties=[CalledParty(cause="USER_BUSY")])

    service.call(anna, channel)

    assert channel.heard[-1] == "busy which-number"


def test_she_who_was_dropped_by_the_longest_call_is_not_told_of_money(service, town):
    anna = town.welcome(confirms_leg_a=False, longest_call=30)
    channel = service.channel(parties=[CalledParty(talks=99)])

    service.call(anna, channel)

    assert channel.told[-2:] == ["longest-call", "which-number"]


def test_after_hours_on_the_line_no_number_is_rung_any_more(service, town):
    anna = town.welcome(funds="1000.00", confirms_leg_a=False, longest_call=7200)
    channel = service.channel(
        keys=["0", "0", "0"],
        parties=[CalledParty(talks=7199), CalledParty(talks=7140)],
    )

    service.call(anna, channel)

    assert channel.told[-2:] == ["session-too-long", "goodbye"]
    assert len(channel.dialled) == 2


def test_the_end_of_the_longest_session_is_not_told_as_the_end_of_money(service, town):
    anna = town.welcome(funds="1000.00", confirms_leg_a=False)
    channel = service.channel(
        keys=["0"], parties=[CalledParty(talks=7199), CalledParty(talks=9999)]
    )

    service.call(anna, channel)

    assert "time-is-up" not in channel.told
    assert channel.told.count("longest-call") == 1


def test_who_is_blocked_in_mid_call_is_told_and_let_go(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(keys=["0"], parties=[CalledParty(talks=5)])
    bridge = channel.bridge

    def block(dial, **rest):
        with town.transaction() as services:
            services.accounts.get(anna.id).status = Status.BLOCKED
        return bridge(dial, **rest)

    channel.bridge = block

    service.call(anna, channel)

    assert channel.told[-2:] == ["account-blocked", "goodbye"]


def test_111_tells_how_long_her_money_lasts_to_whom_she_called_last(service, town):
    anna = town.welcome(funds="0.50", confirms_leg_a=False, announces_balance=False)
    channel = service.channel(keys=["111"], parties=[CalledParty(talks=60)])

    service.call(anna, channel)

    assert channel.told[-3:-1] == ["balance", "what-it-buys-1"]
    # Leg B was 0.06 and A, at 75 s, may cost 0.125 before another B answers.
    assert "what-it-buys-1 number-2 duration-minutes-other" in channel.heard[-1]


def test_before_her_first_call_111_tells_the_balance_alone(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    channel = service.channel(keys=["111"])

    service.call(anna, channel, leg_b=None)

    assert channel.told[-2:] == ["balance", "which-number"]


def test_where_she_may_call_no_more_111_tells_the_balance_alone(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    channel = service.channel(keys=["111"], parties=[CalledParty(talks=5)])
    bridge = channel.bridge

    def forbid(dial, **rest):
        with town.transaction() as services:
            plan = services.tariffs.plan(town.plan_id)
            services.tariffs.replace(plan, [], service.clock.now)
        return bridge(dial, **rest)

    channel.bridge = forbid

    service.call(anna, channel)

    assert channel.told[-2:] == ["balance", "which-number"]


def test_who_wants_to_hear_nothing_hears_the_ringing_at_once(service, town):
    anna = town.welcome(
        confirms_leg_a=False, announces_balance=False, announces_duration=False
    )
    channel = service.channel(parties=[CalledParty(talks=5)])

    service.call(anna, channel)

    assert channel.told == ["connecting", "which-number"]
