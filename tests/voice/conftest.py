"""The clips of every language, made by the real synthesiser."""

import pytest

from tests.system.programs import spoken_sounds


@pytest.fixture(scope="session")
def voices():
    """The folder of all clips."""
    return spoken_sounds()
