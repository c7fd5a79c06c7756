"""What every command says when the installation itself is not as it should be."""

from pathlib import Path

import pytest

from domain.settings import SettingsReader
from portal.cli.demo import Seeded
from portal.cli.running import Addresses, screen
from portal.cli.secret_file import SecretFile
from portal.cli.site import Site
from portal.settings import read_pin_keys
from tests.databases import ROOT


def test_a_missing_file_of_settings_is_named(operator):
    (operator.folder / "settings.ini").unlink()

    told = operator.is_told("accounts", "list")

    assert "settings.ini cannot be read (No such file or directory)" in told
    assert "--config FILE" in told


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[other]\n", "has no [app:main]"),
        ("[app:main\n", "contains no section headers"),
        ("[app:main]\na = %(b)s\n", "b"),
        ("[app:main]\n", "database.url is missing (or set DATABASE_URL)"),
    ],
)
def test_settings_that_cannot_be_used_are_explained(operator, text, sentence):
    (operator.folder / "settings.ini").write_text(text, "utf-8")

    assert sentence in operator.is_told("accounts", "list")


def test_a_database_that_was_never_migrated_is_explained(operator, tmp_path):
    operator.environ["DATABASE_URL"] = f"sqlite:///{tmp_path / 'empty.sqlite'}"

    told = operator.is_told("accounts", "list")

    assert told == (
        "the database cannot do that: no such table: accounts; "
        "see `sms-callback doctor`"
    )


def test_the_demo_is_seeded_once_however_often(operator):
    first = operator.reads("demo", "seed")
    operator.reads("accounts", "credit", "callback", "-4", "--note", "spent")
    second = operator.reads("demo", "seed")

    assert first == "callback has +48600316058 and 10.00 USD\n"
    assert second == "callback has +48600316058 and 6.00 USD\n"
    assert operator.learns("plans", "list")[0]["rates"] > 48
    words = ("sms", "receive", "--from", "+48600316058", "--to", "+48221000000")
    assert "+48774417880" in operator.reads(*words, "B.office")


def read_keys(environ):
    """The keys of vouchers, as the programs read them."""
    reader = SettingsReader("portal", {}, environ)
    keys = read_pin_keys(reader)
    reader.check()
    return keys


def test_secrets_are_made_once_and_kept_from_other_eyes(tmp_path):
    first = SecretFile(tmp_path).make({})
    second = SecretFile(tmp_path).make({})

    assert first == second == SecretFile(tmp_path).under({})
    assert first["PORTAL_CARRIERS_GENERIC_SECRET"] == first["SANDBOX_CARRIER_SECRET"]
    assert first["ESL_SERVICE_SWITCH_PASSWORD"] == first["SANDBOX_PASSWORD"]
    assert len(set(first.values())) == 5
    assert min(map(len, first.values())) == 64
    assert read_keys(first).ids == ["first"]
    kept = tmp_path / "var" / "secrets.env"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_the_environment_is_above_the_kept_secrets(tmp_path):
    SecretFile(tmp_path).make({})
    theirs = {"SANDBOX_PASSWORD": "ClueCon", "PATH": "/bin"}

    made = SecretFile(tmp_path).make(theirs)

    assert made["ESL_SERVICE_SWITCH_PASSWORD"] == "ClueCon"
    assert made["PATH"] == "/bin"
    assert "PATH" not in SecretFile(tmp_path).under({})


def test_the_first_screen_names_addresses_and_a_line_to_try():
    addresses = Addresses(Site(Path(ROOT / "development.ini")))

    told = screen(addresses, Seeded("callback", "+48600316058", "10.00 USD"))

    for named in ("127.0.0.1:6543", "127.0.0.1:6544", "127.0.0.1:18021", "10.00 USD"):
        assert named in told
    assert (
        "curl -s -X POST http://127.0.0.1:6544/handsets/+48600316058/sms "
        "-H 'Content-Type: application/json' -d '"
        '{"to":"+48221000000","text":"U.callback P.pass D.48774417880 O.12345678"}'
        "'"
    ) in told
