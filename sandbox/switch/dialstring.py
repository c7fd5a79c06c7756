"""What an originate command or a bridge asks for, taken apart. Pure.

    {all=legs}[this=leg]sofia/gateway/NAME/DIGITS|[other=leg]sofia/gateway/...

Braces hold variables of every leg, brackets those of one; `|` separates legs
that are tried in turn. Ringing several at once (`,`) is not offered.
"""

import re
from dataclasses import dataclass, field

_ENDPOINT = re.compile(r"sofia/gateway/(?P<gateway>[^/\s]+)/(?P<number>.*)", re.DOTALL)
_CLOSING = {"{": "}", "[": "]", "<": ">"}


class BadDialString(ValueError):
    """A dial string the switch cannot take apart."""


@dataclass(frozen=True)
class Attempt:
    """One leg to try: through which gateway, to which number, with what set."""

    gateway: str
    number: str
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DialString:
    """Legs to try in turn, and the variables common to all of them."""

    attempts: tuple[Attempt, ...]
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Originate:
    """`originate` taken apart: whom to call, and what the leg does then."""

    dial: DialString
    application: str
    argument: str
    timeout: float | None = None


def parse(text: str) -> DialString:
    """Take a dial string apart, or raise BadDialString.

    >>> parse("{a=1}[b='x,y']sofia/gateway/carrier/123").attempts[0].variables
    {'b': 'x,y'}
    """
    rest = text.strip()
    common: dict[str, str] = {}
    while rest[:1] == "{":
        inside, rest = _enclosed(rest)
        common |= _assignments(inside)
    attempts = tuple(_attempt(part) for part in split(rest, "|"))
    return DialString(attempts, common)


def parse_originate(arguments: str) -> Originate:
    """Take apart `<dial string> &app(arg) [dialplan context name number timeout]`."""
    words = split(arguments.strip(), " ")
    if len(words) < 2 or not words[1].startswith("&"):  # noqa: PLR2004
        raise BadDialString("originate wants a dial string and an &application")
    application, _, argument = words[1][1:].partition("(")
    timeout = words[6] if len(words) > 6 else ""  # noqa: PLR2004
    return Originate(
        dial=parse(words[0]),
        application=application,
        argument=argument.removesuffix(")"),
        timeout=float(timeout) if timeout.isdecimal() else None,
    )


def split(text: str, separator: str) -> list[str]:
    """Split where neither quotes nor brackets hold the separator back.

    >>> split("a 'b c' [d e]f", " ")
    ['a', "'b c'", '[d e]f']
    """
    parts = [""]
    awaited: list[str] = []
    for character in text:
        if awaited and character == awaited[-1]:
            awaited.pop()
        elif character == "'" and "'" not in awaited:
            awaited.append("'")
        elif character in _CLOSING and "'" not in awaited:
            awaited.append(_CLOSING[character])
        if character == separator and not awaited:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part]


def _attempt(text: str) -> Attempt:
    own: dict[str, str] = {}
    rest = text.strip()
    while rest[:1] == "[":
        inside, rest = _enclosed(rest)
        own |= _assignments(inside)
    match = _ENDPOINT.fullmatch(rest)
    if match is None:
        raise BadDialString(f"{rest!r} is not sofia/gateway/NAME/DIGITS")
    return Attempt(match["gateway"], match["number"], own)


def _enclosed(text: str) -> tuple[str, str]:
    """Part what the first bracket encloses from what follows it."""
    quoted = False
    for position, character in enumerate(text):
        quoted ^= character == "'"
        if character == _CLOSING[text[0]] and not quoted:
            return text[1:position], text[position + 1 :].lstrip()
    raise BadDialString(f"{text!r} has no closing {_CLOSING[text[0]]}")


def _assignments(text: str) -> dict[str, str]:
    values = {}
    for part in split(text, ","):
        name, equals, value = part.partition("=")
        if equals:
            values[name.strip()] = value.strip().strip("'")
    return values
