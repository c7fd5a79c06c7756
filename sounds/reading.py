"""Reads `<language>/phrases.toml`, the one source of what a language says."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from sounds.numbers import Numbers
from sounds.patterns import BadPhrases, Pattern
from sounds.phrases import Counted, Currency, Phrases, Reading

SOURCE = Path(__file__).parent
"""Holds one folder per language."""

KEYS = ("plus", "star", "hash")
UNITS_OF_TIME = ("hours", "minutes", "seconds")


def languages_spoken(source: Path = SOURCE) -> tuple[str, ...]:
    """The codes of the languages that have phrases, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in source.glob("*/phrases.toml")))


def read(language: str, source: Path = SOURCE) -> Phrases:
    """The phrases of a language; raises BadPhrases naming the file and its fault."""
    path = source / language / "phrases.toml"
    try:
        phrases = _Script(language, tomllib.loads(path.read_text("utf-8"))).phrases()
        phrases.clips  # noqa: B018 - names given twice are found now, not in a call
    except FileNotFoundError as error:
        raise BadPhrases(f"{path} is missing: nothing speaks “{language}”") from error
    except ValueError as error:
        raise BadPhrases(f"{path}: {error}") from error
    return phrases


class _Script:
    """The tables of one file. Every method raises BadPhrases, naming the key."""

    def __init__(self, language: str, tables: Mapping[str, Any]) -> None:
        self._language = language
        self._tables = tables
        try:
            plurals = Locale.parse(language).plural_form.tags | {"other"}
        except (UnknownLocaleError, ValueError) as error:
            raise BadPhrases(f"CLDR knows no language “{language}”") from error
        self._plurals = sorted(plurals)

    def phrases(self) -> Phrases:
        durations = {unit: self._counted("duration", unit) for unit in UNITS_OF_TIME}
        currencies = {code: self._currency(code) for code in self._table("currencies")}
        counted = [*durations.values()]
        for currency in currencies.values():
            counted += [unit for unit in (currency.unit, currency.subunit) if unit]
        return Phrases(
            language=self._language,
            reading=self._reading(),
            numbers=self._numbers([unit.rules for unit in counted if unit.rules]),
            keys={key: self._text("keys", key) for key in KEYS},
            prompts={
                name: Pattern.parse(name, self._text("prompts", name))
                for name in self._table("prompts")
            },
            minus=self._pattern("money", "minus", slots={"amount"}),
            units_and_subunits=self._pattern(
                "money", "both", slots={"units", "subunits"}
            ),
            hours_and_minutes=self._pattern(
                "duration", "both", slots={"hours", "minutes"}
            ),
            durations=durations,
            currencies=currencies,
        )

    def _reading(self) -> Reading:
        return Reading(
            espeak=self._text("voice", "espeak"),
            speed=self._whole("voice", "speed"),
            pitch=self._whole("voice", "pitch"),
        )

    def _numbers(self, genders: list[str]) -> Numbers:
        words = self._table("numbers", "words")
        return Numbers(
            self._language,
            [self._text("numbers", "rules"), *genders],
            {name: self._text("numbers", "words", name) for name in words},
        )

    def _currency(self, code: str) -> Currency:
        subunit = "subunit" in self._table("currencies", code)
        return Currency(
            unit=self._counted("currencies", code, "unit"),
            subunit=self._counted("currencies", code, "subunit") if subunit else None,
        )

    def _counted(self, *keys: str) -> Counted:
        table = self._table(*keys)
        if surplus := table.keys() - {*self._plurals, "rules"}:
            raise BadPhrases(
                f"{'.'.join(keys)}: the plural forms of “{self._language}” are "
                f"{', '.join(self._plurals)}, not {', '.join(sorted(surplus))}"
            )
        forms = {
            form: self._pattern(*keys, form, slots={"n"}) for form in self._plurals
        }
        return Counted(forms, self._text(*keys, "rules") if "rules" in table else None)

    def _pattern(self, *keys: str, slots: set[str]) -> Pattern:
        """A text that must have exactly these slots; its clip is named by its keys."""
        name = "-".join(keys).lower().removeprefix("currencies-")
        pattern = Pattern.parse(name, self._text(*keys))
        if pattern.slots != slots:
            wanted = " and ".join(f"{{{slot}}}" for slot in sorted(slots))
            raise BadPhrases(f"{'.'.join(keys)}: its slots must be {wanted}")
        return pattern

    def _table(self, *keys: str) -> Mapping[str, Any]:
        found = self._at(keys)
        if not isinstance(found, Mapping):
            raise BadPhrases(f"{'.'.join(keys)} must be a table")
        return found

    def _text(self, *keys: str) -> str:
        found = self._at(keys)
        if not isinstance(found, str) or not found.strip():
            raise BadPhrases(f"{'.'.join(keys)} must be a text")
        return found

    def _whole(self, *keys: str) -> int:
        found = self._at(keys)
        if not isinstance(found, int):
            raise BadPhrases(f"{'.'.join(keys)} must be a whole number")
        return found

    def _at(self, keys: tuple[str, ...]) -> object:
        found: object = self._tables
        for depth, key in enumerate(keys, start=1):
            if not isinstance(found, Mapping) or key not in found:
                raise BadPhrases(f"{'.'.join(keys[:depth])} is missing")
            found = found[key]
        return found
