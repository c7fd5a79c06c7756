"""The laws of calls: what is held and what is charged for them."""

from typing import Any, Final

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from domain import money
from domain.calls.models import LIVE, CallRequest, CallSession, Leg, Side
from domain.ledger.audit import Law
from domain.ledger.models import Entry, Hold, Kind
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import whole_seconds

_LIVES: Final = exists().where(
    CallSession.id == Hold.session_id,
    CallSession.ended_at.is_(None),
    CallRequest.session_id == CallSession.id,
    CallRequest.state.in_(LIVE),
)
_HOLDS: Final = select(Hold.session_id, Hold.amount).where(~_LIVES)

_CALL: Final = and_(Entry.kind == Kind.CALL, Entry.reference == Leg.uuid)
_WAITS_FOR_B: Final = and_(
    Leg.charge == LegACharge.IF_ANSWERED, CallSession.ended_at.is_(None)
)
_UNPAID: Final = (
    select(Leg.uuid, Leg.price, Entry.amount)
    .join(CallSession)
    .outerjoin(Entry, _CALL)
    .where(
        Leg.ended_at.is_not(None),
        or_(
            and_(Entry.id.is_(None), ~_WAITS_FOR_B),
            Entry.amount != -Leg.price,
            Entry.account_id != CallSession.account_id,
        ),
    )
)
_NOT_OVER: Final = (
    select(Entry.id, Entry.reference)
    .outerjoin(Leg, _CALL)
    .where(Entry.kind == Kind.CALL, Leg.ended_at.is_(None))
)

_b: Final = aliased(Leg)
_B_ANSWERED: Final = exists().where(
    _b.session_id == Leg.session_id,
    _b.side == Side.B,
    _b.answered_at.is_not(None),
)
_PRICED: Final = (
    select(
        Leg,
        _B_ANSWERED.label("b_answered"),
        and_(Entry.id.is_(None), _WAITS_FOR_B).label("waits"),
    )
    .join(CallSession)
    .outerjoin(Entry, _CALL)
    .where(Leg.ended_at.is_not(None))
)


def _mispriced(row: Any) -> str | None:
    leg: Leg = row.Leg
    seconds = whole_seconds(leg.answered_us)
    is_charged = leg.charge is LegACharge.ALWAYS or (
        leg.charge is LegACharge.IF_ANSWERED and row.b_answered and not row.waits
    )
    due = leg.terms.cost(seconds) if is_charged else 0
    if leg.price == due:
        return None
    costs = f"leg {leg.uuid} costs {money.plain(leg.price)}, but "
    if not is_charged:
        return costs + f"is charged {leg.charge.replace('_', ' ')}"
    return costs + f"its rate makes {money.plain(due)} of {seconds} s"


LAWS: Final = (
    Law(
        "every hold belongs to a live session",
        _HOLDS,
        lambda row: (
            f"{money.plain(row.amount)} is held for session {row.session_id}, "
            "which has ended"
        ),
    ),
    Law(
        "every ended leg has exactly one entry, of its price",
        _UNPAID,
        lambda row: (
            f"leg {row.uuid} costs {money.plain(row.price)}, but its entry "
            + ("is missing" if row.amount is None else f"is {money.plain(row.amount)}")
        ),
    ),
    Law(
        "every charge belongs to a leg that has ended",
        _NOT_OVER,
        lambda row: f"entry {row.id} charges {row.reference}, which is no ended leg",
    ),
    Law("every price follows from the rate kept with its leg", _PRICED, _mispriced),
)
