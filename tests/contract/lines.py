"""Anna on the line, in memory and on a sandbox, told apart by no script."""

import gevent

from esl_service.channel import Goodbye
from sandbox.behaviour import Kind
from sandbox.handset import State
from tests.doubles import CalledParty, Clock, FakeChannel
from tests.switch.scripted import wait_until
from tests.switch.stage import ANNA, BORIS, Stage

KINDS = {
    "USER_BUSY": Kind.BUSY,
    "NORMAL_TEMPORARY_FAILURE": Kind.UNAVAILABLE,
    "UNALLOCATED_NUMBER": Kind.INVALID,
    "ALLOTTED_TIMEOUT": Kind.NO_ANSWER,
}


class InMemory:
    """The double, and what its people do."""

    def __init__(self, clip: str) -> None:
        self.clip = clip
        clock = Clock()
        self.channel = FakeChannel(
            clock, uuid="anna", answered_at=clock.now, unplayable={"missing"}
        )

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

    def anna_keys(self, keys: str) -> None:
        if keys:
            gevent.spawn_later(0.02, self._anna.press, keys)

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

    def _once(self, state: State, act) -> None:
        def wait_and_act() -> None:
            wait_until(lambda: self._boris.state is state)
            gevent.sleep(0.05)
            act()

        gevent.spawn(wait_and_act)
