"""The account at a glance."""

from datetime import timedelta

from domain.numbers import E164
from tests.people import NOON
from tests.portal.pages import asked, talk, words


def test_she_sees_balance_plan_and_currency(annas):
    page = annas.read("/account")

    assert "Balance $10.00" in page
    assert "Available for calls $10.00" in page
    assert "Plan basic" in page
    assert "Currency USD" in page
    assert "Set aside" not in page


def test_a_balance_below_the_cent_is_exact_in_its_title(annas, anna, town):
    talk(town, anna)

    page = annas.get("/account")

    amount = page.html.select_one(".balance .amount data")
    assert (amount.text, amount["title"]) == ("$9.97", "9.977 USD")


def test_money_held_for_a_call_in_progress_is_not_available(annas, anna, town):
    asked(town, anna)

    page = annas.read("/account")

    assert "Balance $10.00 Available for calls $9.98" in page
    assert "Set aside for calls in progress $0.02" in page


def test_credit_is_told_and_counts_as_available(browser, town):
    ben = town.welcome("ben", funds="1.00", credit_limit=5_000_000)
    browser.sign_in(ben.login, ben.password)

    page = browser.read("/account")

    assert "Available for calls $6.00 Credit limit $5.00" in page


def test_before_the_first_call_there_is_nothing_to_reckon(annas):
    assert "After your first call you see here" in annas.read("/account")


def test_she_sees_how_long_her_money_lasts_to_the_last_destination(annas, anna, town):
    talk(town, anna)

    page = annas.read("/account")

    assert "To +48 77 441 78 80 Poland 1 h 22 min in one call" in page
    assert "First minute, both phones $0.12" in page
    assert "D.+48774417880" in page


def test_with_little_money_the_seconds_are_told(browser, town):
    ben = town.welcome("ben", funds="0.123")
    talk(town, ben)
    browser.sign_in(ben.login, ben.password)

    assert "25 s in one call" in browser.read("/account")


def test_a_destination_without_a_price_any_more_is_said(annas, anna, town):
    talk(town, anna)
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        services.tariffs.replace(plan, [], NOON - timedelta(days=29))

    assert "There is no price for a call to +48 77 441 78 80" in annas.read("/account")


def test_without_a_registered_number_she_is_led_to_register_one(annas, anna, town):
    with town.transaction() as services:
        account = services.accounts.get(anna.id)
        services.accounts.unregister(account, E164(anna.number))

    page = annas.get("/account")

    assert page.click("Register a number").request.path == "/account/numbers"


def test_the_access_number_can_be_texted_by_a_touch(annas):
    link = annas.get("/account").html.select_one("a.telephone")

    assert link["href"].startswith("sms:+48221000000?body=D.")
    assert "+" not in link["href"].partition("?")[2]  # some phones read it as a space


def test_she_chooses_a_language_and_keeps_it(annas, anna, town):
    page = annas.fill_in("/account", language="fr")

    assert page.html.html["lang"] == "fr"
    with town.transaction(write=False) as services:
        assert services.accounts.get(anna.id).language == "fr"


def test_a_language_we_do_not_speak_is_refused_beside_its_field(annas, anna, town):
    page = annas.fill_in("/account", status=422, language="tlh")

    assert "We do not speak this language." in words(page)
    with town.transaction(write=False) as services:
        assert services.accounts.get(anna.id).language is None
