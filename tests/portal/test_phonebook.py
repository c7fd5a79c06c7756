"""The phonebook."""

import pytest

from domain.numbers import E164
from tests.people import HOTEL, OFFICE
from tests.portal.pages import words

PAGE = "/account/phonebook"


def entries_of(town, person):
    with town.transaction(write=False) as services:
        account = services.accounts.get(person.id)
        return [
            (entry.position, entry.name, entry.number)
            for entry in services.phonebook.of(account)
        ]


def test_she_adds_an_entry_at_the_next_free_position(annas, anna, town):
    assert "Your phonebook is empty." in annas.read(PAGE)

    page = annas.fill_in(PAGE, name=" Café  Zürich ", number="+41 44 668 18 00")

    assert "The entry is in your phonebook." in words(page)
    assert "text B.Café Zürich or N1" in words(page)
    assert [entry[0] for entry in entries_of(town, anna)] == [1]


def test_she_adds_an_entry_at_a_position_she_likes(annas, anna, town):
    annas.fill_in(PAGE, name="Office", number="77 441 78 80", position="7")

    assert entries_of(town, anna) == [(7, "Office", OFFICE)]


def test_she_removes_an_entry(annas, anna, town):
    annas.fill_in(PAGE, name="Office", number=OFFICE)

    page = annas.remove(PAGE, "1")

    assert "The entry is removed." in words(page)
    assert entries_of(town, anna) == []


def test_removing_what_is_gone_is_said(annas, town, anna):
    annas.fill_in(PAGE, name="Office", number=OFFICE)
    form = annas.form(PAGE, "remove")
    form.submit("remove", value="1")

    page = form.submit("remove", value="1").follow()

    assert "There was no such entry." in words(page)


@pytest.mark.parametrize("position", ["", "x", "0", "10000", "-1"])
def test_a_position_that_cannot_be_is_removed_nowhere(annas, position):
    annas.fill_in(PAGE, name="Office", number=OFFICE)

    form = annas.form(PAGE, "remove")
    page = form.submit("remove", value=position, status=422)

    assert "Office" in words(page)


def test_a_name_that_is_taken_is_refused_and_the_form_kept(annas, anna, town):
    annas.fill_in(PAGE, name="Office", number=OFFICE)

    page = annas.fill_in(PAGE, status=422, name="OFFICE", number=HOTEL)

    assert 'Your phonebook has "OFFICE" already.' in words(page)
    assert page.html.select_one("#number")["value"] == HOTEL
    assert len(entries_of(town, anna)) == 1


def test_a_position_that_is_taken_is_refused(annas):
    annas.fill_in(PAGE, name="Office", number=OFFICE)

    page = annas.fill_in(PAGE, status=422, name="Hotel", number=HOTEL, position="1")

    assert 'Your phonebook has "1" already.' in words(page)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Please fill this in."),
        ("name", "   ", "Please fill this in."),
        ("name", "x" * 41, "Please use at most 40 letters."),
        ("name", "a\0b", "Please use ordinary letters."),
        ("name", "\N{COMBINING ACUTE ACCENT}", "Please use ordinary letters."),
        ("number", "office", "This is not a number we can dial."),
        ("position", "0", "Positions are 1 to 99."),
        ("position", "100", "Positions are 1 to 99."),
        ("position", "1.5", "Positions are 1 to 99."),
        ("position", "³", "Positions are 1 to 99."),
    ],
)
def test_bad_input_is_said_beside_its_field(annas, anna, town, field, value, sentence):
    filled = {"name": "Office", "number": OFFICE, "position": "1"} | {field: value}

    page = annas.fill_in(PAGE, status=422, **filled)

    assert page.html.select_one(f"#{field}-fault").text == sentence
    assert entries_of(town, anna) == []


def test_markup_in_a_name_stays_text(annas):
    annas.fill_in(PAGE, name="<script>alert(1)</script>", number=OFFICE)

    page = annas.get(PAGE)

    assert not page.html.select("script")
    assert "<script>alert(1)</script>" in words(page)


def test_she_never_sees_anothers_entries(annas, town):
    ben = town.welcome("ben", number=HOTEL)
    with town.transaction() as services:
        account = services.accounts.get(ben.id)
        services.phonebook.add(account, "Secret friend", E164(OFFICE))

    page = annas.read(PAGE)
    annas.form(PAGE, "name")

    assert "Secret friend" not in page
    assert len(entries_of(town, ben)) == 1
