"""A new PIN for the calling card."""

from typing import Any

import colander

from domain.accounts.cards import LONGEST_PIN, PIN_DIGITS, may_be_pin
from portal.i18n import _
from portal.schemas.fields import MISSING, tidy


def pin(node: colander.SchemaNode, text: str) -> None:
    """Refuse what is no PIN; what was written is not repeated."""
    if not may_be_pin(text):
        raise colander.Invalid(
            node,
            _(
                "A PIN is ${least} to ${most} digits, and no row such as 123456.",
                mapping={"least": PIN_DIGITS, "most": LONGEST_PIN},
            ),
        )


def alike(node: colander.SchemaNode, form: dict[str, Any]) -> None:
    """Refuse a PIN that was written differently the second time."""
    if form["pin"] != form["again"]:
        wrong = colander.Invalid(node)
        wrong["again"] = _("The two are not alike.")
        raise wrong


class NewPin(colander.Schema):
    """A PIN, twice."""

    pin = colander.SchemaNode(
        colander.String(), preparer=tidy, validator=pin, missing_msg=MISSING
    )
    again = colander.SchemaNode(colander.String(), preparer=tidy, missing_msg=MISSING)
