"""What the documents say is so."""

import re

import pytest

from tests.databases import ROOT

SETTINGS = (
    "portal/settings.py",
    "portal/carriers/settings.py",
    "esl_service/settings.py",
    "sandbox/settings.py",
)


def settings_read() -> set[str]:
    """Every name that a program asks its settings for."""
    asked = re.compile(
        r"\.(?:text|secret|number|whole|flag|choice|address|url)\(\s*\"([a-z_.]+)\""
    )
    return {
        name for file in SETTINGS for name in asked.findall((ROOT / file).read_text())
    }


def test_every_setting_is_explained_to_operators():
    text = (ROOT / "docs/operations.md").read_text()
    text = text.replace("` `.", "` `carriers.generic.fields.")

    assert {name for name in settings_read() if f"`{name}`" not in text} == set()


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
