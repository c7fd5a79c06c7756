"""Let accounts choose whether they hear how long they may talk.

Who calls often knows it, and waits for nothing but the ringing.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124flows"
down_revision = "20261124carriers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default serves the accounts that are there, and the previous release.
    op.add_column(
        "accounts",
        sa.Column(
            "announces_duration", sa.Boolean(), nullable=False, server_default=sa.true()
        ),
    )


def downgrade() -> None:
    op.drop_column("accounts", "announces_duration")
