"""Bad settings are all told at once, and nothing starts."""

import pytest

from domain.settings import BadSettings
from portal import main
from portal.settings import Settings

SECTION = {
    "database.url": "sqlite://",
    "public_url": "https://calls.example/",
    "carriers": "",
}
ENVIRON = {"PORTAL_SESSION_SECRET": "s" * 32}


def test_good_settings_are_read():
    settings = Settings.from_ini(SECTION, ENVIRON)

    assert settings.public_url == "https://calls.example"
    assert settings.is_public_by_https
    assert settings.outbox_enabled


def test_the_environment_goes_before_the_file():
    environ = ENVIRON | {
        "PORTAL_PUBLIC_URL": "http://127.0.0.1:6543",
        "PORTAL_OUTBOX_ENABLED": "no",
        "DATABASE_URL": "sqlite:///other.sqlite",
    }

    settings = Settings.from_ini(SECTION, environ)

    assert not settings.is_public_by_https
    assert not settings.outbox_enabled
    assert settings.database_url == "sqlite:///other.sqlite"


def test_secrets_are_not_shown():
    settings = Settings.from_ini(
        SECTION | {"database.url": "sqlite:///hidden"}, ENVIRON
    )

    assert "sss" not in repr(settings)
    assert "hidden" not in repr(settings)


def test_every_fault_is_told_at_once():
    section = {
        "database.url": "user:word@host",
        "public_url": "calls.example",
        "outbox.enabled": "perhaps",
        "session_secret": "in the file",
        "carriers": "pigeon",
    }

    with pytest.raises(BadSettings) as bad:
        Settings.from_ini(section, {})

    faults = "\n".join(bad.value.faults)
    for name in ("database.url", "public_url", "outbox.enabled", "session_secret"):
        assert name in faults
    assert "pigeon" in faults
    assert "word" not in faults


def test_keys_of_vouchers_are_read_in_their_order_and_not_shown():
    keys = f"2027:{'b' * 32}  2026:{'a' * 32}\n"

    settings = Settings.from_ini(SECTION, ENVIRON | {"PORTAL_VOUCHERS_KEYS": keys})

    assert settings.pin_keys.ids == ["2027", "2026"]
    assert settings.pin_keys.newest.secret == "b" * 32
    assert "bbb" not in repr(settings)
    assert Settings.from_ini(SECTION, ENVIRON).pin_keys.ids == []


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("x" * 40, "vouchers.keys: number 1 is not id:secret"),
        ("a:short", "number 1 is not id:secret, the secret of 32 characters or more"),
        (f"a:{'s' * 32} :{'t' * 32}", "vouchers.keys: number 2 is not id:secret"),
        (f"a:{'s' * 32} a:{'t' * 32}", "vouchers.keys names 'a' twice"),
    ],
)
def test_keys_that_are_none_are_told_without_their_secrets(keys, fault):
    with pytest.raises(BadSettings) as bad:
        Settings.from_ini(SECTION, ENVIRON | {"PORTAL_VOUCHERS_KEYS": keys})

    (told,) = bad.value.faults
    assert fault in told
    assert not {"xxx", "short:", "sss", "ttt"} & set(told.split())


def test_keys_of_vouchers_in_a_file_are_a_fault():
    section = SECTION | {"vouchers.keys": f"a:{'s' * 32}"}

    with pytest.raises(BadSettings, match=r"vouchers\.keys is a secret"):
        Settings.from_ini(section, ENVIRON)


def test_the_program_ends_with_the_list_and_no_traceback(monkeypatch):
    monkeypatch.delenv("PORTAL_SESSION_SECRET", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(SystemExit) as ended:
        main({}, public_url="nowhere")

    assert "session_secret is missing" in ended.value.code
    assert "database.url is missing" in ended.value.code


def test_the_application_is_made_from_its_section(monkeypatch, database):
    monkeypatch.setenv("PORTAL_SESSION_SECRET", "s" * 32)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    section = {"outbox.enabled": "false", "public_url": "http://127.0.0.1:6543"}

    made = main({"database.url": database}, **section)

    assert made.registry["settings"].database_url == database
    made.registry["engine"].dispose()
