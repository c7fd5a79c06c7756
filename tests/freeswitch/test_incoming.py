"""Calls that come to us, on a real switch: rejected, called back, answered, paid."""

import json
import time

import pytest

from domain import money
from domain.accounts.models import Service
from esl_service.porter import FULL
from esl_service.voice import Amount, Prompt, Voice
from tests.freeswitch.event_socket import Unheard
from tests.freeswitch.matching import was_heard
from tests.people import ACCESS_NUMBER, ANNA, OFFICE
from tests.system.programs import eventually, shown

OURS = ACCESS_NUMBER.strip("+")
HERS = ANNA.strip("+")
ELSEWHERE = "48225557777"
"""A telephone that nobody registered."""


@pytest.fixture
def anna(town):
    return town.welcome(confirms_leg_a=False, announces_balance=False)


def serve(town, service, **settings):
    with town.transaction() as services:
        access = services.accounts.access_number(ACCESS_NUMBER)
        access.service = service
        for name, value in settings.items():
            setattr(access, name, value)


def issue(town, person):
    with town.transaction() as services:
        account = services.accounts.get(person.id)
        return services.cards.issue(account, account.made_at)


def sessions(town) -> int:
    with town.transaction(write=False) as services:
        return len(services.history.sessions())


def paid(programs) -> int:
    """What the first session's legs cost, as they are shown."""
    return sum(money.parse(leg["price"]) for leg in shown(programs, 1)["legs"])


def records_of(telephony, uuid) -> list[str]:
    """What the switch has written of a leg."""
    found = telephony.switch.cdr_folder.glob(f"**/*{uuid}.cdr.json")
    return [path.read_text() for path in found]


# Called back.


def test_she_rings_is_not_answered_and_her_telephone_rings_after_five_seconds(
    programs, telephony, town, anna, hearing
):
    serve(town, Service.ANI_CALLBACK)
    phone, office = telephony.caller(HERS), telephony.caller(OFFICE.strip("+"))

    calls = telephony.calling_in(HERS, OURS)
    end = calls.end()
    rejected_at = time.monotonic()
    phone.wait_ringing(15)
    waited = time.monotonic() - rejected_at

    assert (end["Hangup-Cause"], end["variable_sip_term_status"]) == (
        "USER_BUSY",
        "486",
    )
    assert end["variable_billusec"] == "0"
    assert waited > 4
    phone.answer()
    hearing(phone.number).hears("which-number")
    phone.press("0048774417880#")
    office.wait_ringing(15)
    office.answer()
    time.sleep(1)
    phone.hang_up()
    eventually(lambda: town.holds() == 0)
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid(programs)


def test_strangers_and_those_who_hide_their_number_are_never_called_back(
    programs, telephony, town, anna
):
    serve(town, Service.ANI_CALLBACK)
    stranger, phone = telephony.caller(ELSEWHERE), telephony.caller(HERS)

    causes = [
        telephony.calling_in(ELSEWHERE, OURS).wait_gone(),
        telephony.calling_in(HERS, OURS, privacy="hide_number").wait_gone(),
        telephony.calling_in("anonymous", OURS).wait_gone(),
    ]

    assert causes == ["USER_BUSY"] * 3
    for each in (stranger, phone):
        with pytest.raises(Unheard):
            each.wait_ringing(4)
    assert sessions(town) == 0


def test_without_a_service_the_switch_itself_lets_her_go_unanswered(
    programs, telephony, town, anna
):
    serve(town, Service.ANI_CALLBACK)
    programs.esl.kill()

    calls = telephony.calling_in(HERS, OURS)

    end = calls.end(30)
    assert end["Hangup-Cause"] == "NORMAL_TEMPORARY_FAILURE"
    assert end["variable_billusec"] == "0"
    programs.esl.start()


def test_one_who_rang_while_the_service_was_away_is_served_when_it_is_back(
    programs, telephony, town, anna
):
    serve(town, Service.CALLING_CARD)
    programs.esl.kill()
    calls = telephony.calling_in(HERS, OURS)
    time.sleep(1.5)

    with programs.esl:
        calls.wait_answered(18)
        calls.hang_up()
        eventually(lambda: town.holds() == 0)
    programs.esl.start()


def test_congestion_is_told_to_the_carrier_as_503_and_costs_the_caller_nothing(
    telephony, link
):
    calls = telephony.calling_in(HERS, OURS)
    parked = link.wait("CHANNEL_PARK")

    link.api(f"uuid_kill {parked['Unique-ID']} {FULL}")

    end = calls.end()
    assert (end["Hangup-Cause"], end["variable_sip_term_status"]) == (FULL, "503")
    assert end["variable_billusec"] == "0"


# Let onto the line.


def test_she_hears_her_balance_dials_and_pays_to_the_second(
    programs, telephony, town, sounds, hearing
):
    serve(town, Service.CALLING_CARD)
    anna = town.welcome()
    office = telephony.caller(OFFICE.strip("+"))

    calls = telephony.calling_in(HERS, OURS)
    calls.wait_answered()
    hearing(OURS).hears_out("balance")
    calls.press("0048774417880#")
    office.wait_ringing(15)
    office.answer()
    time.sleep(2)
    calls.press("##")
    office.wait_gone(2)
    assert calls.is_on_the_line
    time.sleep(0.5)
    heard = calls.recording
    calls.hang_up()
    eventually(lambda: town.holds() == 0)

    leg_a, leg_b = shown(programs, 1)["legs"]
    for leg in (leg_a, leg_b):
        (text,) = records_of(telephony, leg["uuid"])
        written = json.loads(text)["variables"]
        assert leg["answered_us"] == int(written["billusec"])
        assert money.parse(leg["price"]) == leg["billed_seconds"] * 1_000
    assert leg_b["billed_seconds"] in {2, 3, 4}
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid(programs)
    balance = Voice(sounds).sounds(
        "en", Prompt.BALANCE, money=Amount(10_000_000, "USD")
    )
    assert was_heard(heard, balance)


def test_the_switch_ends_her_where_her_money_does(programs, telephony, town):
    serve(town, Service.CALLING_CARD)
    anna = town.welcome(funds="0.012", announces_balance=False)

    calls = telephony.calling_in(HERS, OURS)
    calls.wait_answered()
    calls.end(20)

    eventually(lambda: town.holds() == 0)
    (leg_a,) = shown(programs, 1)["legs"]
    assert leg_a["billed_seconds"] <= 12
    assert money.parse(town.balance(anna)) >= 0


def test_who_cannot_pay_is_not_answered(programs, telephony, town):
    serve(town, Service.CALLING_CARD)
    town.welcome(funds="0.005")

    end = telephony.calling_in(HERS, OURS).end()

    assert (end["Hangup-Cause"], end["variable_billusec"]) == ("USER_BUSY", "0")


@pytest.mark.parametrize(
    ("told", "number"),
    [({}, f"+{ELSEWHERE}"), ({"privacy": "hide_number"}, ACCESS_NUMBER)],
)
def test_with_card_and_pin_she_dials_from_elsewhere_and_the_pin_is_written_nowhere(
    programs, telephony, town, anna, told, number, hearing
):
    serve(town, Service.CALLING_CARD)
    hers = issue(town, anna)
    office = telephony.caller(OFFICE.strip("+"))

    calls = telephony.calling_in(ELSEWHERE, OURS, **told)
    is_told = hearing(OURS)
    key_card(calls, is_told, hers.login, "000000")
    key_card(calls, is_told, hers.login, hers.pin, again=1)
    is_told.hears("which-number")
    calls.press("0048774417880#")
    office.wait_ringing(15)
    office.answer()
    time.sleep(1)
    calls.hang_up()
    eventually(lambda: town.holds() == 0)

    leg_a, leg_b = shown(programs, 1)["legs"]
    assert leg_a["number"] == number
    written = records_of(telephony, leg_a["uuid"])
    assert written
    for text in (*written, *logs(programs), telephony.switch.log_tail()):
        assert hers.pin not in text
    # From the answer on, though it was known only later who she is.
    assert leg_a["billed_seconds"] > leg_b["billed_seconds"] + 8
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid(programs)


def key_card(calls, is_told, login, pin, *, again=0):
    is_told.hears("card-number", times=again + 1)
    calls.press(f"{login}#")
    is_told.hears("card-pin", times=again + 1)
    calls.press(f"{pin}#")


def logs(programs) -> list[str]:
    return [path.read_text() for path in programs.esl.log.parent.glob("*.log")]


def test_three_wrong_pins_and_she_is_let_go_at_nobody_s_expense(
    programs, telephony, town, anna, hearing
):
    serve(town, Service.CALLING_CARD)
    hers = issue(town, anna)

    calls = telephony.calling_in(ELSEWHERE, OURS)
    is_told = hearing(OURS)
    for tries in range(3):
        key_card(calls, is_told, hers.login, "000000", again=tries)

    assert calls.wait_gone(15) == "NORMAL_CLEARING"
    assert sessions(town) == 0
    assert town.balance(anna) == "10.00"


def test_she_hangs_up_while_her_pin_is_asked(programs, telephony, town, anna, hearing):
    serve(town, Service.CALLING_CARD, asks_pin=True)
    issue(town, anna)

    calls = telephony.calling_in(HERS, OURS)
    hearing(OURS).hears("card-pin")
    calls.press("48")
    calls.hang_up()
    time.sleep(1)

    assert sessions(town) == 0
    assert town.holds() == 0
    with telephony.connect() as link:
        assert link.api("show channels count").startswith("0 ")


def test_one_who_never_proves_who_they_are_is_ended_by_the_switch(
    programs, telephony, town, anna
):
    serve(town, Service.CALLING_CARD)
    calls = telephony.calling_in(ELSEWHERE, OURS)
    calls.wait_answered()
    programs.esl.kill()

    with programs.esl:  # the next service lets go of whom the last one left
        calls.wait_gone(30)
    programs.esl.start()

    assert sessions(town) == 0
