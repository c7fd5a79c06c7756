"""An operator at the terminal of an installation in a folder of its own."""

import json
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from portal.cli import main
from tests.databases import ROOT

SETTINGS = """
[DEFAULT]
database.url = {database}
sounds.folder = %(here)s/sounds

[app:main]
public_url = http://127.0.0.1:6543
carriers = generic
carriers.generic.send_url = http://127.0.0.1:9/never-asked

[server:main]
listen = 127.0.0.1:6543

[esl_service]
switch.address = 127.0.0.1:1
records.folder = %(here)s/records

[sandbox]

[alembic]
script_location = {root}/alembic
path_separator = os
"""
SECRETS = {
    "PORTAL_SESSION_SECRET": "s" * 32,
    "PORTAL_CARRIERS_GENERIC_SECRET": "shared-by-us-two",
    "ESL_SERVICE_SWITCH_PASSWORD": "let me in",
    "PORTAL_VOUCHERS_KEYS": f"now:{'n' * 32}",
}


class Operator:
    """Gives commands, and reads what they print."""

    def __init__(self, folder):
        self.folder = folder
        self.environ = {"DATABASE_URL": None, "SMS_CALLBACK_PASSWORD": None, **SECRETS}

    def gives(self, *words: str, stdin: str = "") -> Result:
        """Give a command, whatever comes of it; bugs show themselves."""
        result = CliRunner().invoke(
            main,
            ["--config", str(self.folder / "settings.ini"), *words],
            input=stdin,
            env=self.environ,
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def reads(self, *words: str, stdin: str = "") -> str:
        """Give a command that succeeds; what it prints."""
        result = self.gives(*words, stdin=stdin)
        assert result.exit_code == 0, result.output
        return result.output

    def learns(self, *words: str):
        """Give a command with --json; what it tells."""
        return json.loads(self.reads(*words, "--json"))

    def is_told(self, *words: str, stdin: str = "") -> str:
        """Give a command that is refused; the sentence that says why."""
        result = self.gives(*words, stdin=stdin)
        assert result.exit_code == 1, result.output
        return result.stderr.removeprefix("Error: ").rstrip("\n")


def installed(folder: Path, database: str) -> Operator:
    """The operator of an installation on that database."""
    settings = SETTINGS.format(database=database, root=ROOT)
    (folder / "settings.ini").write_text(settings, "utf-8")
    (folder / "config").mkdir()
    (folder / "records").mkdir()
    shutil.copy(ROOT / "config" / "demo-rates.csv", folder / "config")
    return Operator(folder)
