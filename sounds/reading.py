"""Reads `<language>/phrases.toml`, the one source of what a language says."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from sounds.numbers import Numbers
from sounds.patterns import BadPhrases, Pattern
from sounds.phrases import Counted, Currency, Phrases, Reading, Telephone

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
        phrases.numbers.check()
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
            counted += currency.parts
        return Phrases(
            language=self._language,
            reading=self._reading(),
            numbers=self._numbers([unit.rules for unit in counted if unit.rules]),
            keys={key: self._text("keys", key) for key in KEYS},
            telephone=self._telephone(),
            prompts={
                name: Pattern.parse(name, self._text("prompts", name))
                for name in self._table("prompts")
            },
            minus=self._pattern("money", "minus", slots={"amount"}),
            units_and_subunits=self._pattern(
                "money", "both", slots={"units", "subunits"}
            ),
            units_and_odd_subunits=self._pattern(
                "money", "odd", slots={"units", "subunits"}
            )
            if self._has("money", "odd")
            else None,
            hours_and_minutes=self._pattern(
                "duration", "both", slots={"hours", "minutes"}
            ),
            durations=durations,
            currencies=currencies,
            spelled=self._optional_texts("voice", "spelled"),
        )

    def _reading(self) -> Reading:
        return Reading(
            language=self._language,
            espeak=self._text("voice", "espeak"),
            speed=self._whole("voice", "speed"),
            pitch=self._whole("voice", "pitch"),
        )

    def _numbers(self, genders: list[str]) -> Numbers:
        return Numbers(
            self._language,
            [self._text("numbers", "rules"), *genders],
            self._texts("numbers", "words"),
        )

    def _telephone(self) -> Telephone:
        """The table may be left out, or any line of it."""
        written = {"between": " ", "groups": ", "}
        for name in written:
            if self._has("telephone", name):
                written[name] = self._string("telephone", name)
        return Telephone(digits=self._optional_texts("telephone", "digits"), **written)

    def _currency(self, code: str) -> Currency:
        def part(name: str) -> Counted | None:
            keys = ("currencies", code, name)
            return self._counted(*keys) if self._has(*keys) else None

        unit = self._counted("currencies", code, "unit")
        return Currency(unit, part("tenth"), part("subunit"))

    def _counted(self, *keys: str) -> Counted:
        table = self._table(*keys)
        if surplus := table.keys() - {*self._plurals, "rules", "whole"}:
            raise BadPhrases(
                f"{'.'.join(keys)}: the plural forms of “{self._language}” are "
                f"{', '.join(self._plurals)}, not {', '.join(sorted(surplus))}"
            )
        forms = {
            form: self._pattern(*keys, form, slots={"n"}) for form in self._plurals
        }
        return Counted(
            name=_name(keys),
            forms=forms,
            rules=self._text(*keys, "rules") if "rules" in table else None,
            whole=self._whole(*keys, "whole") if "whole" in table else 0,
        )

    def _pattern(self, *keys: str, slots: set[str]) -> Pattern:
        """A text that must have exactly these slots; its clip is named by its keys."""
        pattern = Pattern.parse(_name(keys), self._text(*keys))
        if pattern.slots != slots:
            wanted = " and ".join(f"{{{slot}}}" for slot in sorted(slots))
            raise BadPhrases(f"{'.'.join(keys)}: its slots must be {wanted}")
        return pattern

    def _table(self, *keys: str) -> Mapping[str, Any]:
        found = self._at(keys)
        if not isinstance(found, Mapping):
            raise BadPhrases(f"{'.'.join(keys)} must be a table")
        return found

    def _texts(self, *keys: str) -> dict[str, str]:
        """A table of nothing but texts."""
        return {name: self._text(*keys, name) for name in self._table(*keys)}

    def _optional_texts(self, *keys: str) -> dict[str, str]:
        return self._texts(*keys) if self._has(*keys) else {}

    def _text(self, *keys: str) -> str:
        found = self._string(*keys)
        if not found.strip():
            raise BadPhrases(f"{'.'.join(keys)} must be a text")
        return found

    def _string(self, *keys: str) -> str:
        """A text that may be empty."""
        found = self._at(keys)
        if not isinstance(found, str):
            raise BadPhrases(f"{'.'.join(keys)} must be a text")
        return found

    def _whole(self, *keys: str) -> int:
        found = self._at(keys)
        if not isinstance(found, int):
            raise BadPhrases(f"{'.'.join(keys)} must be a whole number")
        return found

    def _has(self, *keys: str) -> bool:
        *tables, name = keys
        found: Any = self._tables
        for table in tables:
            found = found.get(table, {}) if isinstance(found, Mapping) else {}
        return isinstance(found, Mapping) and name in found

    def _at(self, keys: tuple[str, ...]) -> object:
        found: object = self._tables
        for depth, key in enumerate(keys, start=1):
            if not isinstance(found, Mapping) or key not in found:
                raise BadPhrases(f"{'.'.join(keys[:depth])} is missing")
            found = found[key]
        return found


def _name(keys: tuple[str, ...]) -> str:
    """What a clip is called whose words stand under these keys."""
    return "-".join(keys).lower().removeprefix("currencies-")
