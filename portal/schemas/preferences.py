"""What customers decide of their calls."""

from typing import Any, Final

import colander

from portal.i18n import _
from portal.schemas.fields import MISSING

CONFIRMATION: Final = {"first": None, "always": True, "never": False}
"""When 1 is to be pressed, as a form names it and as an account keeps it."""


class Choice(colander.SchemaType):
    """One of several words, each of which stands for a value."""

    def __init__(self, meanings: dict[str, Any]) -> None:
        self._meanings = meanings

    def deserialize(self, node: colander.SchemaNode, cstruct: Any) -> Any:
        """What the word stands for; it may be None, hence Any."""
        if cstruct is colander.null:
            return colander.null
        if cstruct not in self._meanings:
            raise colander.Invalid(node, _("Please choose one of these."))
        return self._meanings[cstruct]


class Preferences(colander.Schema):
    """How an account's calls begin."""

    confirmation = colander.SchemaNode(Choice(CONFIRMATION), missing_msg=MISSING)
    balance = colander.SchemaNode(colander.Boolean(), missing=False)
    duration = colander.SchemaNode(colander.Boolean(), missing=False)
