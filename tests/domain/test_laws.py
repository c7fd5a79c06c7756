"""The laws of texts, on texts made by chance."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.domain.laws import check
from tests.domain.test_commands_table import table, written

KEYS = ["U.", "P.", "D.", "O.", "R.", "B.", "N", "I", "T.", "L.", "Q.", "X", "D ", "T "]
WORDS = ["CALL", "saldo", "gọi lại", "打给", "HELP", "Tarifa", "P ", "password "]
VALUES = [
    *("anna", "s3cret", "48774417880", "1234 5678 9010", "(077) 441 78 80", "office"),
    *(
        "fr",
        "2",
        "+44 (0)7911 123456",
        "447911123456",
        "văn phòng",
        "妈妈",
        "***",
        "😀",
    ),
]
BETWEEN = ["", " ", ", ", ";", "\n", ".", ":", "=", "\u200b", "\u202e", "\xa0", "!"]

pieces = st.sampled_from([*KEYS, *WORDS, *VALUES, *BETWEEN]) | st.text(max_size=3)
messages = st.lists(pieces, max_size=14).map("".join)


@given(messages)
# What a fuzzer found:
@example("D0.033142685300")
@example("U.a/T0000005281626 0 P.secret")
@example("U.a P.* I")
@example("O.448138231267(\ufffd447911191456")
@example("12345674567(90123)")
@example("CALL 11 O8*1 U\ufffdO")
@example("\u24ff\u7800")
def test_a_message_of_pieces_breaks_no_law(text):
    check(text)


@given(st.text(max_size=300))
def test_no_text_at_all_breaks_a_law(text):
    check(text)


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "utf-16", "latin-1"]))
def test_whatever_bytes_a_carrier_takes_for_a_text_break_no_law(sent, encoding):
    check(sent.decode(encoding, "replace"))


@pytest.mark.parametrize(("text", "_meaning"), table())
def test_what_people_write_breaks_no_law(text, _meaning):
    check(written(text))


@pytest.mark.parametrize("text", ["D" + " " * 60_000, "1 " * 30_000, "T-" * 30_000])
def test_a_text_without_end_is_read_in_no_time(text):
    check(text)
