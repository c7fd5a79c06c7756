"""A portal whose public address is encrypted."""

from dataclasses import replace

import pytest
from webtest import TestApp

from portal import application


@pytest.fixture
def encrypted(settings, database):
    public_url = "https://calls.example"
    made = application(replace(settings, database_url=database, public_url=public_url))
    yield TestApp(made, extra_environ={"wsgi.url_scheme": "https"})
    made.registry["engine"].dispose()


def test_its_cookies_travel_encrypted_only(encrypted):
    page = encrypted.get("/sign-in?_LOCALE_=fr")

    cookies = page.headers.getall("Set-Cookie")
    assert len(cookies) == 2
    assert all("secure" in cookie.lower() for cookie in cookies)


def test_browsers_are_told_to_come_encrypted_next_time(encrypted):
    assert "Strict-Transport-Security" in encrypted.get("/health").headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://calls.example", 403), ("https://evil.example", 400)],
)
def test_forms_come_from_our_public_address_alone(encrypted, town, origin, status):
    form = encrypted.get("/sign-in").form
    form["login"], form["password"] = "anna", "guess"

    form.submit(headers={"Origin": origin}, status=status)
