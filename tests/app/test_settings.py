"""The settings of the ESL service: all faults at once, and none found in a call."""

from configparser import ConfigParser

import pytest

from domain.settings import BadSettings
from esl_service.settings import Settings
from tests.app.exchange import SECRETS
from tests.databases import ROOT


def test_what_is_not_said_has_a_default(section):
    for name in ("switch.heartbeat", "prompt.patience", "prompt.pause", "poll"):
        del section[name]

    settings = Settings.from_ini(section, SECRETS)

    assert settings.heartbeat == 5
    assert settings.keys.drop == ("##", "#1#")
    assert (settings.keys.status, settings.keys.redial) == ("111", "0")
    assert (settings.keys.language, settings.language) == ("*", "en")


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("caller_id", "operator", "caller_id is 'operator', not an E.164 number"),
        ("caller_id", "", "caller_id is missing"),
        ("gateway", "", "gateway is missing"),
        ("gateway", "one two", "gateway: 'one two' is no gateway"),
        ("keys.drop", "## #A#", "keys.drop: '#A#' is no keys"),
        ("keys.status", "one", "keys.status: 'one' is no keys"),
        ("keys.redial", "0 0", "keys.redial: '0 0' is no keys"),
        ("keys.drop", "## ##", "keys.drop: '##' begins '##': one of the two"),
        ("keys.drop", "## ##1", "keys.drop: '##' begins '##1': one of the two"),
        ("keys.drop", "0# ##", "keys.drop: '0#' begins with keys.redial, which"),
        ("keys.drop", "111", "keys.drop: '111' begins with keys.status, which"),
        ("keys.status", "0", "keys.redial and keys.status are both '0'"),
        ("keys.status", "12", "keys.status: '12' is a position in the phonebook"),
        ("keys.status", "#1", "keys.status: '#1' cannot be keyed, for # ends"),
        ("keys.redial", "*0", "keys.redial: '*0' cannot be keyed, for * ends"),
        ("keys.language", "1", "keys.language: '1' is a position in the phonebook"),
        ("keys.language", "lang", "keys.language: 'lang' is no keys"),
        ("site.language", "tlh", "site.language is 'tlh', not one of en es fr vi zh"),
        ("sounds.folder", "/a b", "sounds.folder: '/a b/clip.wav' is no path of a"),
        ("switch.address", "nowhere", "switch.address is 'nowhere', not host:port"),
        ("prompt.pause", "0", "prompt.pause is '0', not a number from 1"),
    ],
)
def test_a_wrong_setting_is_named(section, name, value, fault):
    with pytest.raises(BadSettings) as refused:
        Settings.from_ini({**section, name: value}, SECRETS)

    assert any(each.startswith(fault) for each in refused.value.faults)


def test_everything_that_is_missing_is_told_at_once():
    with pytest.raises(BadSettings) as refused:
        Settings.from_ini({}, {})

    named = [fault.split()[0] for fault in refused.value.faults]
    assert {"database.url", "sounds.folder", "gateway", "caller_id"} <= set(named)
    assert "switch.password" in named


def test_keys_may_be_switched_off(section):
    names = ("keys.drop", "keys.status", "keys.redial", "keys.language")

    settings = Settings.from_ini({**section, **dict.fromkeys(names, "")}, SECRETS)

    assert (settings.drop_keys, settings.status_key) == ((), "")
    assert (settings.redial_key, settings.language_key) == ("", "")


def test_combinations_may_be_of_any_length_and_begin_with_the_key_for_languages(
    section,
):
    keys = {"keys.drop": "** # 7777777", "keys.status": "9999", "keys.redial": "000"}

    settings = Settings.from_ini({**section, **keys}, SECRETS)

    assert settings.drop_keys == ("**", "#", "7777777")


def test_the_settings_we_ship_are_in_order():
    ini = ConfigParser({"here": str(ROOT)})
    ini.read(ROOT / "development.ini")

    assert Settings.from_ini(ini["esl_service"], SECRETS).gateway == "carrier"
