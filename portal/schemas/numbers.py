"""Registering a number."""

import colander

from portal.schemas.fields import MISSING, telephone


class Registration(colander.Schema):
    """A telephone number; bind `country`."""

    number = colander.SchemaNode(telephone, missing_msg=MISSING)
