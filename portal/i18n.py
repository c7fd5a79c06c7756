"""Which language a page speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from pyramid.config import Configurator
from pyramid.events import NewResponse
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from domain.languages import DEFAULT, LANGUAGES, chosen, is_language

_ = TranslationStringFactory("portal")
"""Mark a text for the portal's catalogues; it is translated when it is shown."""

LANGUAGE_NAMES: Final[Mapping[str, str]] = {
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "vi": "Tiếng Việt",
    "zh": "中文",
}

_PARAMETER: Final = "_LOCALE_"
_A_YEAR: Final = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """One of our languages, in its own words, and the link that chooses it."""

    code: str
    name: str
    href: str
    is_current: bool


def includeme(config: Configurator) -> None:
    """Add the catalogues and the way to choose among them."""
    config.add_translation_dirs("portal:locale")
    config.set_locale_negotiator(language_of)
    config.add_subscriber(_keep_choice, NewResponse)
    config.add_request_method(language_choices, reify=True)


def language_of(request: Request) -> str:
    """The account's language, else what this browser chose, else what it prefers."""
    identity = request.identity
    return chosen(identity.language if identity else None, browser_language(request))


def browser_language(request: Request) -> str:
    """What a guest chose or, not having chosen, prefers."""
    preferred = request.accept_language.lookup(list(LANGUAGES), default=DEFAULT)
    return chosen(_asked_for(request), request.cookies.get(_PARAMETER), preferred)


def language_choices(request: Request) -> list[LanguageChoice]:
    """The languages a guest may choose: the same page, in other words."""
    return [
        LanguageChoice(
            code=code,
            name=LANGUAGE_NAMES[code],
            href="?" + urlencode({**request.GET, _PARAMETER: code}),
            is_current=code == request.locale_name,
        )
        for code in LANGUAGES
    ]


def _asked_for(request: Request) -> str:
    try:
        return str(request.GET.get(_PARAMETER, ""))
    except UnicodeDecodeError:  # the page that says so needs a language too
        return ""


def _keep_choice(event: NewResponse) -> None:
    """Remember what a guest chose by link."""
    choice = _asked_for(event.request)
    if is_language(choice):
        event.response.set_cookie(
            _PARAMETER,
            choice,
            max_age=_A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=event.request.registry["settings"].is_public_by_https,
        )
