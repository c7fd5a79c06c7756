"""What is to go wrong at the switch, as somebody asked for it. Pure.

All that a real FreeSWITCH and the network to it were seen to do, which a program that
drives it must survive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

LATE_KINDS: Final = (
    "BACKGROUND_JOB",
    "CHANNEL_ANSWER",
    "CHANNEL_EXECUTE_COMPLETE",
    "CHANNEL_HANGUP_COMPLETE",
    "CHANNEL_HANGUP_COMPLETE of A",
    "CHANNEL_HANGUP_COMPLETE of B",
    "CHANNEL_UNBRIDGE",
)
"""Events that may be told late, so that others come before them."""
_LONGEST: Final = 3600.0  # seconds: anything longer is a slip of the pen


class BadFault(ValueError):
    """A fault that cannot be understood; the message is a sentence."""


@dataclass(frozen=True)
class Faults:
    """What goes wrong from now on; by default nothing."""

    late: Mapping[str, float] = field(default_factory=dict)
    """Seconds that events of a kind are told late. One leg's stay in order."""
    unfinished: tuple[str, ...] = ()
    """Applications of whose end nothing is told."""
    split: int = 0
    """Bytes that are written at once; 0 is as much as there is."""
    slow: float = 0.0
    """Seconds before a command is answered; events wait meanwhile."""
    broken_text: bool = False
    """Callers' names are no UTF-8."""
    forged_names: bool = False
    """Callers' names hold line breaks and headers."""
    nameless: bool = False
    """Each event comes after one without a name."""
    stale: bool = False
    """`show channels` goes on showing what it showed first."""

    @classmethod
    def parse(cls, wanted: Mapping[str, object]) -> "Faults":
        """Read the faults that JSON describes, the rest being off, or raise BadFault.

        >>> Faults.parse({"slow": 0.5, "late": {"BACKGROUND_JOB": 1}}).late
        {'BACKGROUND_JOB': 1.0}
        """
        known = {each.name for each in fields(cls)}
        if unknown := sorted(set(wanted) - known):
            raise BadFault(
                f"The faults are {', '.join(sorted(known))},"
                f" but not {', '.join(unknown)}."
            )
        split = _number("split", wanted.get("split", 0))
        if split != int(split):
            raise BadFault(f"split is a whole number of bytes, not {split!r}.")
        return cls(
            late=_late(wanted.get("late", {})),
            unfinished=_names(wanted.get("unfinished", [])),
            split=int(split),
            slow=_number("slow", wanted.get("slow", 0)),
            **{
                name: _truth(name, wanted.get(name, False))
                for name in ("broken_text", "forged_names", "nameless", "stale")
            },
        )


def _late(value: object) -> dict[str, float]:
    if not isinstance(value, dict) or not set(value) <= set(LATE_KINDS):
        raise BadFault(
            f"late gives seconds to any of {', '.join(LATE_KINDS)}, not {value!r}."
        )
    return {kind: _number(kind, seconds) for kind, seconds in value.items()}


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise BadFault(f"unfinished is a list of applications, not {value!r}.")
    return tuple(value)


def _number(name: str, value: object) -> float:
    # A boolean is a number to Python, but not to whoever wrote it.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= float(str(value)) <= _LONGEST:
        raise BadFault(
            f"{name} is a number between 0 and {_LONGEST:.0f}, not {value!r}."
        )
    return float(str(value))


def _truth(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadFault(f"{name} is true or false, not {value!r}.")
    return value
