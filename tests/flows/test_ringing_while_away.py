"""Callers who rang while the service was away, or stay when it ends."""

from esl_service.channel import HungUp, LinkLost
from esl_service.porter import LATER
from tests.broken import Flaky
from tests.flows.lodge import was_rejected
from tests.people import ANNA, HOTEL


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
