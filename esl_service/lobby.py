"""Users who live on the switch and whom nobody serves: found, and welcomed back."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from domain.calls.models import Side
from domain.calls.open_legs import OpenLeg
from domain.database import Transaction
from domain.numbers import E164
from esl_service.channel import Dial
from esl_service.desk import visit_of
from esl_service.visit import Line, Site, Visit


@dataclass(frozen=True, slots=True)
class Stay:
    """A user whose leg A has not ended, as the database knows it."""

    session_id: int
    uuid: str
    number: E164
    dial: Dial
    """How leg A was rung."""
    came_in: bool
    """Whether they rang us, and are to be answered."""
    was_up: bool
    """Whether they were known to have answered."""
    line: Line | None
    """Another party, who may ring or talk or be gone."""


class Lobby:
    """Where users wait whose service has died, or lost the switch."""

    def __init__(
        self, transaction: Transaction, site: Site, clock: Callable[[], datetime]
    ) -> None:
        self._transaction = transaction
        self._site = site
        self._clock = clock

    def unserved(self, served: Collection[int]) -> list[Stay]:
        """Every user of our switch who has not left and is not `served` here."""
        switch = self._site.switch
        with self._transaction(write=False) as services:
            left = services.sessions.sessions_with_open_legs(switch) - set(served)
            legs = [
                leg
                for leg in (services.sessions.all_open_legs(switch) if left else ())
                if leg.session_id in left
            ]
            legs.sort(key=lambda leg: leg.session_id)  # each in its order
            sessions = groupby(legs, key=lambda leg: leg.session_id)
            stays = [self._stay(list(each)) for _, each in sessions]
        return [stay for stay in stays if stay is not None]

    def welcome_back(self, stay: Stay, answered_at: datetime | None) -> Visit:
        """Somebody is on the line again with us: how far had they come?

        `answered_at` tells when leg A was answered, if that was unheard.
        """
        at = answered_at or self._clock()
        with self._transaction() as services:
            guest = services.sessions.a_answered(stay.session_id, stay.uuid, at)
            visit = visit_of(services, guest, stay)
            rang_us = not stay.dial.gateway  # and no mailbox does that
            confirmed = rang_us or services.stays.is_confirmed(stay.session_id)
            return replace(
                visit,
                balance=None if stay.was_up else visit.balance,
                must_confirm=visit.must_confirm and not (confirmed or stay.came_in),
                wanted=services.stays.still_wanted(stay.session_id),
            )

    def _stay(self, legs: Sequence[OpenLeg]) -> Stay | None:
        """The stay of one session's open legs; None if its user has left."""
        a = next((leg for leg in legs if leg.side is Side.A), None)
        if a is None:
            return None
        others = [leg for leg in legs if leg.side is Side.B]
        return Stay(
            session_id=a.session_id,
            uuid=a.uuid,
            number=E164(a.number),
            dial=self._dial(a, self._site.caller_id),
            came_in=not a.gateway,
            was_up=a.answered_at is not None,
            line=(
                # Nobody here can promise more than what is worth calling for.
                Line(self._dial(others[-1], a.number), self._site.rules.shortest)
                if others
                else None
            ),
        )

    def _dial(self, leg: OpenLeg, caller_id: str) -> Dial:
        return Dial(
            uuid=leg.uuid,
            number=leg.number,
            gateway=leg.gateway,
            caller_id=caller_id,
            ring_seconds=self._site.rules.ring,
            stop_seconds=self._site.rules.longest_session,
            tag=f"cb:{leg.session_id}:{leg.side.value.upper()}",
        )
