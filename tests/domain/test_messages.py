"""An SMS comes in: whose it is, what it does, what is answered."""

import pytest

from domain.accounts.service import NewAccount
from domain.base import Base
from domain.calls.models import State
from domain.database import engine_for
from domain.numbers import E164
from tests.databases import on_both
from tests.domain.texting import deliver, sms
from tests.people import (
    ACCESS_NUMBER,
    ANNA,
    EXITS,
    HOTEL,
    NOON,
    OFFICE,
    STRANGER,
    after,
)

pytestmark = on_both


def requests(town, person):
    with town.transaction(write=False) as services:
        account = services.accounts.get(person.id)
        return [
            (each.leg_a, each.leg_b, each.state, each.cause)
            for each in services.history.requests(account)
        ]


def test_the_seeds_line_asks_for_both_legs_and_says_so(town):
    anna = town.welcome()

    replies = deliver(
        town, sms("U.anna P.anna-password D.48774417880 O.12345678", sender=STRANGER)
    )

    assert requests(town, anna) == [(HOTEL, OFFICE, State.QUEUED, None)]
    assert replies == ["Calling +4812345678 now, then +48774417880. Please pick up."]


def test_a_registered_sender_is_rung_first(town):
    anna = town.welcome()

    deliver(town, sms("D.77 441 78 80"))

    assert requests(town, anna) == [(ANNA, OFFICE, State.QUEUED, None)]


@pytest.mark.parametrize("text", ["B.office", "B.ÓFFICE", "B.off", "N1", "N.1"])
def test_a_phonebook_entry_is_called_by_name_or_position(town, text):
    anna = town.welcome()
    with town.transaction() as services:
        account = services.accounts.get(anna.id)
        services.phonebook.add(account, "Office", OFFICE)

    deliver(town, sms(text))

    assert requests(town, anna) == [(ANNA, OFFICE, State.QUEUED, None)]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("B.nobody", 'Your phonebook has no entry "nobody".'),
        ("B.home", '"home" could be: Home Paris, Home Rome.'),
        ("N9", 'Your phonebook has no entry "9".'),
        ("D.12", '"12" is not a number we can dial. Nothing was done.'),
        ("D.+33123456789", "Calls to +33123456789 are not possible."),
        ("D.48700123456", "Calls to +48700123456 are not allowed."),
        ("Z.1", 'Not understood: "Z.". Nothing was done.'),
        (
            "hello",
            "Not understood. Nothing was done. HELP tells what you can send.",
        ),
        ("R.48600316059", "Please send this with U.login P.password."),
        (
            "D.48774417880 O.48221234567",
            "+48221234567 is not registered: please add U.login P.password.",
        ),
        ("I", "Your balance is $10.00."),
    ],
)
def test_what_cannot_be_done_is_answered_with_the_reason(town, text, reply):
    anna = town.welcome()
    with town.transaction() as services:
        account = services.accounts.get(anna.id)
        services.phonebook.add(account, "Home Paris", OFFICE)
        services.phonebook.add(account, "Home Rome", HOTEL)

    assert deliver(town, sms(text)) == [reply]
    assert [state for *_, state, _ in requests(town, anna)] in ([], [State.REFUSED])


def test_a_message_without_end_is_answered_in_the_account_s_language_alone(town):
    town.welcome(language="fr")

    replies = deliver(town, sms("B." + "a" * 1600))

    (reply,) = replies
    assert reply.startswith("Message non compris. Rien n'a été fait. Envoyez AIDE")


def test_with_a_password_a_number_is_registered(town):
    anna = town.welcome()
    new = E164("+48600316059")

    replies = deliver(
        town, sms("U.anna P.anna-password R.48600316059", sender=STRANGER)
    )

    assert replies == [
        "+48600316059 now identifies your account, +48600316058 no more."
    ]
    with town.transaction(write=False) as services:
        assert services.accounts.owner(new).id == anna.id


def test_somebody_elses_number_is_not_registered(town):
    town.welcome()
    bob = E164("+48600000002")
    town.welcome("bob", number=bob)

    replies = deliver(town, sms(f"U.anna P.anna-password R.{bob}"))

    assert replies == [f"{bob} is registered by another account."]


def test_the_same_message_again_is_worked_once(town):
    anna = town.welcome()

    first = deliver(town, sms("D.48774417880"))
    second = deliver(town, sms("D.48774417880"))

    assert (len(first), len(second)) == (1, 0)
    assert len(requests(town, anna)) == 1


def test_a_stranger_gets_neither_call_nor_reply(town):
    town.welcome()

    assert deliver(town, sms("D.48774417880", sender=STRANGER)) == []
    wrong = sms("U.anna P.guess D.48774417880", sender=STRANGER, number="2")
    assert deliver(town, wrong) == []


@pytest.mark.parametrize("sender", ["INFO", "7123", ACCESS_NUMBER])
def test_names_short_codes_and_ourselves_are_never_answered(town, sender):
    town.welcome()

    assert deliver(town, sms("U.anna P.anna-password I", sender=sender)) == []


def test_a_message_to_a_number_that_is_not_ours_is_kept_and_not_worked(town):
    anna = town.welcome()

    replies = deliver(town, sms("D.48774417880", to="+48229999999"))

    assert replies == []
    assert requests(town, anna) == []


def test_five_wrong_passwords_lock_the_sms_door_for_a_quarter_of_an_hour(town):
    town.welcome()
    for number in range(5):
        deliver(
            town,
            sms("U.anna P.wrong I", number=f"w{number}"),
            after(number * 30),
        )

    locked = deliver(town, sms("U.anna P.anna-password I", number="a"), after(300))
    later = deliver(town, sms("U.anna P.anna-password I", number="b"), after(1200))

    assert locked == ["Too many wrong passwords. Please wait 15 minutes."]
    assert later == ["Your balance is $10.00."]


def test_an_unknown_login_and_a_wrong_password_read_the_same(town):
    town.welcome()

    unknown = deliver(town, sms("U.nobody P.x I", number="1"))
    wrong = deliver(town, sms("U.anna P.x I", number="2"), after(30))

    assert unknown == wrong == ["The login or the password is not right."]


def test_replies_to_one_sender_are_rationed(town):
    town.welcome()

    replies = [
        deliver(town, sms("I", number=str(number)), after(number))
        for number in range(5)
    ]

    assert [len(each) for each in replies] == [1, 1, 1, 0, 0]


def test_status_tells_what_the_balance_buys_to_the_last_destination(town):
    anna = town.welcome()
    deliver(town, sms("D.48774417880"))
    with town.transaction() as services:
        (due,) = services.requests.take_due(NOON, exits=EXITS, new_uuid=lambda: "a")
        services.sessions.a_answered(due.session_id, due.uuid, NOON)
        services.sessions.admit(due.session_id, OFFICE, uuid="b", exits=EXITS, now=NOON)
        services.requests.finish(
            services.requests.for_session(due.session_id), "NORMAL_CLEARING", NOON
        )

    replies = deliver(town, sms("I", number="2"), after(60))

    # Both legs cost 0.06 a minute; before B answers A may be up for 45 seconds.
    assert replies == ["Your balance is $10.00: 82 min to +48774417880."]
    assert anna.number == ANNA


def test_a_blocked_account_is_told_so_and_not_served(town):
    anna = town.welcome(status="blocked")

    replies = deliver(town, sms("D.48774417880"))

    assert replies == ["Your account is blocked. Please contact us."]
    assert requests(town, anna) == []


def test_four_requests_a_minute_are_one_too_many(town):
    anna = town.welcome(calls_at_once=9)

    for number in range(4):
        deliver(town, sms(f"D.4877441788{number}", number=str(number)), after(number))

    # They all ring Anna, so the second finds her line taken; the fourth is too much.
    causes = [cause for *_, cause in requests(town, anna)]
    assert causes == ["too_many_requests", "already_calling", "already_calling", None]


def test_a_second_account_with_the_same_login_cannot_be_opened(town):
    town.welcome()

    with pytest.raises(Exception, match=r"(?i)unique"), town.transaction() as services:
        services.accounts.create(NewAccount("ANNA", "x", town.plan_id, "USD"), NOON)


def test_a_door_stays_shut_for_a_quarter_of_an_hour_from_the_last_guess(town):
    town.welcome()
    for number, minute in enumerate((0, 3, 6, 9, 12)):
        guess = sms("U.anna P.wrong I", sender=STRANGER, number=f"w{number}")
        deliver(town, guess, after(minute * 60))
    bobs = sms("U.bob P.wrong I", sender=STRANGER, number="bob")
    deliver(town, bobs, after(20 * 60))  # the first guess is old now

    shut = deliver(town, sms("U.anna P.anna-password I", number="a"), after(26 * 60))
    again = deliver(town, sms("U.anna P.anna-password I", number="b"), after(28 * 60))

    assert shut == ["Too many wrong passwords. Please wait 15 minutes."]
    assert again == ["Your balance is $10.00."]


def test_an_account_blocked_while_its_message_is_read_is_not_served(town):
    anna = town.welcome()
    work = deliver(town, sms("R.48600316059 U.anna P.anna-password"), until_worked=True)
    with town.transaction() as services:
        services.accounts.get(anna.id).status = "blocked"

    assert work() == ["Your account is blocked. Please contact us."]


def test_a_word_for_the_carrier_is_never_answered(town):
    town.welcome()

    assert deliver(town, sms("STOP")) == []


def test_a_swapped_password_is_nowhere_in_the_books(town, database):
    town.welcome()

    deliver(town, sms("U.s3cret-thing P.anna I"))

    engine = engine_for(database)
    with engine.connect() as connection:
        for table in ("inbound_sms", "outbound_sms", "wrong_login_tries"):
            rows = connection.execute(Base.metadata.tables[table].select()).all()
            assert rows
            assert "s3cret" not in repr(rows)
    engine.dispose()


def test_money_in_a_reply_is_written_with_letters_that_every_phone_has(town):
    town.welcome(language="fr")

    (reply,) = deliver(town, sms("I"))

    assert "\xa0" not in reply
    assert "\u202f" not in reply
