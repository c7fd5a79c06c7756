"""Many at once: threads on one database, as several programs would be."""

from concurrent.futures import ThreadPoolExecutor

from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.calls.sessions import Ending
from domain.errors import Refusal
from domain.numbers import E164
from tests.databases import on_both
from tests.people import ACCESS_NUMBER, NOON, OFFICE, after, new_uuid

pytestmark = on_both


def at_once(work, arguments):
    with ThreadPoolExecutor(len(arguments)) as threads:
        return list(threads.map(work, arguments))


def test_of_many_calls_asked_at_once_only_those_paid_for_are_accepted(town):
    anna = town.welcome(funds="0.05", calls_at_once=100)

    def ask(number):
        wish = Wish(E164(f"+4860000{number:04}"), OFFICE, Source.WEB, f"anna {number}")
        try:
            with town.transaction() as services:
                services.requests.ask(services.accounts.get(anna.id), wish, NOON)
        except Refusal as refusal:
            return refusal.code
        return "accepted"

    outcomes = at_once(ask, range(20))

    # Each needs 0.02: ten seconds of both legs.
    assert outcomes.count("accepted") == 2
    assert outcomes.count("insufficient_funds") == 18
    assert town.available(anna) == "0.01"


def test_one_leg_settled_many_times_at_once_is_paid_once(town):
    anna = town.welcome()
    with town.transaction() as services:
        wish = Wish(anna.number, OFFICE, Source.WEB, "anna")
        services.requests.ask(services.accounts.get(anna.id), wish, NOON)
        (due,) = services.requests.take_due(
            NOON, gateway="g", caller_id=ACCESS_NUMBER, new_uuid=new_uuid
        )
    ending = Ending("NORMAL_CLEARING", 10_000_000, NOON, after(10))

    def settle(_):
        with town.transaction() as services:
            return services.sessions.settle(due.uuid, ending, after(10))

    outcomes = at_once(settle, range(10))

    assert outcomes.count(True) == 1
    assert town.balance(anna) == "9.99"
    assert town.holds() == 0


def test_a_request_is_taken_by_one_service_only(town):
    people = [town.welcome(f"p{n}", number=E164(f"+4860000{n:04}")) for n in range(10)]
    with town.transaction() as services:
        for person in people:
            wish = Wish(person.number, OFFICE, Source.WEB, person.login)
            services.requests.ask(services.accounts.get(person.id), wish, NOON)

    def take(_):
        with town.transaction() as services:
            return services.requests.take_due(
                NOON,
                gateway="g",
                caller_id=ACCESS_NUMBER,
                new_uuid=new_uuid,
                limit=3,
            )

    taken = [due.request_id for batch in at_once(take, range(8)) for due in batch]

    assert len(taken) == len(set(taken)) == 10
