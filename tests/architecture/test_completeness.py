"""What must exist for everything of its kind: texts, prompts, migrations."""

import subprocess
import sys
import tomllib

import pytest

from domain import errors
from domain.errors import Refusal
from domain.languages import LANGUAGES
from domain.messages import replies
from esl_service.excuses import FAILURES, REFUSALS
from esl_service.voice import Prompt
from sounds.reading import languages_spoken
from tests.databases import ROOT, migrate


def kinds_of(refusal):
    """Every kind of a refusal, and the kinds of those."""
    return [
        each for kind in refusal.__subclasses__() for each in (kind, *kinds_of(kind))
    ]


REFUSALS_OF_THE_DOMAIN = sorted(kind.code for kind in kinds_of(Refusal))


def test_every_refusal_has_a_code_of_its_own():
    assert len(set(REFUSALS_OF_THE_DOMAIN)) == len(kinds_of(Refusal))
    assert errors.WrongLogin.code in REFUSALS_OF_THE_DOMAIN


@pytest.mark.parametrize("code", REFUSALS_OF_THE_DOMAIN)
def test_every_refusal_can_be_said_by_sms(code):
    assert code in replies.TEXTS


def test_every_prompt_is_written_in_every_language_that_is_spoken():
    for language in languages_spoken():
        phrases = tomllib.loads((ROOT / f"sounds/{language}/phrases.toml").read_text())
        assert phrases["prompts"].keys() == {prompt.value for prompt in Prompt}


def test_what_is_spoken_is_one_of_our_languages():
    assert set(languages_spoken()) <= set(LANGUAGES)


def test_refusals_and_failures_are_spoken_with_prompts_that_exist():
    assert set(REFUSALS.values()) | set(FAILURES.values()) <= set(Prompt)


def test_the_database_goes_up_and_down_again(tmp_path):
    url = f"sqlite:///{tmp_path}/up-and-down.sqlite"

    migrate(url)
    migrate(url, down_to="base")
    migrate(url)


def test_there_is_one_head_and_nothing_left_to_migrate(database):
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "development.ini", "check"],
        cwd=ROOT,
        env={"DATABASE_URL": database, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "No new upgrade operations detected" in done.stdout


def test_no_migration_imports_our_own_code():
    for migration in (ROOT / "alembic/versions").glob("*.py"):
        text = migration.read_text()
        assert "from domain" not in text
        assert "import domain" not in text
