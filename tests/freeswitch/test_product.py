"""The whole product on a real switch: SMS in, sound heard, money moved."""

import json
import time

from domain import money
from esl_service.voice import Amount, Prompt, Voice
from tests.freeswitch.matching import was_heard
from tests.freeswitch.texting import person, text
from tests.people import ANNA, HOTEL, OFFICE, STRANGER
from tests.system.programs import eventually, shown

TALKS_ON = "+48225559990"
BUSY = "+48225550001"


def causes(programs) -> list[str]:
    """Why each leg of the first session ended."""
    return [leg["cause"] for leg in shown(programs, 1)["legs"]]


def channels(telephony) -> int:
    """How many legs the switch under test lists, a moment behind what happens."""
    with telephony.connect() as link:
        return int(link.api("show channels count").split()[0])


def test_the_seeds_line_is_rung_heard_joined_and_paid(
    programs, telephony, town, sounds, hearing
):
    anna = town.welcome()
    hotel, office = person(telephony, HOTEL), person(telephony, OFFICE)

    text(programs, "U.anna P.anna-password D.48774417880 O.12345678", sender=STRANGER)
    hotel.wait_ringing()
    hotel.answer()
    hearing(hotel.number).hears("confirm")
    hotel.press("1")
    office.wait_ringing(20)
    office.answer()
    time.sleep(2)
    office.hang_up()
    time.sleep(1)
    hotel.hang_up()
    eventually(lambda: town.holds() == 0)

    leg_a, leg_b = shown(programs, 1)["legs"]
    assert leg_b["billed_seconds"] in {2, 3}
    paid = money.parse(leg_a["price"]) + money.parse(leg_b["price"])
    assert paid == (leg_a["billed_seconds"] + leg_b["billed_seconds"]) * 1_000
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid
    balance = Voice(sounds).sounds(
        "en", Prompt.BALANCE, money=Amount(10_000_000, "USD")
    )
    assert was_heard(hotel.recording, balance)


def test_hash_hash_drops_b_within_a_second_and_a_stays(programs, telephony, town):
    town.welcome(confirms_leg_a=False, announces_balance=False)
    anna, office = person(telephony, ANNA), person(telephony, OFFICE)

    text(programs, "D.48774417880")
    anna.wait_ringing()
    anna.answer()
    office.wait_ringing(15)
    office.answer()
    time.sleep(1)
    anna.press("##")
    office.wait_gone(1)

    assert anna.is_on_the_line
    anna.hang_up()
    eventually(lambda: town.holds() == 0)
    assert shown(programs, 1)["legs"][1]["cause"] == "NORMAL_CLEARING"


def test_the_next_number_is_keyed_after_a_busy_one(programs, telephony, town, hearing):
    town.welcome(confirms_leg_a=False, announces_balance=False)
    anna, office = person(telephony, ANNA), person(telephony, OFFICE)

    text(programs, f"D.{BUSY}")
    anna.wait_ringing()
    anna.answer()
    eventually(lambda: causes(programs)[1:] == ["USER_BUSY"])
    hearing(anna.number).hears("which-number")
    anna.press("0048774417880#")
    office.wait_ringing(15)
    office.answer()
    time.sleep(1)
    anna.hang_up()
    eventually(lambda: town.holds() == 0)

    assert causes(programs) == ["NORMAL_CLEARING", "USER_BUSY", "NORMAL_CLEARING"]


def test_the_limit_drops_b_only(programs, telephony, town):
    town.welcome(confirms_leg_a=False, announces_balance=False, longest_call=10)
    anna, other = person(telephony, ANNA), person(telephony, TALKS_ON)

    text(programs, f"D.{TALKS_ON}")
    anna.wait_ringing()
    anna.answer()
    other.wait_ringing(15)
    other.wait_answered()
    other.wait_gone(12)

    assert anna.is_on_the_line
    anna.hang_up()
    eventually(lambda: town.holds() == 0)
    leg_b = shown(programs, 1)["legs"][1]
    assert (leg_b["cause"], leg_b["billed_seconds"] <= 10) == ("ALLOTTED_TIMEOUT", True)


def test_an_sms_hangs_up_who_talks_and_both_legs_are_paid(programs, telephony, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    telephone, office = person(telephony, ANNA), person(telephony, OFFICE)
    text(programs, "CALL 48774417880")
    telephone.wait_ringing()
    telephone.answer()
    office.wait_ringing(20)
    office.answer()
    time.sleep(2)

    text(programs, "X")
    eventually(lambda: town.holds() == 0)

    eventually(lambda: channels(telephony) == 0)
    leg_a, leg_b = shown(programs, 1)["legs"]
    assert leg_b["billed_seconds"] >= 2
    paid = money.parse(leg_a["price"]) + money.parse(leg_b["price"])
    assert paid == (leg_a["billed_seconds"] + leg_b["billed_seconds"]) * 1_000
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid


def test_an_sms_takes_back_a_call_that_rings(programs, telephony, town):
    anna = town.welcome(confirms_leg_a=False)
    telephone = person(telephony, ANNA)
    text(programs, "")
    telephone.wait_ringing()

    text(programs, "x")
    eventually(lambda: town.holds() == 0)

    eventually(lambda: channels(telephony) == 0)
    assert town.balance(anna) == "10.00"


def test_a_hostile_destination_does_nothing(programs, telephony, town, tmp_path):
    town.welcome(confirms_leg_a=False)
    touched = tmp_path / "touched"

    text(programs, f"D.${{system(touch {touched})}}")
    time.sleep(1)

    assert not touched.exists()
    assert channels(telephony) == 0


def test_a_call_that_is_answered_and_ends_unheard_is_paid_by_the_switch_s_record(
    programs, telephony, town
):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    telephone, office = answered_unheard(programs, telephony)
    time.sleep(2.2)
    office.hang_up()
    time.sleep(1)
    telephone.hang_up()
    time.sleep(0.5)
    with programs.esl:
        eventually(lambda: town.holds() == 0)

        legs = shown(programs, 1)["legs"]
    assert legs[1]["billed_seconds"] == 3
    for leg in legs:
        (record,) = telephony.switch.cdr_folder.glob(f"*/*{leg['uuid']}.cdr.json")
        written = json.loads(record.read_text())["variables"]
        assert leg["answered_us"] == int(written["billusec"])
    paid = sum(money.parse(leg["price"]) for leg in legs)
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid


def test_a_party_that_answered_unheard_is_held_for_when_the_service_is_back(
    programs, telephony, town
):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    telephone, _ = answered_unheard(programs, telephony)
    time.sleep(1)
    with programs.esl:
        eventually(lambda: shown(programs, 1)["legs"][1]["answered_at"], patience=40)
        assert telephone.is_on_the_line
        held = money.parse("10.00") - money.parse(town.available(anna))
        assert held > 2 * 60 * 1_000
        telephone.hang_up()
        eventually(lambda: town.holds() == 0)

    assert shown(programs, 1)["legs"][1]["billed_seconds"] > 2


def answered_unheard(programs, telephony):
    """Anna and the office, who answers when the service is dead."""
    telephone, office = person(telephony, ANNA), person(telephony, OFFICE)
    text(programs, "D.48774417880")
    telephone.wait_ringing()
    telephone.answer()
    office.wait_ringing(15)
    programs.esl.kill()
    office.answer()
    return telephone, office
