"""Fields that several forms have."""

import unicodedata
from typing import Any

import colander

from domain import numbers
from domain.errors import NotAPhoneNumber
from domain.numbers import E164
from portal.i18n import _

MISSING = _("Please fill this in.")


class Telephone(colander.SchemaType):
    """A number as people write it; `country` is where national forms belong."""

    def __init__(self, country: str | None = None) -> None:
        self._country = country

    def deserialize(self, node: colander.SchemaNode, cstruct: Any) -> E164:
        """The number as E.164. What a form holds may be anything, hence Any."""
        if cstruct is colander.null or cstruct == "":
            return colander.null
        try:
            return numbers.parse(str(cstruct), self._country)
        except NotAPhoneNumber as refusal:
            wrong = (
                _("This is not a number we can dial.")
                if self._country
                else _(
                    "This is not a number we can dial: begin with + and the country."
                )
            )
            raise colander.Invalid(node, wrong) from refusal


@colander.deferred
def telephone(_node: colander.SchemaNode, bound: dict[str, Any]) -> Telephone:
    """A telephone number; bind `country` to the schema."""
    return Telephone(bound["country"])


def tidy(text: Any) -> Any:
    """A text without spaces around it; nothing but spaces is null."""
    return text.strip() or colander.null if isinstance(text, str) else text


def one_line(node: colander.SchemaNode, text: str) -> None:
    """Refuse what no keyboard writes into one line, the zero byte among it."""
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} for sign in text):
        raise colander.Invalid(node, _("Please use ordinary letters."))


def at_most(letters: int) -> colander.Length:
    """Refuse a text that is longer."""
    return colander.Length(max=letters, max_err=_("Please use at most ${max} letters."))
