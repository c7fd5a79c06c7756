"""Hang up by SMS, and see what a sender's last messages came to.

Whoever wants to be cut off asks for it from elsewhere: their sessions are marked, and
the ESL service ends the legs. A machine that answers us is told by its last messages.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124grammar"
down_revision = "20261124routes"
branch_labels = None
depends_on = None

_HANGING_UP = sa.text("hangup_asked_at IS NOT NULL AND ended_at IS NULL")


def upgrade() -> None:
    op.add_column(
        "sessions",
        sa.Column("hangup_asked_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "ix_sessions_hanging_up",
        "sessions",
        ["id"],
        sqlite_where=_HANGING_UP,
        postgresql_where=_HANGING_UP,
    )
    op.create_index(
        op.f("ix_inbound_sms_sender_received_at"),
        "inbound_sms",
        ["sender", "received_at"],
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_inbound_sms_sender_received_at"), table_name="inbound_sms")
    op.drop_index("ix_sessions_hanging_up", table_name="sessions")
    op.drop_column("sessions", "hangup_asked_at")
