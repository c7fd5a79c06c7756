"""Redeeming a voucher."""

from typing import Final

import colander

from portal.schemas.fields import MISSING, at_most, one_line, tidy

LONGEST: Final = 100
"""Letters of a PIN with whatever people write between its digits."""


class TopUp(colander.Schema):
    """A PIN as written: what its digits are, and whether they are any, is not ours."""

    pin = colander.SchemaNode(
        colander.String(),
        preparer=tidy,
        validator=colander.All(at_most(LONGEST), one_line),
        missing_msg=MISSING,
    )
