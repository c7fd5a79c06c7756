"""An operator keeps gateways and routes, and asks which way a call would go."""

import pytest


@pytest.fixture
def poland(seeded):
    """Two gateways to Poland and one to everywhere."""
    for name in ("first", "second", "world"):
        seeded.reads("gateways", "add", name)
    seeded.reads("routes", "add", "48", "first", "--priority", "1")
    seeded.reads("routes", "add", "48", "second", "--priority", "2")
    seeded.reads("routes", "add", "*", "world")
    return seeded


def tried(operator, number="+48774417880", *options):
    return [
        (row["try"], row["gateway"], row["why"])
        for row in operator.learns("routes", "test", number, *options)
    ]


def test_without_any_the_settings_serve_everything(operator):
    assert operator.learns("gateways", "list") == []
    assert "the settings' takes every call" in operator.reads("gateways", "list")
    assert "takes every call" in operator.reads("routes", "test", "+48774417880")


def test_a_gateway_is_kept_and_changed(seeded):
    seeded.reads(
        *("gateways", "add", "carrier2", "--per-second", "5", "--at-once", "30"),
        *("--caller-id-form", "national", "--country", "pl"),
        *("--caller-id", "+48 22 100 00 00", "--buying-plan", "demo"),
    )
    told = seeded.reads(
        *("gateways", "set", "carrier2", "--per-second", "none", "--off", "--may-lose")
    )

    facts = dict(line.split(maxsplit=1) for line in told.splitlines() if " " in line)
    assert facts["state:"] == "off"
    assert "per_second:" not in facts
    assert (facts["at_once:"], facts["may_lose:"]) == ("30", "True")
    assert facts["caller_id:"] == "+48221000000"
    assert facts["buying_plan:"] == "demo"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("gateways", "add", "a b"), "'a b' is no name of a gateway"),
        (("gateways", "add", "x", "--at-once", "0"), "'0' is no number from 1"),
        (("gateways", "add", "x", "--country", "XX"), "'XX' is no country such as PL"),
        (
            ("gateways", "add", "x", "--caller-id-form", "national"),
            "the national form needs --country",
        ),
        (("gateways", "add", "first"), "there is a gateway called 'first' already"),
        (("gateways", "wake", "x"), "no gateway is called 'x'; there are: first"),
        (("routes", "add", "0048", "first"), "'0048' is no prefix such as 4870, or *"),
        (("routes", "remove", "49", "first"), "49 does not leave by first"),
    ],
)
def test_what_cannot_be_is_refused(poland, words, told):
    assert told in poland.is_told(*words)


def test_routes_are_told_in_the_order_of_trying(poland):
    poland.reads("gateways", "set", "second", "--off")

    assert tried(poland) == [
        (1, "first", ""),
        (None, "second", "switched off"),
        (None, "world", "a longer prefix decides"),
    ]
    assert tried(poland, "+442071234567") == [
        (1, "world", ""),
        (None, "first", "no route"),
        (None, "second", "switched off"),
    ]


def test_a_gateway_rests_and_wakes(poland):
    poland.reads("gateways", "rest", "first", "--minutes", "5")
    assert tried(poland)[:2] == [(1, "second", ""), (2, "first", "rests: tried last")]
    assert poland.learns("gateways", "list")[0]["state"] == "rests"

    poland.reads("gateways", "wake", "first")
    assert tried(poland)[:2] == [(1, "first", ""), (2, "second", "")]


def test_what_would_lose_money_is_told(poland):
    poland.reads("plans", "create", "dear", "--currency", "USD")
    prices = poland.folder / "dear.csv"
    prices.write_text("prefix,per_minute\n48,99\n")
    poland.reads("rates", "import", str(prices), "--plan", "dear")
    poland.reads("gateways", "set", "first", "--buying-plan", "dear")

    assert tried(poland, "+48774417880", "--account", "callback")[:2] == [
        (None, "first", "bought dearer than sold"),
        (1, "second", ""),
    ]


def test_a_route_is_changed_and_removed(poland):
    poland.reads("routes", "add", "+48", "first", "--priority", "3", "--off")
    assert poland.learns("routes", "list")[-1]["state"] == "off"

    poland.reads("routes", "remove", "48", "first")
    assert [row["gateway"] for row in poland.learns("routes", "list")] == [
        "world",
        "second",
    ]


def test_the_doctor_looks_at_the_ways_out(poland):
    def finding():
        told = poland.gives("doctor").stdout
        (line,) = [each for each in told.splitlines() if "gateways" in each[:20]]
        return line

    assert "first second world in use" in finding()

    for name in ("first", "second", "world"):
        poland.reads("gateways", "rest", name)
    assert finding().startswith("WRONG")
    assert "all gateways rest" in finding()

    for name in ("first", "second", "world"):
        poland.reads("gateways", "set", name, "--off")
    assert "no call can leave" in finding()
