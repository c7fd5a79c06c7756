"""Let callers withhold their number.

On a calling card they are known by their card. What stands for them is the number that
they rang, and so several may be on the line with it at once.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124withheld"
down_revision = "20261124grammar"
branch_labels = None
depends_on = None

_NAME = "uq_call_requests_live_leg_a"
_LIVE = "state IN ('queued', 'dialling_a', 'a_up')"


def upgrade() -> None:
    op.add_column(
        "call_requests",
        sa.Column("withheld", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.drop_index(_NAME, table_name="call_requests")
    _let_one_be_live(sa.text(f"{_LIVE} AND NOT withheld"))


def downgrade() -> None:
    """Those who are on the line with a withheld number must have left."""
    op.drop_index(_NAME, table_name="call_requests")
    _let_one_be_live(sa.text(_LIVE))
    op.drop_column("call_requests", "withheld")


def _let_one_be_live(where: sa.TextClause) -> None:
    op.create_index(
        _NAME,
        "call_requests",
        ["leg_a"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
