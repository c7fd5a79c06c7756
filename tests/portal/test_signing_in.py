"""Coming in, staying in, going out."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from webtest import TestApp

from domain.accounts import passwords
from domain.accounts.models import Status
from tests.databases import on_both
from tests.portal.pages import Browser, words

PAGES = ["account", "numbers", "phonebook", "calls", "ledger", "top-up"]


def test_she_signs_in_and_sees_her_account(browser, anna):
    page = browser.sign_in(anna.login, anna.password, status=303).follow()

    assert page.request.path == "/account"
    assert "$10.00" in words(page)


def test_the_original_address_leads_a_guest_to_the_door(browser):
    page = browser.get("/webphone/indexcallb.htm").follow()

    assert page.request.path == "/sign-in"


@pytest.mark.parametrize("path", ["/", "/webphone/indexcallb.htm", "/sign-in"])
def test_whoever_is_signed_in_is_led_home(annas, path):
    assert annas.get(path).follow().request.path == "/account"


def test_a_wrong_password_and_an_unknown_login_read_the_same(browser, anna):
    wrong = browser.sign_in(anna.login, "guess", status=403)
    unknown = browser.sign_in("nobody", "guess", status=403)

    said = "The login or the password is not right."
    assert said in words(wrong)
    assert words(wrong) == words(unknown)
    assert wrong.form["login"].value == anna.login
    assert wrong.form["password"].value == ""


def test_five_wrong_passwords_shut_the_door_for_the_right_one_too(browser, anna):
    for _ in range(5):
        browser.sign_in(anna.login, "guess", status=403)

    page = browser.sign_in(anna.login, anna.password, status=429)

    assert "Too many wrong passwords. Please wait 15 minutes." in words(page)
    assert browser.get("/account").status_int == 303


@on_both
def test_of_many_guesses_sent_at_once_only_five_are_looked_at(portal, anna):
    browsers = [Browser(TestApp(portal)) for _ in range(12)]
    forms = [each.form("/sign-in", "password") for each in browsers]
    for form in forms:
        form["login"], form["password"] = anna.login, "guess"

    with ThreadPoolExecutor(len(forms)) as threads:
        pages = list(threads.map(lambda form: form.submit(status="*"), forms))

    assert Counter(page.status_int for page in pages) == {403: 5, 429: 7}


def test_an_address_that_guesses_ten_times_is_shut_out_whatever_it_claims(
    browser, anna, town
):
    for attempt in range(10):
        page = browser.get("/sign-in")
        page.form["login"], page.form["password"] = f"login{attempt}", "guess"
        page.form.submit(
            headers={"X-Forwarded-For": f"198.51.100.{attempt}"}, status=403
        )

    browser.sign_in(anna.login, anna.password, status=429)


def test_a_blocked_account_is_told_so_and_stays_outside(browser, town):
    ben = town.welcome("ben", status=Status.BLOCKED)

    page = browser.sign_in(ben.login, ben.password, status=403)

    assert "Your account is blocked." in words(page)


def test_blocking_an_account_ends_its_sessions(annas, anna, town):
    with town.transaction() as services:
        services.accounts.get(anna.id).status = Status.BLOCKED

    assert annas.get("/account").location.endswith("/sign-in?return=%2Faccount")


def test_a_new_password_ends_the_sessions_of_the_old_one(annas, anna, town):
    with town.transaction() as services:
        account = services.accounts.get(anna.id)
        account.password_hash = passwords.digest("another one")

    assert annas.get("/account").status_int == 303


@pytest.mark.parametrize(
    ("login", "password"),
    [("", ""), ("  ", "x"), ("l" * 201, "x"), ("a\0b", "x"), ("anna", "p" * 201)],
)
def test_what_cannot_be_a_login_is_asked_again_and_never_counted(
    browser, anna, login, password
):
    for _ in range(6):
        browser.sign_in(login, password, status=422)

    browser.sign_in(anna.login, anna.password, status=303)


def test_she_returns_to_the_page_she_wanted(browser, anna):
    page = browser.get("/account/calls").follow()
    page.form["login"], page.form["password"] = anna.login, "wrong first"
    page = page.form.submit(status=403)
    page.form["login"], page.form["password"] = anna.login, anna.password

    assert page.form.submit().follow().request.path == "/account/calls"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "http:/evil.example",
        "//[",
    ],
)
def test_nobody_is_led_to_another_site(browser, anna, elsewhere):
    page = browser.get("/sign-in", params={"return": elsewhere})
    page.form["login"], page.form["password"] = anna.login, anna.password
    page.form["return"].force_value(elsewhere)

    assert page.form.submit().location == "http://localhost/account"


def test_signing_in_leaves_nothing_of_the_guests_session(browser, anna):
    before = browser.get("/sign-in").form["csrf_token"].value

    browser.sign_in(anna.login, anna.password)

    assert browser.get("/account").forms[0]["csrf_token"].value != before


def test_she_signs_out(annas):
    annas.get("/account").forms[0].submit(status=303)

    assert annas.get("/account").status_int == 303


def test_a_link_cannot_sign_her_out(annas):
    annas.get("/sign-out", status=404)

    assert annas.get("/account").status_int == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_guest_sees_nothing_of_an_account(browser, anna, portal, name):
    path = "/account" if name == "account" else f"/account/{name}"

    page = browser.get(path)

    assert page.status_int == 303
    assert "/sign-in?return=" in page.location
    assert anna.login not in page
    assert "48" not in page


@pytest.mark.parametrize("cookie", ["forged", "", "x" * 3000])
def test_a_forged_cookie_is_no_session(browser, anna, cookie):
    browser.app.set_cookie("session", cookie)

    assert browser.get("/account").status_int == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser):
    cookie = browser.get("/sign-in").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "secure" not in cookie.lower()
