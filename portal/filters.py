"""How values read on a page: money, moments, lengths of time, numbers, causes."""

from datetime import datetime

import phonenumbers
from babel.dates import format_datetime
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from pyramid.config import Configurator

from domain import money
from domain.calls.explaining import why_this_price
from domain.calls.models import Leg
from domain.tariffs.rating import whole_seconds
from portal.causes import cause_in_words
from portal.i18n import _


def includeme(config: Configurator) -> None:
    """Give the templates their filters; a misspelt name on a page is an error."""
    config.add_settings(
        {
            "jinja2.undefined": "strict",
            "jinja2.trim_blocks": True,
            "jinja2.lstrip_blocks": True,
            "jinja2.filters": {
                "money": rounded_money,
                "price": exact_money,
                "moment": moment,
                "seconds": seconds,
                "talk_time": talk_time,
                "telephone": telephone,
                "cause": cause,
                "why": why,
                "whole_seconds": whole_seconds,
            },
        }
    )
    config.add_jinja2_search_path("portal:templates")


@pass_context
def rounded_money(context: Context, amount: money.Micros, currency: str) -> Markup:
    """An amount in whole cents, the exact one in its title."""
    return Markup('<data value="{0}" title="{0} {1}">{2}</data>').format(
        money.plain(amount), currency, money.spelled(amount, currency, _locale(context))
    )


@pass_context
def exact_money(context: Context, amount: money.Micros, currency: str) -> Markup:
    """An amount to its last micro-unit: two decimals, or as many as it needs."""
    return Markup('<data value="{}">{}</data>').format(
        money.plain(amount), money.exactly(amount, currency, _locale(context))
    )


@pass_context
def moment(context: Context, when: datetime) -> Markup:
    """A moment in UTC: a traveller's own zone is nothing we know."""
    pattern = _translated(context, _("d MMM y, HH:mm"))
    told = format_datetime(when, pattern, locale=_locale(context))
    return Markup('<time datetime="{}">{} <abbr>UTC</abbr></time>').format(
        when.isoformat(timespec="seconds"), told
    )


@pass_context
def seconds(context: Context, whole: int) -> str:
    """A number of seconds, however many: what is billed is counted in them."""
    return _translated(context, _("${s} s", mapping={"s": whole}))


@pass_context
def talk_time(context: Context, whole: int) -> str:
    """A length of time as it is announced: seconds only under one minute."""
    minutes, rest = divmod(whole, 60)
    hours, odd_minutes = divmod(minutes, 60)
    if hours:
        told = _("${h} h ${min} min", mapping={"h": hours, "min": odd_minutes})
    elif minutes:
        told = _("${min} min", mapping={"min": minutes})
    else:
        return seconds(context, rest)
    return _translated(context, told)


def telephone(number: str) -> str:
    """An E.164 number, grouped as its country groups it.

    >>> telephone("+48600316058")
    '+48 600 316 058'
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(
        parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )


@pass_context
def cause(context: Context, name: str, *, answered: bool) -> str:
    """Why a leg ended, for people."""
    return _translated(context, cause_in_words(name, answered=answered))


@pass_context
def why(context: Context, leg: Leg, currency: str) -> str:
    """Why a leg cost what it cost, in a sentence."""
    return why_this_price(leg, currency, _locale(context))


def _locale(context: Context) -> str:
    language: str = context["request"].locale_name
    return language


def _translated(context: Context, text: str) -> str:
    words: str = context["request"].localizer.translate(text)
    return words
