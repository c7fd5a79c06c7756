"""Tell whose a call is: which switch has it, and which service works there.

Several switches may share one database, and several services one switch; each must
know what is its own. A service that comes back must know, too, whether the user has
shown already that no machine answered.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124restart"
down_revision = "20261124incoming"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
        sa.UniqueConstraint("token", name=op.f("uq_leases_token")),
    )
    op.add_column(
        "legs", sa.Column("switch", sa.Text(), server_default="switch", nullable=False)
    )
    op.add_column(
        "sessions",
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("sessions", "confirmed_at")
    op.drop_column("legs", "switch")
    op.drop_table("leases")
