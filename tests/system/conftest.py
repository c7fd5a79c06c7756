"""A whole system whose programs can be made to die, and Anna, who can pay for it."""

import pytest

from domain.database import engine_for, transactions
from tests.people import Town
from tests.system.programs import System


@pytest.fixture(scope="module")
def system(sqlite, tmp_path_factory):
    running = System(sqlite.fresh(), tmp_path_factory.mktemp("crashes"))
    running.esl_module = "tests.system.crashing"
    running.portal_module = "tests.system.crashing.portal"
    with running:
        yield running


@pytest.fixture(scope="module")
def town(system):
    engine = engine_for(system.database)
    made = Town(transactions(engine))
    made.anna = made.welcome(confirms_leg_a=False, funds="100.00")
    yield made
    engine.dispose()
