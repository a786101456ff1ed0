"""Times with one professional: which comes right after which, so that who needs longer can have two in a row (J3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

BUFFER = timedelta(minutes=15)
"""Two times are in a row when the pause between them is no longer than this."""

NEEDS_TWO = "short_slot_plus"
"""The need that is met by two times in a row."""


class Time(Protocol):
    """Somebody's time, as far as this rule looks at it."""

    @property
    def role(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


AnyTime = TypeVar("AnyTime", bound=Time)


def time_after(first: AnyTime, times: Iterable[AnyTime]) -> AnyTime | None:
    """Return the next time with the same professional if it begins at most 15 minutes after the first ends."""
    later = (time for time in times if time.role == first.role and time.starts_at >= first.ends_at)
    following = min(later, key=lambda time: time.starts_at, default=None)
    if following is None or following.starts_at - first.ends_at > BUFFER:
        return None
    return following
