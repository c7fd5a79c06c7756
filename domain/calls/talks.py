"""What a user on the line is told of their stay, and what they choose for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, aliased

from domain.calls.models import CallSession, Leg, Side
from domain.calls.pricing import Prices
from domain.calls.quotes import Quotes
from domain.calls.rules import CallRules, longest_call
from domain.errors import Refusal
from domain.numbers import E164

_EARLY: Final = timedelta(seconds=3)
"""The switch's stops may come so much early, never late (decision 7)."""

_USER: Final = aliased(Leg)
_TALK: Final = (
    select(_USER.uuid, CallSession.language, Leg.answered_at)
    .join(CallSession, CallSession.id == Leg.session_id)
    .join(_USER, _USER.session_id == Leg.session_id)
    .where(
        Leg.uuid == bindparam("uuid"),
        Leg.side == Side.B,
        Leg.ended_at.is_(None),
        _USER.side == Side.A,
        _USER.ended_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Talk:
    """Two on the line: the user's leg, the language they are spoken to, since when."""

    leg_a: str
    language: str
    answered_at: datetime


class Talks:
    """Looks at sessions that go on; moves no money."""

    def __init__(
        self, session: Session, prices: Prices, quotes: Quotes, rules: CallRules
    ) -> None:
        self._session = session
        self._prices = prices
        self._quotes = quotes
        self._rules = rules

    def of(self, uuid: str) -> Talk | None:
        """The talk of which that leg is the called party; None if there is none."""
        found = self._session.execute(_TALK, {"uuid": uuid}).first()
        if found is None:
            return None
        leg_a, language, answered_at = found
        return Talk(leg_a, language, answered_at) if answered_at else None

    def speak(self, session_id: int, language: str) -> None:
        """From now on the session's user is spoken to in this language."""
        chosen = update(CallSession).where(CallSession.id == session_id)
        self._session.execute(chosen.values(language=language))

    def lasts(self, session_id: int, number: E164, now: datetime) -> int | None:
        """How long the user could talk to a number next; None if they may not."""
        session = self._session.get_one(CallSession, session_id)
        user = _user(session)
        try:
            quote = self._quotes.quote(
                session.account,
                E164(user.number),
                number,
                now,
                session.access_number_id,
                session_id=session_id,
                up=_up(user, now) // timedelta(seconds=1),
            )
        except Refusal:
            return None
        return quote.longest

    def was_longest(self, session_id: int, talked: timedelta, now: datetime) -> bool:
        """Whether a talk that was stopped was as long as one may be, money aside."""
        session = self._session.get_one(CallSession, session_id)
        plan = self._prices.plan_of(session.account)
        longest = longest_call(session.account, plan, self._rules)
        stay = self._rules.longest_session - self._rules.tail
        return talked + _EARLY >= timedelta(seconds=longest) or _up(
            _user(session), now
        ) + _EARLY >= timedelta(seconds=stay)


def _user(session: CallSession) -> Leg:
    return [leg for leg in session.legs if leg.side is Side.A][-1]


def _up(user: Leg, now: datetime) -> timedelta:
    return now - (user.answered_at or now)
