"""Anna on the line, in memory and on a sandbox, told apart by no script."""

from contextlib import suppress
from dataclasses import replace
from functools import partial

import gevent

from esl_service.channel import Dial, Goodbye, LinkLost
from sandbox.behaviour import Kind
from sandbox.handset import State
from tests.doubles import CalledParty, Clock, FakeChannel
from tests.switch.scripted import wait_until
from tests.switch.stage import ANNA, BORIS, OURS, Stage, dial

KINDS = {
    "USER_BUSY": Kind.BUSY,
    "NORMAL_TEMPORARY_FAILURE": Kind.UNAVAILABLE,
    "UNALLOCATED_NUMBER": Kind.INVALID,
    "ALLOTTED_TIMEOUT": Kind.NO_ANSWER,
}
HEARD = ("playback", "play_and_get_digits")


class InMemory:
    """The double, and what its people do."""

    def __init__(self, clip: str) -> None:
        self.clip = clip
        clock = Clock()
        self.channel = FakeChannel(
            clock, uuid="anna", answered_at=clock.now, unplayable={"missing"}
        )
        self._clock = clock

    def close(self) -> None:
        """Nothing to close."""

    @property
    def heard(self) -> list[str]:
        return self.channel.heard

    @property
    def orphans(self) -> list[Goodbye]:
        return self.channel.orphans

    @property
    def boris_was_rung(self) -> bool:
        return bool(self.channel.dialled)

    def anna_rings_us(self) -> None:
        self.channel = FakeChannel(self._clock, uuid="anna")

    @property
    def anna_is_answered(self) -> bool:
        return self.channel.answered_at is not None

    def anna_keys(self, keys: str) -> None:
        self.channel.keys.append(keys)

    def anna_cuts(self, prompt: str) -> None:
        self.channel.cuts.append(prompt)

    def anna_leaves_in_the_prompt(self) -> None:
        """She does when she has no keys left to press."""

    def anna_has_left(self) -> None:
        self.channel._go("NORMAL_CLEARING")

    def anna_leaves_while_talking(self) -> None:
        self.channel.leaves_while_talking = True

    def anna_leaves_while_ringing(self) -> None:
        self.channel.leaves_while_ringing = True

    def anna_drops_boris(self) -> None:
        self.channel.drops_after = 0.1

    def boris_talks(self, seconds: float) -> None:
        self.channel.parties.append(CalledParty(talks=seconds))

    def boris_is_not_reached(self, cause: str) -> None:
        self.channel.parties.append(CalledParty(cause=cause))

    def boris_was_joined_before(self, _dial: Dial) -> None:
        self.channel.parties[0].answered_at = self.channel.clock.now

    def boris_was_rung_before(self, _dial: Dial) -> None:
        """Nobody can tell that from his being rung now."""

    def boris_was_never_rung(self, _dial: Dial) -> None:
        self.channel.parties.append(CalledParty(never_rung=True))

    def boris_was_and_is_gone(self, _dial: Dial) -> None:
        self.channel.parties.append(CalledParty(unheard=True))

    def anna_hears_something_long(self) -> None:
        """She would, but nothing is ever cut short in memory."""


class OnTheSandbox:
    """The channel of a switch, and people with handsets."""

    def __init__(self, clip: str) -> None:
        self.clip = clip
        self._stage = Stage()
        self._stage.open()
        self.channel = self._stage.anna()
        self._anna = self._stage.network.handset(ANNA)
        self._boris = self._stage.network.handset(BORIS)

    def close(self) -> None:
        self._stage.close()

    @property
    def heard(self) -> list[str]:
        return self._anna.heard

    @property
    def orphans(self) -> list[Goodbye]:
        wait_until(lambda: self._stage.orphans)
        return self._stage.orphans

    @property
    def boris_was_rung(self) -> bool:
        return self._boris.state is not State.IDLE

    def anna_rings_us(self) -> None:
        """Hang up what there is, and let her ring a number of ours."""
        self.channel.hang_up()
        self.channel.goodbye(2)
        self._stage.network.ring(self._anna, OURS)
        wait_until(lambda: self._stage.arrivals)
        _, self.channel = self._stage.arrivals[-1]

    @property
    def anna_is_answered(self) -> bool:
        return self._anna.state is State.TALKING

    def anna_keys(self, keys: str) -> None:
        if keys:
            gevent.spawn(self._press_once_asked, keys)

    def anna_cuts(self, _prompt: str) -> None:
        self.anna_keys("*")

    def anna_leaves_in_the_prompt(self) -> None:
        gevent.spawn_later(0.02, self._anna.hang_up)

    def anna_has_left(self) -> None:
        self._anna.hang_up()
        wait_until(lambda: not self._stage.switch.exists(self.channel.uuid))

    def anna_leaves_while_talking(self) -> None:
        self._once(State.TALKING, self._anna.hang_up)

    def anna_leaves_while_ringing(self) -> None:
        self._stage.person(BORIS, Kind.NO_ANSWER)
        self._once(State.RINGING, self._anna.hang_up)

    def anna_drops_boris(self) -> None:
        self._once(State.TALKING, lambda: self._anna.press("##"))

    def boris_talks(self, seconds: float) -> None:
        self._stage.person(BORIS, talks=seconds)

    def boris_is_not_reached(self, cause: str) -> None:
        self._stage.person(BORIS, KINDS[cause])

    def boris_was_joined_before(self, wanted: Dial) -> None:
        self._bridge(wanted)
        wait_until(lambda: self._boris.state is State.TALKING)
        gevent.sleep(0.1)
        self._restart()

    def boris_was_rung_before(self, wanted: Dial) -> None:
        self._boris.behaviour = replace(self._boris.behaviour, after=0.5)
        self._bridge(wanted)
        wait_until(lambda: self._boris.state is State.RINGING)
        self._restart()

    def boris_was_never_rung(self, _dial: Dial) -> None:
        self._restart()

    def boris_was_and_is_gone(self, wanted: Dial) -> None:
        self.boris_talks(0.1)
        self._bridge(wanted)
        wait_until(lambda: self._boris.state is State.TALKING)
        wait_until(lambda: self._boris.state is State.IDLE)
        gevent.sleep(0.1)
        self._restart()

    def anna_hears_something_long(self) -> None:
        gevent.spawn(self._ignoring, self.channel.play, [self.clip] * 200)
        wait_until(lambda: self._anna.heard)
        self._restart()

    def _press_once_asked(self, keys: str) -> None:
        """Press when she is told or asked something next: keys before are lost."""
        leg = self._stage.sandbox.find(self.channel.uuid)
        before = leg.last_run
        wait_until(lambda: leg.last_run is not before and leg.last_run[0] in HEARD)
        gevent.sleep(0.02)
        self._anna.press(keys)

    def _bridge(self, wanted: Dial) -> None:
        """Let one life of the service bridge the two."""
        gevent.spawn(
            self._ignoring,
            partial(self.channel.bridge, drop_keys=("##",), answered=lambda _: 60),
            wanted,
        )

    def _restart(self) -> None:
        """Let that life end, and another attach itself to Anna."""
        uuid = self.channel.uuid
        self._stage.relink()
        channel = self._stage.switch.take_up(dial(uuid=uuid))
        assert channel is not None
        self.channel = channel

    def _ignoring(self, act, *arguments) -> None:
        with suppress(LinkLost):
            act(*arguments)

    def _once(self, state: State, act) -> None:
        def wait_and_act() -> None:
            wait_until(lambda: self._boris.state is state)
            gevent.sleep(0.05)
            act()

        gevent.spawn(wait_and_act)
