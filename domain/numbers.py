"""Telephone numbers: read as people write them, kept as E.164.

Reading and classifying rest on `phonenumbers`, the Python port of libphonenumber.
"""

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from typing import Final, NewType

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from domain.errors import NotAPhoneNumber

E164 = NewType("E164", str)
"""A plus, a country code and a number: `+48774417880`."""

LONGEST: Final = 15
"""Digits of an E.164 number, at most."""

_COSTLY_TYPES: Final = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.PAGER,
}
_COSTLY_PREFIXES: Final = (
    *("+870", "+878", "+881", "+882", "+883", "+888"),  # satellites, networks
    *("+808", "+979"),  # international shared cost and premium
)
"""Country codes of no country, none of them cheap."""

_SURPLUS: Final = 4
"""Digits dialled beyond a number's end; exchanges ignore them."""

_NOWHERE: Final = ("001",)
"""The region of codes that belong to no country."""

_DASH: Final = re.compile("[\u2010-\u2015\u2212]")
_LOOKS_LIKE_A_NUMBER: Final = re.compile(r"\+?[0-9().\-/\s]{3,40}")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")


def parse(text: str, country: str | None = None, *, valid: bool = False) -> E164:
    """Read a number; `country` (ISO 3166) is where national forms belong.

    A plus or 00 makes it international. Without either it is national if that is
    a valid number there, else international if that is a valid number, else
    (unless it must be `valid`) whichever could at least be dialled. Raises
    NotAPhoneNumber(part).

    >>> parse("0048 77 441-78-80"), parse("(077) 441 78 80", "PL")
    ('+48774417880', '+48774417880')
    >>> parse("+44 (0)20 7946 0018"), parse("+39 (0)6 698 82345")
    ('+442079460018', '+390669882345')
    """
    tidy = _DASH.sub("-", unicodedata.normalize("NFKC", text)).strip()
    if not _LOOKS_LIKE_A_NUMBER.fullmatch(tidy):
        raise NotAPhoneNumber(part=text.strip()[:40])
    readings = list(_readings(tidy, country))
    enough = [phonenumbers.is_valid_number, _could_be_dialled]
    for acceptable in enough[:1] if valid else enough:
        for reading in readings:
            number = phonenumbers.format_number(reading, PhoneNumberFormat.E164)
            # libphonenumber knows longer ones, in Germany, that nobody can be rung at.
            if is_e164(number) and acceptable(reading):
                return E164(number)
    raise NotAPhoneNumber(part=text.strip()[:40])


def told(digits: str, country: str | None = None) -> E164:
    """Read a number as networks tell it: with its country's code, its plus left out.

    Some tell it as at home instead, in `country`: that is believed only of what is
    no number of the whole world. Raises NotAPhoneNumber(part).

    >>> told("4812345678", "PL"), told("774417880", "PL"), told("0774417880", "PL")
    ('+4812345678', '+48774417880', '+48774417880')
    """
    abroad = digits if digits.startswith(("+", "0")) else f"+{digits}"
    for text in (abroad, digits):
        with suppress(NotAPhoneNumber):
            number = parse(text, country)
            if phonenumbers.is_valid_number(phonenumbers.parse(number)):
                return number
    return parse(abroad, country)


def is_e164(text: str) -> bool:
    """Whether `text` has the form of an E.164 number, plus included."""
    return _E164.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def is_costly(number: E164) -> bool:
    """Premium, shared cost, satellite and the like: off unless a plan allows it.

    A number that is none, but begins with one that is costly, is costly: exchanges
    ignore what is dialled beyond a number's end.
    """
    if number.startswith(_COSTLY_PREFIXES):
        return True
    for surplus in range(_SURPLUS + 1):
        try:
            reading = phonenumbers.parse(number[: len(number) - surplus])
        except NumberParseException:
            return surplus == 0
        kind = phonenumbers.number_type(reading)
        if kind != PhoneNumberType.UNKNOWN:
            return kind in _COSTLY_TYPES
    return False


def is_country_code(digits: str) -> bool:
    """Whether digits are the code of a country, such as 48, and nothing more.

    >>> is_country_code("48"), is_country_code("4870"), is_country_code("881")
    (True, False, False)
    """
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return digits.isdecimal() and regions.get(int(digits), _NOWHERE) != _NOWHERE


def prefixes(number: E164) -> list[str]:
    """Every prefix of the number's digits, the longest first.

    >>> prefixes("+4877")
    ['4877', '487', '48', '4']
    """
    digits = number.removeprefix("+")
    return [digits[:length] for length in range(len(digits), 0, -1)]


def shortened(number: str) -> str:
    """A number for the log: enough to recognise, too little to call.

    >>> shortened("+48774417880")
    '+4877…880'
    """
    return f"{number[:5]}…{number[-3:]}" if len(number) > 8 else number  # noqa: PLR2004


def _readings(tidy: str, country: str | None) -> list[phonenumbers.PhoneNumber]:
    digits = re.sub(r"[^0-9]", "", tidy)
    if tidy.startswith("+") or digits.startswith("00"):
        # People tell what is dialled at home only: +48 (0) 77 441 78 80.
        abroad = re.sub(r"[^0-9]", "", tidy.replace("(0)", ""))
        candidates: list[tuple[str, str | None]] = [
            (f"+{each if tidy.startswith('+') else each[2:]}", None)
            for each in (digits, abroad)
        ]
    else:
        # People write a trunk 0 that their country gave up long ago: (077) 441 78 80.
        national = [(tidy, country), (digits.lstrip("0"), country)]
        candidates = [*national, (f"+{digits}", None)]
    readings = []
    for candidate, region in candidates:
        try:
            readings.append(phonenumbers.parse(candidate, region))
        except NumberParseException:
            continue
    return readings


def _could_be_dialled(reading: phonenumbers.PhoneNumber) -> bool:
    reason = phonenumbers.is_possible_number_with_reason(reading)
    return bool(reason == ValidationResult.IS_POSSIBLE)
