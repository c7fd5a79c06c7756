"""X comes at the very moment at which a call is taken from the queue to be rung."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from domain.calls.models import State
from tests.databases import on_both
from tests.domain.calling import ask, request_of, take
from tests.people import EXITS, NOON, new_uuid


@on_both
def test_a_call_that_found_no_room_when_x_came_is_never_rung(town):
    anna = town.welcome()
    _, session_id = ask(town, anna)
    with town.transaction() as services:
        # All that X can do while another has the request.
        services.sessions.get(session_id).hangup_asked_at = NOON

    assert take(town) == []

    assert request_of(town, session_id) == (State.DONE, "HUNG_UP")
    assert (town.holds(), town.available(anna)) == (0, "10.00")
    with town.transaction(write=False) as services:
        assert services.sessions.all_open_legs() == []
        assert services.messages.due(NOON) == []


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_x_that_comes_while_a_call_is_being_taken_is_seen_before_it_is_rung(town):
    anna = town.welcome()
    _, session_id = ask(town, anna)
    is_taken = Event()

    def taken():
        with town.transaction() as services:
            queue = services.requests._queue
            due = queue.due

            def found(*which):
                rows = due(*which)
                is_taken.set()
                return rows

            queue.due = found
            return services.requests.take_due(NOON, exits=EXITS, new_uuid=new_uuid)

    with ThreadPoolExecutor(1) as thread:
        with town.transaction() as services:
            account = services.accounts.locked(anna.id)
            taking = thread.submit(taken)
            assert is_taken.wait(10)
            assert services.hangups.ask(account, NOON) == 1
        assert taking.result(10) == []

    assert request_of(town, session_id) == (State.DONE, "HUNG_UP")
