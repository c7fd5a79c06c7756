"""Know several gateways, the routes to them, and what their legs were bought for.

The settings' one gateway serves a house that keeps none here.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124routes"
down_revision = "20261124flows"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "gateways",
        _id("id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("calls_per_second", sa.Integer(), nullable=True),
        sa.Column("calls_at_once", sa.Integer(), nullable=True),
        sa.Column(
            "caller_id_form",
            sa.Enum(
                "plus",
                "digits",
                "zeros",
                "national",
                name="numberform",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("caller_id", sa.Text(), nullable=True),
        _id("buying_plan_id", nullable=True),
        sa.Column("may_lose", sa.Boolean(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("rests", sa.Integer(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "caller_id_form <> 'national' OR country IS NOT NULL",
            name=op.f("ck_gateways_national_needs_country"),
        ),
        sa.ForeignKeyConstraint(
            ["buying_plan_id"],
            ["plans.id"],
            name=op.f("fk_gateways_buying_plan_id_plans"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateways")),
        sa.UniqueConstraint("name", name=op.f("uq_gateways_name")),
    )
    op.create_table(
        "routes",
        _id("id"),
        sa.Column("prefix", sa.Text(), nullable=False),
        _id("gateway_id"),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.CheckConstraint("weight > 0", name=op.f("ck_routes_weighs_something")),
        sa.ForeignKeyConstraint(
            ["gateway_id"],
            ["gateways.id"],
            name=op.f("fk_routes_gateway_id_gateways"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routes")),
    )
    op.create_index(
        op.f("ix_routes_prefix_gateway_id"),
        "routes",
        ["prefix", "gateway_id"],
        unique=True,
    )
    op.create_index(op.f("ix_routes_gateway_id"), "routes", ["gateway_id"])
    op.create_table(
        "purchases",
        sa.Column("leg_uuid", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("per_minute", sa.BigInteger(), nullable=False),
        sa.Column("setup", sa.BigInteger(), nullable=False),
        sa.Column("first_block", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("free_seconds", sa.Integer(), nullable=False),
        sa.Column("minimum_charge", sa.BigInteger(), nullable=False),
        sa.Column("minimum_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("leg_uuid", name=op.f("pk_purchases")),
    )


def downgrade() -> None:
    op.drop_table("purchases")
    op.drop_table("routes")
    op.drop_table("gateways")
