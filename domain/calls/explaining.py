"""Why a leg cost what it cost, in a sentence, from the rate that was kept with it."""

from collections.abc import Iterator
from typing import Final

from domain import money
from domain.calls.models import Leg, Side
from domain.languages import translations
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import Rate, whole_seconds


def _(text: str) -> str:
    """Mark a text for the catalogues; it is translated when it is said."""
    return text


_LEGS: Final = {
    Side.A: _("Leg A to %(number)s"),
    Side.B: _("Leg B to %(number)s"),
}
_CAME_IN: Final = _("Leg A from %(number)s")
_NOT_OVER: Final = _("not over yet")
_NOT_ANSWERED: Final = _("not answered, nothing to pay")
_NEVER_PAID: Final = _("%(answered)s s answered; this leg is not charged on your plan")
_NO_B: Final = _("%(answered)s s answered; not charged, because nobody else answered")
_TOO_SHORT: Final = _("%(answered)s s answered; below %(least)s s nothing is charged")
_PRICED: Final = _("%(answered)s s answered, %(billed)s s billed: %(sum)s = %(price)s")
_MINIMUM: Final = _(
    "%(answered)s s answered, %(billed)s s billed: %(sum)s = %(due)s, "
    "but at least %(price)s"
)
_TALK: Final = _("%(billed)s s at %(per_minute)s a minute")
_SETUP: Final = _("%(setup)s for the connection")
_BLOCKS: Final = _("billed in steps of %(step)s s after the first %(first_block)s s")
_STEPS: Final = _("billed in steps of %(step)s s")
_FREE: Final = _("the first %(free_seconds)s s are free")
_JOINED: Final = _("%(told)s; %(condition)s")


def leg_in_words(leg: Leg, language: str) -> str:
    """Which leg: its side, its number, and what people call where that is."""
    side = _CAME_IN if leg.gateway == "" else _LEGS[leg.side]
    said = _say(side, language, number=leg.number)
    return f"{said} ({leg.destination})" if leg.destination else said


def why_this_price(leg: Leg, currency: str, language: str) -> str:
    """Why a leg costs what it costs: seconds, rate, and the sum that they make.

    >>> rate = Rate(600_000, setup=100_000, first_block=20, step=60)
    >>> leg = Leg(answered_us=20_400_000, billed_seconds=80, price=900_000)
    >>> leg.terms, leg.charge, leg.ended_at = rate, LegACharge.ALWAYS, True
    >>> why_this_price(leg, "USD", "en")
    '21 s answered, 80 s billed: 80 s at $0.60 a minute + $0.10 for the connection \
= $0.90; billed in steps of 60 s after the first 20 s'
    """
    seconds = whole_seconds(leg.answered_us)
    if leg.ended_at is None:
        return _say(_NOT_OVER, language)
    if not seconds:
        return _say(_NOT_ANSWERED, language)
    if not leg.price and (reason := _why_nothing(leg, seconds)):
        least = leg.minimum_seconds
        return _say(reason, language, answered=seconds, least=least)
    return _priced(leg, seconds, currency, language)


def _why_nothing(leg: Leg, seconds: int) -> str | None:
    """The reason why an answered leg costs nothing; None if its rate makes nothing."""
    if leg.charge is LegACharge.NEVER:
        return _NEVER_PAID
    if leg.charge is LegACharge.IF_ANSWERED and leg.terms.cost(seconds):
        # As long as the session goes on somebody else may still answer.
        return _NOT_OVER if leg.session.ended_at is None else _NO_B
    return _TOO_SHORT if seconds < leg.minimum_seconds else None


def _priced(leg: Leg, seconds: int, currency: str, language: str) -> str:
    rate = leg.terms
    due = rate.cost_before_minimum(seconds)
    told = _say(
        _MINIMUM if due < leg.price else _PRICED,
        language,
        answered=seconds,
        billed=leg.billed_seconds,
        sum=_sum(leg, currency, language),
        due=money.exactly(due, currency, language),
        price=money.exactly(leg.price, currency, language),
    )
    for condition in _conditions(rate, language):
        told = _say(_JOINED, language, told=told, condition=condition)
    return money.with_plain_spaces(told)


def _sum(leg: Leg, currency: str, language: str) -> str:
    per_minute = money.exactly(leg.per_minute, currency, language)
    talk = _say(_TALK, language, billed=leg.billed_seconds, per_minute=per_minute)
    if not leg.setup:
        return talk
    setup = money.exactly(leg.setup, currency, language)
    return f"{talk} + {_say(_SETUP, language, setup=setup)}"


def _conditions(rate: Rate, language: str) -> Iterator[str]:
    """What else decided how many seconds are billed."""
    step, first = rate.step, rate.first_block
    if first not in (0, step):
        yield _say(_BLOCKS, language, step=step, first_block=first)
    elif step > 1:
        yield _say(_STEPS, language, step=step)
    if rate.free_seconds:
        yield _say(_FREE, language, free_seconds=rate.free_seconds)


def _say(text: str, language: str, **blanks: object) -> str:
    return translations(language).gettext(text) % blanks
