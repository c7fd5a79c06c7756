"""Whatever may decide about the numbers of a call, found by one statement.

Every call asks it, so its text never changes (both databases keep its plan) and it
brings plain rows. Where a list has a million prefixes, it looks at those of the two
numbers alone: each prefix in each list is one step into the index, whatever a database
believes about the lists. PostgreSQL would else read through a whole list that it takes
for a short one; LATERAL with its OFFSET 0 leaves it no choice.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ARRAY,
    CompoundSelect,
    Subquery,
    Text,
    bindparam,
    func,
    literal,
    literal_column,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.base import Base
from domain.numbers import E164, LONGEST, prefixes
from domain.prepared import Prepared
from domain.tariffs.choosing import Candidate
from domain.tariffs.models import PrefixRule, PriceList, RateLine
from domain.tariffs.rating import Rate
from domain.tariffs.terms import AnyPlan

_Rows: TypeAlias = CompoundSelect[*tuple[Any, ...]]
"""Any: a rule or a rate, told by the columns of both."""

_PREFIXES: Final = [f"prefix_{number}" for number in range(2 * LONGEST + 1)]
"""Those of two numbers, and the empty one that a plan may have a rule for."""
_RATES: Final = Base.metadata.tables[RateLine.__tablename__]
_MATCHES: Final = [bindparam(name, type_=_RATES.c.prefix.type) for name in _PREFIXES]
_MATCH: Final = (
    func.unnest(bindparam("prefixes", type_=ARRAY(Text)))
    .table_valued("prefix", name="matches")
    .render_derived()
)
_TOLD: Final = [
    *(_RATES.c[name] for name in ("destination", "valid_from", "valid_to", "band")),
    *(_RATES.c[name] for name in Rate.__slots__),
]


def _in_force(owner: InstrumentedAttribute[int | None], whose: str) -> Subquery:
    return (
        select(PriceList.id, PriceList.plan_id)
        .where(owner == bindparam(whose))
        .where(PriceList.valid_from <= bindparam("at", type_=PriceList.valid_from.type))
        .order_by(PriceList.valid_from.desc(), PriceList.id.desc())
        .limit(1)
        .subquery()
    )


_LISTS: Final = union_all(
    *(
        select(_in_force(owner, whose))
        for owner, whose in (
            (PriceList.account_id, "account_id"),
            (PriceList.plan_id, "plan_id"),
            (PriceList.plan_id, "other_plan_id"),
        )
    )
).subquery("lists")
_RULES: Final = select(
    PrefixRule.plan_id,
    PrefixRule.prefix,
    PrefixRule.allows,
    *(literal(None, column.type) for column in _TOLD),
).where(PrefixRule.plan_id.in_([bindparam("plan_id"), bindparam("other_plan_id")]))


def _on_sqlite() -> _Rows:
    rates = (
        select(_LISTS.c.plan_id, _RATES.c.prefix, null(), *_TOLD)
        .join_from(_LISTS, _RATES, _RATES.c.list_id == _LISTS.c.id)
        .where(_RATES.c.prefix.in_(_MATCHES))
    )
    return union_all(_RULES.where(PrefixRule.prefix.in_(_MATCHES)), rates)


def _on_postgresql() -> _Rows:
    rows = (
        select(_RATES.c.prefix, *_TOLD)
        .where(_RATES.c.list_id == _LISTS.c.id, _RATES.c.prefix == _MATCH.c.prefix)
        .offset(literal_column("0"))
        .lateral("found")
    )
    told = [rows.c[column.name] for column in _TOLD]
    rates = select(_LISTS.c.plan_id, rows.c.prefix, null(), *told).select_from(
        _LISTS.join(_MATCH, true()).join(rows, true())
    )
    ruled = _RULES.join(_MATCH, PrefixRule.prefix == _MATCH.c.prefix)
    return union_all(ruled, rates)


_ALL: Final = {"sqlite": _on_sqlite(), "postgresql": _on_postgresql()}
_FIND: Final = {dialect: Prepared(rows) for dialect, rows in _ALL.items()}


class Findings:
    """What was found for the numbers of one call: rules and rates that match."""

    def __init__(
        self,
        session: Session,
        asked: Sequence[tuple[AnyPlan, E164]],
        at: datetime,
        account_id: int | None,
    ) -> None:
        """Look for one number or two, by one plan or two."""
        self.rules: dict[int, dict[str, bool]] = defaultdict(dict)
        self._lists: dict[int | None, list[Candidate]] = defaultdict(list)
        dialect = session.get_bind().dialect.name
        first, last = asked[0][0].id, asked[-1][0].id
        of = {
            "at": at,
            "account_id": account_id,
            "plan_id": first,
            "other_plan_id": last if last != first else None,
            **_bound([number for _, number in asked], dialect),
        }
        rows = _FIND[dialect].rows(session, **of)
        for plan_id, prefix, allows, destination, begins, ends, band, *terms in rows:
            if allows is not None:
                self.rules[plan_id][prefix] = allows
                continue
            rate = Rate(*terms)
            self._lists[plan_id].append(
                Candidate(prefix, destination, rate, begins, ends, band)
            )

    def lists_of(
        self, plan: AnyPlan
    ) -> tuple[Sequence[Candidate], Sequence[Candidate]]:
        """The account's own rates, then those of a plan."""
        return self._lists[None], self._lists[plan.id]


def _bound(numbers: Sequence[E164], dialect: str) -> Mapping[str, object]:
    """The prefixes of the numbers and the empty one, as each database takes them."""
    wanted = list(
        dict.fromkeys(each for number in numbers for each in prefixes(number))
    )
    if dialect == "postgresql":
        return {"prefixes": [*wanted, ""]}
    return dict.fromkeys(_PREFIXES, "") | dict(zip(_PREFIXES, wanted, strict=False))
