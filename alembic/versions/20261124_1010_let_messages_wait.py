"""Let messages wait: whole texts sealed until they are worked, and parts of long ones.

A carrier is answered as soon as its message is stored. What the message says is worked
afterwards, and must not be lost in between, nor be readable in the database.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124carriers"
down_revision = "20261124restart"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbound_sms", sa.Column("sealed", sa.Text(), nullable=True))
    op.create_index(
        op.f("ix_inbound_sms_received_at"), "inbound_sms", ["received_at"], unique=False
    )
    op.create_table(
        "sms_parts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_parts")),
        sa.UniqueConstraint(
            "carrier",
            "sender",
            "recipient",
            "reference",
            "total",
            "place",
            name=op.f("uq_sms_parts_carrier_sender_recipient_reference_total_place"),
        ),
    )
    op.create_index(
        op.f("ix_sms_parts_received_at"), "sms_parts", ["received_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_sms_parts_received_at"), table_name="sms_parts")
    op.drop_table("sms_parts")
    op.drop_index(op.f("ix_inbound_sms_received_at"), table_name="inbound_sms")
    op.drop_column("inbound_sms", "sealed")
