"""Price lists: read whole or not at all, the longest prefix wins."""

import io
from datetime import timedelta

import pytest

from domain.errors import Forbidden, NoRate
from domain.numbers import E164
from domain.tariffs.lists import Owner
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import BadSheet, Line, read
from tests.people import NOON, OFFICE, after


def sheet(text):
    return read(io.StringIO(text))


def test_a_sheet_is_read_with_all_its_terms():
    lines = sheet(
        "prefix,destination,per_minute,setup,first_block,step\n"
        "48,Poland,0.06,,1,1\n"
        "+4870,Poland premium,2.5,0.1,60,60\n"
    )

    assert lines == [
        Line("48", Rate(60_000, first_block=1, step=1), "Poland"),
        Line(
            "4870",
            Rate(2_500_000, setup=100_000, first_block=60, step=60),
            "Poland premium",
        ),
    ]


def test_every_bad_line_is_named_and_none_is_taken():
    with pytest.raises(BadSheet) as refusal:
        sheet(
            "prefix,per_minute,step\n"
            "48,0.06,1\n"
            "4x,0.06,1\n"
            '49,"1,000.00",1\n'
            "48,0.07,1\n"
            "50,0.06,0\n"
            "51,,1\n"
            "52,0.1\n"
            "53,0.1,-6\n"
        )

    assert [fault.split(":")[0] for fault in refusal.value.faults] == [
        f"line {number}" for number in range(3, 10)
    ]


@pytest.mark.parametrize(
    "header", ["per_minute", "prefix", "prefix,per_minute,colour", ""]
)
def test_a_header_that_does_not_fit_is_refused(header):
    with pytest.raises(BadSheet, match="column"):
        sheet(f"{header}\n48\n")


def test_the_longest_prefix_wins(town):
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        lines = [Line("4", Rate(1)), Line("48", Rate(2)), Line("4877", Rate(3))]
        services.tariffs.replace(plan, lines, NOON)

        price = services.tariffs.price(plan, OFFICE, after(1))

    assert (price.prefix, price.rate.per_minute) == ("4877", 3)


def test_a_replaced_list_still_tells_yesterdays_price(town):
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        services.tariffs.replace(plan, [Line("48", Rate(90_000))], NOON)

        before = services.tariffs.price(plan, OFFICE, NOON - timedelta(seconds=1))
        now = services.tariffs.price(plan, OFFICE, NOON)

    assert (before.rate.per_minute, now.rate.per_minute) == (60_000, 90_000)


def test_a_dry_run_tells_what_would_change(town):
    with town.transaction(write=False) as services:
        found = services.tariffs.compare(
            Owner(town.plan_id), [Line("48", Rate(90_000)), Line("49", Rate(1))], NOON
        )

    assert str(found) == "1 new, 1 dearer, 0 cheaper, 1 gone, 0 unchanged"


def test_nothing_dearer_than_the_plans_ceiling_is_sold(town):
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        plan.dearest_minute = 100_000

        with pytest.raises(Forbidden):
            services.tariffs.price(plan, E164("+442071234567"), NOON)
        with pytest.raises(NoRate):
            services.tariffs.price(plan, E164("+33123456789"), NOON)
