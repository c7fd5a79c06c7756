"""The calling card on the web."""

import pytest

from domain.accounts.models import Service
from domain.errors import WrongLogin
from tests.people import ACCESS_NUMBER, HOTEL, NOON
from tests.portal.pages import words

PAGE = "/account/card"


@pytest.fixture
def hers(town, anna):
    with town.transaction() as services:
        return services.cards.issue(services.accounts.get(anna.id), NOON)


def opens(town, card, pin) -> bool:
    """Whether card and PIN let somebody onto the line."""
    with town.transaction(write=False) as services:
        try:
            services.cards.prove(card.login, pin, caller=HOTEL, now=NOON)
        except WrongLogin:
            return False
        return True


def test_she_sees_her_card_s_digits_and_not_its_pin(annas, hers):
    page = annas.read(PAGE)

    assert f"{hers.login[:4]} {hers.login[4:]}" in page
    assert hers.pin not in page


def test_she_chooses_another_pin(annas, hers, town):
    page = annas.fill_in(PAGE, pin="480519", again=" 480519 ")

    assert "Your new PIN holds from now on." in words(page)
    assert opens(town, hers, "480519")
    assert not opens(town, hers, hers.pin)


@pytest.mark.parametrize(
    "weak", ["4805", "111111", "123456", "987654", "48o519", "4" * 13, "٤٨٠٥١٩"]
)
def test_a_pin_that_everybody_guesses_is_refused(annas, hers, town, weak):
    page = annas.fill_in(PAGE, status=422, pin=weak, again=weak)

    assert "A PIN is 6 to 12 digits" in words(page)
    assert page.html.select_one("#pin").get("value") is None
    assert opens(town, hers, hers.pin)


def test_a_pin_written_in_two_ways_is_refused(annas, hers, town):
    page = annas.fill_in(PAGE, status=422, pin="480519", again="480518")

    assert page.html.select_one("#again-fault").text == "The two are not alike."
    assert opens(town, hers, hers.pin)


def test_without_a_card_she_is_told_to_ask_for_one(annas):
    assert "You have no card yet." in annas.read(PAGE)


def test_without_a_card_no_pin_is_taken(annas):
    token = annas.form("/account", "language")["csrf_token"].value

    annas.app.post(PAGE, {"pin": "480519", "csrf_token": token}, status=404)


def test_her_account_tells_which_numbers_may_be_rung(annas, hers, town):
    assert "Your calling card" in annas.read("/account")
    assert "we ring you back" not in annas.read("/account")

    with town.transaction() as services:
        access = services.accounts.access_number(ACCESS_NUMBER)
        access.service = Service.ANI_CALLBACK

    assert "we ring you back" in annas.read("/account")


def test_a_number_that_sends_no_messages_is_not_texted(annas, town):
    with town.transaction() as services:
        services.accounts.access_number(ACCESS_NUMBER).carrier = ""

    assert "to one of our numbers:" not in annas.read("/account")


def test_strangers_are_asked_to_sign_in(browser):
    assert "/sign-in" in browser.get(PAGE).location
