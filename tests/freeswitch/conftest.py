"""Tests on a real FreeSWITCH: marked, and skipped where there is none."""

from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path

import pytest

from domain.database import engine_for, transactions
from tests.freeswitch.event_socket import EventSocket
from tests.freeswitch.hearing import EVENTS, Hearing
from tests.freeswitch.process import find_binary
from tests.freeswitch.real import Telephony
from tests.people import Town
from tests.system.programs import Programs, Switchboard, spoken_sounds

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.freeswitch)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    telephony = getattr(item, "funcargs", {}).get("telephony")
    if report.failed and telephony is not None:
        report.sections.append(("log of the switch", telephony.switch.log_tail()))
        report.sections.append(("log of the network", telephony.network.log_tail()))
    return report


@pytest.fixture(scope="session")
def telephony() -> Iterator[Telephony]:
    """A switch and a network, started once: tests share them, not their numbers."""
    if find_binary() is None:
        pytest.skip("no FreeSWITCH: set FREESWITCH to its program, or put it on PATH")
    with Telephony() as both:
        yield both


@pytest.fixture
def link(telephony: Telephony) -> Iterator[EventSocket]:
    """A fresh connection to the switch; every call still up afterwards is ended."""
    with telephony.connect() as link:
        link.subscribe(
            "BACKGROUND_JOB",
            "CHANNEL_CREATE",
            "CHANNEL_PROGRESS",
            "CHANNEL_ANSWER",
            "CHANNEL_BRIDGE",
            "CHANNEL_UNBRIDGE",
            "CHANNEL_EXECUTE_COMPLETE",
            "CHANNEL_HANGUP",
            "CHANNEL_HANGUP_COMPLETE",
            "CHANNEL_PARK",
            "DTMF",
        )
        yield link
        link.api("hupall NORMAL_CLEARING")


@pytest.fixture
def hearing(telephony: Telephony) -> Iterator[Callable[[str], Hearing]]:
    """What is played from now on to whoever has, or has rung, that number."""
    with telephony.connect() as link:
        link.subscribe(*EVENTS)
        yield partial(Hearing, link)


@pytest.fixture(scope="session")
def sounds():
    return spoken_sounds()


@pytest.fixture
def town(database):
    engine = engine_for(database)
    yield Town(transactions(engine))
    engine.dispose()


@pytest.fixture
def programs(request, telephony, database, town, sounds, tmp_path):
    running = Programs(database, tmp_path, sounds=sounds)
    running.esl_module = getattr(request, "param", running.esl_module)
    switch = telephony.switch
    running.start(
        Switchboard(
            (switch.host, switch.port),
            switch.password,
            "http://127.0.0.1:9",
            switch.cdr_folder,
        )
    )
    yield running
    running.stop()
    with telephony.connect() as link:
        link.api("hupall NORMAL_CLEARING")
