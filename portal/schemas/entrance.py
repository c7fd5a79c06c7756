"""Signing in."""

from typing import Final

import colander

from portal.schemas.fields import MISSING, at_most, one_line, tidy

LONGEST: Final = 200
"""Letters of a login or a password: nobody has more, and hashing is dear."""


class SignIn(colander.Schema):
    """A login and its password."""

    login = colander.SchemaNode(
        colander.String(),
        preparer=tidy,
        validator=colander.All(at_most(LONGEST), one_line),
        missing_msg=MISSING,
    )
    password = colander.SchemaNode(
        colander.String(),
        validator=colander.All(at_most(LONGEST), one_line),
        missing_msg=MISSING,
    )
