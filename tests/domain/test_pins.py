"""PINs: what is drawn, what is read, and which mistakes are noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.vouchers import pins, serials
from domain.vouchers.keys import PinKey, PinKeys
from domain.vouchers.serials import NotASerial, Serial

PINS = st.builds(
    lambda length, chance: pins.drawn(length, lambda below: chance % below),
    st.integers(pins.SHORTEST, pins.LONGEST),
    st.integers(0, 10**pins.LONGEST),
)


@given(PINS)
def test_every_pin_that_is_drawn_can_be_read(pin):
    assert pins.read(pin) == pin
    assert pins.read(pins.grouped(pin)) == pin


@given(PINS, st.data())
def test_no_single_wrong_digit_goes_unnoticed(pin, data):
    place = data.draw(st.integers(0, len(pin) - 1))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda it: it != pin[place]))

    assert pins.read(f"{pin[:place]}{digit}{pin[place + 1 :]}") is None


@given(PINS, st.data())
def test_no_two_neighbours_are_swapped_unnoticed(pin, data):
    unequal = [at for at in range(len(pin) - 1) if pin[at] != pin[at + 1]]
    if not unequal:
        return
    at = data.draw(st.sampled_from(unequal))

    assert pins.read(f"{pin[:at]}{pin[at + 1]}{pin[at]}{pin[at + 2 :]}") is None


@pytest.mark.parametrize(
    "written",
    [
        "123456789010",
        "1234 5678 9010",
        "1234.5678.9010.",
        " 1234-5678-9010 ",
        "1234–5678—9010",
        "1234\u00a05678\u202f9010",
        "12\t34\n56789010",
        "１２３４５６７８９０１０",
        "١٢٣٤٥٦٧٨٩٠١٠",
        "1234\u200b56789010",
    ],
)
def test_spaces_dashes_and_foreign_digits_do_no_harm(written):
    assert pins.read(written) == "123456789010"


@pytest.mark.parametrize(
    "written",
    ["", "hello", "12345678901", "123456789011", "12345678901O", "1" * 40, "½" * 12],
)
def test_what_is_no_pin_is_not_read_as_one(written):
    assert pins.read(written) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    pin = pins.read(text)

    assert pin is None or pins.read(pin) == pin


@pytest.mark.parametrize("length", [11, 25])
def test_a_pin_too_short_or_too_long_is_never_made(length):
    with pytest.raises(ValueError):
        pins.drawn(length)


def test_pins_are_drawn_by_chance():
    assert len({pins.drawn(12) for _ in range(1000)}) == 1000


def test_a_key_is_not_shown_and_makes_all_the_difference():
    keys = PinKeys((PinKey("a", "first-secret"), PinKey("b", "other-secret")))

    assert "secret" not in repr(keys)
    assert len({*keys.digests("123456789010"), *keys.digests("123456789018")}) == 4


@pytest.mark.parametrize(
    "written",
    ["", "7", "7-42", "0-000001", "7-000042x", "-1-000001", "7-2147483648"],
)
def test_what_is_no_serial_is_said(written):
    with pytest.raises(NotASerial):
        serials.read(written)


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_serial_reads_as_it_is_printed(batch_id, number):
    assert serials.read(str(Serial(batch_id, number))) == (batch_id, number)
