"""What a user lives through once they have picked up."""

import pytest

from domain import money
from domain.numbers import E164
from tests.doubles import CalledParty
from tests.people import ACCESS_NUMBER, HOTEL, OFFICE

LONDON = E164("+442071234567")


def said(channel) -> list[str]:
    """The prompts heard, by the first clip of each."""
    return [sentence.split()[0] for sentence in channel.heard]


def test_she_confirms_hears_her_balance_and_how_long_and_is_connected(service, town):
    anna = town.welcome()
    channel = service.channel(keys=["1"], parties=[CalledParty(talks=7.2)])

    leg_a, leg_b = service.call(anna, channel)

    assert said(channel)[:4] == ["confirm", "balance", "max-duration", "connecting"]
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

    assert said(channel) == ["confirm"] * 3
    assert [leg.number for leg in legs] == [HOTEL]
    assert town.holds() == 0


def test_who_has_confirmed_once_is_not_asked_again(service, town):
    anna = town.welcome()
    service.call(anna, service.channel(keys=["1"]))
    service.clock.pass_by(100)
    channel = service.channel()

    service.call(anna, channel)

    assert "confirm" not in said(channel)


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

    assert said(channel)[-2:] == [prompt, "which-number"]
    assert (leg_b.cause, leg_b.price) == (cause, 0)


def test_three_silences_in_a_row_are_a_goodbye(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(keys=["", "", ""], parties=[CalledParty(talks=1)])

    service.call(anna, channel)

    assert said(channel).count("nothing-heard") == 3
    assert said(channel)[-1] == "goodbye"


@pytest.mark.parametrize(
    ("keyed", "prompt"),
    [
        ("00881612345678", "forbidden"),
        ("0033123456789", "no-rate"),
        (ACCESS_NUMBER.replace("+", "00"), "own-number"),
        (HOTEL.replace("+", "00"), "same-number"),
        ("123", "invalid"),
        ("*#", "invalid"),
        ("77", "unknown-entry-1"),
    ],
)
def test_what_cannot_be_dialled_is_said_and_asked_again(service, town, keyed, prompt):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(keys=[keyed], parties=[CalledParty(talks=1)])

    service.call(anna, channel)

    assert said(channel)[-2:] == [prompt, "which-number"]
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

    assert said(channel).count("balance") == 1
    assert [dial.number for dial in channel.dialled] == [OFFICE, OFFICE]


def test_she_is_never_connected_for_longer_than_she_can_pay(service, town):
    anna = town.welcome(funds="0.10", confirms_leg_a=False, announces_balance=False)
    channel = service.channel(parties=[CalledParty(talks=9999)])

    service.call(anna, channel)

    (dial,), (limit,) = channel.dialled, channel.limits
    assert dial.stop_seconds <= limit
    assert "time-is-up" in said(channel)
    assert money.parse(town.balance(anna)) >= 0


def test_she_hangs_up_in_the_middle_and_pays_for_her_own_leg(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(
        parties=[CalledParty(talks=30)], leaves_while_talking=True
    )

    leg_a, leg_b = service.call(anna, channel)

    assert leg_a.price > 0
    assert leg_b.ended_at is None  # the switch tells of it a moment later
    assert town.holds() == 1


def test_whoever_cannot_be_reached_pays_nothing_and_is_told_by_sms(service, town):
    anna = town.welcome()

    (leg_a,) = service.call(anna, service.channel(), failure="CALL_REJECTED")

    assert (leg_a.cause, leg_a.price) == ("CALL_REJECTED", 0)
    assert town.holds() == 0
    with town.transaction() as services:
        (message,) = services.messages.due(service.clock.now)
        assert message.recipient == anna.number
        assert message.text.startswith("We could not reach you at")


def test_a_bug_ends_the_call_with_an_apology_and_leg_a_is_settled(
    service, town, monkeypatch
):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel()
    monkeypatch.setattr(service.desk, "admit", lambda *_: 1 / 0)

    (leg_a,) = service.call(anna, channel)

    assert said(channel)[-1] == "sorry"
    assert leg_a.ended_at is not None
    assert town.holds() == 0
