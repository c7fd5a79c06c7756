"""What we say by SMS: short enough for one segment, in every language."""

import pytest

from domain import errors
from domain.languages import LANGUAGES
from domain.messages import replies
from domain.messages.parsing import read
from domain.messages.segments import is_gsm_7, segments

MOBILE, LANDLINE, CHINESE = "+447911123456", "+48774417880", "+8613812345678"
AMOUNT = 1_234_560_000
USUALLY = {
    replies.CALLING: {"leg_a": MOBILE, "leg_b": LANDLINE},
    replies.CALLING_BACK: {"leg_a": CHINESE},
    replies.HUNG_UP: {"count": 3},
    replies.QUOTED: {"number": CHINESE, "price": 1_234_500, "minutes": 180},
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


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 153, 3),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ú" * 70, 1),
        ("ú" * 71, 2),
        ("话" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("ú" * 66 + "😀" + "ú" * 66, 3),
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_many_names_as_many_are_told_as_one_segment_holds(language):
    names = ", ".join(f"Anna {surname}" for surname in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    told = replies.text(
        errors.AmbiguousEntry.code, language, {"part": "anna", "candidates": names}
    )

    assert segments(told) == 1
    assert "Anna A, Anna B, " in told
    assert ", ..." in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", replies.TEXTS)
def test_whoever_sends_our_own_words_back_asks_nothing(code, language):
    with pytest.raises(errors.NotUnderstood):
        read(said(code, language))


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
