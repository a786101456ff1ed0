"""Decide when a family is reminded: days are counted on London's calendar (`calendar-and-mail.md` section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.clock import in_london, london_time
from booking.rules.words import MessageKind

QUIET_FROM, QUIET_UNTIL = 21, 8
LONGEST_NOTICE = timedelta(days=8)
"""No reminder opens earlier than this before a session."""


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """Open from an hour of the day `opens` days before until an hour of the day `closes` days before.

    It is over `leaves` before the session at the latest: it has to be read before people set off.
    """

    kind: MessageKind
    opens: int
    opens_hour: int
    closes: int
    closes_hour: int
    booked_days_before: int = 0
    leaves: timedelta = timedelta()


_REMINDERS = (
    Reminder(kind=MessageKind.REMINDER_7_DAYS, opens=7, opens_hour=8, closes=5, closes_hour=18, booked_days_before=14),
    Reminder(kind=MessageKind.REMINDER_3_DAYS, opens=3, opens_hour=8, closes=2, closes_hour=18),
    Reminder(kind=MessageKind.REMINDER_1_DAY, opens=1, opens_hour=10, closes=1, closes_hour=18),
    Reminder(
        kind=MessageKind.REMINDER_MORNING, opens=0, opens_hour=8, closes=0, closes_hour=11, leaves=timedelta(hours=1)
    ),
)


def reminder_open(starts_at: datetime, *, now: datetime) -> MessageKind | None:
    """Return the reminder that may be sent now for something that starts then; their times never overlap."""
    if is_quiet(now):
        return None
    return next((one.kind for one in _REMINDERS if _opens_at(one, starts_at) <= now < _closes_at(one, starts_at)), None)


def may_remind(kind: MessageKind, *, starts_at: datetime, booked_at: datetime, now: datetime) -> bool:
    """Return whether this family gets this reminder now: not if they booked after its moment had come."""
    reminder = next(one for one in _REMINDERS if one.kind == kind)
    if reminder_open(starts_at, now=now) != kind or booked_at >= _opens_at(reminder, starts_at):
        return False
    return booked_at < _days_before(starts_at, reminder.booked_days_before)


def closes_at(kind: MessageKind, starts_at: datetime) -> datetime:
    """Return the moment after which this reminder is pointless."""
    return _closes_at(next(one for one in _REMINDERS if one.kind == kind), starts_at)


def opens_at(kind: MessageKind, starts_at: datetime) -> datetime:
    """Return the moment from which this reminder may be sent."""
    return _opens_at(next(one for one in _REMINDERS if one.kind == kind), starts_at)


def is_quiet(moment: datetime) -> bool:
    """Return whether London sleeps: no reminder from 9pm to 8am."""
    hour = in_london(moment).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def morning_after(night: datetime) -> datetime:
    """Return 8am in London at the end of the night in which a moment lies."""
    local = in_london(night)
    return london_time(local.date() + timedelta(days=1 if local.hour >= QUIET_FROM else 0), QUIET_UNTIL)


def next_morning(moment: datetime) -> datetime:
    """Return the first 8am in London after a moment."""
    local = in_london(moment)
    return london_time(local.date() + timedelta(days=1 if local.hour >= QUIET_UNTIL else 0), QUIET_UNTIL)


def _opens_at(reminder: Reminder, starts_at: datetime) -> datetime:
    return london_time(in_london(starts_at).date() - timedelta(days=reminder.opens), reminder.opens_hour)


def _closes_at(reminder: Reminder, starts_at: datetime) -> datetime:
    hour = london_time(in_london(starts_at).date() - timedelta(days=reminder.closes), reminder.closes_hour)
    return min(hour, starts_at - reminder.leaves)


def _days_before(starts_at: datetime, days: int) -> datetime:
    local = in_london(starts_at)
    return london_time(local.date() - timedelta(days=days), local.hour, local.minute)
