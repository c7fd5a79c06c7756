"""Many copies at once, strangers by the thousand, old messages, and a slow world."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from domain.numbers import E164
from domain.settings import SettingsReader
from portal.carriers.settings import read_carriers
from portal.inbox import Inbox
from tests.carriers.everyone import everyone, post_of
from tests.carriers.exchange import exchange
from tests.carriers.posts import SECRET, carriers_of, portal_of, stored
from tests.databases import on_both
from tests.people import ACCESS_NUMBER, NOON, OFFICE

HEADERS = {"X-Secret": SECRET}
KEPT = timedelta(days=90)


def post(portal, message_id, sender, words):
    told = {"id": message_id, "from": sender, "to": ACCESS_NUMBER, "text": words}
    return portal.post_json("/sms/generic", told, headers=HEADERS, expect_errors=True)


def rows_of(url):
    """How many rows each table has."""
    engine = create_engine(url)
    with engine.connect() as connection:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if engine.dialect.name == "sqlite"
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        found = {
            name: connection.scalar(text(f"SELECT count(*) FROM {name}"))  # noqa: S608
            for name in connection.scalars(text(names))
        }
    engine.dispose()
    return found


@pytest.mark.races
@on_both
def test_many_copies_of_each_message_are_one_call_and_one_reply_each(
    transaction, town, database, pytestconfig
):
    """1,000 copies of each of 20 with `--copies 1000`."""
    copies, people = pytestconfig.getoption("--copies"), 20
    for number in range(people):
        town.welcome(f"user{number}", number=E164(f"+486003160{number:02}"))
    portal = portal_of(transaction, carriers_of())

    def tell(turn):
        number = turn % people
        words = f"D.{OFFICE}"
        return post(portal, f"m{number}", f"+486003160{number:02}", words).status_int

    with ThreadPoolExecutor(16) as threads:
        statuses = set(threads.map(tell, range(copies * people)))

    assert statuses == {200}
    assert len(stored(database, "inbound_sms")) == people
    assert len(stored(database, "sessions")) == people
    assert len(stored(database, "outbound_sms")) == people
    assert town.holds() == people


@on_both
def test_strangers_leave_nothing_but_the_log_which_is_pruned(
    transaction, town, database, pytestconfig
):
    """10,000 of them with `--strangers 10000`."""
    strangers = pytestconfig.getoption("--strangers")
    town.welcome("anna")
    portal = portal_of(transaction, carriers_of())
    before = rows_of(database)
    words = ["D.48774417880", "I", "U.anna P.guess I", "hello", "", "N2", "STOP"]

    for number in range(strangers):
        sender = f"+1555{2000000 + number}"
        assert post(portal, f"s{number}", sender, words[number % 7]).status_int == 200

    after = rows_of(database)
    grown = {name for name in after if after[name] != before[name]}
    assert grown == {"inbound_sms", "wrong_login_tries"}
    assert after["wrong_login_tries"] <= strangers / 7 + 1

    late = NOON + KEPT + timedelta(hours=1)
    Inbox(transaction, portal.app.registry["seal"], lambda: late, kept=KEPT).pump()
    assert rows_of(database) == before


def test_what_still_waits_is_never_pruned(transaction, town, database):
    town.welcome("anna")
    portal = portal_of(transaction, carriers_of())
    post(portal, "1", "+48600316058", "I")  # its reply waits for a carrier

    with transaction() as services:
        services.waiting_room.forget(NOON + 2 * KEPT, KEPT)

    assert len(stored(database, "inbound_sms")) == 1
    assert len(stored(database, "outbound_sms")) == 1


def test_a_message_of_two_accounts_with_one_company_is_two(transaction, town, database):
    """Each account counts its messages by itself."""
    section = {
        "carriers": "generic second=generic",
        "carriers.generic.send_url": "http://127.0.0.1:9",
        "carriers.second.send_url": "http://127.0.0.1:9",
    }
    environ = {
        "PORTAL_CARRIERS_GENERIC_SECRET": SECRET,
        "PORTAL_CARRIERS_SECOND_SECRET": "another secret",
    }
    reader = SettingsReader("portal", section, environ)
    portal = portal_of(transaction, read_carriers(reader))
    reader.check()
    told = {"id": "1", "from": "+48600316058", "to": ACCESS_NUMBER, "text": "I"}

    for name, secret in (("generic", SECRET), ("second", "another secret")):
        portal.post_json(f"/sms/{name}", told, headers={"X-Secret": secret})
    portal.post_json("/sms/second", told, headers=HEADERS, status=403)

    kept = [
        (row["carrier"], row["external_id"]) for row in stored(database, "inbound_sms")
    ]
    assert kept == [("generic", "1"), ("second", "1")]


def test_a_carrier_that_hangs_delays_no_answer(transaction, town):
    """Its send API takes half a second; the answers are not the slower for it."""
    town.welcome("anna")
    with exchange() as company:
        company.delay = 0.5
        book = carriers_of(carriers__generic__send_url=f"{company.url}/messages")
        portal = portal_of(transaction, book, "portal.outbox", outbox_enabled=True)
        took = []
        for number in range(40):
            begun = time.perf_counter()
            assert post(portal, f"m{number}", "+48600316058", "I").status_int == 200
            took.append(time.perf_counter() - begun)
        portal.app.registry["outbox"].stop()

    assert sorted(took)[len(took) // 2] < 0.2


def test_a_post_that_is_not_whole_is_not_worked(transaction, town, database):
    """A post of several, of which one is bad, is refused as a whole."""
    portal = portal_of(transaction, everyone())
    two = post_of("infobip/two")
    told = json.loads(two.body)
    told["results"][1].pop("text")

    answer = portal.post(
        two.target, json.dumps(told), headers=two.headers, expect_errors=True
    )

    assert answer.status_int == 400
    assert stored(database, "inbound_sms") == []
