"""Publish a session, when the basics about its place are known or somebody says why it may go out without."""

from __future__ import annotations

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db
from booking.models import Event
from booking.queries.installation import our_locality
from booking.queries.venues import known_facts
from booking.rules.access_needs import baseline_gaps
from booking.rules.words import BookingMode, Delivery, EventStatus
from booking.services.locks import lock_event
from booking.services.record_audit import record_audit
from booking.services.take_venue import keep_venue, record_clashes


def publish_session(event_id: int, *, reason: str = "", clash_reason: str = "") -> Event:
    """Publish a draft. Raise Refusal when something is missing, or for a gap in the basics without a reason.

    Raise VenueTaken when another session is there then and nobody has said why both may be.
    """
    event = lock_event(event_id)
    if event.status == EventStatus.CANCELLED:
        raise Conflict("This session is cancelled.")
    if event.status == EventStatus.PUBLISHED:
        return event
    if lacks := why_unready(event):
        raise Refusal(lacks)
    gaps = basics_missing(event)
    if gaps and not reason.strip():
        raise Refusal("Say why families may be invited although this is not known.", field="reason")
    clashes = keep_venue(event, reason=clash_reason)
    event.status = EventStatus.PUBLISHED
    event.first_published_at = event.first_published_at or clock.now()
    event.changed_at = clock.now()
    db.session.flush()
    record_audit(
        "session published",
        screen="staff.publish_session",
        subject_type="event",
        subject_id=event.id,
        reason=reason.strip() if gaps else "",
        facts={"basics_missing": list(gaps)},
    )
    record_clashes(event, clashes, reason=clash_reason, screen="staff.publish_session")
    return event


def basics_missing(event: Event) -> tuple[str, ...]:
    """Return the codes of the basic facts that are not known, or not there, at the session's place."""
    if event.delivery == Delivery.ONLINE:
        return ()
    return baseline_gaps(our_locality().facts, known_facts(event.venue))


def why_unready(event: Event) -> str:
    """Return what a draft lacks that no reason makes up for; nothing if it may go out."""
    if event.delivery != Delivery.ONLINE and event.venue is not None and event.venue.archived_at is not None:
        return f"{event.venue.name} is put away. Choose another venue, or use it again on its page."
    if event.starts_at <= clock.now():
        return "The date is in the past. Give the session a new date first."
    if event.booking_mode == BookingMode.SLOTS and not event.slots:
        return "This session has no times yet. Add the times first."
    if event.delivery == Delivery.ONLINE and not event.join_url:
        return "An online session needs its link. Add it first."
    return ""
