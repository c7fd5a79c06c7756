"""Every line of commands.txt: five hundred ways to write, and what each means."""

import re
from pathlib import Path

import pytest

from domain import numbers
from domain.errors import NotUnderstood, NumberOrPin
from domain.messages.masking import masked
from domain.messages.parsing import Action, read

_LINE = re.compile(r"(?P<text>.*)  =>  (?P<meaning>.*)")
_REPEATED = re.compile(r"\{(.)\*([0-9]+)\}")
_ESCAPE = re.compile(r"\\(?:u[0-9a-f]{4}|U[0-9a-f]{8}|[nrt\\])")

_OF_NUMBERS = {Action.CALL, Action.REGISTER, Action.QUOTE}


def written(text):
    """The text as a telephone sent it."""
    whole = _REPEATED.sub(lambda found: found[1] * int(found[2]), text)
    return _ESCAPE.sub(lambda found: found[0].encode().decode("unicode_escape"), whole)


def table():
    lines = (Path(__file__).parent / "commands.txt").read_text().splitlines()
    told = [line for line in lines if line and not line.startswith("# ")]
    return [_LINE.fullmatch(line).groups() for line in told if line != "#"]


def told(text):
    """What the parser makes of a text, in the words of the table."""
    try:
        command = read(text)
    except NumberOrPin:
        return "?? is it a number or a PIN"
    except NotUnderstood as refusal:
        return f"? {refusal.details['part']}"
    value, origin = command.value, command.origin
    if command.action in _OF_NUMBERS:
        value = numbers.parse(value, "PL")
    parts = [f"{command.action.name} {value}".strip()]
    if command.login is not None:
        parts.append(f"by {command.login} {command.password}")
    if origin is not None:
        parts.append(f"ring {numbers.parse(origin, 'PL')}")
    return " | ".join(parts)


@pytest.mark.parametrize(("text", "meaning"), table())
def test_what_is_written_is_what_is_meant(text, meaning):
    assert told(written(text)).strip() == written(meaning).strip()


def test_there_are_five_hundred_ways_and_no_line_twice():
    lines = table()

    assert len(lines) >= 500
    assert len({text for text, _ in lines}) == len(lines)


@pytest.mark.parametrize(("text", "meaning"), table())
def test_no_password_and_no_pin_of_the_table_is_kept(text, meaning):
    kept = masked(written(text))

    secret = re.search(r"\| by \S+ (\S{3,})", meaning)
    if secret and secret[1] != "***":
        assert secret[1] not in kept.split("P.", 1)[1].split()[0]
    assert "56789010" not in re.sub(r"[^0-9]", "", kept)
    assert masked(kept) == kept
