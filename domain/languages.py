"""The five languages, and whose wish decides."""

from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Final

from babel.support import Translations

LANGUAGES: Final = ("en", "es", "fr", "vi", "zh")
DEFAULT: Final = "en"

_LOCALE: Final = Path(__file__).parent / "locale"


def is_language(code: str) -> bool:
    """Whether `code` is one of ours."""
    return code in LANGUAGES


def chosen(*wishes: str | None) -> str:
    """The first wish that is one of our languages, else English.

    Wishes are named from the most to the least particular: what the caller chose,
    the account's language, the access number's, the site's.

    >>> chosen(None, "vi", "en")
    'vi'
    """
    return next((wish for wish in wishes if wish in LANGUAGES), DEFAULT)


@cache
def translations(language: str) -> NullTranslations:
    """The domain's texts in a language; English stands in for what is missing."""
    return Translations.load(_LOCALE, [language], domain="domain")
