"""Plans and which of their rates holds for a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.base import Base
from domain.errors import Forbidden, NoRate
from domain.numbers import E164, is_costly, prefixes
from domain.tariffs.models import LegACharge, Plan, RateLine
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Difference, Line, difference

_LINES: Final = Base.metadata.tables[RateLine.__tablename__].c
_BEST: Final = (  # built once: it is asked four times in every call
    select(_LINES.prefix, _LINES.destination, *(_LINES[x] for x in Rate.__slots__))
    .where(_LINES.plan_id == bindparam("plan_id"))
    .where(_LINES.prefix.in_(bindparam("prefixes", expanding=True)))
    .where(_LINES.valid_from <= bindparam("at"))
    .where(or_(_LINES.valid_to.is_(None), _LINES.valid_to > bindparam("at")))
    .order_by(func.length(_LINES.prefix).desc(), _LINES.valid_from.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Price:
    """The rate that holds for one number, and where it was found."""

    prefix: str
    destination: str
    rate: Rate


class Tariffs:
    """Price lists. A rate once used is never changed: it ends and another begins."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._plans: dict[int, Plan] = {}

    def create(
        self,
        name: str,
        currency: str,
        leg_a_charge: LegACharge = LegACharge.ALWAYS,
    ) -> Plan:
        """Open a plan without rates."""
        plan = Plan(name=name, currency=currency, leg_a_charge=leg_a_charge)
        self._session.add(plan)
        self._session.flush()  # its id is wanted at once
        return plan

    def plan(self, plan_id: int) -> Plan:
        """The plan of that id, which must exist; asked for once in a transaction."""
        if plan_id not in self._plans:
            self._plans[plan_id] = self._session.get_one(Plan, plan_id)
        return self._plans[plan_id]

    def by_name(self, name: str) -> Plan | None:
        """The plan of that name."""
        return self._session.scalar(select(Plan).where(Plan.name == name))

    def all(self) -> Sequence[Plan]:
        """Every plan, by name."""
        return self._session.scalars(select(Plan).order_by(Plan.name)).all()

    def price(self, plan: Plan, number: E164, at: datetime) -> Price:
        """What `number` costs under `plan` at that moment: the longest prefix wins.

        Raises Forbidden when the plan does not allow the number, NoRate when it has
        no price for it.
        """
        if is_costly(number) and not plan.allows_costly:
            raise Forbidden(number=number)
        of = {"plan_id": plan.id, "prefixes": prefixes(number), "at": at}
        line = self._session.execute(_BEST, of).first()
        if line is None:
            raise NoRate(number=number)
        prefix, destination, *terms = line
        rate = Rate(*terms)
        if plan.dearest_minute is not None and rate.per_minute > plan.dearest_minute:
            raise Forbidden(number=number)
        return Price(prefix, destination, rate)

    def rates(self, plan: Plan, at: datetime) -> Sequence[RateLine]:
        """The plan's rates that hold at that moment, by prefix."""
        return self._session.scalars(
            select(RateLine)
            .where(RateLine.plan_id == plan.id)
            .where(RateLine.valid_from <= at, _still_valid(at))
            .order_by(RateLine.prefix)
        ).all()

    def compare(self, plan: Plan, lines: Sequence[Line], at: datetime) -> Difference:
        """What replacing the plan's rates by `lines` would change."""
        now = {line.prefix: line.terms for line in self.rates(plan, at)}
        return difference(now, {line.prefix: line.rate for line in lines})

    def replace(self, plan: Plan, lines: Sequence[Line], now: datetime) -> None:
        """End the plan's rates now and begin these: all of them, or none."""
        self._session.execute(
            update(RateLine)
            .where(RateLine.plan_id == plan.id, _still_valid(now))
            .values(valid_to=now)
        )
        if lines:
            self._session.execute(
                insert(RateLine), [_row(plan, line, now) for line in lines]
            )


def _still_valid(at: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return or_(RateLine.valid_to.is_(None), RateLine.valid_to > at)


def _row(plan: Plan, line: Line, now: datetime) -> dict[str, object]:
    terms = {name: getattr(line.rate, name) for name in Rate.__slots__}
    return {
        "plan_id": plan.id,
        "prefix": line.prefix,
        "destination": line.destination,
        "valid_from": now,
        **terms,
    }
