"""A portal with nothing but its carriers' door, on a real database."""

import pytest
from webtest import TestApp

from tests.carriers.posts import carriers_of, portal_of


@pytest.fixture
def portal(transaction) -> TestApp:
    return portal_of(transaction, carriers_of())
