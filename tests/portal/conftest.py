"""The portal on a database of its own, and people in front of it."""

import pytest
from webtest import TestApp

from portal import application
from portal.carriers.settings import CarrierBook
from portal.db import connect
from portal.settings import Settings
from tests.people import PIN_KEYS, Person
from tests.portal.pages import Browser


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(
        database_url="sqlite://",
        public_url="http://127.0.0.1:6543",
        session_secret="s" * 32,
        outbox_enabled=False,
        carriers=CarrierBook({}),
        pin_keys=PIN_KEYS,
    )


@pytest.fixture(scope="session")
def application_made_once(settings):
    return application(settings)


@pytest.fixture
def portal(application_made_once, database):
    """The portal, on a database that nobody has used."""
    connect(application_made_once.registry, database)
    yield application_made_once
    application_made_once.registry["engine"].dispose()


@pytest.fixture
def browser(portal) -> Browser:
    return Browser(TestApp(portal, extra_environ={"REMOTE_ADDR": "192.0.2.1"}))


@pytest.fixture
def anna(town) -> Person:
    return town.welcome()


@pytest.fixture
def annas(browser, anna) -> Browser:
    """Anna's browser: she is signed in."""
    browser.sign_in(anna.login, anna.password, status=303)
    return browser
