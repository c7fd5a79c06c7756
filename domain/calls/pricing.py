"""Which price each leg of a call has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts.access import access_of
from domain.accounts.client import Payer
from domain.accounts.models import AccessNumber
from domain.calls.models import Side
from domain.calls.priced import PricedLeg
from domain.errors import OtherCurrency
from domain.numbers import E164
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import NOTHING, Rate
from domain.tariffs.service import Price, Tariffs
from domain.tariffs.terms import AnyPlan, Terms


@dataclass(frozen=True, slots=True)
class LegPrice:
    """A price, and when it is paid."""

    price: Price
    charge: LegACharge

    @property
    def held(self) -> Rate:
        """The terms money is held for: nothing where the leg is never charged."""
        return NOTHING if self.charge is LegACharge.NEVER else self.price.rate

    def leg(self, side: Side, number: E164, *, uuid: str, session_id: int) -> PricedLeg:
        """A leg on these terms that is still to be rung."""
        return PricedLeg(
            uuid=uuid,
            session_id=session_id,
            side=side,
            number=number,
            charge=self.charge,
            answered_at=None,
            ended_at=None,
            answered_us=0,
            terms=self.price.rate,
        )


class Prices:
    """Finds the price of a leg. Raises Forbidden, NoRate, OtherCurrency."""

    def __init__(self, session: Session, tariffs: Tariffs) -> None:
        self._session = session
        self._tariffs = tariffs

    def plan_of(self, account: Payer) -> Terms:
        """What the account's plan says of calls."""
        return self._tariffs.terms(account.plan_id)

    def of_both(
        self,
        account: Payer,
        leg_a: E164,
        leg_b: E164 | None,
        access_number_id: int | None,
        at: datetime,
    ) -> tuple[LegPrice, LegPrice | None]:
        """Leg A's price, and leg B's if it is known whom to ring.

        Leg A goes by the access number's own plan, if it has one; paid as the
        account's says. That plan also decides which numbers it lets be rung.
        """
        own = self.plan_of(account)
        asked = [(self._plan_of_leg_a(own, access_number_id), leg_a)]
        if leg_b is not None:
            asked.append((own, leg_b))
        for plan, number in asked:
            if plan.currency != account.currency:
                raise OtherCurrency(number=number)
        first, *second = self._tariffs.prices(asked, at, account.id)
        b = LegPrice(second[0], LegACharge.ALWAYS) if second else None
        return LegPrice(first, own.leg_a_charge), b

    def of_leg_b(self, account: Payer, number: E164, at: datetime) -> LegPrice:
        """By the account's plan; a called party is always paid for."""
        plan = self.plan_of(account)
        if plan.currency != account.currency:
            raise OtherCurrency(number=number)
        price = self._tariffs.price(plan, number, at, account.id)
        return LegPrice(price, LegACharge.ALWAYS)

    def may_have_leg_a(self, access: AccessNumber, number: E164, at: datetime) -> bool:
        """Whether leg A of `number`, ringing `access`, has a price for anybody."""
        if access.leg_a_plan_id is not None:
            plans: Sequence[AnyPlan] = [self._tariffs.terms(access.leg_a_plan_id)]
        else:
            plans = self._tariffs.all()
        return any(self._tariffs.may_sell(plan, number, at) for plan in plans)

    def _plan_of_leg_a(self, own: Terms, access_number_id: int | None) -> Terms:
        access = access_of(self._session, access_number_id)
        if access is None or access.leg_a_plan_id is None:
            return own
        return self._tariffs.terms(access.leg_a_plan_id)
