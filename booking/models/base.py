"""The base of all tables, and the column types that keep a promise."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from booking import clock
from booking.cipher import open_sealed, seal

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: refuses naive values and returns aware ones, in UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Members(dict[str | None, StrEnum | None]):
    """The members of an enum by their codes; one that it does not know raises ValueError, as the enum does."""

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__({code.value: code for code in codes} | {None: None})
        self.codes = codes

    def __missing__(self, value: str) -> StrEnum:
        return self.codes(value)


class Coded(TypeDecorator[StrEnum]):
    """A code of one of the enums in `rules/words.py`; it comes back as a member of that enum."""

    impl = String(24)
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.codes(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.codes(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Look a code up without a call in Python: lists and figures read a million of them."""
        return _Members(self.codes).__getitem__


class SealedText(TypeDecorator[str]):
    """Text that is unreadable at rest. `place` is its `table.column` (the cipher's associated data)."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(value.encode(), place=self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else open_sealed(value, place=self.place).decode()

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Open a value without asking which dialect it is: lists open a hundred thousand names."""
        place = self.place
        return lambda value: None if value is None else open_sealed(value, place=place).decode()


class SealedBytes(TypeDecorator[bytes]):
    """Bytes that are unreadable at rest."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(value, place=self.place)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bytes | None:
        return None if value is None else open_sealed(value, place=self.place)


class SealedJson(TypeDecorator[dict[str, Any]]):
    """A small JSON object that is unreadable at rest. Assign a new one to change it: it is not tracked."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(json.dumps(value).encode(), place=self.place)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        opened: dict[str, Any] = json.loads(open_sealed(value, place=self.place))
        return opened


class Created:
    """Adds the moment a row was made."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now)
