"""What is kept of a post for operators: how it was written, and no secret of it. Pure.

The text of a message is kept as it is masked. Its id and its numbers, which its row
holds anyway, are kept, and so are plain facts, known by their names. Everything else
is hidden, and so is a name that no carrier is known to use: text that was badly
escaped may have become a field of its own.
"""

import json
import logging
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from domain.messages.masking import HIDDEN, masked_wholly
from domain.messages.sms import Incoming, MissedCall, Sms, SmsPart, address
from portal.carriers.base import Hook, Unreadable
from portal.carriers.options import Secrets
from portal.carriers.vocabulary import FACTS, NAMES

_log = logging.getLogger(__name__)

NONE: Final = Secrets()
LONGEST: Final = 8 * 1024
"""Letters."""
_DEEPEST: Final = 8
_FACT: Final = re.compile(r"[A-Za-z0-9+:. _/-]{0,64}")


def noted(told: Incoming, hook: Hook, secrets: Secrets = NONE) -> Incoming:
    """The message, and with it what may be kept of the post that told of it.

    A message is never refused for want of a note: what cannot be shown is None.
    """
    try:
        shown = posted(hook, told, secrets)
    except Exception as trouble:  # noqa: BLE001 - the message is worth more
        # Its kind only: the rest may be the customer's.
        _log.warning("%r is kept without its post: %s", told, type(trouble).__name__)
        shown = None
    match told:
        case SmsPart():
            return replace(told, sms=replace(told.sms, posted=shown))
        case _:
            return replace(told, posted=shown)


def posted(hook: Hook, told: Incoming, secrets: Secrets = NONE) -> str | None:
    """A post as it came, its secrets hidden; None if nothing of it can be shown.

    Of a post that tells of several messages, what tells of this one.
    """
    hiding = _Hiding(told, secrets)
    if hook.method == "GET":
        return hiding.fields(hook.query.items())
    only_text = hiding.only_text(hook.body)  # which may look like anything else
    if only_text is not None:
        return only_text
    try:
        if hook.is_json:
            return hiding.json(hook.any_json)
        is_text = hook.header("Content-Type").startswith("text/")
        return None if is_text else hiding.fields(hook.form)
    except Unreadable:
        return None


def bounded(several: Iterable[str | None]) -> str | None:
    """What was kept of several posts, a line each, and no more than may be kept."""
    return "\n".join(filter(None, several))[:LONGEST] or None


class _Hiding:
    """Knows what may be shown of a post that told of one message."""

    def __init__(self, told: Incoming, secrets: Secrets) -> None:
        self._secrets = secrets
        sms = told.sms if isinstance(told, SmsPart) else told
        self._id = sms.external_id
        self._numbers = {sms.caller if isinstance(sms, MissedCall) else sms.sender}
        self._numbers.add(sms.recipient)
        self._texts: dict[str, str] = {}
        match told:
            case Sms():
                self._texts = {told.text: masked_wholly(told.text)}
            case SmsPart():  # half a command cannot be masked
                self._texts = {told.sms.text: HIDDEN}

    def json(self, found: object) -> str | None:
        shown = self.value("", found, _DEEPEST)
        return bounded([json.dumps(shown, ensure_ascii=False, separators=(",", ":"))])

    def fields(self, found: Iterable[tuple[str, str]]) -> str | None:
        pairs = [(self.name(name), self.leaf(name, each)) for name, each in found]
        return bounded([urlencode(pairs, safe=HIDDEN)])

    def name(self, name: str) -> str:
        return name if name in NAMES else HIDDEN

    def value(self, name: str, found: object, depth: int) -> object:
        """Anything of JSON; below some depth nothing is shown."""
        match found:
            case dict() | list() if depth < 1 or self._proves(name):
                return HIDDEN
            case dict():
                return {
                    self.name(key): self.value(key, each, depth - 1)
                    for key, each in found.items()
                }
            case list():
                own = [each for each in found if self._tells_of_it(each)] or found
                return [self.value(name, each, depth - 1) for each in own]
            case None | bool():
                return found
            case str() if found.startswith("{") and not self._is_for_itself(
                name, found
            ):
                return self._within(found, depth)
            case _:
                shown = self.leaf(name, str(found))
                return found if shown == str(found) else shown

    def leaf(self, name: str, told: str) -> str:
        if self._proves(name) or told.strip() in self._secrets.values:
            return HIDDEN
        if told in self._texts:
            return self._texts[told]
        if told in {"", self._id} or address(told) in self._numbers:
            return told
        return told if name in FACTS and _FACT.fullmatch(told) else HIDDEN

    def only_text(self, body: bytes) -> str | None:
        """A body that is the message's text, unless it is in other letters."""
        text = body.decode(errors="replace")
        return bounded([self.leaf("", text)]) if text in self._texts else None

    def _proves(self, name: str) -> bool:
        return name in self._secrets.fields

    def _is_for_itself(self, name: str, told: str) -> bool:
        """Whether what it may be made of does not matter."""
        return told in self._texts or self._proves(name)

    def _within(self, told: str, depth: int) -> object:
        """JSON that is a text of JSON."""
        try:
            return self.value("", json.loads(told), depth - 1)
        except (ValueError, RecursionError):
            return HIDDEN

    def _tells_of_it(self, found: object) -> bool:
        match found:
            case dict():
                return any(map(self._tells_of_it, found.values()))
            case str() | int():
                return str(found) == self._id
            case _:
                return False
