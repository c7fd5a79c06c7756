"""Anna and the office, and a service that dies between them."""

import json
from collections import Counter
from datetime import UTC, datetime

from tests.domain.calling import wish
from tests.people import ANNA, OFFICE
from tests.system.programs import eventually


def restart(system, **environ):
    system.esl.kill()
    system.esl.log.write_bytes(b"")
    system.esl.start(**environ)
    eventually(lambda: "linked to the switch" in system.esl.log.read_text())


def call(town, leg_b=OFFICE, leg_a=ANNA):
    """Anna asks for the office; each of her calls is a new one."""
    with town.transaction() as services:
        account = services.accounts.get(town.anna.id)
        now = datetime.now(UTC)
        asked = wish(leg_a=leg_a, leg_b=leg_b, sender=str(now.timestamp()))
        services.requests.ask(account, asked, now)


def the_books_are_right(system, town):
    eventually(lambda: town.holds() == 0, what=system.esl.log.read_text)
    eventually(lambda: not waiting(system), what=lambda: waiting(system))
    talked = {
        each["uuid"]: int(each["billusec"])
        for path in system.records.glob("*/*.cdr.json")
        if int((each := json.loads(path.read_text())["variables"])["billusec"])
    }
    with town.transaction(write=False) as services:
        assert not any(services.audit.faults().values())
        sessions = services.history.sessions(limit=1000)
        assert all(session.ended_at for session in sessions)
        legs = [leg for session in sessions for leg in session.legs]
    assert {leg.uuid: leg.answered_us for leg in legs if leg.answered_us} == talked
    assert all(leg.price > 0 for leg in legs if leg.uuid in talked)


def waiting(system):
    """Records that nobody has read yet."""
    return list(system.records.glob("*.cdr.json"))


def records(system):
    """What the switch has written of each leg, read by us or not, the last one last."""
    files = sorted(system.records.rglob("*.cdr.json"), key=lambda f: f.stat().st_mtime)
    texts = [file.read_text() for file in files]
    # One that is being written just now is empty.
    return [json.loads(text)["variables"] for text in texts if text]


def rung(system):
    """How often each telephone was rung."""
    return Counter(
        f"+{each['sip_req_uri'].partition('@')[0]}" for each in records(system)
    )
