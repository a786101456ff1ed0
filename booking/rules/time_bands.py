"""The time of day a session falls in, as metric M53 counts it."""

from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_SCHOOL_RUN = (time(9, 30), time(14, 30))
_AFTER_SCHOOL = time(15)
_EVENING = time(18)


class TimeBand(StrEnum):
    """When in the week a session is."""

    SCHOOL_RUN_SAFE = "school_run_safe"
    DAYTIME = "daytime"
    AFTER_SCHOOL = "after_school"
    EVENING = "evening"
    WEEKEND = "weekend"


def time_band(starts_at: datetime, ends_at: datetime, *, in_term: bool) -> TimeBand:
    """Tell the band of a session from its start and end (aware, any zone); a school run exists only in term time."""
    starts, ends = _in_london(starts_at), _in_london(ends_at)
    if starts.weekday() >= 5:
        return TimeBand.WEEKEND
    if starts.time() >= _EVENING:
        return TimeBand.EVENING
    if starts.time() >= _AFTER_SCHOOL:
        return TimeBand.AFTER_SCHOOL
    same_day = starts.date() == ends.date()
    if in_term and same_day and starts.time() >= _SCHOOL_RUN[0] and ends.time() <= _SCHOOL_RUN[1]:
        return TimeBand.SCHOOL_RUN_SAFE
    return TimeBand.DAYTIME


def _in_london(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A time without its zone could be an hour out.")
    return moment.astimezone(_LONDON)
