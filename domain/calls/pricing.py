"""Which price each leg of a call has."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts.models import AccessNumber, Account
from domain.calls.models import Side
from domain.calls.priced import PricedLeg
from domain.numbers import E164
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import NOTHING, Rate
from domain.tariffs.service import Price, Tariffs


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
    """Finds the price of a leg. Raises Forbidden, NoRate."""

    def __init__(self, session: Session, tariffs: Tariffs) -> None:
        self._session = session
        self._tariffs = tariffs

    def of_leg_a(
        self, account: Account, number: E164, access_number_id: int | None, at: datetime
    ) -> LegPrice:
        """By the access number's own plan, if it has one; paid as the account's says.

        An access number's plan also decides which numbers it lets be rung.
        """
        own = self._tariffs.plan(account.plan_id)
        plan = own
        if access_number_id is not None:
            access = self._session.get_one(AccessNumber, access_number_id)
            if access.leg_a_plan_id is not None:
                plan = self._tariffs.plan(access.leg_a_plan_id)
        return LegPrice(self._tariffs.price(plan, number, at), own.leg_a_charge)

    def of_leg_b(self, account: Account, number: E164, at: datetime) -> LegPrice:
        """By the account's plan; a called party is always paid for."""
        plan = self._tariffs.plan(account.plan_id)
        return LegPrice(self._tariffs.price(plan, number, at), LegACharge.ALWAYS)
