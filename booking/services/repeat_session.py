"""Repeat a session: the same again on other days, as drafts, held together by a series."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db
from booking.formats.slugs import slug_of
from booking.models import Event, Series
from booking.queries.venue_calendar import clashes_at
from booking.rules.recurrence import MOST_DATES
from booking.rules.words import EventStatus
from booking.services.copy_session import copy_session, stay_of_copy
from booking.services.locks import lock_event, lock_venue
from booking.services.record_audit import record_audit
from booking.services.take_venue import VenueTaken


def repeat_session(
    event_id: int, *, title: str, days: Collection[date], together: bool, clash_reason: str = ""
) -> Series:
    """Put a session and a copy of it on each of these days into one series; a later call adds days to it.

    Booked `together` they are a course (J8), and all its dates share one link to join; otherwise who has booked one
    date has no link to another. Raise Refusal for no day, too many, one in the past or one it has already, VenueTaken
    when the venue is taken on any and no reason is given.
    """
    event = lock_event(event_id)
    if event.status == EventStatus.CANCELLED:
        raise Conflict("This session is cancelled. Copy it to make a new one.")
    series = event.series or new_series(title, summary=event.summary, together=together)
    _refuse_days(series, event, days)
    event.series = series
    _refuse_taken_days(event, days, reason=clash_reason)
    for day in sorted(days):
        copy = copy_session(event_id, on=day, clash_reason=clash_reason)
        copy.series = series
        if series.booked_together:
            copy.join_url, copy.dial_in = event.join_url, event.dial_in
    event.changed_at = clock.now()
    db.session.flush()
    record_audit(
        "session repeated",
        screen="staff.repeat_session",
        subject_type="event",
        subject_id=event.id,
        facts={"series": series.id, "days": [day.isoformat() for day in sorted(days)]},
    )
    return series


def new_series(title: str, *, summary: str = "", together: bool = False) -> Series:
    """Begin a series under an address that no other has."""
    series = Series(slug=_free_slug(title), title=title, summary=summary, booked_together=together)
    db.session.add(series)
    db.session.flush()
    return series


def _refuse_days(series: Series, event: Event, days: Collection[date]) -> None:
    if not days:
        raise Refusal("Choose at least one date.", field="days")
    if len(days) > MOST_DATES:
        raise Refusal(f"At most {MOST_DATES} dates can be made at once.", field="days")
    if min(days) <= clock.today():
        raise Refusal("Choose dates that are to come.", field="days")
    has = {clock.in_london(each.starts_at).date() for each in [event, *series.events]}
    if has & set(days):
        raise Refusal("There is a session on one of these dates already. Look at the dates again.", field="days")


def _refuse_taken_days(event: Event, days: Collection[date], *, reason: str) -> None:
    """Say all days on which the venue is taken at once, not one after the other."""
    stays = [stay_of_copy(event, on=day) for day in sorted(days)]
    if stays[0] is not None and not reason.strip():
        lock_venue(stays[0].venue_id)
        if clashes := [other for stay in stays for other in clashes_at(stay)]:
            raise VenueTaken(clashes)


def _free_slug(title: str) -> str:
    stem = slug_of(title, most=70)
    taken = set(db.session.scalars(select(Series.slug).where(Series.slug.like(f"{stem}%"))))
    return next(
        slug for number in range(1, 10_000) if (slug := stem if number == 1 else f"{stem}-{number}") not in taken
    )
