"""Plans, and which of their rates holds for a number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from domain.errors import Forbidden, NoRate
from domain.numbers import E164, prefixes
from domain.tariffs.choosing import Candidate, choose, may_ring
from domain.tariffs.comparing import Difference, difference
from domain.tariffs.findings import Findings
from domain.tariffs.lists import Origin, Owner, PriceLists
from domain.tariffs.models import LegACharge, Plan, PrefixRule, PriceList, RateLine
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from domain.tariffs.terms import TERMS, AnyPlan, Terms


@dataclass(frozen=True, slots=True)
class Price:
    """The rate that holds for one number, and where it was found."""

    prefix: str
    destination: str
    rate: Rate


class Tariffs:
    """Plans and prices. A rate is never changed: a new list takes its list's place."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._terms: dict[int, Terms] = {}
        self.lists = PriceLists(session)

    # --- plans -----------------------------------------------------------------

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
        """The plan of that id, which must exist."""
        return self._session.get_one(Plan, plan_id)

    def terms(self, plan_id: int) -> Terms:
        """What it says of calls; asked for once in a transaction."""
        if plan_id not in self._terms:
            (found,) = TERMS.rows(self._session, of_id=plan_id)
            self._terms[plan_id] = Terms(*found)
        return self._terms[plan_id]

    def by_name(self, name: str) -> Plan | None:
        """The plan of that name."""
        return self._session.scalar(select(Plan).where(Plan.name == name))

    def all(self) -> Sequence[Plan]:
        """Every plan, by name."""
        return self._session.scalars(select(Plan).order_by(Plan.name)).all()

    def rules(self, plan: Plan) -> dict[str, bool]:
        """The prefixes that the plan allows (True) or forbids."""
        wanted = select(PrefixRule.prefix, PrefixRule.allows).where(
            PrefixRule.plan_id == plan.id
        )
        return dict(self._session.execute(wanted.order_by(PrefixRule.prefix)).all())

    def set_rule(self, plan: Plan, prefix: str, *, allows: bool | None) -> None:
        """Allow a prefix, forbid it, or (None) have no rule for it any more."""
        self._session.execute(
            delete(PrefixRule).where(
                PrefixRule.plan_id == plan.id, PrefixRule.prefix == prefix
            )
        )
        if allows is not None:
            rule = PrefixRule(plan_id=plan.id, prefix=prefix, allows=allows)
            self._session.add(rule)
            self._session.flush()  # the next rule may be for the same prefix

    # --- prices ----------------------------------------------------------------

    def price(
        self, plan: AnyPlan, number: E164, at: datetime, account_id: int | None = None
    ) -> Price:
        """What `number` costs at that moment, as `prices` tells it."""
        return self.prices([(plan, number)], at, account_id)[0]

    def prices(
        self,
        asked: Sequence[tuple[AnyPlan, E164]],
        at: datetime,
        account_id: int | None = None,
    ) -> list[Price]:
        """What each number costs by its plan, one plan or two, at that moment.

        The account's own prices are looked at first; else the longest prefix wins.
        Raises Forbidden for the first that its plan does not let be rung, or only
        above its ceiling; NoRate for one without a price.
        """
        found = Findings(self._session, asked, at, account_id)
        return [
            _judged(plan, number, at, found.rules[plan.id], found.lists_of(plan))
            for plan, number in asked
        ]

    def may_sell(self, plan: AnyPlan, number: E164, at: datetime) -> bool:
        """Whether anybody may have a price for `number` by that plan.

        Where the plan has none, some account may have one of its own.
        """
        try:
            self.price(plan, number, at)
        except Forbidden:
            return False
        except NoRate:
            return self._has_own_price(number)
        return True

    # --- price lists -----------------------------------------------------------

    def compare(self, owner: Owner, lines: Iterable[Line], at: datetime) -> Difference:
        """What `lines`, in the order of prefixes, would change at that moment."""
        return difference(self.lists.lines(self.lists.in_force(owner, at)), lines)

    def replace(self, plan: Plan, lines: Sequence[Line], now: datetime) -> None:
        """Put a list of these lines in force now: all of them, or none."""
        draft = self.lists.begin(Owner(plan.id), Origin(now))
        self.lists.append(draft, lines)
        self.lists.complete(draft, now)

    def _has_own_price(self, number: E164) -> bool:
        """Whether some account's own list, even one that is over, prices `number`."""
        own = exists().where(
            PriceList.account_id.is_not(None),
            RateLine.list_id == PriceList.id,
            RateLine.prefix.in_(prefixes(number)),
        )
        return bool(self._session.scalar(select(own)))


def _judged(
    plan: AnyPlan,
    number: E164,
    at: datetime,
    rules: Mapping[str, bool],
    lists: Iterable[Sequence[Candidate]],
) -> Price:
    """The price by the first list that has one, if the plan lets it be used."""
    if not may_ring(number, rules, allows_costly=plan.allows_costly):
        raise Forbidden(number=number)
    digits, zone = number.removeprefix("+"), ZoneInfo(plan.time_zone)
    for candidates in lists:
        fitting = (each for each in candidates if digits.startswith(each.prefix))
        found = choose(fitting, at, zone)
        if found is None:
            continue
        ceiling = plan.dearest_minute
        if ceiling is not None and found.rate.per_minute > ceiling:
            raise Forbidden(number=number)
        return Price(found.prefix, found.destination, found.rate)
    raise NoRate(number=number)
