"""Why a leg cost what it cost: a sentence that adds up."""

from dataclasses import replace

import pytest

from domain.calls.explaining import leg_in_words, why_this_price
from domain.calls.models import CallSession, Leg, Side
from domain.languages import LANGUAGES
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import Rate
from tests.people import ANNA, NOON

RATE = Rate(per_minute=600_000)


def ended(rate, seconds, *, charge=LegACharge.ALWAYS, is_paid=True):
    leg = Leg(side=Side.B, number="+442071234567", destination="Britain")
    leg.session = CallSession(ended_at=NOON)
    leg.terms, leg.charge, leg.ended_at = rate, charge, NOON
    leg.answered_us = seconds * 1_000_000
    leg.price = rate.cost(seconds) if is_paid else 0
    leg.billed_seconds = rate.billed(seconds) if leg.price else 0
    return leg


@pytest.mark.parametrize(
    ("leg", "sentence"),
    [
        (
            ended(RATE, 21),
            "21 s answered, 21 s billed: 21 s at $0.60 a minute = $0.21",
        ),
        (
            ended(replace(RATE, first_block=20, step=60), 21),
            (
                "21 s answered, 80 s billed: 80 s at $0.60 a minute = $0.80; "
                "billed in steps of 60 s after the first 20 s"
            ),
        ),
        (
            ended(replace(RATE, setup=100_000, first_block=60, step=60), 5),
            (
                "5 s answered, 60 s billed: 60 s at $0.60 a minute "
                "+ $0.10 for the connection = $0.70; billed in steps of 60 s"
            ),
        ),
        (
            ended(replace(RATE, free_seconds=20), 30),
            (
                "30 s answered, 10 s billed: 10 s at $0.60 a minute = $0.10; "
                "the first 20 s are free"
            ),
        ),
        (
            ended(replace(RATE, minimum_charge=500_000), 3),
            (
                "3 s answered, 3 s billed: 3 s at $0.60 a minute = $0.03, "
                "but at least $0.50"
            ),
        ),
        (
            ended(replace(RATE, minimum_seconds=5), 4),
            "4 s answered; below 5 s nothing is charged",
        ),
        (
            ended(replace(RATE, free_seconds=30), 20),
            (
                "20 s answered, 0 s billed: 0 s at $0.60 a minute = $0.00; "
                "the first 30 s are free"
            ),
        ),
        (
            ended(RATE, 9, charge=LegACharge.NEVER, is_paid=False),
            "9 s answered; this leg is not charged on your plan",
        ),
        (
            ended(RATE, 9, charge=LegACharge.IF_ANSWERED, is_paid=False),
            "9 s answered; not charged, because nobody else answered",
        ),
        (ended(RATE, 0), "not answered, nothing to pay"),
    ],
)
def test_the_sentence_tells_how_the_price_came_about(leg, sentence):
    assert why_this_price(leg, "USD", "en") == sentence


def test_a_call_that_goes_on_has_no_price_yet():
    leg = ended(RATE, 60)
    leg.ended_at = None

    assert why_this_price(leg, "USD", "en") == "not over yet"


def test_what_waits_for_somebody_to_answer_has_no_price_yet():
    leg = ended(RATE, 9, charge=LegACharge.IF_ANSWERED, is_paid=False)
    leg.session.ended_at = None

    assert why_this_price(leg, "USD", "en") == "not over yet"


def test_what_somebody_answered_is_told_while_the_call_goes_on():
    leg = ended(RATE, 9, charge=LegACharge.IF_ANSWERED)
    leg.session.ended_at = None

    assert why_this_price(leg, "USD", "en").endswith("at $0.60 a minute = $0.09")


def test_the_smallest_part_of_a_price_is_not_rounded_away():
    told = why_this_price(ended(Rate(per_minute=1), 61), "EUR", "en")

    assert told.endswith("61 s at €0.000001 a minute = €0.000002")


def test_a_leg_is_named_by_side_number_and_place():
    leg = ended(RATE, 1)

    assert leg_in_words(leg, "en") == "Leg B to +442071234567 (Britain)"
    leg.destination = ""
    assert leg_in_words(leg, "en") == "Leg B to +442071234567"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_are_the_same_in_every_language(language):
    leg = ended(replace(RATE, setup=100_000, first_block=20, step=60), 21)

    told = why_this_price(leg, "USD", language)

    assert "21" in told
    assert "80" in told
    assert told.replace(",", ".").count("0.60") == 1
    assert told.replace(",", ".").count("0.90") == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "es",
            (
                "21 s de comunicación, 80 s facturados: 80 s a 0,60 US$ por minuto "
                "+ 0,10 US$ por la conexión = 0,90 US$; "
                "se factura en bloques de 60 s tras un primer bloque de 20 s"
            ),
        ),
        (
            "fr",
            (
                "21 s de communication, 80 s facturées : 80 s à 0,60 $US la minute "
                "+ 0,10 $US de mise en relation = 0,90 $US ; "
                "facturation par tranches de 60 s après une première tranche de 20 s"
            ),
        ),
        (
            "vi",
            (
                "21 giây đàm thoại, tính cước 80 giây: 80 giây với giá 0,60 US$/phút "
                "+ 0,10 US$ phí kết nối = 0,90 US$; "
                "tính theo block 60 giây sau 20 giây đầu"
            ),
        ),
        (
            "zh",
            (
                "通话 21 秒，计费 80 秒：80 秒 × 每分钟 US$0.60 "
                "+ 接通费 US$0.10 = US$0.90；前 20 秒之后，以 60 秒为单位计费"
            ),
        ),
    ],
)
def test_the_sentence_reads_well_in_every_language(language, sentence):
    leg = ended(replace(RATE, setup=100_000, first_block=20, step=60), 21)

    assert why_this_price(leg, "USD", language) == sentence


def test_a_leg_that_came_to_us_is_told_from_one_that_we_rang():
    came, rung = (Leg(side=Side.A, number=ANNA, gateway=way) for way in ("", "g"))

    assert leg_in_words(came, "en") == f"Leg A from {ANNA}"
    assert leg_in_words(rung, "en") == f"Leg A to {ANNA}"
