"""When the times of a row begin: one after the other, around a break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pause:
    """A break: nobody has a time in it."""

    starts_at: datetime
    length: timedelta


def starts_of_row(first: datetime, length: timedelta, *, number: int, pause: Pause | None = None) -> list[datetime]:
    """Return when so many times begin; one that would run into the break begins after it."""
    starts, at = [], first
    for _each in range(number):
        if pause and at < pause.starts_at + pause.length and at + length > pause.starts_at:
            at = pause.starts_at + pause.length
        starts.append(at)
        at += length
    return starts
