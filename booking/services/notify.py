"""Write messages into the outbox, in the deed's own transaction; how calendar revisions go is said here once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from booking import clock
from booking.cipher import lookup_hash, random_token
from booking.extensions import db
from booking.formats import words_for
from booking.models import Booking, Event, Message
from booking.rules.contact import normal_email
from booking.rules.words import BookingStatus, Delivery, MessageKind

LINK_MAY_WAIT = timedelta(hours=24)


def tell_confirmed(booking: Booking) -> Message | None:
    """Send the invitation: the place is theirs. It is the first revision of their calendar entry."""
    if booking.ical_address is None:
        booking.ical_address = booking.email
    return notify(booking, MessageKind.CONFIRMED, dedupe="confirmed", facts={"sequence": booking.ical_sequence})


def tell_waiting(booking: Booking) -> Message | None:
    """Say that they are on the waiting list; no calendar part."""
    return notify(booking, MessageKind.WAITING, dedupe="waiting")


def tell_offer(booking: Booking) -> Message | None:
    """Say that a place is kept for them until `offer_ends_at`; pointless after that."""
    ends_at = booking.offer_ends_at
    return notify(booking, MessageKind.OFFER, dedupe=f"offer:{_stamp(ends_at)}", not_after=ends_at)


def tell_offer_lapsed(booking: Booking) -> Message | None:
    """Say that the offer ran out."""
    return notify(booking, MessageKind.OFFER_LAPSED, dedupe=f"lapsed:{_stamp(clock.now())}")


def tell_changed(booking: Booking, was: dict[str, Any]) -> Message | None:
    """Say what changed about the session. `was` is `as_it_is(event)`, taken before the change.

    A confirmed booking's calendar entry gets its next revision; the others get a plain mail.
    """
    facts: dict[str, Any] = {"was": _mine(booking, was)}
    if booking.status != BookingStatus.CONFIRMED:
        return notify(booking, MessageKind.CHANGED, dedupe=f"changed:{_stamp(clock.now())}", facts=facts)
    booking.ical_sequence += 1
    facts["sequence"] = booking.ical_sequence
    return notify(booking, MessageKind.CHANGED, dedupe=f"seq:{booking.ical_sequence}", facts=facts)


def tell_postponed(booking: Booking, was: dict[str, Any]) -> Message | None:
    """Say that the session is put off and has no date yet; their calendar changes when the new date is known."""
    facts = {"was": _mine(booking, was)}
    return notify(booking, MessageKind.POSTPONED, dedupe=f"postponed:{_stamp(clock.now())}", facts=facts)


def tell_cancelled(booking: Booking, kind: MessageKind) -> Message | None:
    """Say that the booking is cancelled (`CANCELLED_BY_US` or `CANCELLED_BY_FAMILY`), whatever its status is by now.

    All that the calendar's CANCEL needs is kept in the row: a later state cannot tell it.
    """
    had_place = booking.confirmed_at is not None
    if had_place:
        booking.ical_sequence += 1
    facts = {
        "was": _mine(booking, as_it_is(booking.event)),
        "had_place": had_place,
        "uid": booking.ical_uid,
        "sequence": booking.ical_sequence,
    }
    return notify(booking, kind, dedupe=f"cancelled:{booking.ical_sequence}", facts=facts)


def tell_link(booking: Booking) -> Message | None:
    """Send the link to the family's own page again."""
    now = clock.now()
    return notify(booking, MessageKind.LINK, dedupe=f"link:{_stamp(now)}", not_after=now + LINK_MAY_WAIT)


def as_it_is(event: Event) -> dict[str, Any]:
    """Return what a family was told about a session, to be taken before it changes."""
    return {
        "title": event.title,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "where": words_for.where_for_booked(event),
        "where_public": words_for.where(event),
        "online": event.delivery == Delivery.ONLINE,
        "slots": {str(slot.id): [slot.starts_at.isoformat(), slot.ends_at.isoformat()] for slot in event.slots},
    }


def notify(
    booking: Booking,
    kind: MessageKind,
    *,
    dedupe: str,
    facts: dict[str, Any] | None = None,
    address: str | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Message | None:
    """Queue one message about a booking; None if the family gave no e-mail address or the row is there already.

    `dedupe` is unique per booking, such as `seq:3` or `reminder:3d`. `address` only where it is not the
    booking's own (the old address after a change of contact).
    """
    to = address or booking.email
    key = f"booking:{booking.id}:{dedupe}"
    if not to or db.session.scalar(select(Message.id).where(Message.dedupe_key == key)):
        return None
    start = not_before or clock.now()
    message = Message(
        kind=kind,
        booking_id=booking.id,
        dedupe_key=key,
        message_id=f"{random_token()}@{_own_domain(booking)}",
        address=to,
        address_hash=lookup_hash("email", normal_email(to)),
        facts=facts,
        not_before=start,
        next_attempt_at=start,
        not_after=not_after,
    )
    db.session.add(message)
    db.session.flush()
    return message


def _mine(booking: Booking, was: dict[str, Any]) -> dict[str, Any]:
    """Return `was` as this booking knew it: a family with a time of its own knew that time."""
    mine = {name: value for name, value in was.items() if name != "slots"}
    if own := was.get("slots", {}).get(str(booking.slot_id)):
        mine["starts_at"], mine["ends_at"] = own
    return mine


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat(timespec="milliseconds") if moment else ""


def _own_domain(booking: Booking) -> str:
    return booking.ical_uid.partition("@")[2]
