"""Calls while everything goes wrong at the switch that can.

Whatever it was, when it is over: nobody was rung twice, every leg that talked is paid
for once and by what the switch counted, nobody is left ringing, and no money is held.
"""

from collections import Counter
from functools import partial
from itertools import count

import gevent
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.calls.rules import CallRules
from esl_service import app as composition
from esl_service import rounds
from sandbox.faults import LATE_KINDS, Faults
from sandbox.handset import State
from sandbox.web.faults import ACCIDENTS
from tests.app.exchange import Exchange
from tests.people import ANNA, OFFICE
from tests.switch.scripted import wait_until

PATIENCE = 30.0
A_STAYS = 1.2
B_STAYS = 0.4

FAULTS = {
    "in order": Faults(),
    "a party ends after its bridge": Faults(late={"CHANNEL_HANGUP_COMPLETE of B": 0.2}),
    "a bridge ends after its party": Faults(late={"CHANNEL_UNBRIDGE": 0.2}),
    "a user ends late": Faults(late={"CHANNEL_HANGUP_COMPLETE of A": 0.5}),
    "jobs end late": Faults(late={"BACKGROUND_JOB": 0.3}),
    "answers are told late": Faults(late={"CHANNEL_ANSWER": 0.3}),
    "every end is told late": Faults(
        late={"CHANNEL_HANGUP_COMPLETE": 0.4, "CHANNEL_EXECUTE_COMPLETE": 0.3}
    ),
    "the bridge's end is never told": Faults(unfinished=("bridge",)),
    "no prompt's end is told": Faults(unfinished=("playback", "play_and_get_digits")),
    "frames come in pieces": Faults(split=53),
    "answers are slow": Faults(slow=0.1),
    "names are no text": Faults(broken_text=True),
    "names are forged": Faults(forged_names=True),
    "events come without a name": Faults(nameless=True),
    "the list of legs is old": Faults(stale=True),
}

MOMENTS = {
    "anna rings": (ANNA, State.RINGING),
    "the office rings": (OFFICE, State.RINGING),
    "they talk": (OFFICE, State.TALKING),
}


class Scene:
    """Anna asks for the office again and again; what becomes of it is looked at."""

    def __init__(self, exchange, town) -> None:
        self.exchange = exchange
        self.town = town
        self.anna = town.welcome(confirms_leg_a=False, funds="100.00")
        self._senders = count()
        self.rung: Counter[str] = Counter()
        self.talked: dict[str, int] = {}
        exchange.sandbox.mishaps._tell = self._see(exchange.sandbox.mishaps._tell)

    def call(self, *, stays: float | None = A_STAYS, **habits) -> None:
        self.exchange.person(ANNA, talks=stays, **habits)
        self.exchange.person(OFFICE, talks=B_STAYS, **habits)
        # Of a sender each: one may ask three times a minute only.
        self.exchange.ask(self.anna, sender=f"{ANNA}{next(self._senders)}")

    def anna_leaves_soon(self) -> None:
        """She stays no longer, however often she is rung."""
        anna = self.exchange.person(ANNA, talks=A_STAYS, after=0.3)
        gevent.sleep(A_STAYS)
        if anna.state is State.TALKING:
            anna.hang_up()

    def is_over(self) -> None:
        """Wait until nobody is on the line and everything is paid for."""
        wait_until(self._is_quiet, seconds=PATIENCE)
        legs = [leg for each in self._sessions() for leg in each.legs]
        assert set(self.rung) <= {leg.uuid for leg in legs}
        assert max(self.rung.values(), default=1) == 1
        paid = {leg.uuid: leg for leg in legs if leg.answered_us}
        for uuid, microseconds in self.talked.items():
            assert paid[uuid].answered_us == microseconds
            assert paid[uuid].price > 0
        with self.town.transaction(write=False) as services:
            assert not any(services.audit.faults().values())

    def _is_quiet(self) -> bool:
        handsets = self.exchange.network.handsets()
        return (
            all(each.state is State.IDLE for each in handsets)
            and not self.exchange.sandbox.legs
            and all(each.ended_at for each in self._sessions())
            and self.town.holds() == 0
        )

    def _sessions(self) -> list:
        with self.town.transaction(write=False) as services:
            sessions = services.history.sessions(limit=100)
            for each in sessions:
                list(each.legs)
            return sessions

    def _see(self, tell):
        """The truth, whatever is told to our service."""

        def seen(event) -> None:
            leg = event.get("Unique-ID")
            if event["Event-Name"] == "CHANNEL_CREATE":
                self.rung[leg] += 1
            if event["Event-Name"] == "CHANNEL_HANGUP_COMPLETE":
                microseconds = int(event.get("variable_billusec", "0"))
                if microseconds:
                    self.talked[leg] = microseconds
            tell(event)

        return seen


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_a_call_is_paid_whatever_the_switch_does(scene, faults):
    scene.exchange.door.faults = faults

    scene.call()
    wait_until(lambda: scene.rung)
    gevent.sleep(A_STAYS)
    scene.exchange.door.faults = Faults()

    scene.is_over()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("accident", ACCIDENTS)
def test_an_accident_leaves_nobody_ringing_and_nothing_unpaid(scene, accident, moment):
    number, state = MOMENTS[moment]
    telephone = scene.exchange.network.handset(number)
    scene.call(after=0.3, stays=None)
    wait_until(lambda: telephone.state is state)

    ACCIDENTS[accident](scene.exchange.door, 0.3)

    scene.anna_leaves_soon()
    scene.is_over()
    wait_until(lambda: scene.exchange.app._switch.ready)
    scene.call()
    wait_until(lambda: len(scene._sessions()) == 2)
    scene.is_over()


@given(
    late=st.dictionaries(st.sampled_from(LATE_KINDS), st.floats(0, 0.3)),
    slow=st.sampled_from([0, 0, 0.05]),
    split=st.sampled_from([0, 0, 97]),
    nameless=st.booleans(),
    broken_text=st.booleans(),
    accident=st.sampled_from([None, None, *ACCIDENTS]),
    when=st.floats(0, A_STAYS),
)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_several_at_once_are_survived(scene, accident, when, **faults):
    scene.exchange.door.faults = Faults(**faults)
    asked = len(scene._sessions()) + 1

    scene.call()
    gevent.sleep(when)
    if accident:
        ACCIDENTS[accident](scene.exchange.door, 0.1)
    wait_until(lambda: len(scene._sessions()) == asked)
    gevent.sleep(A_STAYS - when)
    scene.exchange.door.faults = Faults()

    scene.is_over()


@pytest.fixture
def scene(town, section, monkeypatch, tmp_path):
    monkeypatch.setattr(rounds, "LOOK_FOR_LOST", 0.1)
    monkeypatch.setattr(rounds, "LOOK_FOR_USERS", 0.1)
    # Who rang when the switch died is rung again, and sooner than after a minute.
    monkeypatch.setattr(composition, "CallRules", partial(CallRules, retries=(1, 1)))
    records = tmp_path / "records"
    exchange = Exchange(town, {**section, "records.folder": str(records)})
    exchange.sandbox.records = exchange.sandbox.records.__class__(records)
    scene = Scene(exchange, town)
    exchange.open()
    yield scene
    exchange.close()
