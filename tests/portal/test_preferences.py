"""What she wants to hear when she is rung."""

import pytest

from tests.portal.pages import words

PAGE = "/account/preferences"


def chosen(town, anna):
    with town.transaction(write=False) as services:
        account = services.accounts.get(anna.id)
        return (
            account.confirms_leg_a,
            account.announces_balance,
            account.announces_duration,
        )


def test_she_sees_what_is_chosen_for_a_new_account(annas):
    form = annas.form(PAGE, "confirmation")

    assert form["confirmation"].value == "first"
    assert form["balance"].checked
    assert form["duration"].checked


@pytest.mark.parametrize(
    ("confirmation", "stored"), [("first", None), ("always", True), ("never", False)]
)
def test_she_chooses_when_to_press_1(annas, anna, town, confirmation, stored):
    page = annas.fill_in(PAGE, confirmation=confirmation)

    assert "Your next call begins as you have chosen." in words(page)
    assert chosen(town, anna) == (stored, True, True)
    assert annas.form(PAGE, "confirmation")["confirmation"].value == confirmation


def test_she_wants_to_hear_nothing_before_it_rings(annas, anna, town):
    form = annas.form(PAGE, "confirmation")
    form["balance"].checked = form["duration"].checked = False
    form.submit(status=303)

    assert chosen(town, anna) == (None, False, False)
    assert not annas.form(PAGE, "balance")["balance"].checked


def test_a_choice_that_is_not_offered_is_refused_beside_its_field(annas, anna, town):
    page = annas.fill_in(PAGE, status=422, confirmation="sometimes")

    assert "Please choose one of these." in words(page)
    assert chosen(town, anna) == (None, True, True)


def test_a_form_without_the_choice_changes_nothing(annas, anna, town):
    form = annas.form(PAGE, "confirmation")
    del form.fields["confirmation"]
    form.field_order = [each for each in form.field_order if each[0] != "confirmation"]

    page = form.submit(status=422)

    assert "Please fill this in." in words(page)
    assert chosen(town, anna) == (None, True, True)
