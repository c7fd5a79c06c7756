"""The rules of who may import whom: kept, and each able to break."""

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.databases import ROOT

PACKAGES = ("domain", "portal", "esl_service", "forwarder", "sandbox", "sounds")

VIOLATIONS = {
    "programs": ("domain/money.py", "import portal.routes"),
    "domain-outside": ("domain/phonebook/naming.py", "import gevent"),
    "domain-pure": ("domain/tariffs/rating.py", "import sqlalchemy"),
    "domain-layers": ("domain/accounts/service.py", "import domain.ledger.service"),
    "portal": ("portal/routes.py", "import serial"),
    "portal-queries": ("portal/schemas/rogue.py", "import sqlalchemy"),
    "esl-outside": ("esl_service/voice.py", "import pyramid"),
    "esl-greenswitch": ("esl_service/desk.py", "import greenswitch"),
    "esl-gevent": ("esl_service/caller.py", "import gevent"),
    "flows": ("esl_service/flows/callback.py", "import domain.ledger.service"),
    "forwarder": ("forwarder/__init__.py", "import domain.numbers"),
    "sandbox": ("sandbox/network.py", "import domain.ledger.service"),
    "sounds": ("sounds/numbers.py", "import domain.money"),
}


def contracts() -> dict[str, str]:
    """The contracts, by id: their names."""
    file = ConfigParser()
    file.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {
        section.removeprefix(prefix): file[section]["name"]
        for section in file.sections()
        if section.startswith(prefix)
    }


def lint(folder: Path) -> str:
    """What import-linter says of a tree."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def violated(tmp_path_factory) -> str:
    """What is said of a copy in which every contract is violated once."""
    folder = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "static", "*.wav")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / ".importlinter", folder)
    for file, statement in VIOLATIONS.values():
        path = folder / file
        before = path.read_text() if path.exists() else '"""A rogue."""\n'
        path.write_text(f"{before}\n{statement}\n")
    return lint(folder)


def test_every_contract_is_kept():
    said = lint(ROOT)

    assert f"Contracts: {len(contracts())} kept, 0 broken" in said, said


def test_every_contract_has_a_violation_here():
    assert VIOLATIONS.keys() == contracts().keys()


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_violated_contract_breaks(violated, contract):
    name = re.escape(contracts()[contract])

    assert re.search(rf"{name}.* BROKEN", violated), violated
