"""An installation in a folder of its own, and an operator at its terminal."""

import pytest

from tests.terminal import Operator, installed


@pytest.fixture
def operator(tmp_path, database) -> Operator:
    return installed(tmp_path, database)


@pytest.fixture
def seeded(operator) -> Operator:
    """The same, with the demo's plan, account and numbers."""
    operator.reads("demo", "seed")
    return operator
