"""Whose a number is: a customer's, or ours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from domain.accounts.models import (
    AccessNumber,
    Account,
    ConfirmedLeg,
    RegisteredNumber,
    Service,
)
from domain.numbers import E164
from domain.prepared import Prepared

# Built once: these are asked for every SMS and every call.
_OWNER: Final = (
    select(Account)
    .join(RegisteredNumber)
    .where(RegisteredNumber.number == bindparam("number"))
)
_OURS: Final = select(AccessNumber).where(AccessNumber.number == bindparam("number"))
_IS_THEIRS: Final = Prepared(
    select(
        exists().where(
            RegisteredNumber.number == bindparam("number"),
            RegisteredNumber.account_id == bindparam("account_id"),
        )
    )
)
_IS_OURS: Final = Prepared(
    select(exists().where(AccessNumber.number == bindparam("number")))
)


class Numbers:
    """Registered numbers, confirmed numbers, access numbers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def owner(self, number: E164) -> Account | None:
        """Whose registered number this is."""
        return self._session.scalar(_OWNER, {"number": number})

    def numbers_of(self, account: Account) -> list[E164]:
        """The account's registered numbers, the oldest first."""
        wanted = (
            select(RegisteredNumber.number)
            .where(RegisteredNumber.account_id == account.id)
            .order_by(RegisteredNumber.id)
        )
        return [E164(number) for number in self._session.scalars(wanted)]

    def has_number(self, account_id: int, number: E164) -> bool:
        """Whether the account has registered that number."""
        told = {"account_id": account_id, "number": number}
        self._session.flush()  # one that was added a moment ago counts
        return bool(_IS_THEIRS.value(self._session, **told))

    def was_confirmed(self, account_id: int, number: str) -> bool:
        """Whether a person once pressed 1 at that number for this account."""
        return self._session.get(ConfirmedLeg, (account_id, number)) is not None

    def confirm(self, account_id: int, number: str, now: datetime) -> None:
        """Remember that a person answers there."""
        if not self.was_confirmed(account_id, number):
            self._session.add(
                ConfirmedLeg(account_id=account_id, number=number, confirmed_at=now)
            )

    # --- numbers of ours -------------------------------------------------------

    def access_number(self, number: str) -> AccessNumber | None:
        """Our access number of that E.164 form."""
        return self._session.scalar(_OURS, {"number": number})

    def is_access_number(self, number: str) -> bool:
        """Whether a number is ours: such a one is never rung, nor answered."""
        self._session.flush()  # one that was added a moment ago counts
        return bool(_IS_OURS.value(self._session, number=number))

    def open_access_number(
        self,
        number: E164,
        *,
        carrier: str,
        language: str | None = None,
        country: str | None = None,
        leg_a_plan_id: int | None = None,
        service: Service = Service.NONE,
    ) -> AccessNumber:
        """Take an access number into service."""
        access = AccessNumber(
            number=number,
            carrier=carrier,
            language=language,
            country=country,
            leg_a_plan_id=leg_a_plan_id,
            service=service,
        )
        self._session.add(access)
        self._session.flush()
        return access

    def access_numbers(self) -> Sequence[AccessNumber]:
        """All our access numbers."""
        return self._session.scalars(
            select(AccessNumber).order_by(AccessNumber.number)
        ).all()
