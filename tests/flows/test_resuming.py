"""A user who is on the line when the service comes back goes on where they were."""

import pytest

from esl_service.channel import Goodbye, LinkLost, NotReached
from tests.broken import Flaky
from tests.doubles import CalledParty
from tests.people import HOTEL, OFFICE, after


def is_up(service, person, **wish):
    """A call was taken and leg A has answered: then the service dies."""
    return service.desk.welcome(service.rings(person, **wish))


def has_line(service, person):
    """The same, with another party about to be rung."""
    visit = is_up(service, person)
    return visit, visit.line


@pytest.fixture
def anna(town):
    return town.welcome(confirms_leg_a=False)


def test_who_was_to_key_a_number_is_asked_for_it_and_told_nothing_else(service, anna):
    is_up(service, anna, leg_b=None)
    channel = service.channel()

    service.resume(channel)

    assert channel.hushed == 1
    assert channel.told == ["which-number"]


def test_who_waited_for_somebody_is_connected_to_them(service, town):
    visit = is_up(service, town.welcome(confirms_leg_a=True))
    service.desk.confirmed(visit)
    channel = service.channel(parties=[CalledParty(talks=5)])

    _, leg_b = service.resume(channel)

    assert channel.told == ["max-duration", "connecting", "which-number"]
    assert leg_b.billed_seconds == 5


def test_who_had_been_connected_is_asked_for_the_next_number(service, anna):
    visit, line = has_line(service, anna)
    service.desk.part(visit, Goodbye(line.dial.uuid, "USER_BUSY", 0, None, after(9)))
    channel = service.channel()

    service.resume(channel)

    assert channel.told == ["which-number"]
    assert channel.dialled == []


def test_who_talks_is_left_to_talk_and_then_asked_for_the_next_number(
    service, town, anna
):
    visit, line = has_line(service, anna)
    service.desk.answered(visit, line, service.clock.now)
    service.clock.pass_by(20)
    channel = service.channel(
        parties=[CalledParty(talks=30, answered_at=service.clock.now)],
        answered_at=service.clock.now,
    )

    _, leg_b = service.resume(channel)

    assert channel.hushed == 0
    assert channel.told == ["which-number"]
    assert leg_b.billed_seconds == 30
    assert town.holds() == 0


def test_for_whoever_answered_unheard_money_is_held_from_then_on(service, town):
    has_line(service, town.welcome(confirms_leg_a=False, funds="0.20"))
    answered_at = service.clock.now
    service.clock.pass_by(50)
    channel = service.channel(parties=[CalledParty(talks=3, answered_at=answered_at)])

    service.resume(channel)

    # 0.20 buys 200 s of both legs: T + 5 of A and T of B, of which 50 have passed.
    assert channel.limits == [97]


def test_who_is_rung_for_a_user_may_answer_when_we_are_back(service, town, anna):
    has_line(service, anna)
    channel = service.channel(parties=[CalledParty(talks=4)])

    _, leg_b = service.resume(channel)

    assert len(channel.limits) == 1
    assert leg_b.billed_seconds == 4


def test_a_party_whose_answer_cannot_be_stored_keeps_the_stop_they_have(
    service, anna, monkeypatch
):
    visit, line = has_line(service, anna)
    service.desk.answered(visit, line, service.clock.now)
    channel = service.channel(parties=[CalledParty(talks=40, answered_at=after(1))])
    flaky = Flaky(service.town.transaction)
    monkeypatch.setattr(service.desk, "_transaction", flaky)
    rejoin = channel.rejoin

    def rejoin_without_a_database(dial, **rest):
        flaky.away = True
        goodbye = rejoin(dial, **rest)
        flaky.away = False
        return goodbye

    channel.rejoin = rejoin_without_a_database

    _, leg_b = service.resume(channel)

    assert channel.limits == []
    assert leg_b.billed_seconds == 40


def test_a_party_who_was_never_rung_is_rung_now_on_a_leg_of_their_own(service, anna):
    _, line = has_line(service, anna)
    channel = service.channel(
        parties=[CalledParty(never_rung=True), CalledParty(talks=6)]
    )

    _, called_off, leg_b = service.resume(channel)

    assert (called_off.cause, called_off.price) == ("ORIGINATOR_CANCEL", 0)
    assert [dial.number for dial in channel.dialled] == [OFFICE]
    assert channel.dialled[0].uuid != line.dial.uuid
    assert leg_b.billed_seconds == 6


def test_a_party_who_ended_unheard_is_settled_by_what_is_known(service, town, anna):
    visit, line = has_line(service, anna)
    service.desk.answered(visit, line, service.clock.now)
    service.clock.pass_by(30)
    channel = service.channel(parties=[CalledParty(unheard=True)])

    _, leg_b = service.resume(channel)

    assert channel.told == ["which-number"]
    assert leg_b.cause == "LOST"
    assert town.holds() == 0


@pytest.fixture
def unread(service, anna):
    """She stays an hour after B has ended, whose record cannot be read meanwhile."""
    visit, line = has_line(service, anna)
    service.desk.answered(visit, line, service.clock.now)
    service.clock.pass_by(30)
    service.desk.extend(visit.session_id)
    service.clock.pass_by(10)
    service.desk.reads_records = lambda: False
    channel = service.channel(keys=["111"], parties=[CalledParty(unheard=True)])
    read = channel.read

    def stays(*arguments, **rest):
        service.clock.pass_by(60)
        service.desk.renew(visit.session_id)
        return read(*arguments, **rest)

    channel.read = stays
    return service.resume(channel)


def test_a_party_whose_record_may_still_be_read_is_left_open(service, unread):
    _, leg_b = unread
    assert leg_b.ended_at is None

    goodbye = Goodbye(leg_b.uuid, "NORMAL_CLEARING", 35_000_000, after(0), after(35))
    service.desk.till.settle_recorded(goodbye)
    service.desk.till.settle_missed()

    assert service.legs()[1].billed_seconds == 35


def test_a_party_who_has_no_record_after_all_pays_until_they_were_last_held_for(
    service, town, unread
):
    assert unread[1].ended_at is None

    service.desk.till.settle_missed()

    leg_b = service.legs()[1]
    assert (leg_b.cause, leg_b.billed_seconds) == ("LOST", 30)
    assert town.holds() == 0


def test_a_party_called_off_when_the_link_broke_is_rung_after_all(service, anna):
    _, line = has_line(service, anna)
    with pytest.raises(LinkLost), service.desk.until_dialled(line):
        raise LinkLost
    channel = service.channel(parties=[CalledParty(talks=2)])

    service.resume(channel)

    assert [dial.number for dial in channel.dialled] == [OFFICE]


def test_who_has_confirmed_need_not_again(service, town):
    anna = town.welcome(confirms_leg_a=True)
    visit = is_up(service, anna)
    service.desk.confirmed(visit)
    channel = service.channel(parties=[CalledParty(talks=1)])

    service.resume(channel)

    assert "confirm" not in channel.told


def test_who_had_not_confirmed_must(service, town):
    anna = town.welcome(confirms_leg_a=True)
    is_up(service, anna)
    channel = service.channel(keys=["1"], parties=[CalledParty(talks=1)])

    service.resume(channel)

    assert channel.told[:2] == ["confirm", "max-duration"]


def test_the_language_chosen_in_this_session_is_spoken(service, anna):
    visit = is_up(service, anna, leg_b=None)
    with service.town.transaction() as services:
        services.sessions.get(visit.session_id).language = "fr"

    (stay,) = service.lobby.unserved(())

    assert service.lobby.welcome_back(stay, None).language == "fr"


def test_who_still_rings_is_waited_for_and_greeted_as_ever(service, anna):
    service.rings(anna)
    channel = service.channel(parties=[CalledParty(talks=1)])

    leg_a, _ = service.resume(channel)

    assert channel.hushed == 0
    assert channel.told[:2] == ["balance", "max-duration"]
    assert leg_a.answered_at is not None


def test_who_answered_unheard_pays_from_their_answer_on(service, anna):
    service.rings(anna)
    answered_at = service.clock.now
    service.clock.pass_by(30)
    channel = service.channel(answered_at=answered_at)
    channel.keys.append("")

    leg_a, *_ = service.resume(channel)

    assert leg_a.answered_at == answered_at


@pytest.mark.parametrize("cause", ["USER_BUSY", "NO_ANSWER"])
def test_who_does_not_answer_after_all_is_rung_again_later(service, anna, cause):
    service.rings(anna)

    (leg_a,) = service.resume(service.channel(), failure=NotReached(cause))

    assert leg_a.cause == cause
    service.clock.pass_by(60)
    assert len(service.desk.take_due()) == 1


@pytest.mark.parametrize("failure", [LinkLost(), None])
def test_who_cannot_be_taken_up_now_is_left_as_they_are(service, anna, failure):
    service.rings(anna, leg_a=HOTEL)

    (leg_a,) = service.resume(service.channel(), failure=failure, alive=False)

    assert leg_a.ended_at is None
