"""The installed configuration, as the running switch shows it."""


def test_the_switch_reports_its_health_every_five_seconds(link):
    link.subscribe("HEARTBEAT")

    beat = link.wait("HEARTBEAT", seconds=6)

    assert beat["Max-Sessions"] == "1000"
    assert beat["Session-Per-Sec-Max"] is not None


def test_the_gateway_is_there_under_the_name_that_the_service_uses(telephony, link):
    status = link.api(f"sofia status gateway {telephony.switch.gateway}")

    assert f"sip:127.0.0.1:{telephony.network.ports.sip}" in status
