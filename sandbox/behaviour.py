"""What a handset does when it is rung, as somebody asked it to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_LONGEST = 86_400.0  # a day: anything longer is a slip of the pen


class BadBehaviour(ValueError):
    """A behaviour that cannot be understood; the message is a sentence."""


class Kind(StrEnum):
    """The sorts of subscriber there are."""

    MANUAL = "manual"  # rings until a person does something
    ANSWERS = "answers"
    BUSY = "busy"
    NO_ANSWER = "no_answer"  # rings for ever
    UNAVAILABLE = "unavailable"  # the network beyond does not reach it
    INVALID = "invalid"  # no such number
    MAILBOX = "mailbox"  # answers, listens to nobody and presses no key


@dataclass(frozen=True)
class Behaviour:
    """A subscriber's habit.

    `after` is in seconds: of ringing before an answer, of silence before a
    refusal. `talks` is how many seconds later it hangs up by itself; None is
    never.
    """

    kind: Kind = Kind.MANUAL
    after: float = 1.0
    talks: float | None = None

    @classmethod
    def parse(cls, fields: Mapping[str, object]) -> "Behaviour":
        """Read the behaviour that JSON or a form describes, or raise BadBehaviour.

        >>> Behaviour.parse({"kind": "busy", "after": "0.5"})
        Behaviour(kind=<Kind.BUSY: 'busy'>, after=0.5, talks=None)
        """
        unknown = sorted(set(fields) - {"kind", "after", "talks"})
        if unknown:
            raise BadBehaviour(
                f"A behaviour has kind, after and talks, but not {', '.join(unknown)}."
            )
        talks = fields.get("talks")
        return cls(
            kind=_kind(fields.get("kind")),
            after=_seconds("after", fields.get("after", cls.after)),
            talks=None if talks in (None, "") else _seconds("talks", talks),
        )


def _kind(word: object) -> Kind:
    try:
        return Kind(str(word))
    except ValueError as error:
        raise BadBehaviour(
            f"The kind of a behaviour is one of {', '.join(Kind)}, not {word!r}."
        ) from error


def _seconds(name: str, value: object) -> float:
    try:
        # A boolean is a number to Python, but not to whoever wrote it.
        seconds = float("nan") if isinstance(value, bool) else float(str(value))
    except ValueError:
        seconds = float("nan")
    if not 0 <= seconds <= _LONGEST:
        raise BadBehaviour(
            f"{name} is a number of seconds between 0 and {_LONGEST:.0f},"
            f" not {value!r}."
        )
    return seconds
