"""Make a course of a session: the same again on other days, as drafts, held together by a series (J8)."""

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
from booking.rules.words import EventStatus
from booking.services.copy_session import copy_session, stay_of_copy
from booking.services.locks import lock_event, lock_venue
from booking.services.publish_session import publish_session
from booking.services.record_audit import record_audit
from booking.services.take_venue import VenueTaken


def make_course(event_id: int, *, title: str, days: Collection[date], clash_reason: str = "") -> Series:
    """Put a session and a copy of it on each of these days into one course; a later call adds days to it.

    All dates of a course share one link to join. Raise Refusal for no day, a day in the past or one it has already,
    VenueTaken when the venue is taken on any of them and no reason is given.
    """
    event = lock_event(event_id)
    if event.status == EventStatus.CANCELLED:
        raise Conflict("This session is cancelled. Copy it to make a new one.")
    series = event.series or _new_series(event, title)
    _refuse_days(series, event, days)
    event.series = series
    _refuse_taken_days(event, days, reason=clash_reason)
    for day in sorted(days):
        copy = copy_session(event_id, on=day, clash_reason=clash_reason)
        copy.series = series
        copy.join_url, copy.dial_in = event.join_url, event.dial_in
    event.changed_at = clock.now()
    db.session.flush()
    record_audit(
        "course made",
        screen="staff.make_course",
        subject_type="event",
        subject_id=event.id,
        facts={"series": series.id, "days": [day.isoformat() for day in sorted(days)]},
    )
    return series


def publish_course(series_id: int, *, reason: str = "", clash_reason: str = "") -> int:
    """Publish every draft of a course that is to come; return how many. Raise what `publish_session` raises."""
    drafts = db.session.scalars(
        select(Event.id)
        .where(Event.series_id == series_id, Event.status == EventStatus.DRAFT, Event.starts_at > clock.now())
        .order_by(Event.id)
    ).all()
    for event_id in drafts:
        lock_event(event_id)
    for event_id in drafts:
        publish_session(event_id, reason=reason, clash_reason=clash_reason)
    return len(drafts)


def _new_series(event: Event, title: str) -> Series:
    series = Series(slug=_free_slug(title), title=title, summary=event.summary)
    db.session.add(series)
    db.session.flush()
    return series


def _refuse_days(series: Series, event: Event, days: Collection[date]) -> None:
    if not days:
        raise Refusal("Choose at least one date.", field="days")
    if min(days) <= clock.today():
        raise Refusal("Choose dates that are to come.", field="days")
    has = {clock.in_london(each.starts_at).date() for each in [event, *series.events]}
    if has & set(days):
        raise Refusal("The course has one of these dates already. Look at the dates again.", field="days")


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
