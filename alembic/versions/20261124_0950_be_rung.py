"""Be rung: each access number has a service, and accounts have cards.

A number that was taken into service before is rung in vain, as it was: nobody is
called back and nobody is answered until an operator says so.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124incoming"
down_revision = "20261124v"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cards",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_cards_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_cards")),
        sa.UniqueConstraint("login", name=op.f("uq_cards_login")),
    )
    op.add_column(
        "access_numbers",
        sa.Column(
            "service",
            sa.Enum(
                "none",
                "ani-callback",
                "calling-card",
                name="service",
                native_enum=False,
                length=32,
            ),
            nullable=False,
            server_default="none",
        ),
    )
    op.add_column(
        "access_numbers",
        sa.Column("asks_pin", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("access_numbers", "asks_pin")
    op.drop_column("access_numbers", "service")
    op.drop_table("cards")
