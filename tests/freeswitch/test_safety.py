"""What strangers and hostile texts can do to the switch: nothing."""

import contextlib
import socket

import pytest

from tests.freeswitch.driving import ANNA, OUR_NUMBER, Line, dial, end_of, is_up
from tests.freeswitch.event_socket import EventSocket, Unheard
from tests.freeswitch.ports import Ports
from tests.freeswitch.process import find_binary
from tests.freeswitch.real import RealSwitch
from tests.freeswitch.sip import sent
from tests.ports import HOST

HOSTILE_NAME = "Eve%0AUnique-ID: forged"
NEIGHBOUR = "127.0.0.2"
"""An address of this machine that the access list does not name."""


@pytest.fixture
def trap(tmp_path):
    """A text that makes a file, where its expansion is not forbidden; and the file."""
    made = tmp_path / "made"
    return f"${{system(touch {made})}}", made


def test_a_name_with_an_escaped_line_break_forges_nothing(telephony, link):
    with sent("INVITE", telephony.switch.ports.sip, OUR_NUMBER, name=HOSTILE_NAME):
        parked = link.wait("CHANNEL_PARK", {"Caller-Destination-Number": OUR_NUMBER})

        # The switch has decoded it: a real line break, within one JSON value.
        assert parked["Caller-Caller-ID-Name"] == HOSTILE_NAME.replace("%0A", "\n")
        assert parked["Unique-ID"] == parked["variable_uuid"] != "forged"
        assert is_up(link, parked["Unique-ID"])


def test_a_command_inside_an_originate_is_not_run(telephony, link, trap):
    text, made = trap
    anna = telephony.caller(ANNA)

    link.command(
        f"bgapi originate sofia/gateway/carrier/{ANNA}"
        f" 'set:greeting={text},park' inline"
    )
    anna.wait_ringing()
    anna.answer()

    link.wait("CHANNEL_PARK")
    assert not made.exists()


def test_a_command_inside_a_bridge_string_is_not_run(telephony, link, trap):
    text, made = trap
    anna = Line.open(telephony, link)

    anna.execute("bridge", f"sofia/gateway/carrier/{text}")

    assert not made.exists()
    assert is_up(link, anna.uuid)


def test_a_command_inside_an_argument_is_not_run(telephony, link, trap):
    text, made = trap
    anna = Line.open(telephony, link)

    anna.execute("set", f"greeting={text}")

    assert not made.exists()
    assert link.api(f"uuid_getvar {anna.uuid} greeting") == (
        "<API Execute Permission Denied>"
    )


def test_a_command_inside_a_callers_name_is_not_run(telephony, link, trap):
    text, made = trap
    with sent("INVITE", telephony.switch.ports.sip, OUR_NUMBER, name=text):
        parked = link.wait("CHANNEL_PARK", {"Caller-Destination-Number": OUR_NUMBER})
        assert parked["Caller-Caller-ID-Name"] == text.replace("$", "%")

        link.execute(parked["Unique-ID"], "set", "greeting=${caller_id_name}")

    assert not made.exists()


def test_what_the_answer_hook_needs_works_without_command_expansion(telephony, link):
    anna, leg = Line.open(telephony, link), dial("48225559990", stop=2)

    anna.bridge(leg)

    assert end_of(link, leg.uuid)["Hangup-Cause"] == "ALLOTTED_TIMEOUT"


def test_no_secret_is_left_in_the_switchs_variables(link):
    for name in ("event_socket_password", "carrier_password"):
        assert link.api(f"global_getvar {name}") == "-ERR no reply"


def test_who_does_not_know_the_password_gives_no_orders(telephony):
    switch = telephony.switch

    with pytest.raises(PermissionError, match="-ERR invalid"):
        EventSocket(HOST, switch.port, "ClueCon")


def test_the_event_socket_is_heard_on_the_loopback_address_alone(telephony):
    port = telephony.switch.port

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((NEIGHBOUR, port), timeout=1)


def test_a_switch_that_was_given_no_password_lets_nobody_in(tmp_path):
    if (binary := find_binary()) is None:
        pytest.skip("no FreeSWITCH: set FREESWITCH to its program, or put it on PATH")
    ports, carrier = Ports.pair()
    switch = RealSwitch(binary, tmp_path, ports=ports, carrier=carrier)
    del switch._environment["FREESWITCH_EVENT_SOCKET_PASSWORD"]

    with contextlib.ExitStack() as ending:
        ending.callback(switch.stop)
        switch.start()
        switch.wait_listening()
        for guess in ("ClueCon", "", "none"):
            with pytest.raises(PermissionError, match="-ERR invalid"):
                EventSocket(HOST, ports.event_socket, guess)


def test_a_stranger_who_rings_us_is_turned_away(telephony, link):
    port = telephony.switch.ports.sip

    with sent("INVITE", port, OUR_NUMBER, source=NEIGHBOUR) as reply:
        assert reply == "SIP/2.0 403 Forbidden"

    with pytest.raises(Unheard):
        link.wait("CHANNEL_CREATE", seconds=0.2)


def test_nobody_registers_with_us(telephony):
    with sent("REGISTER", telephony.switch.ports.sip, ANNA) as reply:
        assert reply == "SIP/2.0 405 Method Not Allowed"
