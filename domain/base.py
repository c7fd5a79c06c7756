"""The declarative base: how our Python types are kept in a database."""

import enum
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Enum, Integer, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

_WIDE = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(_WIDE, primary_key=True)]
"""A row's own number; 64 bits, and SQLite's rowid there."""

MicrosColumn = Annotated[int, mapped_column(BigInteger)]
"""Money: integers of 10⁻⁶ of the account's currency."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and always UTC, on databases that forget zones too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(
        self, dialect: Dialect
    ) -> Callable[[datetime | None], datetime | str | None]:
        """How a moment is written; one without a zone is refused: when was it?"""
        return _in_text if dialect.name == "sqlite" else _in_utc

    def result_processor(
        self,
        dialect: Dialect,
        coltype: object,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> Callable[[str | None], datetime | None] | None:
        """How a moment is read; PostgreSQL's driver gives the zone itself."""
        return _of_text if dialect.name == "sqlite" else None


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


def _in_text(moment: datetime | None) -> str | None:
    """As SQLAlchemy writes it for SQLite, but in one step: a call has many."""
    utc = _in_utc(moment)
    if utc is None:
        return None
    return utc.replace(tzinfo=None).isoformat(" ", "microseconds")


def _of_text(written: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{written}+00:00") if written else None


def _values(kind: type[enum.Enum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """What every mapped class descends from."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        str: Text,
        enum.StrEnum: Enum(
            enum.StrEnum, native_enum=False, length=32, values_callable=_values
        ),
    }
