"""Never change the ledger.

A balance is proved by its entries, so the database itself refuses to change or to
delete one, whoever asks. Entries made by hand name the operator; a refund names the
entry that it gives back.

SQLite's REPLACE deletes without a word to the triggers of DELETE, unless a connection
asks for it. So what would replace an entry is stopped before it is inserted, on every
connection: with the id of another it is refused; with the kind and reference of another
it is passed over in silence and the entry that stands is kept, for `ON CONFLICT … DO
NOTHING` comes by the same trigger and must not fail. Whoever may alter the tables can
take the triggers away, on either database: that is not covered.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124a"
down_revision = "20261123a"
branch_labels = None
depends_on = None

_REFUSAL = "ledger entries are only ever added"


def upgrade() -> None:
    """Add the columns, then refuse every change."""
    an_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("entries") as entries:
        entries.add_column(sa.Column("made_by", sa.Text(), nullable=True))
        entries.add_column(sa.Column("refunds_id", an_id, nullable=True))
        entries.create_foreign_key(
            "fk_entries_refunds_id_entries", "entries", ["refunds_id"], ["id"]
        )
    op.create_index(op.f("ix_entries_refunds_id"), "entries", ["refunds_id"])
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_postgresql()
    else:
        _refuse_on_sqlite()


def downgrade() -> None:
    """Let entries be changed again, and forget who made them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER entries_are_only_added ON entries")
        op.execute("DROP TRIGGER entries_are_not_emptied ON entries")
        op.execute("DROP FUNCTION refuse_to_change_the_ledger()")
    else:
        op.execute("DROP TRIGGER entries_are_not_updated")
        op.execute("DROP TRIGGER entries_are_not_deleted")
        op.execute("DROP TRIGGER entries_are_not_replaced")
    op.drop_index(op.f("ix_entries_refunds_id"), table_name="entries")
    with op.batch_alter_table("entries") as entries:
        entries.drop_constraint("fk_entries_refunds_id_entries", type_="foreignkey")
        entries.drop_column("refunds_id")
        entries.drop_column("made_by")


def _refuse_on_sqlite() -> None:
    for name, act in (("updated", "UPDATE"), ("deleted", "DELETE")):
        op.execute(
            f"CREATE TRIGGER entries_are_not_{name} BEFORE {act} ON entries "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
    op.execute(
        "CREATE TRIGGER entries_are_not_replaced BEFORE INSERT ON entries "  # noqa: S608
        "BEGIN SELECT CASE "
        "WHEN EXISTS (SELECT 1 FROM entries WHERE id = NEW.id) "
        f"THEN RAISE(ABORT, '{_REFUSAL}') "
        "WHEN EXISTS (SELECT 1 FROM entries "
        "WHERE kind = NEW.kind AND reference = NEW.reference) "
        "THEN RAISE(IGNORE) END; END"
    )


def _refuse_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_to_change_the_ledger() RETURNS trigger "
        f"LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER entries_are_only_added BEFORE UPDATE OR DELETE ON entries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_ledger()"
    )
    op.execute(
        "CREATE TRIGGER entries_are_not_emptied BEFORE TRUNCATE ON entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_ledger()"
    )
