"""Open the books: accounts, tariffs, ledger, calls, messages.

The first tables. Money is integers of 10⁻⁶; a leg is paid once, by a unique reference.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123a"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "leg_a_charge",
            sa.Enum(
                "always",
                "never",
                "if_answered",
                name="legacharge",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("dearest_minute", sa.BigInteger(), nullable=True),
        sa.Column("allows_costly", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("name", name=op.f("uq_plans_name")),
    )
    op.create_table(
        "wrong_login_tries",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "door",
            sa.Enum("sms", "web", name="door", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_login_tries")),
    )
    op.create_index(
        op.f("ix_wrong_login_tries_door_login_tried_at"),
        "wrong_login_tries",
        ["door", "login", "tried_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_wrong_login_tries_door_sender_tried_at"),
        "wrong_login_tries",
        ["door", "sender", "tried_at"],
        unique=False,
    )
    op.create_table(
        "access_numbers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column(
            "leg_a_plan_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["leg_a_plan_id"],
            ["plans.id"],
            name=op.f("fk_access_numbers_leg_a_plan_id_plans"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_numbers")),
        sa.UniqueConstraint("number", name=op.f("uq_access_numbers_number")),
    )
    op.create_table(
        "accounts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "blocked", name="status", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "plan_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("credit_limit", sa.BigInteger(), nullable=False),
        sa.Column("numbers_allowed", sa.Integer(), nullable=False),
        sa.Column("calls_at_once", sa.Integer(), nullable=False),
        sa.Column("longest_call", sa.Integer(), nullable=True),
        sa.Column("daily_spend", sa.BigInteger(), nullable=True),
        sa.Column("announces_balance", sa.Boolean(), nullable=False),
        sa.Column("confirms_leg_a", sa.Boolean(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_accounts_plan_id_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_table(
        "rates",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "plan_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("per_minute", sa.BigInteger(), nullable=False),
        sa.Column("setup", sa.BigInteger(), nullable=False),
        sa.Column("first_block", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("free_seconds", sa.Integer(), nullable=False),
        sa.Column("minimum_charge", sa.BigInteger(), nullable=False),
        sa.Column("minimum_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_rates_plan_id_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rates")),
    )
    op.create_index(
        op.f("ix_rates_plan_id_prefix_valid_from"),
        "rates",
        ["plan_id", "prefix", "valid_from"],
        unique=True,
    )
    op.create_table(
        "confirmed_legs",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_confirmed_legs_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("account_id", "number", name=op.f("pk_confirmed_legs")),
    )
    op.create_table(
        "entries",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "call",
                "top_up",
                "adjustment",
                name="kind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_entries_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint(
            "kind", "reference", name=op.f("uq_entries_kind_reference")
        ),
    )
    op.create_index(
        op.f("ix_entries_account_id"), "entries", ["account_id"], unique=False
    )
    op.create_index(op.f("ix_entries_made_at"), "entries", ["made_at"], unique=False)
    op.create_table(
        "inbound_sms",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received", "worked", name="received", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_inbound_sms_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_sms")),
        sa.UniqueConstraint(
            "carrier", "external_id", name=op.f("uq_inbound_sms_carrier_external_id")
        ),
    )
    op.create_index(
        op.f("ix_inbound_sms_state"), "inbound_sms", ["state"], unique=False
    )
    op.create_table(
        "phonebook_entries",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_phonebook_entries_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phonebook_entries")),
        sa.UniqueConstraint(
            "account_id",
            "folded_name",
            name=op.f("uq_phonebook_entries_account_id_folded_name"),
        ),
        sa.UniqueConstraint(
            "account_id",
            "position",
            name=op.f("uq_phonebook_entries_account_id_position"),
        ),
    )
    op.create_table(
        "registered_numbers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_registered_numbers_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registered_numbers")),
        sa.UniqueConstraint("number", name=op.f("uq_registered_numbers_number")),
    )
    op.create_index(
        op.f("ix_registered_numbers_account_id"),
        "registered_numbers",
        ["account_id"],
        unique=False,
    )
    op.create_table(
        "sessions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "access_number_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["access_number_id"],
            ["access_numbers.id"],
            name=op.f("fk_sessions_access_number_id_access_numbers"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_sessions_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(
        op.f("ix_sessions_account_id"), "sessions", ["account_id"], unique=False
    )
    op.create_table(
        "call_requests",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "session_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("leg_a", sa.Text(), nullable=False),
        sa.Column("leg_b", sa.Text(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "sms",
                "web",
                "api",
                "missed_call",
                name="source",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column(
            "access_number_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "dialling_a",
                "a_up",
                "done",
                "refused",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_number_id"],
            ["access_numbers.id"],
            name=op.f("fk_call_requests_access_number_id_access_numbers"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_call_requests_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_call_requests_session_id_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_requests")),
    )
    op.create_index(
        op.f("ix_call_requests_account_id_asked_at"),
        "call_requests",
        ["account_id", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_call_requests_sender_asked_at"),
        "call_requests",
        ["sender", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_call_requests_state_due_at"),
        "call_requests",
        ["state", "due_at"],
        unique=False,
    )
    op.create_index(
        "uq_call_requests_live_leg_a",
        "call_requests",
        ["leg_a"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'dialling_a', 'a_up')"),
        postgresql_where=sa.text("state IN ('queued', 'dialling_a', 'a_up')"),
    )
    op.create_table(
        "holds",
        sa.Column(
            "session_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_holds_sets_aside")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_holds_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_holds_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_account_id"), "holds", ["account_id"], unique=False)
    op.create_table(
        "legs",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column(
            "session_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "side",
            sa.Enum("a", "b", name="side", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column(
            "charge",
            sa.Enum(
                "always",
                "never",
                "if_answered",
                name="legacharge",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("answered_us", sa.BigInteger(), nullable=False),
        sa.Column("billed_seconds", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("per_minute", sa.BigInteger(), nullable=False),
        sa.Column("setup", sa.BigInteger(), nullable=False),
        sa.Column("first_block", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("free_seconds", sa.Integer(), nullable=False),
        sa.Column("minimum_charge", sa.BigInteger(), nullable=False),
        sa.Column("minimum_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_legs_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legs")),
        sa.UniqueConstraint("uuid", name=op.f("uq_legs_uuid")),
    )
    op.create_index(
        "ix_legs_open",
        "legs",
        ["session_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_legs_session_id"), "legs", ["session_id"], unique=False)
    op.create_table(
        "outbound_sms",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "inbound_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sent",
                "answered",
                "dead",
                name="sending",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_outbound_sms_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["inbound_id"],
            ["inbound_sms.id"],
            name=op.f("fk_outbound_sms_inbound_id_inbound_sms"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_sms")),
    )
    op.create_index(
        op.f("ix_outbound_sms_recipient_made_at"),
        "outbound_sms",
        ["recipient", "made_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_outbound_sms_state_due_at"),
        "outbound_sms",
        ["state", "due_at"],
        unique=False,
    )
    op.create_table(
        "request_changes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "dialling_a",
                "a_up",
                "done",
                "refused",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["call_requests.id"],
            name=op.f("fk_request_changes_request_id_call_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_changes")),
    )
    op.create_index(
        op.f("ix_request_changes_request_id"),
        "request_changes",
        ["request_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_request_changes_request_id"), table_name="request_changes")
    op.drop_table("request_changes")
    op.drop_index(op.f("ix_outbound_sms_state_due_at"), table_name="outbound_sms")
    op.drop_index(op.f("ix_outbound_sms_recipient_made_at"), table_name="outbound_sms")
    op.drop_table("outbound_sms")
    op.drop_index(op.f("ix_legs_session_id"), table_name="legs")
    op.drop_index(
        "ix_legs_open",
        table_name="legs",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("legs")
    op.drop_index(op.f("ix_holds_account_id"), table_name="holds")
    op.drop_table("holds")
    op.drop_index(
        "uq_call_requests_live_leg_a",
        table_name="call_requests",
        sqlite_where=sa.text("state IN ('queued', 'dialling_a', 'a_up')"),
        postgresql_where=sa.text("state IN ('queued', 'dialling_a', 'a_up')"),
    )
    op.drop_index(op.f("ix_call_requests_state_due_at"), table_name="call_requests")
    op.drop_index(op.f("ix_call_requests_sender_asked_at"), table_name="call_requests")
    op.drop_index(
        op.f("ix_call_requests_account_id_asked_at"), table_name="call_requests"
    )
    op.drop_table("call_requests")
    op.drop_index(op.f("ix_sessions_account_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(
        op.f("ix_registered_numbers_account_id"), table_name="registered_numbers"
    )
    op.drop_table("registered_numbers")
    op.drop_table("phonebook_entries")
    op.drop_index(op.f("ix_inbound_sms_state"), table_name="inbound_sms")
    op.drop_table("inbound_sms")
    op.drop_index(op.f("ix_entries_made_at"), table_name="entries")
    op.drop_index(op.f("ix_entries_account_id"), table_name="entries")
    op.drop_table("entries")
    op.drop_table("confirmed_legs")
    op.drop_index(op.f("ix_rates_plan_id_prefix_valid_from"), table_name="rates")
    op.drop_table("rates")
    op.drop_table("accounts")
    op.drop_table("access_numbers")
    op.drop_index(
        op.f("ix_wrong_login_tries_door_sender_tried_at"),
        table_name="wrong_login_tries",
    )
    op.drop_index(
        op.f("ix_wrong_login_tries_door_login_tried_at"), table_name="wrong_login_tries"
    )
    op.drop_table("wrong_login_tries")
    op.drop_table("plans")
