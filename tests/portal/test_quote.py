"""One figure everywhere: at the terminal, by SMS, on the page, and on the line."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from domain.numbers import E164
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from tests.databases import on_both
from tests.domain.calling import admit, ask, take
from tests.domain.texting import deliver, sms
from tests.people import ANNA, NOON, after
from tests.portal.pages import talk
from tests.terminal import installed

pytestmark = on_both

LONDON = E164("+442071234567")
MINUTES = {"first_block": 60, "step": 60}


@pytest.fixture
def operator(tmp_path, database):
    return installed(tmp_path, database)


def price_in_blocks(town):
    """Leg A by the minute, leg B with a setup and in steps of half a minute."""
    lines = [
        Line("48", Rate(70_000, **MINUTES), "Poland"),
        Line("44", Rate(90_000, setup=30_000, first_block=30, step=30), "Britain"),
    ]
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        services.tariffs.replace(plan, lines, NOON)


@pytest.mark.parametrize("funds", ["0.60", "1.00", "1.63", "100.00"])
def test_what_is_quoted_is_what_is_promised_on_the_line(town, browser, operator, funds):
    anna = town.welcome(funds=funds)
    price_in_blocks(town)
    talk(town, anna, LONDON)
    browser.sign_in(anna.login, anna.password)

    quote = operator.learns("quote", "--account", "anna", "--to", LONDON)
    (reply,) = deliver(town, sms("I"), after(100))
    page = browser.read("/account")
    _, session_id = ask(town, anna, after(200), leg_a=ANNA, leg_b=LONDON)
    (due,) = take(town, after(200))
    with town.transaction() as services:
        services.sessions.a_answered(session_id, due.uuid, after(210))
    _, promised = admit(town, session_id, LONDON, after(210))

    assert quote["longest"] == promised > 0
    assert f": {promised // 60} min to {LONDON}." in reply
    hours, minutes = divmod(promised // 60, 60)
    told = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    told = told if promised >= 60 else f"{promised} s"
    assert f"{told} in one call" in page
    assert quote["first_minute"] == "0.19"
    assert re.search(r"First minute, both phones \$0\.19", page)


def test_money_that_is_not_enough_to_be_rung_buys_nothing(town, browser, operator):
    anna = town.welcome(funds="0.60")
    price_in_blocks(town)
    just_now = datetime.now(UTC) - timedelta(minutes=5)  # spent on this very day
    talk(town, anna, LONDON, just_now)
    with town.transaction() as services:
        services.accounts.get(anna.id).daily_spend = 150_000
    browser.sign_in(anna.login, anna.password)

    quote = operator.learns("quote", "--account", "anna", "--to", LONDON)
    (reply,) = deliver(town, sms("I"), after(100, just_now))
    with pytest.raises(Exception, match="spend_limit"):
        ask(town, anna, after(200, just_now), leg_a=ANNA, leg_b=LONDON)

    assert quote["longest"] == 0
    assert f": 0 min to {LONDON}." in reply
    assert "0 s in one call" in browser.read("/account")
