"""Whatever may decide about the numbers of a call, found by one statement.

Every call asks it, so its text never changes (both databases keep its plan) and it
brings plain rows. Where a list has a million prefixes, it looks at those of the two
numbers alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ScalarSelect, bindparam, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.base import Base
from domain.numbers import E164, LONGEST, prefixes
from domain.tariffs.choosing import Candidate
from domain.tariffs.models import Plan, PrefixRule, PriceList, RateLine
from domain.tariffs.rating import Rate

_PREFIXES: Final = [f"prefix_{number}" for number in range(2 * LONGEST + 1)]
"""Those of two numbers, and the empty one that a plan may have a rule for."""
_RATES: Final = Base.metadata.tables[RateLine.__tablename__]


def _in_force(
    owner: InstrumentedAttribute[int | None], whose: str
) -> ScalarSelect[int]:
    return (
        select(PriceList.id)
        .where(owner == bindparam(whose))
        .where(PriceList.valid_from <= bindparam("at", type_=PriceList.valid_from.type))
        .order_by(PriceList.valid_from.desc(), PriceList.id.desc())
        .limit(1)
        .scalar_subquery()
    )


_MATCHES: Final = [bindparam(name, type_=_RATES.c.prefix.type) for name in _PREFIXES]
_WHEN_AND_TERMS: Final = [
    *(_RATES.c[name] for name in ("destination", "valid_from", "valid_to", "band")),
    *(_RATES.c[name] for name in Rate.__slots__),
]
_LISTS: Final = [
    _in_force(PriceList.account_id, "account_id"),
    _in_force(PriceList.plan_id, "plan_id"),
    _in_force(PriceList.plan_id, "other_plan_id"),
]
_CANDIDATES: Final = (
    select(PriceList.plan_id, _RATES.c.prefix, null().label("allows"), *_WHEN_AND_TERMS)
    .join(PriceList, PriceList.id == _RATES.c.list_id)
    .where(_RATES.c.list_id.in_(_LISTS), _RATES.c.prefix.in_(_MATCHES))
)
_RULES: Final = select(
    PrefixRule.plan_id,
    PrefixRule.prefix,
    PrefixRule.allows,
    *(literal(None, column.type) for column in _WHEN_AND_TERMS),
).where(
    PrefixRule.plan_id.in_([bindparam("plan_id"), bindparam("other_plan_id")]),
    PrefixRule.prefix.in_(_MATCHES),
)
_ALL: Final = union_all(_RULES, _CANDIDATES)


class Findings:
    """What was found for the numbers of one call: rules and rates that match."""

    def __init__(
        self,
        session: Session,
        asked: Sequence[tuple[Plan, E164]],
        at: datetime,
        account_id: int | None,
    ) -> None:
        """Look for one number or two, by one plan or two."""
        self.rules: dict[int, dict[str, bool]] = defaultdict(dict)
        self._lists: dict[int | None, list[Candidate]] = defaultdict(list)
        wanted = [prefix for _, number in asked for prefix in prefixes(number)]
        of = dict.fromkeys(_PREFIXES, "") | dict(zip(_PREFIXES, wanted, strict=False))
        whose = {"account_id": account_id, "plan_id": asked[0][0].id}
        rest = {"other_plan_id": asked[-1][0].id, "at": at}
        for (
            plan_id,
            prefix,
            allows,
            destination,
            begins,
            ends,
            band,
            *terms,
        ) in session.execute(_ALL, {**of, **whose, **rest}):
            if allows is not None:
                self.rules[plan_id][prefix] = allows
                continue
            rate = Rate(*terms)
            self._lists[plan_id].append(
                Candidate(prefix, destination, rate, begins, ends, band)
            )

    def lists_of(self, plan: Plan) -> tuple[Sequence[Candidate], Sequence[Candidate]]:
        """The account's own rates, then those of a plan."""
        return self._lists[None], self._lists[plan.id]
