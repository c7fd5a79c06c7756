"""Writing a phonebook entry."""

import re
from typing import Any, Final

import colander

from domain.phonebook.naming import folded
from portal.i18n import _
from portal.schemas.fields import MISSING, at_most, one_line, telephone, tidy

LAST_KEYED: Final = 99
"""A position is keyed as one or two digits; more of them can only be texted."""
LAST: Final = 9999
LONGEST_NAME: Final = 40


class Position(colander.SchemaType):
    """A place in the phonebook, up to `last`."""

    def __init__(self, last: int) -> None:
        self._last = last

    def deserialize(self, node: colander.SchemaNode, cstruct: Any) -> int:
        """The position as a number. What a form holds may be anything, hence Any."""
        written = tidy(cstruct)
        if written is colander.null:
            return colander.null
        is_number = re.fullmatch("[0-9]{1,4}", str(written)) is not None
        if not is_number or not 1 <= int(written) <= self._last:
            wrong = _("Positions are 1 to ${last}.", mapping={"last": self._last})
            raise colander.Invalid(node, wrong)
        return int(written)


def _can_be_looked_up(node: colander.SchemaNode, name: str) -> None:
    if not folded(name):
        raise colander.Invalid(node, _("Please use ordinary letters."))


class NewEntry(colander.Schema):
    """A name and a number, at a position or at the next free one; bind `country`."""

    name = colander.SchemaNode(
        colander.String(),
        preparer=tidy,
        validator=colander.All(at_most(LONGEST_NAME), one_line, _can_be_looked_up),
        missing_msg=MISSING,
    )
    number = colander.SchemaNode(telephone, missing_msg=MISSING)
    position = colander.SchemaNode(Position(LAST_KEYED), missing=None)


class Removal(colander.Schema):
    """The position of the entry to strike out."""

    remove = colander.SchemaNode(Position(LAST), missing_msg=MISSING)
