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
from booking.rules.words import UNFINISHED, BookingStatus, Delivery, MessageKind, MessageStatus

LINK_MAY_WAIT = timedelta(hours=24)


def tell_confirmed(booking: Booking) -> Message | None:
    """Send the invitation: the place is theirs. It is the first revision of their calendar entry."""
    if booking.ical_address is None:
        booking.ical_address = booking.email
    return notify(booking, MessageKind.CONFIRMED, dedupe=f"confirmed:{booking.ical_uid[:8]}", facts=_revision(booking))


def tell_waiting(booking: Booking) -> Message | None:
    """Say that they are on the waiting list; no calendar part."""
    return notify(booking, MessageKind.WAITING, dedupe=f"waiting:{booking.link_version}")


def tell_offer(booking: Booking) -> Message | None:
    """Say that a place is kept for them until `offer_ends_at`; pointless after that."""
    ends_at = booking.offer_ends_at
    dedupe = f"offer:{_stamp(ends_at)}:{booking.link_version}"
    return notify(booking, MessageKind.OFFER, dedupe=dedupe, not_after=ends_at)


def tell_offer_lapsed(booking: Booking) -> Message | None:
    """Say that the offer ran out."""
    return notify(booking, MessageKind.OFFER_LAPSED, dedupe=f"lapsed:{_stamp(clock.now())}")


def tell_changed(booking: Booking, was: dict[str, Any]) -> Message | None:
    """Say what changed about the session. `was` is `as_it_is(event)`, taken before the change.

    A confirmed booking's calendar entry gets its next revision; the others get a plain mail. Whoever waits for
    more places is told with the booking these belong to.
    """
    if booking.extends_id is not None:
        return None
    facts: dict[str, Any] = {"was": _mine(booking, was)}
    if booking.status != BookingStatus.CONFIRMED:
        return notify(booking, MessageKind.CHANGED, dedupe=f"changed:{_stamp(clock.now())}", facts=facts)
    return _revise(booking, MessageKind.CHANGED, facts)


def tell_new_time(booking: Booking, was: dict[str, Any]) -> Message | None:
    """Confirm the other time a family chose; `was` holds the times of the one before. Their calendar moves."""
    return _revise(booking, MessageKind.CHANGED, {"was": _mine(booking, {**was, "slots": {}}), "asked_for": True})


def tell_title(booking: Booking) -> Message | None:
    """Put another title on the entry in the family's calendar; an invitation that waits to leave has it already."""
    if booking.status != BookingStatus.CONFIRMED or _waiting_to_leave(booking, MessageKind.CONFIRMED):
        return None
    return _revise(booking, MessageKind.CALENDAR_TITLE, {})


def tell_places_added(booking: Booking, *, more: int) -> Message | None:
    """Say that the places they waited for are theirs, too. Nothing in the calendar says how many come."""
    facts = {"more": more}
    return notify(booking, MessageKind.PLACES_ADDED, dedupe=f"added:{_stamp(clock.now())}", facts=facts)


def tell_old_address(booking: Booking, *, address: str) -> Message | None:
    """Tell the address a booking had that it has another contact, and take back the calendar entry sent there.

    What has not begun its way there is withdrawn: it would lead to the booking.
    """
    _withdraw_unsent(booking, address)
    booking.ical_sequence += 1
    facts = _last_revision(booking)
    dedupe = f"contact:{booking.link_version}"
    return notify(booking, MessageKind.CONTACT_CHANGED, dedupe=dedupe, facts=facts, address=address)


def tell_postponed(booking: Booking, was: dict[str, Any]) -> Message | None:
    """Say that the session is put off and has no date yet; their calendar changes when the new date is known."""
    if booking.extends_id is not None:
        return None
    facts = {"was": _mine(booking, was)}
    return notify(booking, MessageKind.POSTPONED, dedupe=f"postponed:{_stamp(clock.now())}", facts=facts)


def tell_cancelled(booking: Booking, kind: MessageKind) -> Message | None:
    """Say that the booking is cancelled (`CANCELLED_BY_US` or `CANCELLED_BY_FAMILY`), whatever its status is by now.

    All that the calendar's CANCEL needs is kept in the row: a later state cannot tell it.
    """
    if booking.extends_id is not None:
        return None
    if booking.confirmed_at is not None:
        booking.ical_sequence += 1
    facts = _last_revision(booking)
    return notify(booking, kind, dedupe=f"cancelled:{booking.ical_uid[:8]}:{booking.ical_sequence}", facts=facts)


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


def _revise(booking: Booking, kind: MessageKind, facts: dict[str, Any]) -> Message | None:
    """Send the calendar entry's next revision. A new address has a new entry, which begins again at 0."""
    booking.ical_sequence += 1
    dedupe = f"seq:{booking.ical_uid[:8]}:{booking.ical_sequence}"
    return notify(booking, kind, dedupe=dedupe, facts={**facts, **_revision(booking)})


def _revision(booking: Booking) -> dict[str, Any]:
    return {"uid": booking.ical_uid, "sequence": booking.ical_sequence}


def _last_revision(booking: Booking) -> dict[str, Any]:
    """Return what a CANCEL needs."""
    return {
        "was": _mine(booking, as_it_is(booking.event)),
        "had_place": booking.confirmed_at is not None,
        "is_discreet": booking.is_discreet,
        **_revision(booking),
    }


def _waiting_to_leave(booking: Booking, kind: MessageKind) -> bool:
    """Tell whether a message has not been taken by a worker; while we hold its row none takes it."""
    statement = (
        select(Message.id)
        .where(Message.booking_id == booking.id, Message.kind == kind, Message.status == MessageStatus.QUEUED)
        .where(Message.data_started_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    return db.session.scalar(statement) is not None


def _withdraw_unsent(booking: Booking, address: str) -> None:
    """Let nothing leave that has not begun its way. A reminder's key is given free: the new address gets it."""
    unsent = db.session.scalars(
        select(Message)
        .where(
            Message.booking_id == booking.id,
            Message.address_hash == lookup_hash("email", normal_email(address)),
            Message.status.in_(UNFINISHED),
            Message.data_started_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for message in unsent:
        message.status, message.lease_id = MessageStatus.STALE, None
        message.problem = "The contact was changed before it was sent."
        message.dedupe_key = f"{message.dedupe_key}:withdrawn:{message.id}"


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
