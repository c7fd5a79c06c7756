"""What we pin can be installed where operators install it."""

from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.databases import ROOT

OLDEST = "3.11.2"
"""Debian 12's own Python."""

PINNED = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("pinned", PINNED, ids=str)
def test_what_is_pinned_runs_on_the_python_of_debian_12(pinned):
    try:
        found = distribution(pinned.name)
    except ImportError:
        pytest.skip("only installed for other tests, or on other machines")

    assert pinned.specifier.contains(found.version)
    assert SpecifierSet(found.metadata["Requires-Python"] or "").contains(OLDEST)
