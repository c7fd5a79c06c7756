"""What must hold of every text that anybody may send: checked by chance, and by a
fuzzer for as long as one likes (`make fuzz`)."""

from contextlib import suppress
from string import ascii_uppercase

from domain import numbers
from domain.errors import NotAPhoneNumber, NotUnderstood
from domain.messages.masking import could_be_pin, masked, masked_wholly, said_back
from domain.messages.parsing import Action, Command, read
from domain.messages.plain import normalised
from domain.messages.words import Word, begins_with_word, is_the_carriers
from domain.phonebook.naming import folded

LONGEST_SAID = 43
"""Forty letters and three dots."""

_OURS = {f"{letter}." for letter in ascii_uppercase} | {*Action, *Word}


def reading(text: str) -> Command | NotUnderstood:
    """What a text means, or the refusal to say; whatever else is raised is a bug."""
    try:
        return read(text)
    except NotUnderstood as refusal:
        return refusal


def check(text: str) -> None:
    """Assert every law."""
    found, kept = reading(text), masked(text)
    assert masked(kept) == kept
    assert masked_wholly(masked_wholly(text)) == masked_wholly(text)
    plain = normalised(text)
    assert normalised(plain) == plain
    assert folded(folded(text)) == folded(text)
    is_the_carriers(text)
    begins_with_word(plain)
    if isinstance(found, Command):
        _check_command(plain, found, kept)
    else:
        _check_refusal(found)


def _check_command(plain: str, command: Command, kept: str) -> None:
    password = command.password
    if password is not None and password != "***" and plain.count(password) == 1:
        shown = kept.replace("***", " ")
        assert f"P.{password}" not in shown
        assert shown.count(password) == 0 or len(password) < 4
    if command.action is Action.TOP_UP and len(command.value) >= 8:
        assert plain.count(command.value) > 1 or command.value not in kept
    assert (command.login is None) == (command.password is None)
    assert "password" not in repr(command)
    for number in (command.value, command.origin or ""):
        assert len(said_back(number)) <= LONGEST_SAID
        with suppress(NotAPhoneNumber):
            read_as = numbers.parse(number, "PL", valid=could_be_pin(number))
            assert numbers.is_e164(read_as)


def _check_refusal(refusal: NotUnderstood) -> None:
    """What is said back are keys and words of ours alone: never a secret."""
    part = str(refusal.details.get("part", ""))
    assert set(part.split()) <= _OURS
