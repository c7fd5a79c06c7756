"""Numbers as people write them: what they are in E.164, and which are none."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NotAPhoneNumber
from domain.numbers import is_e164, parse


@pytest.mark.parametrize("written", ["49808123456712834", "+4980812345671283", "+48"])
def test_what_is_longer_or_shorter_than_any_number_is_none(written):
    with pytest.raises(NotAPhoneNumber):
        parse(written, "PL")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+48 (0) 77 441 78 80", "+48774417880"),
        ("0048 (0) 77 441 78 80", "+48774417880"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+39 (0)6 698 82345", "+390669882345"),
        ("+39 06 698 82345", "+390669882345"),
        ("+48–77–441–78–80", "+48774417880"),
    ],
)
def test_a_trunk_zero_in_brackets_and_typographers_dashes_are_understood(
    written, number
):
    assert parse(written, "DE") == number


def test_what_must_be_valid_is_not_guessed():
    assert parse("861111111111", "PL") == "+861111111111"

    with pytest.raises(NotAPhoneNumber):
        parse("861111111111", "PL", valid=True)


@given(st.text("+0123456789()-./ ", max_size=25), st.sampled_from([None, "PL", "DE"]))
def test_what_is_read_is_always_a_number_that_can_be_rung(written, country):
    with suppress(NotAPhoneNumber):
        assert is_e164(parse(written, country))
