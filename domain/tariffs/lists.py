"""Price lists: written beside the one in force, then put in its place at once.

A list of a million rates takes many short transactions to write, so that live calls
always find SQLite's pen free; only the last of them makes it count. A list that was
never finished is not in force, and the next import clears it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.base import Base
from domain.tariffs.choosing import BEGINNING
from domain.tariffs.models import ListState, PriceList, RateLine
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line

_READ_AT_ONCE: Final = 2_000
_RATES: Final = Base.metadata.tables[RateLine.__tablename__]
_LINES: Final = select(
    *(_RATES.c[name] for name in Rate.__slots__),
    RateLine.prefix,
    RateLine.destination,
    RateLine.valid_from,
    RateLine.valid_to,
    RateLine.band,
).order_by(RateLine.prefix, RateLine.valid_from, RateLine.band)


class Overtaken(Exception):
    """Another import has dropped the list that this one was writing."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose prices a list holds: a plan's, or one account's own."""

    plan_id: int | None = None
    account_id: int | None = None

    @property
    def lists(self) -> ColumnElement[bool]:
        """The lists of this owner, as a condition."""
        if self.plan_id is not None:
            return PriceList.plan_id == self.plan_id
        return PriceList.account_id == self.account_id


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a list came from: the file, who brought it in, and when."""

    at: datetime
    source: str = ""
    operator: str = ""


class PriceLists:
    """Versions of price lists. Nothing here commits: each call is a short piece."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, owner: Owner) -> Sequence[PriceList]:
        """Every list of the owner, the newest first."""
        return self._session.scalars(
            select(PriceList).where(owner.lists).order_by(PriceList.id.desc())
        ).all()

    def in_force(self, owner: Owner, at: datetime) -> PriceList | None:
        """The list that holds at that moment: the latest that has begun."""
        return self._session.scalar(
            select(PriceList)
            .where(owner.lists, PriceList.valid_from <= at)
            .order_by(PriceList.valid_from.desc(), PriceList.id.desc())
            .limit(1)
        )

    def next(self, owner: Owner, after: datetime) -> PriceList | None:
        """The first list that begins later than that moment."""
        return self._session.scalar(
            select(PriceList)
            .where(owner.lists, PriceList.valid_from > after)
            .order_by(PriceList.valid_from, PriceList.id.desc())
            .limit(1)
        )

    def lines(self, price_list: PriceList | None) -> Iterator[Line]:
        """Its lines by prefix, read as they are wanted; none of no list."""
        if price_list is None:
            return
        found = self._session.execute(
            _LINES.where(RateLine.list_id == price_list.id),
            execution_options={"yield_per": _READ_AT_ONCE},
        )
        for *terms, prefix, destination, begins, ends, band in found:
            begins = None if begins == BEGINNING else begins  # noqa: PLW2901
            yield Line(prefix, Rate(*terms), destination, begins, ends, band)

    # --- writing one -----------------------------------------------------------

    def drop_drafts(self, owner: Owner) -> None:
        """Give up every list of the owner that was never finished."""
        self._session.execute(
            update(PriceList)
            .where(owner.lists, PriceList.state == ListState.DRAFT)
            .values(state=ListState.DROPPED)
        )

    def clear_dropped(self, owner: Owner, at_most: int) -> bool:
        """Delete rates of lists that were given up; False when none is left.

        The lists stay, so that no other ever gets the number of one: an import that
        was overtaken must not find a draft to write into.
        """
        dropped = select(PriceList.id).where(
            owner.lists, PriceList.state == ListState.DROPPED
        )
        some = select(RateLine.id).where(RateLine.list_id.in_(dropped)).limit(at_most)
        gone = self._session.execute(
            delete(RateLine).where(RateLine.id.in_(some)).returning(RateLine.id)
        )
        return gone.first() is not None

    def begin(self, owner: Owner, origin: Origin) -> int:
        """Open a draft; its id."""
        draft = PriceList(
            plan_id=owner.plan_id,
            account_id=owner.account_id,
            imported_at=origin.at,
            source=origin.source,
            operator=origin.operator,
        )
        self._session.add(draft)
        self._session.flush()  # its id is wanted
        return draft.id

    def append(self, list_id: int, lines: Sequence[Line]) -> None:
        """Write lines into a draft. Raises Overtaken if it was dropped."""
        self._change_draft(list_id, rows=PriceList.rows + len(lines))
        if lines:
            self._session.execute(insert(_RATES), _rows(list_id, lines))

    def complete(self, list_id: int, valid_from: datetime) -> None:
        """Put a draft in force from that moment on. Raises Overtaken."""
        self._change_draft(list_id, state=ListState.COMPLETE, valid_from=valid_from)

    def withdraw(self, owner: Owner, list_id: int, now: datetime) -> bool:
        """Give up a list of the owner that has not begun; False if there is none."""
        given_up = self._session.scalar(
            update(PriceList)
            .where(owner.lists, PriceList.id == list_id, PriceList.valid_from > now)
            .values(state=ListState.DROPPED, valid_from=None)
            .returning(PriceList.id)
        )
        return given_up is not None

    def _change_draft(self, list_id: int, **values: object) -> None:
        changed = self._session.scalar(
            update(PriceList)
            .where(PriceList.id == list_id, PriceList.state == ListState.DRAFT)
            .values(values)
            .returning(PriceList.id)
        )
        if changed is None:
            raise Overtaken(f"price list {list_id} was dropped by another import")


def _rows(list_id: int, lines: Iterable[Line]) -> list[dict[str, object]]:
    return [
        {
            "list_id": list_id,
            "prefix": line.prefix,
            "destination": line.destination,
            "valid_from": line.valid_from or BEGINNING,
            "valid_to": line.valid_to,
            "band": line.band,
            **{name: getattr(line.rate, name) for name in Rate.__slots__},
        }
        for line in lines
    ]
