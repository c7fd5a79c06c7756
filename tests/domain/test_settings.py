"""Settings: environment over file, every fault told at once."""

import pytest

from domain.settings import BadSettings, SettingsReader


def test_the_environment_wins_over_the_file():
    read = SettingsReader("app", {"name": "file"}, {"APP_NAME": "environment"})

    assert read.text("name") == "environment"


def test_all_faults_are_told_together():
    read = SettingsReader(
        "app",
        {
            "port": "x",
            "speed": "-1",
            "count": "1.5",
            "flag": "perhaps",
            "url": "ftp://here",
            "token": "in the file",
        },
        {},
    )

    read.text("name")
    read.address("port", "127.0.0.1:1")
    read.number("speed", 1)
    read.whole("count", 1)
    read.flag("flag", default=True)
    read.url("url", "http://127.0.0.1")
    read.url("other")
    read.secret("token")
    read.secret("key", shortest=8)
    read.fault("and something else")

    with pytest.raises(BadSettings) as refusal:
        read.check()
    assert len(refusal.value.faults) == 10
    assert "APP_NAME" in str(refusal.value)


def test_good_settings_are_read_as_what_they_are():
    section = {
        "port": "[::1]:80",
        "speed": "1.5",
        "count": "2",
        "flag": "no",
        "url": "https://here/",
    }
    read = SettingsReader("app", section, {"APP_KEY": "12345678"})

    assert read.address("port", "127.0.0.1:1") == ("::1", 80)
    assert read.number("speed", 0) == 1.5
    assert read.whole("count", 0) == 2
    assert read.flag("flag", default=True) is False
    assert read.url("url") == "https://here"
    assert read.secret("key", shortest=8) == "12345678"
    assert read.text("absent", "default") == "default"
    read.check()


def test_the_database_is_shared_by_every_program():
    read = SettingsReader("app", {}, {"DATABASE_URL": "sqlite://"})

    assert read.text("database.url") == "sqlite://"
