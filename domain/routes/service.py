"""Chooses the gateway of each leg, and keeps how gateways do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.base import Base
from domain.errors import Forbidden, NoRate, NoRoute
from domain.numbers import E164, LONGEST, prefixes
from domain.prepared import Prepared
from domain.routes.callerid import NumberForm
from domain.routes.choosing import Chance, Way, Why, in_order, is_loss
from domain.routes.exits import Asked, Exit, Exits, NoRoom
from domain.routes.health import HealthRules, rest
from domain.routes.models import Gateway, Purchase, Route
from domain.tariffs.rating import Rate
from domain.tariffs.service import Price, Tariffs

_GATEWAYS: Final = Base.metadata.tables[Gateway.__tablename__]
_ROUTES: Final = Base.metadata.tables[Route.__tablename__]
_PURCHASES: Final = Base.metadata.tables[Purchase.__tablename__]

# Built once: every leg asks for its ways, by one statement.
_PREFIXES: Final = [f"prefix_{number}" for number in range(LONGEST + 1)]
_OF_GATEWAY: Final = [
    _GATEWAYS.c[name]
    for name in Way.__slots__
    if name not in ("gateway_id", "gateway", "prefix", "priority", "weight")
]
_OF_ROUTE: Final = [
    _ROUTES.c.prefix,
    *(func.coalesce(_ROUTES.c[name], 1) for name in ("priority", "weight")),
]
_WAYS: Final = Prepared(
    select(_GATEWAYS.c.id, _GATEWAYS.c.name, *_OF_GATEWAY, *_OF_ROUTE)
    .outerjoin_from(
        _GATEWAYS,
        _ROUTES,
        and_(
            _ROUTES.c.gateway_id == _GATEWAYS.c.id,
            _ROUTES.c.is_on,
            _ROUTES.c.prefix.in_([bindparam(name) for name in _PREFIXES]),
        ),
    )
    .order_by(_GATEWAYS.c.id, _ROUTES.c.id)
)
_BUY: Final = insert(_PURCHASES)
_NOW: Final = bindparam("now", type_=_GATEWAYS.c.rests_until.type)
_THIS: Final = _GATEWAYS.c.name == bindparam("of_gateway")
_FAULT: Final = (
    update(_GATEWAYS)
    .where(_THIS)
    # Those whose legs were on their way when it was put to rest say nothing new.
    .where(or_(_GATEWAYS.c.rests_until.is_(None), _GATEWAYS.c.rests_until <= _NOW))
    .values(faults=_GATEWAYS.c.faults + 1)
    .returning(_GATEWAYS.c.faults, _GATEWAYS.c.rests)
)
_REST: Final = update(_GATEWAYS).where(_THIS)
_WELL: Final = (
    update(_GATEWAYS).where(_THIS).values(faults=0, rests=0, rests_until=None)
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One way, and whether a leg may take it."""

    way: Way
    why_not: Why | None
    bought: Price | None = None


class Routing:
    """By which way each leg leaves.

    Where no gateway is kept, the trunk of the settings takes every leg.
    """

    def __init__(
        self, session: Session, tariffs: Tariffs, rules: HealthRules | None = None
    ) -> None:
        self._session = session
        self._tariffs = tariffs
        self._rules = rules or HealthRules()

    def choose(self, asked: Asked, exits: Exits, now: datetime) -> Exit:
        """The first way that may take the leg and has room.

        Raises NoRoute, a Refusal, where none may; NoRoom where those that may are
        full.
        """
        ways = self.ways(asked.number)
        if not ways:
            if exits.own.gateway in asked.tried:
                raise NoRoute(number=asked.number)
            return Exit(exits.own.gateway, NumberForm.DIGITS, None, exits.own.caller_id)
        full = False
        for verdict in self.verdicts(ways, asked, exits.chance, now):
            if verdict.why_not is None:
                if exits.room.take(verdict.way, asked.uuid):
                    return self._taken(verdict, asked, exits)
                full = True
        if full:
            raise NoRoom
        raise NoRoute(number=asked.number)

    def ways(self, number: E164) -> list[Way]:
        """Every gateway, with each of its routes for the number; in no order.

        A gateway without a route is there too.
        """
        told = dict.fromkeys(_PREFIXES, "")
        told |= zip(_PREFIXES, prefixes(number), strict=False)
        return [_way(row) for row in _WAYS.rows(self._session, **told)]

    def verdicts(
        self, ways: list[Way], asked: Asked, chance: Chance, now: datetime
    ) -> Iterator[Verdict]:
        """The ways in the order in which they are tried, each with what bars it."""
        for way in in_order(ways, now, chance):
            if way.gateway in asked.tried:
                yield Verdict(way, Why.TRIED)
            else:
                bought = self._bought(way, asked.number, now)
                yield Verdict(way, self._bar(way, bought, asked), bought)

    # --- how gateways do -------------------------------------------------------

    def failed(self, gateway: str, now: datetime) -> bool:
        """A leg ended by a carrier's fault; whether its gateway rests from now on.

        One that has not done well since its last rest needs no second fault.
        """
        told = {"of_gateway": gateway}
        found = self._session.execute(_FAULT, {**told, "now": now}).first()
        if found is None or (found.faults < self._rules.faults and not found.rests):
            return False
        until = now + rest(found.rests, self._rules)
        became = {"faults": 0, "rests": found.rests + 1, "rests_until": until}
        self._session.execute(_REST, {**told, **became})
        return True

    def did_well(self, gateway: str) -> None:
        """A leg came through: what was wrong is over."""
        self._session.execute(_WELL, {"of_gateway": gateway})

    # --- in detail -------------------------------------------------------------

    def _taken(self, verdict: Verdict, asked: Asked, exits: Exits) -> Exit:
        way, bought = verdict.way, verdict.bought
        if bought is not None:
            self._keep(asked.uuid, way, bought)
        shown = E164(way.caller_id) if way.caller_id else exits.own.caller_id
        return Exit(way.gateway, way.caller_id_form, way.country, shown)

    def _keep(self, uuid: str, way: Way, bought: Price) -> None:
        plan = self._tariffs.terms(way.buying_plan_id or 0)
        terms = {name: getattr(bought.rate, name) for name in Rate.__slots__}
        found = {"prefix": bought.prefix, "destination": bought.destination}
        told = {"leg_uuid": uuid, "currency": plan.currency}
        self._session.execute(_BUY, {**terms, **found, **told})

    def _bought(self, way: Way, number: E164, now: datetime) -> Price | None:
        """What the carrier asks; None where it is not known."""
        if way.buying_plan_id is None:
            return None
        plan = self._tariffs.terms(way.buying_plan_id)
        try:
            return self._tariffs.price(plan, number, now)
        except (Forbidden, NoRate):
            return None

    def _bar(self, way: Way, bought: Price | None, asked: Asked) -> Why | None:
        if way.buying_plan_id is None or way.may_lose or asked.sold is None:
            return None
        if bought is None:
            return Why.NOT_BOUGHT
        if self._tariffs.terms(way.buying_plan_id).currency != asked.currency:
            return None  # apples and pears
        return Why.DEARER if is_loss(bought.rate, asked.sold) else None


def _way(row: tuple[Any, ...]) -> Way:
    """Any: the columns of both tables."""
    return Way(**dict(zip(Way.__slots__, row, strict=True)))
