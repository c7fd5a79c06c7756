"""The grammar of commands: what people write, and what it means."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NotUnderstood
from domain.messages.masking import masked, masked_wholly
from domain.messages.parsing import Action, Command, read
from domain.messages.plain import normalised
from domain.messages.words import is_the_carriers

SEED = Command(Action.CALL, "48774417880", "callback", "pass", "12345678")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("U.callback P.pass D.48774417880 O.12345678", SEED),
        ("u.callback p.pass d.48774417880 o.12345678", SEED),
        ("O.12345678 D.48774417880 P.pass U.callback", SEED),
        ("U:callback,P=pass;D:48774417880\nO=12345678", SEED),
        ("Ｕ．callback Ｐ．pass Ｄ．４８７７４４１７８８０ Ｏ．12345678", SEED),
        ("U.callback\u200b P.pass D.48774417880\u200f O.12345678", SEED),
        ("U.callback\u00a0P.pass D.48774417880 O.12345678", SEED),
        ("D.48774417880", Command(Action.CALL, "48774417880")),
        ("D.+48 77 441-78-80", Command(Action.CALL, "+48 77 441-78-80")),
        ("D (077) 441 78 80", Command(Action.CALL, "(077) 441 78 80")),
        ("D48774417880", Command(Action.CALL, "48774417880")),
        ("B.office", Command(Action.CALL_NAME, "office")),
        ("b.my office", Command(Action.CALL_NAME, "my office")),
        ("B.anna i piotr", Command(Action.CALL_NAME, "anna i piotr")),
        ("B.văn phòng", Command(Action.CALL_NAME, "văn phòng")),
        ("N2", Command(Action.CALL_POSITION, "2")),
        ("n.2", Command(Action.CALL_POSITION, "2")),
        ("I", Command(Action.STATUS)),
        (" i ", Command(Action.STATUS)),
        ("I.", Command(Action.STATUS)),
        ("U.a P.b I", Command(Action.STATUS, "", "a", "b")),
        ("U.a P.b R.48600316058", Command(Action.REGISTER, "48600316058", "a", "b")),
        ("T.1234 5678-9010", Command(Action.TOP_UP, "1234 5678-9010")),
        ("t123456789010", Command(Action.TOP_UP, "123456789010")),
        ("T1234-5678-9010", Command(Action.TOP_UP, "1234-5678-9010")),
        ("T 1234 5678 9010", Command(Action.TOP_UP, "1234 5678 9010")),
        ("T - 123456789010", Command(Action.TOP_UP, "- 123456789010")),
        ("Ｔ．１２３４", Command(Action.TOP_UP, "1234")),
        ("U.a P.b T.1234", Command(Action.TOP_UP, "1234", "a", "b")),
        ("T.1234 5678 U.a P.b", Command(Action.TOP_UP, "1234 5678", "a", "b")),
        ("T.", None),
        ("T", None),
        ("T.1 D.48774417880", None),
        ("T.1 T.2", None),
        ("I 123456789010", None),
        ("I T 1234 5678 9010", None),
        ("B.1234 5678 9010", None),
        ("B.office T 1234 5678 9010", None),
        ("B.office t 5", Command(Action.CALL_NAME, "office t 5")),
        ("B.flat 12345678901", Command(Action.CALL_NAME, "flat 12345678901")),
        ("D.48774417880 T 123456789010", None),
        ("D.48774417880 123456789010", None),
        ("D.00487744178801234", Command(Action.CALL, "00487744178801234")),
        ("U.a P.b", None),
        ("P.b D.48774417880", None),
        ("U.a D.48774417880", None),
        ("U.a P. D.48774417880", None),
        ("U.a P.b c D.48774417880", None),
        ("D.1 B.office", None),
        ("D.48774417880 D.48774417881", None),
        ("D.", None),
        ("Z.1 D.48774417880", None),
        ("hello D.48774417880", None),
        ("hello", None),
        ("", Command(Action.CALL_BACK)),
        ("😀", None),
        ("D.1" + "0" * 2000, None),
    ],
)
def test_what_is_written_is_what_is_meant(text, command):
    if command is None:
        with pytest.raises(NotUnderstood):
            read(text)
    else:
        assert read(text) == command


def test_what_was_not_understood_is_named():
    with pytest.raises(NotUnderstood) as refusal:
        read("D.48774417880 Q.48")

    assert refusal.value.details == {"part": "D. Q."}


def reading(text):
    """What a text means, or the refusal to say."""
    try:
        return read(text)
    except NotUnderstood as refusal:
        return refusal


@pytest.mark.parametrize(
    "text",
    [
        "U.anna P.s3cret D.48774417880",
        "p=s3cret",
        "P.s3cret",
        "U.anna P:  s3cret",
        "hello P.my s3cret",
        "U.anna P.a;s3cret D.1",
        "Ｐ．s3cret",
        "T.s3cret",
        "P.\u200bs3cret",
        "U.anna P s3cret I",
        "U.anna.P.s3cret I",
        "U.anna/P.s3cret D.48774417880",
        "U.anna PASS.s3cret I",
        "password:s3cret login anna",
        "s3cret",
        "s3cret D.48774417880",
    ],
)
def test_a_secret_is_never_shown(text):
    assert "s3cret" not in masked(text)

    assert "s3cret" not in repr(reading(text))


@pytest.mark.parametrize(
    "text",
    [
        "T.1234 5678 9010",
        "T.1234-5678-9010 U.anna P.x",
        "T1234 5678 9010",
        "t 1234 5678 9010",
        "T\t1234\u00a05678\u20119010",
        "T.1234,5678,9010",
        "T.1234 5678 9010 D.48774417880",
        "T.1234 5678 9010 hello",
        "T 1234 5678 9010 I",
        "T.1234 N5678 9010",
        "T.12345678 D9010",
        "I 1234 5678 9010",
        "I T 1234 5678 9010",
        "I.1234 5678 9010",
        "B.1234 5678 9010",
        "B.office T 1234 5678 9010",
        "N.123456789010",
        "N1 1234 5678 9010",
        "D.48774417880 T 1234 5678 9010",
        "D.48774417880 1234 5678 9010",
        "R.48774417880 1234 5678 9010 U.anna P.x",
        "U.anna P.x T 1234 5678 9010",
        "U.anna P.x 1234 5678 9010 I",
        "1234 5678 9010",
        "PIN 1234 5678 9010",
        "pin:123456789010",
        "PIN.1234 5678 9010",
        "T/1234-5678-9010",
        "TT1234 5678 9010",
        "voucher: T=1234 5678 9010 please",
        "１２３４ ５６７８ ９０１０",
        "T.１２３４５６７８９０１０",
    ],
)
def test_a_pin_is_never_shown_wherever_it_stands(text):
    shown = re.sub(r"[^0-9]", "", masked(text).replace("48774417880", ""))

    assert "5678" not in shown
    assert "9010" not in shown
    assert "5678" not in repr(reading(text))


@given(
    st.lists(
        st.sampled_from(
            ["T", "D", "I", "N", "B", "P", "U", ".", ":", "-", " ", "1234", "x", "\n"]
        ),
        max_size=12,
    )
)
def test_what_was_masked_is_masked_the_same_again(signs):
    text = "".join(signs)

    assert masked(masked(text)) == masked(text)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    reading(text)

    assert masked(masked(text)) == masked(text)
    assert normalised(normalised(text)) == normalised(text)


@given(
    st.permutations(["U.anna", "P.{secret}", "D.48774417880", "O.12345678"]),
    st.sampled_from([" ", ", ", ";", "\n", "\r\n"]),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789!$%&/()+-_", min_size=8, max_size=20),
)
def test_in_any_order_a_password_is_read_and_masked(parts, between, secret):
    text = between.join(parts).replace("{secret}", secret)

    assert read(text).password == secret
    assert secret not in masked(text)


def test_who_swaps_login_and_password_tells_the_books_neither():
    assert masked_wholly("U.s3cret P.anna I") == "U.*** P.*** I"


@pytest.mark.parametrize("text", ["STOP", " stop ", "Start"])
def test_some_words_belong_to_the_carrier(text):
    assert is_the_carriers(text)
    assert not is_the_carriers(f"{text} it")
