"""Key combinations: a digit machine, as bind_digit_action makes one. Pure.

Keys that may still become a combination are held back; keys that cannot are
passed on; a whole combination is swallowed and its action fired.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Binding:
    """Keys (or, after a tilde, a regular expression) and what they do."""

    keys: str
    action: str
    argument: str

    def fits(self, keyed: str) -> bool:
        """Say whether these keys are the whole combination."""
        if self.keys.startswith("~"):
            return re.fullmatch(self.keys[1:], keyed) is not None
        return keyed == self.keys

    def may_fit(self, keyed: str) -> bool:
        """Say whether more keys could still make the combination."""
        return len(self.keys) > len(keyed) and self.keys.startswith(keyed)


@dataclass(frozen=True)
class Outcome:
    """What became of the keys so far: some passed on, or a combination fired."""

    passed: str = ""
    fired: Binding | None = None
    keyed: str = ""


def parse_binding(argument: str) -> tuple[str, Binding]:
    """Read `realm,keys,action,argument`; ValueError if a part is missing.

    >>> parse_binding("talk,##,api:uuid_kill,b NORMAL_CLEARING")[1].argument
    'b NORMAL_CLEARING'
    """
    realm, keys, action, *rest = argument.split(",")
    return realm, Binding(keys, action, rest[0] if rest else "")


class DigitMachine:
    """The bindings of one channel, by realm, and the keys held back."""

    def __init__(self) -> None:
        self._realms: dict[str, list[Binding]] = {}
        self._realm = ""
        self._held = ""

    @property
    def holding(self) -> bool:
        """Whether keys wait for the next one, or for the time to run out."""
        return bool(self._held)

    def bind(self, realm: str, binding: Binding) -> None:
        """Add a combination; the first realm named is the one in force."""
        self._realms.setdefault(realm, []).append(binding)
        self._realm = self._realm or realm

    def set_realm(self, realm: str) -> None:
        """Put a realm in force; an unknown one changes nothing."""
        if realm in self._realms:
            self._realm = realm

    def clear(self, realm: str) -> None:
        """Forget a realm's combinations, or with `all` every one."""
        if realm == "all":
            self._realms.clear()
        else:
            self._realms.pop(realm, None)
        if self._realm not in self._realms:
            self._realm = ""

    def key(self, digit: str) -> Outcome:
        """Take one more key."""
        keyed = self._held + digit
        bindings = self._realms.get(self._realm, [])
        self._held = ""
        if any(binding.may_fit(keyed) for binding in bindings):
            self._held = keyed
            return Outcome()
        return self._settle(keyed)

    def expire(self) -> Outcome:
        """Decide about keys held back for which no other came in time."""
        keyed, self._held = self._held, ""
        return self._settle(keyed)

    def _settle(self, keyed: str) -> Outcome:
        for binding in self._realms.get(self._realm, []):
            if binding.fits(keyed):
                return Outcome(fired=binding, keyed=keyed)
        return Outcome(passed=keyed)
