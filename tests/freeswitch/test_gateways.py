"""Whether a real switch knows a gateway, as `doctor` asks it."""

from portal.cli.event_socket import let_in


def test_a_switch_tells_which_gateways_it_knows(telephony):
    switch = telephony.switch

    with let_in(switch.host, switch.port, switch.password) as door:
        assert door.knows_gateway("carrier")
        assert not door.knows_gateway("nobody")
