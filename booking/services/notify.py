"""Write messages into the outbox, in the deed's own transaction; how calendar revisions go is said here once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from booking import clock, texts
from booking.cipher import random_token
from booking.extensions import db
from booking.formats import words_for
from booking.models import Booking, Event, Message
from booking.models.base import UtcDateTime
from booking.models.message import address_hash
from booking.rules.delivery import ORDERS_NOTHING
from booking.rules.texts import TEXT_ONLY, may_have_text, text_from
from booking.rules.words import (
    UNFINISHED,
    BookingStatus,
    Channel,
    Delivery,
    MessageKind,
    MessageStatus,
    ReplyAnswer,
)
from booking.services.identify_booking import new_calendar_uid

LINK_MAY_WAIT = timedelta(hours=24)
_WAKE = (
    update(Message)
    .where(
        Message.booking_id == bindparam("about"),
        Message.address_hash == bindparam("reaches"),
        Message.id < bindparam("number"),
        Message.status == MessageStatus.QUEUED,
        Message.kind.not_in(ORDERS_NOTHING),
        Message.next_attempt_at > bindparam("turn", type_=UtcDateTime()),
    )
    .values(next_attempt_at=bindparam("turn", type_=UtcDateTime()))
    .execution_options(synchronize_session=False)
)
"""Made once: making a statement takes longer than running it."""


def tell_confirmed(booking: Booking) -> Message | None:
    """Send the invitation: the place is theirs. It is the first revision of their calendar entry.

    A session that is put off has an entry with its new date.
    """
    dedupe = f"confirmed:{booking.ical_uid[:8]}"
    if booking.event.new_date_pending:
        return notify(booking, MessageKind.CONFIRMED, dedupe=dedupe)
    if booking.ical_address is None:
        booking.ical_address = booking.email
    return notify(booking, MessageKind.CONFIRMED, dedupe=dedupe, facts=stamped_revision(booking))


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
    """Put another title on the entry in the family's calendar; an invitation that waits to leave has it already.

    A session that is put off shows it with its new date.
    """
    if booking.event.new_date_pending:
        return None
    if booking.status != BookingStatus.CONFIRMED or _waiting_to_leave(booking, MessageKind.CONFIRMED):
        return None
    return _revise(booking, MessageKind.CALENDAR_TITLE, {})


def tell_places_added(booking: Booking, *, more: int) -> Message | None:
    """Say that the places they waited for are theirs, too. Nothing in the calendar says how many come."""
    _forget_answer(booking)
    facts = {"more": more}
    return notify(booking, MessageKind.PLACES_ADDED, dedupe=f"added:{_stamp(clock.now())}", facts=facts)


def tell_old_address(booking: Booking, *, address: str) -> Message | None:
    """Tell the address a booking had that it has another contact, and take back the calendar entry sent there.

    What has not begun its way there has to be withdrawn first: it would lead to the booking.
    """
    if booking.extends_id is not None:
        return None
    _forget_answer(booking)
    booking.ical_sequence += 1
    facts = _last_revision(booking)
    dedupe = f"contact:{booking.link_version}"
    return notify(booking, MessageKind.CONTACT_CHANGED, dedupe=dedupe, facts=facts, address=address)


def tell_postponed(booking: Booking, was: dict[str, Any]) -> Message | None:
    """Say that the session is put off and has no date yet; their calendar changes when the new date is known."""
    if booking.extends_id is not None:
        return None
    _forget_answer(booking)
    facts = {"was": _mine(booking, was)}
    return notify(booking, MessageKind.POSTPONED, dedupe=f"postponed:{_stamp(clock.now())}", facts=facts)


def tell_no_date_yet(booking: Booking) -> Message | None:
    """Take the entry out of the family's calendar while a session has no date; they keep their place (ADR 0015).

    The entry that comes with the new date is another one, and begins at 0: some calendars keep what was cancelled.
    """
    if booking.extends_id is not None or booking.ical_address is None:
        return None
    _forget_answer(booking)
    booking.ical_sequence += 1
    facts, dedupe = _last_revision(booking), f"no-date:{booking.ical_uid[:8]}"
    message = notify(booking, MessageKind.NO_DATE_YET, dedupe=dedupe, facts=facts)
    booking.ical_uid, booking.ical_sequence, booking.ical_address = new_calendar_uid(), 0, None
    db.session.flush()
    return message


def tell_cancelled(booking: Booking, kind: MessageKind) -> Message | None:
    """Say that the booking is cancelled (`CANCELLED_BY_US` or `CANCELLED_BY_FAMILY`), whatever its status is by now.

    All that the calendar's CANCEL needs is kept in the row: a later state cannot tell it. A calendar that has
    declined gets none from its own family's cancellation.
    """
    if booking.extends_id is not None:
        return None
    if booking.confirmed_at is not None:
        booking.ical_sequence += 1
    facts = _last_revision(booking)
    if kind == MessageKind.CANCELLED_BY_FAMILY and booking.reply_answer == ReplyAnswer.DECLINED:
        facts |= {"calendar_declined": True, "by_calendar": _is_released(booking)}
    return notify(booking, kind, dedupe=f"cancelled:{booking.ical_uid[:8]}:{booking.ical_sequence}", facts=facts)


def tell_decline_heard(booking: Booking) -> Message | None:
    """Say that their calendar declined, and how to keep the place until `release_at`; pointless after that."""
    until = booking.release_at
    facts, dedupe = _revision(booking), f"heard:{_stamp(until)}"
    return notify(booking, MessageKind.DECLINE_HEARD, dedupe=dedupe, facts=facts, not_after=until)


def tell_decline_asked(booking: Booking) -> Message | None:
    """Ask whether an answer that is not proved to be theirs was meant; once for each revision of their entry."""
    dedupe = f"asked:{booking.ical_uid[:8]}:{booking.ical_sequence}"
    return notify(booking, MessageKind.DECLINE_ASKED, dedupe=dedupe, facts=_revision(booking))


def tell_link(booking: Booking, *, by: Channel | None = None) -> Message | None:
    """Send the link to the family's own page again; `by` the one way that was asked for."""
    now = clock.now()
    return notify(booking, MessageKind.LINK, dedupe=f"link:{_stamp(now)}", not_after=now + LINK_MAY_WAIT, by=by)


def tell_calendar_link(booking: Booking) -> Message | None:
    """Send the address of the calendar with all of the family's bookings."""
    now = clock.now()
    return notify(booking, MessageKind.CALENDAR_LINK, dedupe=f"calendar:{_stamp(now)}", not_after=now + LINK_MAY_WAIT)


def withdraw_unsent(booking: Booking, channel: Channel) -> None:
    """Let nothing leave for the contact a booking had. A reminder's key is given free: the new contact gets it."""
    unsent = db.session.scalars(
        select(Message)
        .where(
            Message.booking_id == booking.id,
            Message.channel == channel,
            Message.kind != MessageKind.CONTACT_CHANGED,
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
    db.session.flush()


def as_it_is(event: Event) -> dict[str, Any]:
    """Return what a family was told about a session, to be taken before it changes."""
    return {
        "title": event.title,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "where": words_for.where_for_booked(event),
        "where_public": words_for.where(event),
        "online": event.delivery == Delivery.ONLINE,
        "join_url": event.join_url,
        "dial_in": event.dial_in,
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
    by: Channel | None = None,
) -> Message | None:
    """Queue one message about a booking by mail, by text or by both; return the row, the mail's if there are two.

    None if there is no way to write to the family, or if the rows are there already. `dedupe` is unique per
    booking, such as `seq:3` or `reminder:3d`. `address` only where it is not the booking's own e-mail (the old
    address after a change of contact): nothing is texted then. `by` where it is to go one way alone.
    """
    key = f"booking:{booking.id}:{dedupe}"
    letter = _Queued(booking=booking, kind=kind, facts=facts, not_before=not_before, not_after=not_after)
    to = None if by == Channel.TEXT or kind in TEXT_ONLY else address or booking.email
    mail = _queue(letter, key=key, channel=Channel.EMAIL, to=to) if to else None
    text = None
    if address is None and by != Channel.EMAIL and texts.reaches(booking) and may_have_text(kind, has_email=bool(to)):
        text = _queue(letter, key=f"{key}:text" if to else key, channel=Channel.TEXT, to=booking.phone or "")
    return mail or text


@dataclass(frozen=True, kw_only=True)
class _Queued:
    booking: Booking
    kind: MessageKind
    facts: dict[str, Any] | None
    not_before: datetime | None
    not_after: datetime | None


def _queue(letter: _Queued, *, key: str, channel: Channel, to: str) -> Message | None:
    if db.session.scalar(select(Message.id).where(Message.dedupe_key == key)):
        return None
    booking, start = letter.booking, letter.not_before or clock.now()
    if channel == Channel.TEXT:
        start = text_from(letter.kind, start, not_after=letter.not_after)
    message = Message(
        kind=letter.kind,
        booking_id=booking.id,
        dedupe_key=key,
        message_id=f"{random_token()}@{_own_domain(booking)}",
        channel=channel,
        address=to,
        address_hash=address_hash(channel, to),
        facts=letter.facts,
        not_before=start,
        next_attempt_at=start,
        not_after=letter.not_after,
    )
    db.session.add(message)
    db.session.flush()
    if letter.kind not in ORDERS_NOTHING:
        _wake_earlier(message)
    return message


def _wake_earlier(message: Message) -> None:
    """Let what this message waits behind have its turn when this one may leave.

    It may be untrue by now, or be trying a relay that is back: a cancellation must not wait for hours behind it.
    """
    which = {"about": message.booking_id, "reaches": message.address_hash, "number": message.id}
    db.session.execute(_WAKE, {**which, "turn": message.next_attempt_at})


def _revise(booking: Booking, kind: MessageKind, facts: dict[str, Any]) -> Message | None:
    """Send the calendar entry's next revision. A new entry begins at 0: for a new address, or after one taken back."""
    _forget_answer(booking)
    if booking.ical_address is None and booking.email is not None:
        booking.ical_address = booking.email
    else:
        booking.ical_sequence += 1
    dedupe = f"seq:{booking.ical_uid[:8]}:{booking.ical_sequence}"
    return notify(booking, kind, dedupe=dedupe, facts={**facts, **stamped_revision(booking)})


def _forget_answer(booking: Booking) -> None:
    """Let go of what their calendar answered: it was about another time, place or address."""
    booking.reply_answer = booking.release_at = None


def _is_released(booking: Booking) -> bool:
    """Tell whether the time is over in which the family could keep a place that its calendar declined."""
    return booking.release_at is not None and booking.release_at <= clock.now()


def stamped_revision(booking: Booking) -> dict[str, Any]:
    """Return the present revision of a calendar entry with a DTSTAMP, to the second, after the last one's."""
    now = clock.now().replace(microsecond=0)
    last = booking.ical_stamped_at
    booking.ical_stamped_at = max(now, last + timedelta(seconds=1)) if last else now
    return {**_revision(booking), "stamped_at": booking.ical_stamped_at.isoformat()}


def _revision(booking: Booking) -> dict[str, Any]:
    return {"uid": booking.ical_uid, "sequence": booking.ical_sequence}


def _last_revision(booking: Booking) -> dict[str, Any]:
    """Return what a CANCEL needs."""
    return {
        "was": _mine(booking, as_it_is(booking.event)),
        "had_place": booking.confirmed_at is not None,
        "is_discreet": booking.is_discreet,
        **stamped_revision(booking),
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


def _mine(booking: Booking, was: dict[str, Any]) -> dict[str, Any]:
    """Return `was` as this booking knew it: a family with a time of its own knew that time."""
    mine = {name: value for name, value in was.items() if name != "slots"}
    slots = was.get("slots", {})
    own = [slots[str(number)] for number in (booking.slot_id, booking.second_slot_id) if str(number) in slots]
    if own:
        mine["starts_at"], mine["ends_at"] = own[0][0], own[-1][1]
    return mine


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat(timespec="milliseconds") if moment else ""


def _own_domain(booking: Booking) -> str:
    return booking.ical_uid.partition("@")[2]
