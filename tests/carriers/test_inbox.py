"""What waits after its carrier was answered: worked, once, and readable to nobody."""

from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy.exc import OperationalError

from domain.messages.sms import Sms
from portal.carriers.door import keep
from portal.carriers.sealing import BrokenSeal, Seal
from portal.inbox import Inbox
from tests.carriers.posts import carriers_of, portal_of, stored
from tests.databases import on_both
from tests.people import ACCESS_NUMBER, ANNA, NOON, OFFICE

SEAL = Seal("s" * 40)
KEPT = timedelta(days=90)


def inbox_of(transaction, seal=SEAL, now=NOON, kept=KEPT):
    return Inbox(transaction, seal, lambda: now, kept=kept)


def text(message_id, text, sender=ANNA):
    return Sms("generic", message_id, sender, ACCESS_NUMBER, text)


def asked(database):
    return [(row["leg_a"], row["leg_b"]) for row in stored(database, "call_requests")]


WITH_PASSWORD = "U.anna P.anna-password D.48774417880"


@on_both
def test_a_message_waits_sealed_and_is_worked_once(transaction, town, database):
    town.welcome("anna")
    keep(transaction, [text("1", WITH_PASSWORD)], NOON, SEAL)
    (row,) = stored(database, "inbound_sms")
    assert row["state"] == "received"
    assert not any(secret in str(row) for secret in ("anna-password", "P.anna"))

    assert inbox_of(transaction).pump() == 1
    assert inbox_of(transaction).pump() == 0

    assert asked(database) == [(ANNA, OFFICE)]
    (row,) = stored(database, "inbound_sms")
    assert (row["state"], row["outcome"], row["sealed"]) == ("worked", "calling", None)


@on_both
def test_two_portals_that_take_one_message_work_it_once(transaction, town, database):
    town.welcome("anna")
    keep(transaction, [text("1", "D.48774417880")], NOON, SEAL)
    first, second = inbox_of(transaction), inbox_of(transaction)
    with transaction(write=False) as services:
        (waiting,) = services.waiting_room.next(20, NOON)

    first._work(waiting)
    second._work(waiting)

    assert asked(database) == [(ANNA, OFFICE)]
    assert len(stored(database, "outbound_sms")) == 1


def test_messages_are_worked_in_the_order_they_came(transaction, town, database):
    town.welcome("anna")
    keep(transaction, [text("1", "R.+4812345678"), text("2", "I")], NOON, SEAL)

    inbox_of(transaction).pump()

    assert [row["outcome"] for row in stored(database, "inbound_sms")] == [
        "needs_password",
        "status",
    ]


def test_a_message_told_again_while_it_waits_stays_one(transaction, town, database):
    town.welcome("anna")
    for _ in range(3):
        keep(transaction, [text("1", "D.48774417880")], NOON, SEAL)

    inbox_of(transaction).pump()
    keep(transaction, [text("1", "D.48774417880")], NOON, SEAL)
    inbox_of(transaction).pump()

    assert len(stored(database, "inbound_sms")) == 1
    assert asked(database) == [(ANNA, OFFICE)]


def test_a_message_under_another_secret_holds_up_no_others(
    transaction, town, database, caplog
):
    town.welcome("anna")
    keep(transaction, [text("1", "D.48774417880")], NOON, Seal("t" * 40))
    keep(transaction, [text("2", "I")], NOON, SEAL)

    inbox_of(transaction).pump()

    states = [(row["state"], row["outcome"]) for row in stored(database, "inbound_sms")]
    assert states == [("failed", "broken_seal"), ("worked", "status")]
    assert "sealed by another secret" in caplog.text


def test_a_fault_of_ours_holds_up_no_others(
    transaction, town, database, caplog, monkeypatch
):
    town.welcome("anna")
    keep(transaction, [text("1", "D.48774417880"), text("2", "I")], NOON, SEAL)
    faults = [ZeroDivisionError("a bug")]
    from portal import inbox

    right = inbox.work

    def sometimes(*given):
        if faults:
            raise faults.pop()
        return right(*given)

    monkeypatch.setattr(inbox, "work", sometimes)
    inbox_of(transaction).pump()

    assert [row["outcome"] for row in stored(database, "inbound_sms")] == [
        "fault",
        "status",
    ]
    assert "message 1 could not be worked" in caplog.text


def test_while_the_database_is_away_messages_wait(
    transaction, town, database, monkeypatch
):
    town.welcome("anna")
    keep(transaction, [text("1", "I")], NOON, SEAL)

    def away(*_given):
        raise OperationalError("UPDATE", {}, Exception("away"))

    monkeypatch.setattr("portal.inbox.work", away)
    with pytest.raises(OperationalError):
        inbox_of(transaction).pump()

    (row,) = stored(database, "inbound_sms")
    assert row["state"] == "received"


def test_a_portal_works_what_waits_by_itself(transaction, town, database):
    town.welcome("anna")
    portal = portal_of(transaction, carriers_of(), "portal.inbox")
    keep(transaction, [text("0", "D.48774417880")], NOON, Seal("s" * 40))

    portal.app.registry["inbox"].wake()
    for _ in range(200):
        if asked(database):
            break
        sleep(0.05)
    portal.app.registry["inbox"].stop()

    assert asked(database) == [(ANNA, OFFICE)]


def test_while_posts_come_the_inbox_rests_between_two_messages(transaction, town):
    town.welcome("anna")
    keep(transaction, [text(str(n), "I") for n in range(3)], NOON, SEAL)
    asked_for = []

    def posts_come():
        asked_for.append("rest")
        return True

    inbox = Inbox(transaction, SEAL, lambda: NOON, kept=KEPT, yields=posts_come)

    assert inbox.pump() == 3
    assert asked_for == ["rest"] * 3


def test_a_portal_without_carriers_has_no_inbox(transaction):
    portal = portal_of(transaction, carriers_of(carriers=""), "portal.inbox")

    assert "inbox" not in portal.app.registry


@pytest.mark.parametrize("secret", ["", "I", "U.anna P.пароль", "x" * 5000, "日本😀"])
def test_a_seal_opens_to_what_it_closed_over(secret):
    sealed = SEAL.close(secret)

    assert SEAL.open(sealed) == secret
    assert SEAL.close(secret) != sealed
    assert secret == "" or len(secret) < 3 or secret not in sealed


@pytest.mark.parametrize("change", [0, 20, 40, -3])
def test_a_broken_seal_opens_to_nobody(change):
    sealed = SEAL.close("U.anna P.secret")
    other = "B" if sealed[change] != "B" else "C"
    at = change % len(sealed)

    for broken in (sealed[:at] + other + sealed[at + 1 :], "", "!", sealed[:8]):
        with pytest.raises(BrokenSeal):
            SEAL.open(broken)
    with pytest.raises(BrokenSeal):
        Seal("t" * 40).open(sealed)
