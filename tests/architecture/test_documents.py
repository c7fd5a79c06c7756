"""What the documents say is so."""

import inspect
import re
import subprocess
import sys

import pytest

from portal.carriers.settings import KINDS
from tests.databases import ROOT

SETTINGS = (
    "portal/settings.py",
    "esl_service/settings.py",
    "sandbox/settings.py",
)


ASKED = re.compile(
    r"\.(?:text|secret|number|whole|flag|address|url|choice)\(\s*\"([a-z0-9_.]+)\""
)


def settings_read() -> set[str]:
    """Every name that a program asks its settings for."""
    return {
        name for file in SETTINGS for name in ASKED.findall((ROOT / file).read_text())
    }


def test_every_setting_is_explained_to_operators():
    text = (ROOT / "docs/operations.md").read_text()

    assert {name for name in settings_read() if f"`{name}`" not in text} == set()


def carrier_sections() -> dict[str, str]:
    """What docs/carriers.md says of each kind of carrier."""
    text = (ROOT / "docs/carriers.md").read_text()
    parts = re.split(r"^## .*\(`([a-z0-9_]+)`\)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(("kind", "make"), sorted(KINDS.items()))
def test_every_setting_of_a_carrier_is_explained_in_its_section(kind, make):
    section = carrier_sections()[kind]
    source = inspect.getsource(inspect.getmodule(make))

    missing = {name for name in ASKED.findall(source) if f"`{name}`" not in section}

    assert missing == set()


BENCHES = set(
    re.findall(r"python (bench/\w+\.py)", (ROOT / "docs/performance.md").read_text())
)


@pytest.mark.parametrize("bench", sorted(BENCHES))
def test_every_bench_of_the_documents_can_be_run(bench):
    told = subprocess.run(
        [sys.executable, bench, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize(
    "document", sorted(path.relative_to(ROOT) for path in ROOT.glob("docs/**/*.md"))
)
def test_links_between_documents_lead_somewhere(document):
    path = ROOT / document
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text())

    for link in links:
        assert link.startswith("http") or (path.parent / link).exists(), link


def test_the_readme_leads_somewhere():
    for link in re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / link).exists(), link
