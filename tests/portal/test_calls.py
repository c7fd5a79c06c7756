"""What was called, and why it cost what it did."""

from domain.accounts.service import NewAccount
from domain.calls.sessions import Ending
from domain.ledger.models import Kind
from domain.tariffs.models import LegACharge
from portal.views import calls, ledger
from portal.views.ledger import KINDS
from tests.people import EXITS, HOTEL, NOON, after, new_uuid
from tests.portal.pages import asked, rung, talk, words

BRITISH = "+442079460000"


def rows(page):
    """The words of each row of a page's table."""
    return [
        " ".join(row.get_text(" ").replace("\xa0", " ").split())
        for row in page.html.select("tr")
    ]


def test_both_legs_are_told_with_their_price_and_why(annas, anna, town):
    talk(town, anna)

    page = annas.get("/account/calls")

    when = "23 Nov 2026, 12:00 UTC"
    hers, theirs = "+48 600 316 058 Poland", "+48 77 441 78 80 Poland"
    assert rows(page)[1:] == [
        f"{when} $0.023",
        f"Your phone {hers} {when} 15 s 15 s $0.06 $0.00 Hung up $0.015",
        "15 s answered, 15 s billed: 15 s at $0.06 a minute = $0.015",
        f"Their phone {theirs} {when} 8 s 8 s $0.06 $0.00 Hung up $0.008",
        "8 s answered, 8 s billed: 8 s at $0.06 a minute = $0.008",
        "All calls together $0.023",
    ]


def test_blocks_and_setup_are_told(annas, anna, town):
    talk(town, anna, BRITISH)

    page = annas.get("/account/calls")

    assert rows(page)[4].endswith("8 s 60 s $0.60 $0.10 Hung up $0.70")
    assert rows(page)[5] == (
        "8 s answered, 60 s billed: 60 s at $0.60 a minute "
        "+ $0.10 for the connection = $0.70; billed in steps of 60 s"
    )


def test_a_busy_number_cost_nothing(annas, anna, town):
    session_id, _ = rung(town, anna)
    b = new_uuid()
    with town.transaction() as services:
        services.sessions.admit(session_id, BRITISH, uuid=b, exits=EXITS, now=after(6))
        services.sessions.settle(b, Ending("USER_BUSY", 0, None, after(9)), after(9))

    page = annas.get("/account/calls")

    assert rows(page)[1].startswith("23 Nov 2026, 12:00 UTC In progress")
    assert rows(page)[2].endswith("– – $0.06 $0.00 On the line –")
    assert rows(page)[3].endswith("Busy $0.00")


def test_a_leg_that_the_plan_does_not_charge_is_free(annas, anna, town):
    with town.transaction() as services:
        services.tariffs.plan(town.plan_id).leg_a_charge = LegACharge.NEVER

    talk(town, anna)

    page = annas.get("/account/calls")
    assert rows(page)[2].endswith("15 s 0 s $0.06 $0.00 Hung up $0.00")
    assert rows(page)[3] == "15 s answered; this leg is not charged on your plan"


def test_an_unknown_cause_is_told_by_its_name(annas, anna, town):
    _, a = rung(town, anna)
    with town.transaction() as services:
        services.sessions.settle(
            a, Ending("CRASH_OF_MOON", 1_000_000, after(5), after(6)), after(6)
        )

    assert "Ended: CRASH_OF_MOON" in annas.read("/account/calls")


def test_a_leg_that_rang_in_vain_was_not_answered_rather_than_timed_out(
    annas, anna, town
):
    session_id = asked(town, anna)
    with town.transaction() as services:
        (due,) = services.requests.take_due(NOON, exits=EXITS, new_uuid=new_uuid)
        rang = Ending("ALLOTTED_TIMEOUT", 0, None, after(30))
        assert due.session_id == session_id
        services.sessions.settle(due.uuid, rang, after(30))

    page = annas.read("/account/calls")

    assert "No answer" in page
    assert "The time was up" not in page


def test_a_call_that_waits_is_told(annas, anna, town):
    asked(town, anna)

    assert "Waiting to ring" in annas.read("/account/calls")


def test_a_leg_that_rings_is_told(annas, anna, town):
    asked(town, anna)
    with town.transaction() as services:
        services.requests.take_due(NOON, exits=EXITS, new_uuid=new_uuid)

    assert "Ringing" in annas.read("/account/calls")


def test_who_never_called_is_told_how(annas):
    page = annas.get("/account/calls")

    assert "You have not called anybody yet." in words(page)
    assert page.click("How to call").request.path == "/account"


def test_she_never_sees_anothers_calls(annas, town):
    talk(town, town.welcome("ben", number=HOTEL))

    assert "You have not called anybody yet." in annas.read("/account/calls")
    assert "48 77 441" not in annas.read("/account/ledger")


def test_the_ledger_adds_up_to_the_last_micro_unit(annas, anna, town):
    talk(town, anna)

    page = annas.get("/account/ledger")

    when = "23 Nov 2026, 12:00 UTC"
    assert rows(page)[1:] == [
        f"{when} Call +48 600 316 058 -$0.015",
        f"{when} Call +48 77 441 78 80 -$0.008",
        f"{when} Top-up + $10.00",
        "Balance $9.977",
    ]


def test_every_kind_of_entry_has_a_word():
    assert set(KINDS) == set(Kind)


def test_an_account_without_money_has_an_empty_ledger(browser, town):
    with town.transaction() as services:
        services.accounts.create(
            NewAccount("ben", "ben-password", town.plan_id, "USD"), NOON
        )
    browser.sign_in("ben", "ben-password")

    assert "No money has moved yet." in browser.read("/account/ledger")
    assert "No number is registered yet." in browser.read("/account/numbers")


def test_long_histories_say_that_only_the_newest_are_shown(
    annas, anna, town, monkeypatch
):
    monkeypatch.setattr(calls, "NEWEST", 1)
    monkeypatch.setattr(ledger, "NEWEST", 2)
    talk(town, anna)
    talk(town, anna)

    assert "The newest 1 calls together $0.023" in annas.read("/account/calls")
    assert "The newest 2 entries are shown." in annas.read("/account/ledger")
