"""What a customer may choose."""

import colander

from domain.languages import LANGUAGES
from portal.i18n import _
from portal.schemas.fields import MISSING


class Language(colander.Schema):
    """One of our languages."""

    language = colander.SchemaNode(
        colander.String(),
        validator=colander.OneOf(
            LANGUAGES, msg_err=_("We do not speak this language.")
        ),
        missing_msg=MISSING,
    )
