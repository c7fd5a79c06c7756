"""Many at once: threads on one database, as several programs would be."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import IntegrityError

from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.calls.sessions import Ending
from domain.errors import NumberTaken, Refusal
from domain.ledger.models import Kind
from domain.numbers import E164
from domain.vouchers.pins import drawn as draw_pin
from tests.databases import on_both
from tests.domain.calling import a_up, admit, b_up, ended, extend, settle
from tests.domain.selling import activate, make, redeem, sell, void, voucher_entries
from tests.domain.texting import deliver, outcomes_of, sms
from tests.people import (
    ACCESS_NUMBER,
    NOON,
    OFFICE,
    STRANGER,
    after,
    entries_add_up,
    new_uuid,
)

pytestmark = on_both


def at_once(work, arguments):
    with ThreadPoolExecutor(len(arguments)) as threads:
        return list(threads.map(work, arguments))


def test_of_many_calls_asked_at_once_only_those_paid_for_are_accepted(town):
    anna = town.welcome(funds="0.10", calls_at_once=100)

    def ask(number):
        wish = Wish(E164(f"+4860000{number:04}"), OFFICE, Source.WEB, f"anna {number}")
        try:
            with town.transaction() as services:
                services.requests.ask(services.accounts.get(anna.id), wish, NOON)
        except Refusal as refusal:
            return refusal.code
        return "accepted"

    outcomes = at_once(ask, range(20))

    # Each holds 0.02, ten seconds of both legs, and is worth making from 0.07.
    assert outcomes.count("accepted") == 2
    assert outcomes.count("insufficient_funds") == 18
    assert town.available(anna) == "0.06"


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


def test_settling_extending_and_answering_at_once_leave_no_hold_behind(town):
    people = [town.welcome(f"p{n}", number=E164(f"+4860000{n:04}")) for n in range(4)]
    steps = []
    for person in people:
        due = a_up(town, person, leg_a=person.number, sender=person.login)
        b, _ = admit(town, due.session_id)
        steps += [
            (b_up, due.session_id, b, after(5)),
            (extend, due.session_id, after(9)),
            (settle, b, ended(answered=5, lasted=5)),
            (extend, due.session_id, after(10)),
            (settle, due.uuid, ended(answered=0, lasted=11)),
            (extend, due.session_id, after(12)),
        ]
    random.Random(7).shuffle(steps)

    at_once(lambda step: step[0](town, *step[1:]), steps)

    assert town.holds() == 0
    with town.transaction(write=False) as services:
        for person in people:
            assert entries_add_up(services, person)
            account = services.accounts.get(person.id)
            assert len(services.ledger.entries(account)) == 3


def test_money_put_on_twice_at_once_is_put_on_once(town):
    anna = town.welcome(funds="1.00")

    def top_up(_):
        with town.transaction() as services:
            return services.ledger.post(
                anna.id, Kind.TOP_UP, 5_000_000, reference="voucher 1", now=NOON
            )

    outcomes = at_once(top_up, range(8))

    assert outcomes.count(True) == 1
    assert town.balance(anna) == "6.00"


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
                NOON, gateway="g", caller_id=ACCESS_NUMBER, new_uuid=new_uuid, limit=4
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


def fifty_people(town):
    return [
        town.welcome(f"p{n}", number=E164(f"+4860000{n:04}"), funds="1.00")
        for n in range(50)
    ]


def test_of_fifty_people_with_one_voucher_one_is_richer(town):
    people = fifty_people(town)
    (pin,) = sell(town)

    outcomes = at_once(lambda person: redeem(town, person, pin), people)

    assert Counter(outcomes) == {"5.00": 1, "wrong_pin": 49}
    entries = [entry for person in people for entry in voucher_entries(town, person)]
    assert len(entries) == 1
    balances = Counter(town.balance(person) for person in people)
    assert balances == {"6.00": 1, "1.00": 49}


def test_a_voucher_keyed_fifty_times_at_once_by_one_person_is_worth_its_value(town):
    anna = town.welcome()
    (pin,) = sell(town)

    outcomes = Counter(at_once(lambda _: redeem(town, anna, pin), range(50)))

    assert outcomes["5.00"] == 1
    assert outcomes["wrong_pin"] <= 5
    assert outcomes.total() == 50
    assert town.balance(anna) == "15.00"
    assert len(voucher_entries(town, anna)) == 1


def test_of_fifty_guesses_at_a_pin_sent_at_once_only_five_are_looked_at(town):
    anna = town.welcome()
    pins = sell(town, 10)
    guesses = [draw_pin(12, lambda _, n=n: n) for n in range(40)]

    outcomes = Counter(at_once(lambda pin: redeem(town, anna, pin), [*guesses, *pins]))
    late = Counter(at_once(lambda pin: redeem(town, anna, pin), pins))

    assert outcomes["wrong_pin"] == 5
    assert outcomes["pins_locked"] == 45 - outcomes["5.00"]
    assert late == {"pins_locked": 10}


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


def test_of_vouchers_voided_while_they_are_redeemed_each_is_one_or_the_other(town):
    people = fifty_people(town)[:12]
    made = make(town, 12)
    activate(town, made)

    def step(n):
        if n % 4 == 3:
            return void(town, made)
        return redeem(town, people[n], made[n].pin)

    outcomes = at_once(step, range(12))

    redeemed = outcomes.count("5.00")
    assert sum(each for each in outcomes if isinstance(each, int)) == 12 - redeemed
    assert sum(len(voucher_entries(town, each)) for each in people) == redeemed


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
