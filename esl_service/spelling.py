"""Money, time, counts and telephone numbers, in the words of one language."""

from dataclasses import dataclass

from sounds.patterns import Piece
from sounds.phrases import PAUSE, Counted, Currency, Phrases

MICROS = 1_000_000
CENTS = 100
"""Every currency that has a subunit in phrases.toml has a hundred of them."""
TENTHS = 10

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

    def spell(self, slot: str, value: Value) -> Pieces:
        """What fills a slot; raises ValueError if this language has no words for it."""
        match value:
            case Digits() if slot == "key":
                return self.keys(value)
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
        units, counted = self._phrases.durations, self._phrases.counted
        if not hours and not minutes:
            return counted(seconds, units["seconds"])
        if not hours:
            return counted(minutes, units["minutes"])
        if not minutes:
            return counted(hours, units["hours"])
        return self._phrases.hours_and_minutes.fill(
            {
                "hours": counted(hours, units["hours"]),
                "minutes": counted(minutes, units["minutes"]),
            }
        )

    def digits(self, digits: Digits) -> Pieces:
        """A telephone number, digit by digit, with pauses between its groups."""
        written = self._phrases.telephone
        said: list[Piece] = []
        for group in digits.groups:
            said += [Piece(written.groups, PAUSE)] if said else []
            for place, character in enumerate(group):
                said += [Piece(written.between)] if place else []
                said += self._digit(character)
        return tuple(said)

    def keys(self, digits: Digits) -> Pieces:
        """Keys to be pressed, each by the name that people know it by."""
        return tuple(
            piece
            for character in "".join(digits.groups)
            for piece in (*self._key(character), Piece(self._phrases.telephone.between))
        )[:-1]

    def _digit(self, character: str) -> Pieces:
        word = self._phrases.telephone.digits.get(character)
        if word is None:
            return self._key(character)
        return (Piece(word, f"digit-{character}"),)

    def _key(self, character: str) -> Pieces:
        name = KEY_NAMES.get(character)
        if name is None:
            return self._numbers.spell(int(character))
        return (Piece(self._phrases.keys[name], f"key-{name}"),)

    def _unsigned(self, micros: int, currency: Currency) -> Pieces:
        if currency.subunit is None:
            return self._phrases.counted(micros // MICROS, currency.unit)
        units, cents = divmod(micros * CENTS // MICROS, CENTS)
        if not cents:
            return self._phrases.counted(units, currency.unit)
        small, odd = self._cents(cents, currency.tenth, currency.subunit)
        if not units:
            return small
        joint = self._phrases.units_and_subunits
        if odd and self._phrases.units_and_odd_subunits:
            joint = self._phrases.units_and_odd_subunits
        return joint.fill(
            {
                "units": self._phrases.counted(units, currency.unit),
                "subunits": small,
            }
        )

    def _cents(
        self, cents: int, tenth: Counted | None, subunit: Counted
    ) -> tuple[Pieces, bool]:
        """The cents, and whether tenths are counted but there are none."""
        if tenth is None:
            return self._phrases.counted(cents, subunit), False
        tenths, rest = divmod(cents, CENTS // TENTHS)
        said = self._phrases.counted(tenths, tenth) if tenths else ()
        said += self._phrases.counted(rest, subunit) if rest else ()
        return said, not tenths
