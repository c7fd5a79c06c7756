"""A voucher's PIN sent by SMS: redeemed, answered, and read by nobody else."""

import logging

import pytest
from sqlalchemy import func, select

from domain.base import Base
from domain.database import engine_for, transactions
from domain.messages.models import InboundSms
from domain.numbers import E164
from domain.vouchers.pins import drawn, grouped
from tests.databases import on_both
from tests.domain.selling import (
    digits_of,
    kept_in,
    make,
    sell,
    voucher_entries,
)
from tests.domain.texting import deliver, outcomes_of, sms
from tests.people import OFFICE, STRANGER, after

pytestmark = on_both


def test_a_texted_pin_is_added_and_the_new_balance_told(town):
    anna = town.welcome()
    (pin,) = sell(town)

    replies = deliver(town, sms(f"T.{pin}"))

    assert replies == ["$5.00 added. Your balance is $15.00."]
    assert voucher_entries(town, anna) == [("5.00", "1-000001")]


@pytest.mark.parametrize("text", ["T{}", "t:{}", "T={}", "T. {}", "T {}"])
@pytest.mark.parametrize("between", ["", " ", "-", " - "])
def test_a_pin_may_be_written_as_people_write_it(town, text, between):
    town.welcome()
    (pin,) = sell(town)

    replies = deliver(town, sms(text.format(between.join(grouped(pin).split()))))

    assert replies == ["$5.00 added. Your balance is $15.00."]


def test_with_a_password_a_pin_may_come_from_any_telephone(town):
    anna = town.welcome()
    (pin,) = sell(town)

    deliver(town, sms(f"U.anna P.anna-password T.{pin}", sender=STRANGER))

    assert town.balance(anna) == "15.00"


def test_a_stranger_s_pin_is_not_even_looked_at(town):
    town.welcome()
    (pin,) = sell(town)

    assert deliver(town, sms(f"T.{pin}", sender=STRANGER)) == []
    assert outcomes_of(town) == ["unknown_sender"]


def test_a_message_told_twice_is_redeemed_once_and_is_no_wrong_try(town):
    anna = town.welcome()
    (pin,) = sell(town)

    first = deliver(town, sms(f"T.{pin}"))
    again = deliver(town, sms(f"T.{pin}"))

    assert (len(first), len(again)) == (1, 0)
    assert town.balance(anna) == "15.00"
    assert wrong_tries(town) == 0


def test_unknown_used_and_not_yet_active_read_the_same(town):
    town.welcome()
    (used,) = sell(town, name="used")
    deliver(town, sms(f"T.{used}", number="0"))
    new = make(town, name="new")[0].pin
    wrong = [used, new, drawn(12, lambda _: 7), "12"]

    replies = [
        deliver(town, sms(f"T.{pin}", number=f"w{n}"), after(60 * n))
        for n, pin in enumerate(wrong, start=1)
    ]

    assert replies == [["This PIN cannot be redeemed. Please check its digits."]] * 4


def test_five_wrong_pins_lock_the_account_by_whatever_telephone(town):
    anna = town.welcome()
    (pin,) = sell(town)
    for number in range(5):
        deliver(town, sms("T.123", number=f"w{number}"), after(number * 60))
    by_password = f"U.anna P.anna-password T.{pin}"

    locked = deliver(town, sms(f"T.{pin}", number="a"), after(600))
    deliver(town, sms(by_password, sender=STRANGER, number="b"), after(601))
    later = deliver(town, sms(f"T.{pin}", number="c"), after(240 + 3600))

    assert locked == ["Too many wrong PINs. Please wait 60 minutes."]
    assert outcomes_of(town)[-2] == "pins_locked"
    assert later == ["$5.00 added. Your balance is $15.00."]
    assert town.balance(anna) == "15.00"


def test_where_vouchers_are_not_set_up_it_is_said(town, database):
    town.welcome()
    engine = engine_for(database)
    town.transaction = transactions(engine)

    assert deliver(town, sms("T.123456789010")) == [
        "Vouchers cannot be redeemed here at the moment."
    ]
    engine.dispose()


NOT_SAID_TO_ANYBODY = [
    "T.{pin}",
    "T.{pin} please",
    "T.{pin} D.48774417880",
    "T.{pin} T.{pin}",
    "T {pin}",
    "T/{pin}",
    "{pin}",
    "PIN {pin}",
    "pin: {pin}",
    "Z.{pin}",
    "I {pin}",
    "I T {pin}",
    "B.{pin}",
    "B.office T {pin}",
    "N.{pin}",
    "D.48774417880 T {pin}",
    "D.48774417880 {pin}",
    "D.48774417880 O.48600316058 {pin}",
    "U.anna P.anna-password R.48600316059 {pin}",
    "U.anna P.anna-password T.{pin}",
    "U.anna P.wrong T.{pin}",
    "U.anna P.{pin} T.{pin}",
    "U.{pin} P.anna-password T.{pin}",
    "U.{pin} P.{pin} I",
    "U.anna T.{pin}",
]


@pytest.mark.parametrize("grouping", ["", " ", "-"])
def test_a_pin_is_in_no_row_and_no_line_of_the_log(
    town, database, caplog, capfd, grouping
):
    town.welcome()
    caplog.set_level(logging.DEBUG)
    written = []
    for n, text in enumerate(NOT_SAID_TO_ANYBODY):
        (pin,) = sell(town, name=f"batch {n}")
        told = grouping.join(grouped(pin).split())
        written.append(pin)
        sender = E164("+48600316058") if n % 2 else STRANGER
        for copy in ("a", "b"):
            message = sms(
                text.format(pin=told), sender=sender, number=f"{n}{copy}", to=access(n)
            )
            deliver(town, message, after(n * 7200))

    kept = kept_in(database) + caplog.text + "".join(capfd.readouterr())
    assert [pin for pin in written if pin in digits_of(kept)] == []
    assert len(outcomes_of(town)) == 2 * len(NOT_SAID_TO_ANYBODY)


def access(n):
    """Our number, and now and then one that is not ours."""
    return "+48221000000" if n % 5 else "+48229999999"


def wrong_tries(town):
    with town.transaction(write=False) as services:
        tries = Base.metadata.tables["wrong_login_tries"]
        return services.messages._session.scalar(
            select(func.count()).select_from(tries)
        )


def test_the_books_show_that_there_was_a_pin_and_not_which(town):
    town.welcome()
    (pin,) = sell(town)

    deliver(town, sms(f"T.{grouped(pin)} O.{OFFICE}"))

    with town.transaction(write=False) as services:
        (text,) = services.messages._session.scalars(select(InboundSms.text))
    assert text == f"T.*** O.{OFFICE}"
