"""How migrations run: `alembic -c development.ini upgrade head`."""

import os
from pathlib import Path
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from domain.base import UtcDateTime
from domain.database import engine_for
from domain.models import Base

url = os.environ.get("DATABASE_URL") or context.config.get_main_option("database.url")


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write plain SQLAlchemy types: a migration must outlive our own."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate with the connection that was handed in, or with one of our own."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    engine = engine_for(url)
    if engine.dialect.name == "sqlite" and engine.url.database:
        # Only here: a mistyped path must not become a new, empty database.
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    with engine.connect() as own:
        migrate(own)
        own.commit()


def migrate(connection: Any) -> None:
    """Run the migrations on a connection, all in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
