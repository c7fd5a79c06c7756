"""Keep price lists as versions, and what a plan forbids.

A new list is written beside the old one and put in force at once, so that an import of
a million rates never shows half of itself; an account's own prices are a small list.
The rates that a plan had so far become its first list, each with its own dates.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124tariffs"
down_revision = "20261124a"
branch_labels = None
depends_on = None

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Never in a batch: SQLite would make the table anew, and accounts refer to it.
    op.add_column(
        "plans", sa.Column("time_zone", sa.Text(), nullable=False, server_default="UTC")
    )
    op.add_column("plans", sa.Column("longest_call", sa.Integer(), nullable=True))
    op.create_table(
        "prefix_rules",
        sa.Column("plan_id", WIDE, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("allows", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_prefix_rules_plan_id_plans")
        ),
        sa.PrimaryKeyConstraint("plan_id", "prefix", name=op.f("pk_prefix_rules")),
    )
    _create_price_lists()
    op.execute(
        "INSERT INTO price_lists (plan_id, state, valid_from, imported_at, source,"
        " operator, rows) SELECT plan_id, 'complete', MIN(valid_from),"
        " MIN(valid_from), '', '', COUNT(*) FROM rates GROUP BY plan_id"
    )
    with op.batch_alter_table("rates") as rates:
        rates.add_column(sa.Column("list_id", WIDE, nullable=True))
        rates.add_column(
            sa.Column("band", sa.Text(), nullable=False, server_default="")
        )
        rates.drop_index(op.f("ix_rates_plan_id_prefix_valid_from"))
    op.execute(
        "UPDATE rates SET list_id ="
        " (SELECT id FROM price_lists WHERE price_lists.plan_id = rates.plan_id)"
    )
    with op.batch_alter_table("rates") as rates:
        rates.alter_column("list_id", existing_type=WIDE, nullable=False)
        rates.alter_column("band", server_default=None)
        rates.drop_constraint(op.f("fk_rates_plan_id_plans"), type_="foreignkey")
        rates.drop_column("plan_id")
        rates.create_foreign_key(
            op.f("fk_rates_list_id_price_lists"), "price_lists", ["list_id"], ["id"]
        )
        rates.create_index(
            op.f("ix_rates_list_id_prefix_valid_from_band"),
            ["list_id", "prefix", "valid_from", "band"],
            unique=True,
        )


def _create_price_lists() -> None:
    op.create_table(
        "price_lists",
        sa.Column("id", WIDE, nullable=False),
        sa.Column("plan_id", WIDE, nullable=True),
        sa.Column("account_id", WIDE, nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "complete",
                "dropped",
                name="liststate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(plan_id IS NULL) <> (account_id IS NULL)",
            name=op.f("ck_price_lists_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_price_lists_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_price_lists_plan_id_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_lists")),
    )
    for owner in ("plan_id", "account_id"):
        op.create_index(
            op.f(f"ix_price_lists_{owner}_valid_from"),
            "price_lists",
            [owner, "valid_from"],
        )


def downgrade() -> None:
    """Keep each plan's list in force; overrides, bands and other lists are lost."""
    op.execute(
        "DELETE FROM rates WHERE band <> '' OR list_id NOT IN"
        " (SELECT MAX(newest.id) FROM price_lists AS newest"
        " WHERE newest.plan_id IS NOT NULL AND newest.valid_from ="
        " (SELECT MAX(valid_from) FROM price_lists AS any_of"
        " WHERE any_of.plan_id = newest.plan_id"
        " AND any_of.valid_from <= CURRENT_TIMESTAMP) GROUP BY newest.plan_id)"
    )
    with op.batch_alter_table("rates") as rates:
        rates.add_column(sa.Column("plan_id", WIDE, nullable=True))
        rates.drop_index(op.f("ix_rates_list_id_prefix_valid_from_band"))
    op.execute(
        "UPDATE rates SET plan_id ="
        " (SELECT plan_id FROM price_lists WHERE price_lists.id = rates.list_id)"
    )
    with op.batch_alter_table("rates") as rates:
        rates.alter_column("plan_id", existing_type=WIDE, nullable=False)
        rates.drop_constraint(op.f("fk_rates_list_id_price_lists"), type_="foreignkey")
        rates.drop_column("list_id")
        rates.drop_column("band")
        rates.create_foreign_key(
            op.f("fk_rates_plan_id_plans"), "plans", ["plan_id"], ["id"]
        )
        rates.create_index(
            op.f("ix_rates_plan_id_prefix_valid_from"),
            ["plan_id", "prefix", "valid_from"],
            unique=True,
        )
    op.drop_table("price_lists")
    op.drop_table("prefix_rules")
    op.drop_column("plans", "longest_call")
    op.drop_column("plans", "time_zone")
