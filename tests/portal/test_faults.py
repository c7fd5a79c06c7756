"""What can go wrong between a browser and us, and what is told then."""

import logging

import pytest
from sqlalchemy.exc import OperationalError

from domain.accounts.service import Accounts
from domain.errors import SpendLimit
from domain.ledger.service import Ledger
from tests.people import OFFICE
from tests.portal.pages import words

FORMS = ["/account", "/account/numbers", "/account/phonebook", "/sign-out", "/sign-in"]


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_our_mark_does_nothing(annas, anna, town, path):
    sent = {"language": "fr", "number": OFFICE, "name": "x", "login": "anna"}

    page = annas.app.post(path, sent, status=400)

    assert "This page was open for too long" in words(page)
    assert annas.get("/account").html.html["lang"] == "en"
    with town.transaction(write=False) as services:
        account = services.accounts.get(anna.id)
        assert services.accounts.numbers_of(account) == [anna.number]
        assert services.phonebook.of(account) == []


def test_a_form_with_somebody_elses_mark_does_nothing(annas):
    sent = {"language": "fr", "csrf_token": "0" * 40}

    annas.app.post("/account", sent, status=400)


def test_a_page_that_is_not_there_is_said(annas, browser):
    page = browser.get("/nothing", status=404)

    assert "There is no such page" in words(page)
    assert page.click("To the start").follow().request.path == "/account"


def test_a_guest_is_told_the_same(browser):
    assert "Sign out" not in words(browser.get("/nothing", status=404))


@pytest.mark.parametrize(
    "path", ["/%ff", "/sign-in?return=%ff", "/sign-in?_LOCALE_=%ff"]
)
def test_an_address_that_is_no_text_is_a_bad_request(browser, path):
    page = browser.get(path, status=400)

    assert "We could not read this" in words(page)


def test_a_form_that_is_no_text_is_asked_for_again(browser):
    token = browser.get("/sign-in").form["csrf_token"].value

    sent = b"login=%ff&password=&csrf_token=" + token.encode()
    page = browser.app.post("/sign-in", sent, status=422)

    assert "Please fill this in." in words(page)


def test_a_refusal_that_no_form_can_show_has_a_page(annas, monkeypatch):
    def refuse(*_):
        raise SpendLimit

    monkeypatch.setattr(Ledger, "available", refuse)

    page = annas.app.get("/account/ledger")
    assert page.status_int == 200

    page = annas.app.get("/account", status=422)
    assert "Your spending limit for a day is reached." in words(page)


def test_our_own_mistake_is_logged_and_apologised_for(annas, monkeypatch, caplog):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(Ledger, "available", fail)

    with caplog.at_level(logging.ERROR):
        page = annas.app.get("/account", status=500)

    assert "Something went wrong here" in words(page)
    assert "ZeroDivisionError" not in page
    assert "GET /account failed" in caplog.text


def test_the_apology_needs_no_database(annas, monkeypatch):
    def fail(*_):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(Accounts, "by_login", fail)

    page = annas.app.get("/account", headers={"Accept-Language": "fr"}, status=500)

    assert page.html.html["lang"] == "fr"


def test_health_is_ok_while_the_database_answers(browser):
    page = browser.get("/health")

    assert (page.content_type, page.text) == ("text/plain", "ok")
    assert "Set-Cookie" not in page.headers


def test_health_says_when_the_database_does_not_answer(browser, portal, caplog):
    with portal.registry["engine"].begin() as connection:
        connection.exec_driver_sql("DROP TABLE request_changes")
        connection.exec_driver_sql("DROP TABLE call_requests")

    page = browser.get("/health", status=503)

    assert page.text == "the database does not answer"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/nothing", "/health", "/static/icon.svg"]
)
def test_browsers_are_told_what_our_pages_never_do(browser, path):
    headers = browser.get(path, expect_errors=True).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_pages_are_not_kept_but_style_sheets_are(annas):
    assert annas.get("/account").headers["Cache-Control"] == "no-store"
    assert annas.get("/static/layout.css").headers["Cache-Control"] == "max-age=3600"
