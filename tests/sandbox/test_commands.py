"""The API: what is asked of the switch from outside, and its pulse."""

import doctest
import json

import pytest

from sandbox import behaviour
from sandbox.switch import causes, dialstring, digits
from tests.sandbox.conftest import ANNA


def test_variables_are_set_read_and_forgotten_from_outside(client, anna):
    assert client.ask("api uuid_setvar anna tariff night") == "+OK\n"
    assert client.ask("api uuid_getvar anna tariff") == "night"
    assert client.ask("api uuid_setvar_multi anna a=1;b=2") == "+OK\n"
    assert client.ask("api uuid_getvar anna b") == "2"

    client.ask("api uuid_setvar anna tariff")

    assert client.ask("api uuid_getvar anna tariff") == "_undef_"


def test_applications_set_several_variables_at_once(client, anna):
    client.run(anna, "multiset", "a=1 b=2")
    client.run(anna, "multiset", "^^:c=3:d=4 5")
    client.run(anna, "multiset", "^^")
    client.run(anna, "set", "b=")
    event = client.completes(anna, "set")

    found = {name: event.get(f"variable_{name}") for name in "abcd"}
    assert found == {"a": "1", "b": None, "c": "3", "d": "4 5"}


@pytest.mark.parametrize(
    "command",
    [
        "uuid_kill",
        "uuid_getvar nobody x",
        "uuid_setvar nobody x y",
        "uuid_setvar_multi nobody x=y",
        "uuid_break nobody",
        "uuid_park nobody",
        "uuid_transfer nobody park inline",
        "uuid_dump nobody json",
        "uuid_broadcast nobody x.wav",
        "sched_hangup +5 nobody",
    ],
)
def test_a_command_about_nobody_says_so(client, command):
    assert client.ask(f"api {command}") == "-ERR No such channel!\n"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("global_getvar nothing", "-ERR no reply\n"),
        ("fsctl", "-ERR Invalid command!\n"),
        ("fsctl ready_check", "true"),
        ("fsctl sps 100", "+OK\n"),
        ("show", "-USAGE: show channels|calls [as json]\n"),
        ("sched_hangup", "-USAGE: [+]<time> <uuid> [<cause>]\n"),
        (
            "sched_broadcast +5 nobody",
            "-USAGE: [[+]<time>|@time] <uuid> <path> [aleg|bleg|both]\n",
        ),
        ("uuid_broadcast anna", "-ERR no reply\n"),
        ("show channels as json", '{"row_count":0}'),
        ("show channels", "0 total.\n"),
    ],
)
def test_a_command_answers_in_the_words_of_the_switch(client, command, answer):
    if "anna" in command:
        client.ask(
            "api originate [origination_uuid=anna]sofia/gateway/carrier/48600316058"
            " &park()"
        )

    assert client.ask(f"api {command}") == answer


def test_a_gateway_is_known_or_not(client):
    known = client.ask("api sofia status gateway carrier")

    assert "\nName    \tcarrier\n" in known
    assert client.ask("api sofia status gateway nobody") == "Invalid Gateway!\n"
    assert client.ask("api sofia status").startswith("-ERR")


def test_version_and_clock_are_told(client):
    assert client.ask("api version").startswith("FreeSWITCH Version 1.")
    assert int(client.ask("api strepoch")) > 1_700_000_000


def test_what_is_alive_is_listed_in_lines_as_well(client, anna):
    header, row, _, total = client.ask("api show calls").strip().split("\n")

    assert header.startswith("uuid,direction")
    assert row.startswith("anna,outbound")
    assert total == "1 total."
    assert "Unique-ID: anna\n" in client.ask("api uuid_dump anna")


def test_a_paused_switch_rings_nobody_and_its_heartbeat_says_so(client):
    assert client.ask("api fsctl pause") == "+OK\n"
    assert client.ask("api fsctl pause_check") == "true"
    client.wait("HEARTBEAT", Event_Info="System Paused")
    assert " is paused\n" in client.ask("api status")

    client.ask("bgapi originate sofia/gateway/carrier/48600316058 &park()")

    job = client.wait("BACKGROUND_JOB")
    assert job["_body"] == "-ERR DESTINATION_OUT_OF_ORDER\n"
    assert client.ask("api fsctl resume") == "+OK\n"
    client.wait("HEARTBEAT", Event_Info="System Ready")


def test_legs_are_hung_up_by_a_variable_and_without_a_value_all(client, anna, switch):
    other = switch.incoming("48774417880", "48221000000").uuid
    client.run(anna, "set", "batch=7")
    client.completes(anna, "set")

    client.ask("api hupall CALL_REJECTED batch 7")
    client.wait("CHANNEL_HANGUP", anna, Hangup_Cause="CALL_REJECTED")
    assert client.ask(f"api uuid_exists {other}") == "true"

    client.ask("api hupall")
    client.wait("CHANNEL_HANGUP", other, Hangup_Cause="MANAGER_REQUEST")


def test_a_called_leg_is_not_sent_to_park(client, anna):
    client.run(
        anna, "bridge", "[origination_uuid=ben]sofia/gateway/carrier/48774417880"
    )
    client.wait("CHANNEL_BRIDGE", anna)

    assert client.ask("api uuid_park ben") == "-ERR Operation failed\n"


def test_an_announcement_reaches_whom_it_is_for(client, anna, switchboard, prompts):
    client.run(
        anna, "bridge", "[origination_uuid=ben]sofia/gateway/carrier/48774417880"
    )
    client.wait("CHANNEL_BRIDGE", anna)
    minute = prompts / "minute.wav"
    with switchboard.subscribe() as events:
        client.ask(f"api uuid_broadcast anna {minute} aleg")
        client.ask(f"api uuid_broadcast anna {minute} bleg")
        client.ask(f"api sched_broadcast +0 anna {minute} both")
        client.ask("api uuid_broadcast anna set::told=yes")
        client.completes(anna, "set")
        heard = [e["number"] for e in iter(lambda: events.get(0), None)]

    assert sorted(heard) == [ANNA, ANNA, "+48774417880", "+48774417880"]
    assert client.ask("api uuid_exists ben") == "true"


@pytest.mark.parametrize("module", [behaviour, causes, dialstring, digits])
def test_the_examples_in_the_documentation_hold(module):
    assert doctest.testmod(module).failed == 0


@pytest.fixture
def prompts(tmp_path):
    words = {"minute": "you have one minute left"}
    (tmp_path / "words.json").write_text(json.dumps(words))
    return tmp_path
