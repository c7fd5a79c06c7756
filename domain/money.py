"""Money: integers of 10⁻⁶ of a currency's unit. Credit is +, debit is −.

No float ever holds an amount. Text becomes an amount through `Decimal`, and only
when it is exact.
"""

from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Final, TypeAlias

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision

Micros: TypeAlias = int
"""An amount in micro-units: 12_300_000 is 12.30."""

UNIT: Final = 1_000_000
_DECIMALS: Final = 6
LARGEST: Final = 10**15
"""A thousand million units: more than any account holds, well inside 64 bits."""


class NotAnAmount(ValueError):
    """The text is not an exact amount of money."""


def parse(text: str) -> Micros:
    """Read a plain decimal such as `10`, `-0.25` or `0.000001`.

    Raises NotAnAmount: thousands separators, exponents, more than six decimals.

    >>> parse("12.30")
    12300000
    """
    plain = text.strip()
    if not plain.lstrip("+-").replace(".", "", 1).isdecimal() or not plain.isascii():
        raise NotAnAmount(f"{text!r} is not an amount such as 12.30")
    try:
        micros = Decimal(plain) * UNIT
    except InvalidOperation as error:
        raise NotAnAmount(f"{text!r} is not an amount such as 12.30") from error
    if micros != micros.to_integral_value():
        raise NotAnAmount(f"{text!r} has more than six decimals")
    if abs(micros) > LARGEST:
        raise NotAnAmount(f"{text!r} is too large")
    return int(micros)


def plain(amount: Micros) -> str:
    """An amount as exact text, for files and JSON: at least two decimals.

    >>> plain(12_300_000), plain(-1)
    ('12.30', '-0.000001')
    """
    sign = "-" if amount < 0 else ""
    units, rest = divmod(abs(amount), UNIT)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{units}.{decimals}"


def spelled(amount: Micros, currency: str, language: str = "en") -> str:
    """An amount for people, in whole minor units rounded toward zero.

    >>> spelled(12_309_999, "USD")
    '$12.30'
    """
    places = Decimal(1).scaleb(-get_currency_precision(currency))
    value = (Decimal(amount) / UNIT).quantize(places, rounding=ROUND_DOWN)
    try:
        return format_currency(value, currency, locale=language)
    except UnknownLocaleError:
        return format_currency(value, currency, locale="en")


def exactly(amount: Micros, currency: str, language: str) -> str:
    """An amount as its language writes it, with nothing rounded away.

    >>> exactly(8_000, "USD", "en"), exactly(12_300_000, "USD", "en")
    ('$0.008', '$12.30')
    """
    usual = get_currency_precision(currency)
    decimals = f"0.{'0' * usual}{'#' * (_DECIMALS - usual)}"
    pattern = Locale.parse(language).currency_formats["standard"].pattern
    return format_currency(
        Decimal(amount) / UNIT,
        currency,
        format=pattern.replace("0.00", decimals),
        locale=language,
        currency_digits=False,
    )


def with_plain_spaces(words: str) -> str:
    """Words with amounts in them, fit for an SMS.

    No-break spaces are not in GSM-7: one would halve what an SMS holds.
    """
    return words.replace("\xa0", " ").replace("\u202f", " ")
