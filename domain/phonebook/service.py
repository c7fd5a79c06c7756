"""The phonebook: a number for a name or a position."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.accounts.models import Account
from domain.errors import AmbiguousEntry, EntryTaken, UnknownEntry
from domain.numbers import E164
from domain.phonebook.models import PhonebookEntry
from domain.phonebook.naming import folded


class Phonebook:
    """Names and positions of one account's favourite numbers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, account: Account) -> Sequence[PhonebookEntry]:
        """The account's entries, by position."""
        return self._session.scalars(
            select(PhonebookEntry)
            .where(PhonebookEntry.account_id == account.id)
            .order_by(PhonebookEntry.position)
        ).all()

    def add(
        self, account: Account, name: str, number: E164, position: int | None = None
    ) -> PhonebookEntry:
        """Write an entry, at the next free position unless one is given.

        Raises EntryTaken when the name or the position is used already.
        """
        self._take_pen(account)
        entries = self.of(account)
        if any(_looked_up(entry) == folded(name) for entry in entries):
            raise EntryTaken(part=name)
        if position is None:
            position = _first_free({entry.position for entry in entries})
        elif any(entry.position == position for entry in entries):
            raise EntryTaken(part=position)
        entry = PhonebookEntry(
            account_id=account.id,
            position=position,
            name=name,
            folded_name=folded(name),
            number=number,
        )
        self._session.add(entry)
        self._session.flush()  # the next look must find it
        return entry

    def remove(self, account: Account, position: int) -> bool:
        """Strike an entry out; False if there is none at that position."""
        struck = self._session.execute(
            delete(PhonebookEntry)
            .where(
                PhonebookEntry.account_id == account.id,
                PhonebookEntry.position == position,
            )
            .returning(PhonebookEntry.id)
        )
        return struck.first() is not None

    def at(self, account: Account, position: int) -> PhonebookEntry:
        """The entry at a position. Raises UnknownEntry."""
        entry = self._session.scalar(
            select(PhonebookEntry).where(
                PhonebookEntry.account_id == account.id,
                PhonebookEntry.position == position,
            )
        )
        if entry is None:
            raise UnknownEntry(part=position)
        return entry

    def at_written(self, account: Account, position: str) -> PhonebookEntry:
        """The entry at a position as somebody wrote it. Raises UnknownEntry."""
        if not (position.isascii() and position.isdecimal() and len(position) <= 4):  # noqa: PLR2004
            raise UnknownEntry(part=position)
        return self.at(account, int(position))

    def named(self, account: Account, name: str) -> PhonebookEntry:
        """The entry of that name, or the only one whose name begins so.

        Raises UnknownEntry, or AmbiguousEntry with the candidates' names.
        """
        wanted = folded(name)
        entries = self.of(account)
        exact = [entry for entry in entries if _looked_up(entry) == wanted]
        begun = [entry for entry in entries if _looked_up(entry).startswith(wanted)]
        found = exact or begun
        if not found or not wanted:
            raise UnknownEntry(part=name)
        if len(found) > 1:
            raise AmbiguousEntry(
                part=name, candidates=", ".join(entry.name for entry in found)
            )
        return found[0]

    def _take_pen(self, account: Account) -> None:
        """Wait for whoever else writes in this account's book."""
        row = select(Account.id).where(Account.id == account.id)
        self._session.execute(row.with_for_update(key_share=True))


def _looked_up(entry: PhonebookEntry) -> str:
    """Folded once more: entries were written when less was folded than today."""
    return folded(entry.folded_name)


def _first_free(taken: set[int]) -> int:
    position = 1
    while position in taken:
        position += 1
    return position
