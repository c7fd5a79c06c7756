"""A voucher redeemed on a page."""

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from webtest import TestApp

from domain.vouchers.keys import PinKeys
from domain.vouchers.pins import drawn, grouped
from tests.databases import on_both
from tests.domain.selling import digits_of, kept_in, make, sell, state_of
from tests.domain.texting import deliver, sms
from tests.people import HOTEL
from tests.portal.pages import Browser, words

PAGE = "/account/top-up"
REFUSED = "This PIN cannot be redeemed. Please check its digits."
NEVER_SOLD = drawn(12, lambda _: 7)


def test_she_redeems_a_voucher_and_is_told_what_it_was_worth(annas, anna, town):
    (pin,) = sell(town)

    page = annas.fill_in(PAGE, pin=pin)

    assert page.request.path == PAGE
    assert page.html.select_one(".notice").text == "$5.00 is added to your balance."
    assert "$15.00" in words(page)
    assert town.balance(anna) == "15.00"


@pytest.mark.parametrize("between", ["-", "  ", " – "])
def test_a_pin_may_be_grouped_as_on_the_voucher(annas, town, between):
    (pin,) = sell(town)

    page = annas.fill_in(PAGE, pin=f" {between.join(grouped(pin).split())} ")

    assert "$5.00 is added to your balance." in words(page)


def test_the_ledger_names_the_voucher_and_not_its_pin(annas, town):
    (pin,) = sell(town)
    annas.fill_in(PAGE, pin=pin)

    read = annas.read("/account/ledger")

    assert "Voucher 1-000001 + $5.00" in read
    assert pin not in read


def test_unknown_used_and_another_currency_read_the_same(annas, town):
    (used,) = sell(town, name="used")
    annas.fill_in(PAGE, pin=used)
    (euros,) = sell(town, name="euros", currency="EUR")

    pages = [annas.fill_in(PAGE, status=422, pin=pin) for pin in (used, euros, "1234")]

    for page in pages:
        assert page.html.select_one(".fault").text == REFUSED


def test_the_page_shows_what_she_typed_so_that_she_can_correct_it(annas):
    page = annas.fill_in(PAGE, status=422, pin="1234 5678 9011")

    assert page.html.select_one("#pin")["value"] == "1234 5678 9011"
    assert page.headers["Cache-Control"] == "no-store"


def test_five_wrong_pins_lock_the_right_one_out(annas, anna, town):
    (pin,) = sell(town)
    for _ in range(5):
        annas.fill_in(PAGE, status=422, pin=NEVER_SOLD)

    page = annas.fill_in(PAGE, status=429, pin=pin)

    assert "Too many wrong PINs. Please wait 60 minutes." in words(page)
    assert town.balance(anna) == "10.00"
    assert annas.get("/account").status_int == 200


def test_wrong_pins_on_the_page_and_by_sms_are_counted_together(annas, anna, town):
    for _ in range(4):
        annas.fill_in(PAGE, status=422, pin=NEVER_SOLD)

    deliver(town, sms(f"T.{NEVER_SOLD}"), datetime.now(UTC))

    annas.fill_in(PAGE, status=429, pin=NEVER_SOLD)


@on_both
def test_of_many_guesses_on_many_pages_at_once_only_five_are_looked_at(
    portal, anna, town
):
    (pin,) = sell(town)
    browsers = [Browser(TestApp(portal)) for _ in range(12)]
    forms = []
    for each in browsers:
        each.sign_in(anna.login, anna.password, status=303)
        forms.append(each.form(PAGE, "pin"))
        forms[-1]["pin"] = NEVER_SOLD

    with ThreadPoolExecutor(len(forms)) as threads:
        pages = list(threads.map(lambda form: form.submit(status="*"), forms))

    assert Counter(page.status_int for page in pages) == {422: 5, 429: 7}
    assert browsers[0].fill_in(PAGE, status=429, pin=pin)
    assert town.balance(anna) == "10.00"


def test_a_pin_from_a_page_is_in_no_row_and_no_line_of_the_log(
    annas, town, database, caplog
):
    caplog.set_level(logging.DEBUG)
    (pin,) = sell(town)
    annas.fill_in(PAGE, status=422, pin=f"{pin} {pin}")
    annas.fill_in(PAGE, pin=pin)
    annas.fill_in(PAGE, status=422, pin=pin)
    annas.app.post(PAGE, {"pin": pin}, status=400)

    kept = kept_in(database) + caplog.text

    assert pin not in digits_of(kept)
    assert "voucher" in kept


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ("", "Please fill this in."),
        ("   ", "Please fill this in."),
        ("1" * 101, "Please use at most 100 letters."),
        ("12\x0034", "Please use ordinary letters."),
    ],
)
def test_what_nobody_can_have_meant_is_said_beside_its_field_and_not_counted(
    annas, town, pin, said
):
    for _ in range(6):
        page = annas.fill_in(PAGE, status=422, pin=pin)

    assert page.html.select_one("#pin-fault").text == said
    (good,) = sell(town)
    annas.fill_in(PAGE, pin=good)


def test_a_refused_pin_leaves_the_voucher_and_others_accounts_alone(annas, town):
    ben = town.welcome("ben", number=HOTEL)
    (made,) = make(town)

    annas.fill_in(PAGE, status=422, pin=made.pin)

    assert state_of(town, made.serial) == ("new", None)
    assert town.balance(ben) == "10.00"


def test_where_vouchers_are_not_set_up_the_page_says_so(
    annas, portal, town, monkeypatch
):
    (pin,) = sell(town)
    form = annas.form(PAGE, "pin")
    without = replace(portal.registry["settings"], pin_keys=PinKeys())
    monkeypatch.setitem(portal.registry, "settings", without)

    read = annas.read(PAGE)
    form["pin"] = pin
    page = form.submit(status=422)

    assert "Vouchers cannot be redeemed here at the moment." in read
    assert "Vouchers cannot be redeemed here at the moment." in words(page)


def test_the_page_is_in_the_navigation(annas):
    page = annas.get("/account").click("Top up", href="top-up")

    assert page.html.select_one("nav a[aria-current]").text == "Top up"


def test_money_is_told_in_the_pages_language(browser, town):
    linh = town.welcome("linh", number=HOTEL, language="fr")
    browser.sign_in(linh.login, linh.password)
    (pin,) = sell(town)

    page = browser.fill_in(PAGE, pin=pin)

    assert "5,00 $US" in words(page).replace("\u202f", " ")
