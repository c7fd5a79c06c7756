"""Keep how a carrier told a message, all secrets hidden.

Whoever looks for why a message went wrong wants to see what came.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125bposted"
down_revision = "20261124withheld"
branch_labels = None
depends_on = None

_TABLES = ("inbound_sms", "sms_parts")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("posted", sa.Text(), nullable=True))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "posted")
