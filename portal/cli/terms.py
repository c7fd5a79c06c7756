"""The terms of a rate, told: as JSON for programs, in words for people."""

from dataclasses import asdict

from domain import money
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import MONEY


def terms_as_json(rate: Rate) -> dict[str, object]:
    """Every term by name; money as exact text."""
    return {
        name: money.plain(value) if name in MONEY else value
        for name, value in asdict(rate).items()
    }


def terms_in_words(rate: Rate) -> str:
    """Terms in words, those that change nothing left out."""
    words = [f"{money.plain(rate.per_minute)} a minute"]
    words.append(f"in blocks of {rate.first_block} and {rate.step} s")
    if rate.free_seconds:
        words.append(f"the first {rate.free_seconds} s free")
    if rate.setup:
        words.append(f"{money.plain(rate.setup)} for the connection")
    if rate.minimum_charge:
        words.append(f"at least {money.plain(rate.minimum_charge)}")
    if rate.minimum_seconds:
        words.append(f"nothing below {rate.minimum_seconds} s")
    return ", ".join(words)
