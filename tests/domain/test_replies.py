"""What we say by SMS: short enough for one segment, in every language."""

import pytest

from domain import errors
from domain.languages import LANGUAGES
from domain.messages import replies

GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_AFTER_ESCAPE = set("^{}\\[~]|€")

MOBILE, LANDLINE, CHINESE = "+447911123456", "+48774417880", "+8613812345678"
AMOUNT = 1_234_560_000
USUALLY = {
    replies.CALLING: {"leg_a": MOBILE, "leg_b": LANDLINE},
    replies.REGISTERED: {"number": MOBILE},
    replies.REGISTERED_INSTEAD: {"number": MOBILE, "old": LANDLINE},
    replies.STATUS: {"balance": AMOUNT},
    replies.STATUS_WITH_TALK: {"balance": AMOUNT, "minutes": 83, "number": MOBILE},
    replies.TOPPED_UP: {"value": AMOUNT, "balance": AMOUNT},
    replies.CALL_FAILED: {"number": CHINESE},
    errors.LockedOut.code: {"minutes": 15},
    errors.PinsLocked.code: {"minutes": 60},
    errors.NotUnderstood.code: {"part": "goodmorning"},
    errors.NotAPhoneNumber.code: {"part": "0123456789012"},
    errors.NumberTaken.code: {"number": CHINESE},
    errors.TooManyNumbers.code: {"limit": 3},
    errors.UnknownEntry.code: {"part": "grandmother"},
    errors.AmbiguousEntry.code: {"part": "home", "candidates": "Home Paris, Home Rome"},
    errors.EntryTaken.code: {"part": "grandmother"},
    errors.NotYourNumber.code: {"number": CHINESE},
    errors.OwnNumber.code: {"number": CHINESE},
    errors.SameNumber.code: {"number": CHINESE},
    errors.Forbidden.code: {"number": CHINESE},
    errors.NoRoute.code: {"number": CHINESE},
    errors.NoRate.code: {"number": CHINESE},
    errors.AlreadyCalling.code: {"number": CHINESE},
    errors.TooManyCalls.code: {"limit": 2},
    errors.InsufficientFunds.code: {"available": AMOUNT},
    errors.MovedAlready.code: {"reference": "bank-2026-11-24-0017"},
    errors.NothingToRefund.code: {"left": AMOUNT},
    errors.OtherCurrency.code: {"number": CHINESE},
    errors.CurrenciesDiffer.code: {"one": "linh.nguyen", "other": "anna.kowalska"},
}
"""What usually fills the blanks of each reply; a reply that is not here has none."""

IN_UCS_2 = {
    "es": {
        errors.AccountBlocked.code,  # está
        errors.TooManyNumbers.code,  # números
        errors.NothingToRedial.code,  # todavía
        errors.UnknownSender.code,  # número, está
        errors.OwnNumber.code,  # número
        errors.TooManyCalls.code,  # máximo
        errors.SpendLimit.code,  # límite
        errors.WrongPin.code,  # dígitos
        errors.NoVouchers.code,  # aquí
    },
    "fr": set(),
}
"""Replies with a word that GSM-7 cannot spell: 70 letters have to do for them.

Never a reply with an amount or with what somebody wrote: those may grow.
"""

IN_TWO_SEGMENTS: dict[str, set[str]] = {}
"""By language, replies that cannot be said in one segment without bad language."""


def said(code, language):
    blanks = {"currency": "USD", **USUALLY.get(code, {})}
    return replies.text(code, language, blanks)


def is_gsm_7(text):
    """Whether every phone has each letter in its short alphabet."""
    return set(text) <= GSM_7 | GSM_7_AFTER_ESCAPE


def segments(text):
    """How many SMS a text is sent in, as 3GPP TS 23.038 and 23.040 count.

    160 letters of GSM-7, those after an escape counted twice, or 70 of UCS-2; less in
    each part of a longer message.
    """
    if is_gsm_7(text):
        length, alone, joined = len(text), 160, 153
        length += sum(letter in GSM_7_AFTER_ESCAPE for letter in text)
    else:
        length, alone, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= alone else -(-length // joined)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ú" * 70, 1),
        ("ú" * 71, 2),
        ("话" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_carriers_count_them(text, count):
    assert segments(text) == count


def test_no_reply_is_forgotten_here():
    with_blanks = {code for code, text in replies.TEXTS.items() if "%(" in text}

    assert USUALLY.keys() == with_blanks


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reply_fits_into_one_segment(language):
    longer = {code for code in replies.TEXTS if segments(said(code, language)) > 1}

    assert longer == IN_TWO_SEGMENTS.get(language, set())


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_letters_that_not_every_phone_has_are_used_where_a_word_needs_them(language):
    dear = {code for code in replies.TEXTS if not is_gsm_7(said(code, language))}

    assert dear == IN_UCS_2.get(language, set())


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("es", 'No entendemos "hola". No se ha hecho nada.'),
        ("fr", 'Message non compris : "hola". Rien n\'a été fait.'),
        ("vi", 'Không hiểu "hola". Yêu cầu chưa được thực hiện.'),
        ("zh", "无法识别“hola”，未执行任何操作。"),
    ],
)
def test_a_reply_speaks_the_language_it_is_asked_in(language, reply):
    assert replies.text("not_understood", language, {"part": "hola"}) == reply
