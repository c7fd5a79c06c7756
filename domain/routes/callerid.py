"""How a number is shown to a called party, as a gateway wants it. Pure."""

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from domain.numbers import E164


class NumberForm(StrEnum):
    """How a gateway wants the number of whoever calls."""

    PLUS = "plus"
    """`+48774417880`."""
    DIGITS = "digits"
    """`48774417880`."""
    ZEROS = "zeros"
    """`0048774417880`."""
    NATIONAL = "national"
    """As its own country dials its own numbers; those of others with 00."""


def shown(number: E164, form: NumberForm, country: str | None = None) -> str:
    """The number in that form: digits, and a plus where the form has one.

    >>> shown(E164("+442071234567"), NumberForm.NATIONAL, "GB")
    '02071234567'
    >>> shown(E164("+48774417880"), NumberForm.NATIONAL, "GB")
    '0048774417880'
    """
    digits = number.removeprefix("+")
    match form:
        case NumberForm.PLUS:
            return f"+{digits}"
        case NumberForm.DIGITS:
            return digits
        case NumberForm.NATIONAL if country:
            return _national(number, country) or f"00{digits}"
        case _:
            return f"00{digits}"


def _national(number: E164, country: str) -> str | None:
    """As the country dials it; None for a number of elsewhere."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return None
    if parsed.country_code != phonenumbers.country_code_for_region(country):
        return None
    written = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    return re.sub(r"[^0-9]", "", written)
