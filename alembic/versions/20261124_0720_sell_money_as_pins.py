"""Sell money as PINs: batches of vouchers, each redeemed once.

Of a PIN only a keyed hash is kept, so a copy of the database is worth no money.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124v"
down_revision = "20261124tariffs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voucher_batches",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pin_length", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("key_mark", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "value > 0", name=op.f("ck_voucher_batches_is_worth_something")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_batches")),
        sa.UniqueConstraint("name", name=op.f("uq_voucher_batches_name")),
    )
    op.create_table(
        "vouchers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "active",
                "redeemed",
                "expired",
                "void",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'redeemed') = (account_id IS NOT NULL)",
            name=op.f("ck_vouchers_is_redeemed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_vouchers_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["voucher_batches.id"],
            name=op.f("fk_vouchers_batch_id_voucher_batches"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vouchers")),
        sa.UniqueConstraint(
            "batch_id", "number", name=op.f("uq_vouchers_batch_id_number")
        ),
        sa.UniqueConstraint("digest", name=op.f("uq_vouchers_digest")),
    )


def downgrade() -> None:
    op.drop_table("vouchers")
    op.drop_table("voucher_batches")
