"""Money, time, counts and telephone numbers, in the words of one language."""

from dataclasses import dataclass

from sounds.patterns import Piece
from sounds.phrases import PAUSE, Counted, Currency, Phrases

MICROS = 1_000_000
CENTS = 100
"""Every currency that has a subunit in phrases.toml has a hundred of them."""

KEY_NAMES = {"+": "plus", "*": "star", "#": "hash"}
MINUTE = 60
GROUP = 3
"""Digits of a telephone number that are read in one breath."""

Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """Money, as integers of 10^-6 of the currency; negative is owed.

    It is said in whole cents, rounded toward zero: never more than there is.
    """

    micros: int
    currency: str
    """ISO 4217."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time: hours and minutes, rounded down; seconds under a minute."""

    seconds: int

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise ValueError(f"a duration of {self.seconds} s is below zero")


@dataclass(frozen=True, slots=True)
class Digits:
    """A telephone number or a key, read digit by digit.

    Blanks part it into groups; without any it is read in threes.
    """

    text: str

    def __post_init__(self) -> None:
        said = self.text.replace(" ", "")
        if not said or not set(said) <= set("0123456789+*#"):
            raise ValueError(f"“{self.text}” is not made of digits, +, * and #")

    @property
    def groups(self) -> list[str]:
        """The groups to be read; a lone last digit joins those before it.

        >>> Digits("+48774417880").groups
        ['+48', '774', '417', '880']
        >>> Digits("4420").groups
        ['4420']
        """
        if " " in self.text.strip():
            return self.text.split()
        text = self.text.strip()
        groups = [text[at : at + GROUP] for at in range(0, len(text), GROUP)]
        if len(groups) > 1 and len(groups[-1]) == 1:
            groups[-2:] = [groups[-2] + groups[-1]]
        return groups


Value = Amount | Digits | Duration | int
"""What fills a slot: {money}, {number} or {key}, {duration}, {count}."""


class Speller:
    """Fills the slots of one language's prompts."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._numbers = phrases.numbers

    def spell(self, value: Value) -> Pieces:
        """The value in words; raises ValueError if this language has none for it."""
        match value:
            case Amount():
                return self.money(value)
            case Duration():
                return self.duration(value)
            case Digits():
                return self.digits(value)
            case _:
                return self.count(value)

    def count(self, number: int) -> Pieces:
        """A whole number, such as a position in the phonebook."""
        return self._numbers.spell(number)

    def money(self, amount: Amount) -> Pieces:
        """An amount; raises ValueError for a currency without words."""
        currency = self._phrases.currencies.get(amount.currency)
        if currency is None:
            raise ValueError(
                f"no words for the currency “{amount.currency}”: "
                f"add it to the phrases of “{self._phrases.language}”"
            )
        said = self._unsigned(abs(amount.micros), currency)
        if amount.micros < 0 and said != self._unsigned(0, currency):
            return self._phrases.minus.fill({"amount": said})
        return said

    def duration(self, duration: Duration) -> Pieces:
        """A duration, such as "two hours and five minutes"."""
        minutes, seconds = divmod(duration.seconds, MINUTE)
        hours, minutes = divmod(minutes, MINUTE)
        units = self._phrases.durations
        if not hours and not minutes:
            return self._counted(seconds, units["seconds"])
        if not hours:
            return self._counted(minutes, units["minutes"])
        if not minutes:
            return self._counted(hours, units["hours"])
        return self._phrases.hours_and_minutes.fill(
            {
                "hours": self._counted(hours, units["hours"]),
                "minutes": self._counted(minutes, units["minutes"]),
            }
        )

    def digits(self, digits: Digits) -> Pieces:
        """A telephone number or a key, digit by digit, with pauses between groups."""
        said: list[Piece] = []
        for group in digits.groups:
            said += [Piece(",", PAUSE), Piece(" ")] if said else []
            for place, character in enumerate(group):
                said += [Piece(" ")] if place else []
                said += self._character(character)
        return tuple(said)

    def _character(self, character: str) -> Pieces:
        name = KEY_NAMES.get(character)
        if name is None:
            return self._numbers.spell(int(character))
        return (Piece(self._phrases.keys[name], f"key-{name}"),)

    def _unsigned(self, micros: int, currency: Currency) -> Pieces:
        if currency.subunit is None:
            return self._counted(micros // MICROS, currency.unit)
        units, cents = divmod(micros * CENTS // MICROS, CENTS)
        if not cents:
            return self._counted(units, currency.unit)
        if not units:
            return self._counted(cents, currency.subunit)
        return self._phrases.units_and_subunits.fill(
            {
                "units": self._counted(units, currency.unit),
                "subunits": self._counted(cents, currency.subunit),
            }
        )

    def _counted(self, number: int, what: Counted) -> Pieces:
        form = what.forms[self._phrases.plural(number)]
        return form.fill({"n": self._numbers.spell(number, what.rules)})
