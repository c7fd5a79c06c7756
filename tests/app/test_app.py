"""The service at work: it takes calls, survives what passes, and ends in order."""

import json
import logging
from datetime import UTC, datetime, timedelta

import gevent
import pytest

from domain import money
from domain.calls.rules import CallRules
from esl_service import app as composition
from esl_service import rounds
from esl_service.app import App
from esl_service.desk import Desk, Site
from esl_service.journal import CallFilter
from esl_service.pumps import due, holds, records
from esl_service.settings import Settings
from sandbox.behaviour import Kind
from sandbox.handset import State
from tests.app.exchange import SECRETS, Exchange
from tests.broken import Flaky
from tests.people import ACCESS_NUMBER, ANNA, OFFICE, new_uuid
from tests.switch.scripted import wait_until


def test_a_call_is_made_and_paid(exchange, town):
    anna = town.welcome(confirms_leg_a=False)
    exchange.person(ANNA, talks=1)
    exchange.person(OFFICE, talks=0.1)

    exchange.ask(anna)
    wait_until(lambda: len(exchange.legs()) == 2 and town.holds() == 0)

    paid = sum(leg.price for leg in exchange.legs())
    assert paid > 0
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid


def test_the_end_of_a_leg_that_nobody_awaits_is_paid_for(exchange, town):
    anna = town.welcome(confirms_leg_a=False)
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE)
    exchange.ask(anna)
    wait_until(lambda: office.state is State.TALKING)
    wait_until(lambda: all(leg.answered_at for leg in exchange.legs()))

    telephone.hang_up()
    wait_until(lambda: town.holds() == 0)

    assert len(exchange.legs()) == 2
    assert all(leg.billed_seconds > 0 for leg in exchange.legs())


def test_a_database_that_is_away_for_a_moment_costs_no_call(
    exchange, town, monkeypatch, caplog
):
    anna = town.welcome(confirms_leg_a=False)
    telephone = exchange.person(ANNA, Kind.MANUAL)
    exchange.ask(anna)
    wait_until(lambda: telephone.state is State.RINGING)
    desk = exchange.app._desk
    flaky = Flaky(desk._transaction)
    monkeypatch.setattr(desk, "_transaction", flaky)
    monkeypatch.setattr(desk.till, "_transaction", flaky)
    monkeypatch.setattr(rounds, "SETTLE_AGAIN", 0.05)

    flaky.away = True
    telephone.hang_up()
    wait_until(lambda: "settled later" in caplog.text)
    wait_until(lambda: "the database is away" in caplog.text)
    flaky.away = False
    wait_until(lambda: exchange.legs()[0].ended_at is not None)

    assert not exchange.running.ready()


def test_what_a_service_that_was_killed_left_behind_is_settled(
    town, section, transaction, monkeypatch
):
    monkeypatch.setattr(rounds, "LOOK_FOR_LOST", 0.05)
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    site = Site("carrier", ACCESS_NUMBER, CallRules())
    killed = Desk(transaction, site, clock=lambda: a_minute_ago, new_uuid=new_uuid)
    exchange = Exchange(town, section)
    exchange.ask(town.welcome(), at=a_minute_ago)
    killed.take_due()

    exchange.open()
    wait_until(lambda: exchange.legs()[0].ended_at is not None)
    exchange.close()

    assert (exchange.legs()[0].cause, exchange.legs()[0].price) == ("LOST", 0)


def test_whose_record_lies_behind_many_others_is_not_lost(
    town, section, transaction, monkeypatch, tmp_path
):
    monkeypatch.setattr(rounds, "LOOK_FOR_LOST", 0.05)
    monkeypatch.setattr(records, "AT_ONCE", 2)
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    site = Site("carrier", ACCESS_NUMBER, CallRules())
    killed = Desk(transaction, site, clock=lambda: a_minute_ago, new_uuid=new_uuid)
    exchange = Exchange(town, {**section, "records.folder": str(tmp_path)})
    exchange.ask(town.welcome(), at=a_minute_ago)
    (due_call,) = killed.take_due()
    for name in ("a", "b", "c", "d", "e"):
        leave_record(tmp_path, name)
    leave_record(tmp_path, due_call.uuid, name="z")

    exchange.open()
    wait_until(lambda: exchange.legs()[0].ended_at is not None)
    exchange.close()

    assert exchange.legs()[0].cause == "NORMAL_CLEARING"
    assert exchange.legs()[0].billed_seconds == 3


def leave_record(folder, uuid, name=None):
    """What a switch writes of a leg that was up for three seconds."""
    now = 1_795_500_675_000_000
    written = {
        "uuid": uuid,
        "hangup_cause": "NORMAL_CLEARING",
        "answer_uepoch": str(now),
        "end_uepoch": str(now + 3_000_000),
        "billusec": "3000000",
    }
    file = folder / f"{name or uuid}.cdr.json"
    file.write_text(json.dumps({"variables": written}))


@pytest.mark.parametrize("pump", [due, holds])
def test_a_bug_in_a_pump_ends_the_service_for_its_supervisor(
    exchange, town, monkeypatch, pump
):
    def fail(*_, **__) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(pump, "step", fail)
    exchange.ask(town.welcome())

    with pytest.raises(KeyError, match="a bug"):
        exchange.running.get(timeout=3)


def test_without_the_keeper_of_the_links_there_is_no_service(section, monkeypatch):
    app = App(Settings.from_ini(section, SECRETS))

    def die() -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(app._switch, "start", lambda: gevent.spawn(die))

    with pytest.raises(KeyError, match="a bug"):
        app.run()


def test_a_service_without_a_switch_waits_and_can_be_stopped(section, town):
    app = App(Settings.from_ini(section, SECRETS))
    running = gevent.spawn(app.run)
    gevent.sleep(0.1)
    assert not running.ready()

    app.stop()

    running.get(timeout=3)


def test_when_the_service_stops_who_talks_talks_on(exchange, town, monkeypatch):
    monkeypatch.setattr(composition, "PARTING", 0.2)
    anna = town.welcome(confirms_leg_a=False)
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE)
    exchange.ask(anna)
    till = exchange.app._desk.till
    wait_until(lambda: any(leg.talking for leg in till.open_legs()))

    exchange.app.stop()
    exchange.running.get(timeout=3)

    assert (telephone.state, office.state) == (State.TALKING, State.TALKING)


def test_when_the_service_stops_who_is_alone_is_let_go_and_pays(exchange, town):
    anna = town.welcome()
    telephone = exchange.person(ANNA)
    exchange.ask(anna)
    wait_until(lambda: telephone.heard)

    exchange.app.stop()
    exchange.running.get(timeout=3)

    assert telephone.state is State.IDLE
    (leg_a,) = exchange.legs()
    assert leg_a.price > 0
    assert town.holds() == 0


def test_when_the_service_stops_who_is_rung_is_put_back_into_the_queue(exchange, town):
    anna = town.welcome()
    telephone = exchange.person(ANNA, Kind.NO_ANSWER)
    exchange.ask(anna)
    wait_until(lambda: telephone.state is State.RINGING)

    exchange.app.stop()
    exchange.running.get(timeout=3)

    assert telephone.state is State.IDLE
    with town.transaction(write=False) as services:
        (leg_a,) = exchange.legs()
        request = services.requests.for_session(leg_a.session_id)
        assert request.state == "queued"


def test_every_line_of_a_calls_log_names_its_leg(exchange, town, caplog):
    caplog.set_level(logging.INFO)
    caplog.handler.addFilter(CallFilter())
    anna = town.welcome()
    exchange.person(ANNA, Kind.BUSY)

    exchange.ask(anna)
    wait_until(lambda: "not reached" in caplog.text)

    (line,) = [r for r in caplog.records if "not reached" in r.message]
    assert line.name.endswith(f"[{exchange.legs()[0].uuid}]")
