"""Many at once: threads on one database, as several programs would be."""

from collections import Counter
from contextlib import suppress
from threading import Barrier

from sqlalchemy.exc import IntegrityError

from domain.accounts.models import Door
from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.errors import LockedOut, NumberTaken, WrongLogin
from domain.numbers import E164
from tests.databases import on_both
from tests.domain.calling import at_once
from tests.domain.selling import make, sell
from tests.domain.texting import deliver, outcomes_of, sms
from tests.people import (
    EXITS,
    NOON,
    OFFICE,
    STRANGER,
    new_uuid,
)

pytestmark = on_both


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
                exits=EXITS,
                new_uuid=new_uuid,
                limit=3,
            )

    taken = [due.request_id for batch in at_once(take, range(8)) for due in batch]

    assert len(taken) == len(set(taken)) == 10


def test_services_that_take_calls_of_the_same_people_never_wait_in_a_ring(town):
    people = [
        town.welcome(f"p{n}", number=E164(f"+4860000{n:04}"), calls_at_once=99)
        for n in range(4)
    ]
    with town.transaction() as services:
        for n in range(32):
            person = people[n * 5 % 4 if n % 2 else (31 - n) % 4]
            leg_a = E164(f"+4860001{n:04}")
            wish = Wish(leg_a, OFFICE, Source.WEB, f"wish {n}")
            services.requests.ask(services.accounts.get(person.id), wish, NOON)

    def take(_):
        with town.transaction() as services:
            return services.requests.take_due(
                NOON, exits=EXITS, new_uuid=new_uuid, limit=4
            )

    taken = [due.request_id for batch in at_once(take, range(12)) for due in batch]

    assert len(taken) == len(set(taken)) == 32


def test_a_number_registered_by_two_at_once_is_one_person_s(town):
    number = E164("+48600999999")
    anna = town.welcome()
    bob = town.welcome("bob", number=E164("+48600000002"))

    def register(person):
        with town.transaction() as services:
            account = services.accounts.get(person.id)
            try:
                return services.accounts.register(account, number, NOON)
            except NumberTaken:  # the message is answered in the same transaction
                return "taken"

    outcomes = at_once(register, [anna, bob])

    assert sorted(outcomes, key=str) == [True, "taken"]
    with town.transaction(write=False) as services:
        loser = bob if outcomes[0] is True else anna
        account = services.accounts.get(loser.id)
        assert services.accounts.numbers_of(account) == [loser.number]


def test_an_account_that_may_have_one_number_never_has_two(town):
    anna = town.welcome()

    def register(n):
        with town.transaction() as services:
            account = services.accounts.get(anna.id)
            services.accounts.register(account, E164(f"+4860099000{n}"), NOON)

    at_once(register, range(6))

    with town.transaction(write=False) as services:
        assert len(services.accounts.numbers_of(services.accounts.get(anna.id))) == 1


def test_entries_written_into_one_phonebook_at_once_all_find_a_place(town):
    anna = town.welcome()

    def add(n):
        with town.transaction() as services:
            account = services.accounts.get(anna.id)
            services.phonebook.add(account, f"friend {n}", OFFICE)

    at_once(add, range(8))

    with town.transaction(write=False) as services:
        entries = services.phonebook.of(services.accounts.get(anna.id))
        assert [entry.position for entry in entries] == list(range(1, 9))


def test_of_many_guesses_sent_at_once_only_five_are_looked_at(town):
    town.welcome()
    guesses = [
        sms(f"U.anna P.guess{n} I", sender=f"+4860000{n:04}", number=str(n))
        for n in range(12)
    ]

    deliver_all(town, guesses)

    outcomes = outcomes_of(town)
    assert outcomes.count("wrong_login") == 5
    assert outcomes.count("locked_out") == 7


def test_of_many_logins_guessed_at_once_by_one_sender_only_ten_are_looked_at(town):
    who = {"door": Door.WEB, "sender": "192.0.2.6", "now": NOON}
    all_have_looked = Barrier(25)

    def guess(n):
        with town.transaction(write=False) as services, suppress(WrongLogin):
            services.accounts.prove(f"p{n}", "a guess", **who)
        all_have_looked.wait()
        with town.transaction() as services:
            try:
                services.accounts.check_door(f"p{n}", **who)
            except LockedOut:
                return "locked out"
            services.accounts.remember_wrong_try(f"p{n}", **who)
        return "wrong"

    outcomes = at_once(guess, range(25))

    assert Counter(outcomes) == {"wrong": 10, "locked out": 15}


def test_of_many_logins_guessed_at_once_by_one_telephone_only_ten_are_looked_at(town):
    guesses = [
        sms(f"U.p{n} P.guess I", sender=STRANGER, number=str(n)) for n in range(14)
    ]

    deliver_all(town, guesses)

    assert Counter(outcomes_of(town)) == {"wrong_login": 10, "locked_out": 4}


def test_a_right_guess_among_too_many_wrong_ones_opens_nothing(town):
    town.welcome()
    wrong = [
        sms(f"U.anna P.guess{n} I", sender=STRANGER, number=str(n)) for n in range(5)
    ]
    right = sms("U.anna P.anna-password I", sender=STRANGER, number="right")
    late = deliver(town, right, until_worked=True)

    deliver_all(town, wrong)

    assert late() == []
    assert outcomes_of(town)[0] == "locked_out"


def test_messages_sent_at_once_earn_no_more_replies_than_one_by_one(town):
    anna = town.welcome()

    replies = deliver_all(
        town, [sms("I", sender=anna.number, number=str(n)) for n in range(8)]
    )

    assert sum(len(each) for each in replies) == 3


def test_people_who_guess_each_other_s_passwords_do_not_lock_each_other(town):
    people = [town.welcome(f"p{n}", number=E164(f"+4860000{n:04}")) for n in range(4)]
    guesses = [
        sms(f"U.p{(n + 1) % 4} P.x I", sender=people[n % 4].number, number=f"{n}")
        for n in range(12)
    ]

    deliver_all(town, guesses)

    assert set(outcomes_of(town)) == {"wrong_login"}


def test_one_sender_of_many_accounts_asks_no_faster_than_of_one(town):
    people = [town.welcome(f"p{n}", number=E164(f"+4860000{n:04}")) for n in range(8)]
    wishes = [
        sms(
            f"U.{each.login} P.{each.password} D.{OFFICE} O.{each.number}",
            sender=STRANGER,
            number=each.login,
        )
        for each in people
    ]

    deliver_all(town, wishes)

    assert outcomes_of(town).count("calling") == 3


def test_pins_texted_at_once_are_each_redeemed_once(town):
    anna = town.welcome()
    pins = sell(town, 4)
    messages = [
        sms(f"T.{pin}", sender=anna.number, number=f"{pin} {copy}")
        for pin in pins
        for copy in range(2)
    ]

    deliver_all(town, messages)

    assert Counter(outcomes_of(town)) == {"topped_up": 4, "wrong_pin": 4}
    assert town.balance(anna) == "30.00"


def test_a_batch_made_by_two_at_once_is_made_once(town):
    def batch(_):
        try:
            return len(make(town, 20))
        except IntegrityError:
            return 0

    assert sorted(at_once(batch, range(4))) == [0, 0, 0, 20]


def deliver_all(town, messages):
    """Everything is read, and then worked at once."""
    works = [deliver(town, message, until_worked=True) for message in messages]
    return at_once(lambda work: work(), works)
