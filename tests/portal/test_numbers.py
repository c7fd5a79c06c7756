"""Registered numbers."""

import pytest

from tests.people import ACCESS_NUMBER, ANNA, HOTEL, OFFICE
from tests.portal.pages import words

PAGE = "/account/numbers"


def numbers_of(town, person):
    with town.transaction(write=False) as services:
        return services.accounts.numbers_of(services.accounts.get(person.id))


def allow(town, person, count):
    with town.transaction() as services:
        services.accounts.get(person.id).numbers_allowed = count


def test_she_sees_her_number(annas):
    assert "+48 600 316 058" in annas.read(PAGE)


def test_she_registers_a_second_number(annas, anna, town):
    allow(town, anna, 2)

    page = annas.fill_in(PAGE, number="0048 77 441-78-80")

    assert "The number is registered." in words(page)
    assert numbers_of(town, anna) == [ANNA, OFFICE]


def test_a_number_may_be_written_as_at_home(annas, anna, town):
    allow(town, anna, 2)

    annas.fill_in(PAGE, number="77 441 78 80")

    assert numbers_of(town, anna) == [ANNA, OFFICE]


def test_where_we_are_reached_in_two_countries_a_number_needs_its_own(
    annas, anna, town
):
    with town.transaction() as services:
        services.accounts.open_access_number(
            "+442071234567", carrier="generic", country="GB"
        )

    page = annas.fill_in(PAGE, status=422, number="22 100")

    assert "begin with + and the country" in words(page)


def test_the_only_number_is_replaced_by_a_new_one(annas, anna, town):
    assert "a new one takes the place of the old" in annas.read(PAGE)

    annas.fill_in(PAGE, number=OFFICE)

    assert numbers_of(town, anna) == [OFFICE]


def test_registering_a_number_again_changes_nothing(annas, anna, town):
    page = annas.fill_in(PAGE, number=ANNA)

    assert "The number was registered already." in words(page)
    assert numbers_of(town, anna) == [ANNA]


def test_a_number_that_is_anothers_is_refused(annas, anna, town):
    town.welcome("ben", number=HOTEL)

    page = annas.fill_in(PAGE, status=422, number=HOTEL)

    assert f"{HOTEL} is registered by another account." in words(page)
    assert annas_field(page) == HOTEL
    assert numbers_of(town, anna) == [ANNA]


def test_a_number_of_ours_is_refused(annas):
    page = annas.fill_in(PAGE, status=422, number=ACCESS_NUMBER)

    assert "is a number of this service." in words(page)


def test_more_numbers_than_the_account_may_have_are_refused(annas, anna, town):
    allow(town, anna, 2)
    annas.fill_in(PAGE, number=OFFICE)

    page = annas.fill_in(PAGE, status=422, number=HOTEL)

    assert "Your account may register 2 numbers only." in words(page)
    assert "You have registered 2 of 2 numbers." in words(page)


@pytest.mark.parametrize(
    "wrong", ["12", "office", "+48 600 316 058 999 999 999", "<b>1</b>", "+1\0234567"]
)
def test_what_cannot_be_dialled_is_said_beside_its_field(annas, anna, town, wrong):
    page = annas.fill_in(PAGE, status=422, number=wrong)

    assert page.html.select_one("#number-fault").text.startswith("This is not a number")
    assert page.html.select_one("#number")["aria-invalid"] == "true"
    assert "<b>" not in page
    assert numbers_of(town, anna) == [ANNA]


def test_an_empty_field_is_asked_for(annas):
    page = annas.fill_in(PAGE, status=422, number="")

    assert "Please fill this in." in words(page)


def test_she_removes_a_number(annas, anna, town):
    page = annas.remove(PAGE, ANNA)

    assert "The number is removed." in words(page)
    assert "No number is registered yet." in words(page)
    assert numbers_of(town, anna) == []


def test_nobody_removes_anothers_number(annas, anna, town):
    ben = town.welcome("ben", number=HOTEL)

    form = annas.form(PAGE, "remove")
    sent = {"remove": HOTEL, "csrf_token": form["csrf_token"].value}
    page = annas.app.post(PAGE, sent).follow()

    assert "The number was not registered." in words(page)
    assert numbers_of(town, ben) == [HOTEL]


def annas_field(page):
    return page.html.select_one("#number")["value"]
