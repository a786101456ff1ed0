"""When a session may be: real moments of London's clock, not in the past, the end after the start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from booking.clock import LONDON

LONGEST_HOURS = 14
FURTHEST = timedelta(days=3 * 366)
"""Nobody plans further ahead; a later year is a slip of the finger, and the calendar ends somewhere."""


@dataclass(frozen=True)
class SessionTimes:
    """Start and end of a session, as moments."""

    starts_at: datetime
    ends_at: datetime


class BadTimes(ValueError):
    """These times cannot be; `field` is `date`, `starts` or `ends`, and `sentence` says what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def session_times(day: date, starts: time, ends: time, *, now: datetime) -> SessionTimes:
    """Return the moments of a session on one day in London. Raise BadTimes.

    An hour that the clocks skip in spring does not exist. An hour that comes twice in autumn means the first
    time, unless the session would end before it starts.
    """
    if day < now.astimezone(LONDON).date():
        raise BadTimes("date", "The date is in the past. Choose today or a later day.")
    if day > now.astimezone(LONDON).date() + FURTHEST:
        raise BadTimes("date", "The date is more than three years away. Check the year.")
    starts_at = _moment(day, starts, "starts")
    ends_at = _moment(day, ends, "ends")
    if ends_at <= starts_at:
        ends_at = _moment(day, ends, "ends", second=True)
    if ends_at <= starts_at:
        raise BadTimes("ends", "The session must end after it starts.")
    if starts_at <= now:
        raise BadTimes("starts", "This time is in the past. Choose a later time.")
    if (ends_at - starts_at).total_seconds() > LONGEST_HOURS * 3600:
        raise BadTimes("ends", f"A session can be at most {LONGEST_HOURS} hours long.")
    return SessionTimes(starts_at, ends_at)


def _moment(day: date, at: time, field: str, *, second: bool = False) -> datetime:
    local = datetime.combine(day, at, tzinfo=LONDON).replace(fold=int(second))
    moment = local.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise BadTimes(field, "The clocks go forward that night and this time does not exist. Choose another.")
    return moment
