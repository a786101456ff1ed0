"""Everything that is kept of one family, for the family itself: rows of plain values, section by section.

Of each table it is said which columns are told and which are not; a column in neither list fails
`tests/guards/test_all_held.py`. Other people's data is not in it: no member of staff but in who looked, no note about
anybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from booking.cipher import lookup_hash
from booking.errors import Refusal
from booking.extensions import db
from booking.models import (
    Adult,
    Base,
    Booking,
    BookingChange,
    Call,
    Complaint,
    Consent,
    Event,
    Family,
    Feedback,
    Inbound,
    Message,
    NeedRequest,
    Note,
    Place,
    RememberedNeed,
    Subscription,
)
from booking.queries.complaints import complaints_of
from booking.queries.families import families_with_contact, families_with_reference
from booking.queries.subscriptions import hash_of, subscriptions_of
from booking.queries.who_looked import who_looked
from booking.rules.contact import normal_email

Row = dict[str, Any]

TOLD: dict[type[Base], tuple[str, ...]] = {
    Booking: (
        "reference",
        "status",
        "origin",
        "created_at",
        "contact_by",
        "email",
        "phone",
        "may_text",
        "wants_morning_text",
        "helper_name",
        "helper_kind",
        "children",
        "outcode",
        "district",
        "lang",
        "profile",
        "question",
        "queued_at",
        "offer_ends_at",
        "confirmed_at",
        "cancelled_at",
        "cancelled_by",
        "cancel_reason",
        "ical_address",
        "is_discreet",
        "reply_answer",
        "release_at",
        "is_first_time",
        "desk",
        "turn",
        "turn_at",
    ),
    Place: ("kind", "outcome", "arrived_at", "recorded_at"),
    Adult: ("name", "kind"),
    NeedRequest: (
        "code",
        "detail",
        "for_whom",
        "state",
        "created_at",
        "due_on",
        "reason",
        "reason_words",
        "alternative",
        "choice",
        "tell_by",
        "told_at",
        "told_how",
        "arranged_at",
        "broken_at",
        "family_outcome",
        "family_said_at",
    ),
    RememberedNeed: ("code", "detail", "created_at", "ask_again_on"),
    Consent: ("subject", "given", "wording_version", "channel", "at"),
    Message: ("kind", "channel", "address", "status", "created_at", "sent_at", "bounced_at"),
    BookingChange: ("kind", "at", "facts"),
    Call: ("reason", "outcome", "note", "created_at"),
    Note: ("text", "created_at"),
    Feedback: (
        "origin",
        "method",
        "created_at",
        "answered_at",
        "before_confident",
        "before_know_where",
        "confident",
        "know_where",
        "listened",
        "understood",
        "what_next",
        "had_what_needed",
        "again",
        "change",
        "may_quote",
        "quote",
    ),
    Inbound: ("kind", "created_at", "sender", "subject", "text"),
    Complaint: (
        "reference",
        "created_at",
        "name",
        "email",
        "phone",
        "about_booking",
        "text",
        "lang",
        "acknowledged_at",
        "answer_by",
        "answered_at",
        "outcome",
    ),
    Subscription: (
        "status",
        "email",
        "lang",
        "district",
        "place",
        "miles",
        "kinds",
        "needs",
        "created_at",
        "confirmed_at",
    ),
}
_OURS = {"id", "booking_id", "family_id"}
NOT_TOLD: dict[type[Base], set[str]] = {
    # Numbers, marks and digests by which the parts hang together; they say nothing of the family.
    Booking: _OURS
    | {"event_id", "slot_id", "second_slot_id", "group_key", "extends_id", "root_id", "draft_id", "import_id"}
    | {"link_version", "link_digest", "ical_uid", "ical_sequence", "ical_stamped_at", "reply_stamped_at", "passed_at"}
    | {"door_subject"},
    # Who of our people recorded it, and on which device.
    Place: _OURS | {"adult_id", "recorded_by", "device"},
    Adult: _OURS | {"import_hash"},
    # Who of us sees to it, whom we ask to do it, and what that costs.
    NeedRequest: _OURS | {"lead_ok", "owner_id", "owner_role", "supplier_id", "cost_p"},
    RememberedNeed: _OURS | {"root_id"},
    Consent: _OURS,
    # How the outbox sends it. The words themselves are not kept once they have left.
    Message: _OURS
    | {"dedupe_key", "message_id", "address_hash", "facts", "rendered", "not_before", "not_after", "attempts"}
    | {"next_attempt_at", "lease_id", "lease_until", "data_started_at", "problem", "bounce_code", "carrier_id"}
    | {"receipt", "subscription_id", "staff_id", "complaint_id"},
    BookingChange: _OURS | {"actor"},
    Call: _OURS | {"staff_id"},
    Note: _OURS | {"staff_id"},
    Feedback: _OURS | {"event_id", "link_digest", "sent_once", "quoted_at", "quoted_by_id"},
    Inbound: _OURS
    | {"folder_version", "folder_number", "message_hash", "verdict", "message_id", "facts", "seen_at", "seen_by"},
    # Our notes on it are about how we look into it.
    Complaint: _OURS | {"email_hash"},
    Subscription: _OURS
    | {
        "email_hash",
        "easting",
        "northing",
        "wording_version",
        "link_version",
        "link_digest",
        "last_news_at",
        "is_demo",
    },
    Family: _OURS
    | {"key", "email_hash", "phone_hash", "import_hash", "merge_question", "calendar_version", "calendar_digest"}
    | {"is_demo", "created_at", "joined_id"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Whose data it is: a family with bookings, or an address that only wants news or wrote to us."""

    family_id: int | None
    email_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """All of it, by section. `booking_ids` are the numbers of their bookings, for the audit."""

    sections: dict[str, list[Row]]
    booking_ids: list[int]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not any(self.sections.values())


def find_whose(said: str) -> Found | None:
    """Return whose reference, e-mail address or phone number this is. Raise Refusal when it is of several families."""
    families = families_with_reference(said) or families_with_contact(said)
    if len(families) > 1:
        raise Refusal("More than one family is known by this. Write the reference of one of their bookings.")
    if families:
        family = db.session.get_one(Family, families[0])
        return Found(family_id=family.id, email_hash=family.email_hash)
    stranger = Found(family_id=None, email_hash=hash_of(said))
    return None if all_held(stranger).is_empty else stranger


def all_held(found: Found) -> Held:
    """Collect all that is kept."""
    bookings = _bookings(found.family_id)
    ids = [booking.id for booking in bookings]
    titles = {booking.id: booking.event.title for booking in bookings}
    records = _records(found.family_id)
    addresses = {each for each in (found.email_hash, *(record.email_hash for record in records)) if each}
    news = [each for address in sorted(addresses) for each in subscriptions_of(address)]
    complaints = [each for address in sorted(addresses) for each in complaints_of(address)]
    sections = {
        "bookings": [_booking(booking) for booking in bookings],
        "people": [_row(adult) for record in records for adult in _of_family(Adult, record.id)],
        "places": [_place(place, booking) for booking in bookings for place in booking.places],
        "needs": [_about(need, titles) for booking in bookings for need in booking.needs],
        "remembered": [_row(need) for need in _of_family(RememberedNeed, found.family_id)],
        "agreed": [_row(consent) for consent in _of_family(Consent, found.family_id)],
        "messages": [_about(each, titles) for each in _messages(ids, news, complaints)],
        "changes": [_change(each, titles) for each in _of_bookings(BookingChange, ids)],
        "calls": [_about(each, titles) for each in _of_bookings(Call, ids)],
        "notes": [_about(each, titles) for each in _of_bookings(Note, ids)],
        "feedback": [_about(each, titles) for each in _of_bookings(Feedback, ids)],
        "written": [_about(each, titles) for each in (*_of_bookings(Inbound, ids), *_unmatched(addresses))],
        "news": [_row(each) for each in news],
        "complaints": [_row(each) for each in complaints],
        "looks": _looks(found.family_id),
    }
    return Held(sections=sections, booking_ids=ids)


def _bookings(family_id: int | None) -> Sequence[Booking]:
    if family_id is None:
        return []
    return db.session.scalars(
        select(Booking)
        .where(Booking.family_id == family_id)
        .options(
            joinedload(Booking.event).joinedload(Event.venue),
            joinedload(Booking.slot),
            joinedload(Booking.second_slot),
            selectinload(Booking.places).joinedload(Place.adult),
            selectinload(Booking.needs),
        )
        .order_by(Booking.id)
    ).all()


def _of_family(model: Any, family_id: int | None) -> Iterable[Any]:
    return db.session.scalars(select(model).where(model.family_id == family_id).order_by(model.id)).all()


def _of_bookings(model: Any, ids: Sequence[int]) -> Iterable[Any]:
    return db.session.scalars(select(model).where(model.booking_id.in_(ids)).order_by(model.id)).all()


def _messages(
    booking_ids: Sequence[int], news: Iterable[Subscription], complaints: Iterable[Complaint]
) -> Iterable[Message]:
    theirs = or_(
        Message.booking_id.in_(booking_ids),
        Message.subscription_id.in_([row.id for row in news]),
        Message.complaint_id.in_([row.id for row in complaints]),
    )
    return db.session.scalars(select(Message).where(theirs).order_by(Message.id)).all()


def _records(family_id: int | None) -> Sequence[Family]:
    """Return the family's record, and those that were made one with it. Of nobody's records there are none."""
    if family_id is None:
        return []
    theirs = or_(Family.id == family_id, Family.joined_id == family_id)
    return db.session.scalars(select(Family).where(theirs).order_by(Family.id)).all()


def _unmatched(addresses: Collection[str]) -> list[Inbound]:
    """Return what they wrote that no booking was found for: its senders are sealed, so each is looked at."""
    if not addresses:
        return []
    written = select(Inbound).where(Inbound.booking_id.is_(None), Inbound.sender.is_not(None)).order_by(Inbound.id)
    return [
        mail
        for mail in db.session.scalars(written)
        if lookup_hash("email", normal_email(mail.sender or "")) in addresses
    ]


def _row(thing: Base) -> Row:
    return {name: getattr(thing, name) for name in TOLD[type(thing)]}


def _about(thing: Any, titles: dict[int, str]) -> Row:
    return {"session": titles.get(thing.booking_id or 0, ""), **_row(thing)}


def _booking(booking: Booking) -> Row:
    venue = booking.event.venue
    where = {"session": booking.event.title, "starts_at": booking.starts_at, "venue": venue.name if venue else ""}
    return where | _row(booking)


def _place(place: Place, booking: Booking) -> Row:
    who = place.adult.name if place.adult else None
    return {"session": booking.event.title, "reference": booking.reference, "name": who, **_row(place)}


def _change(change: BookingChange, titles: dict[int, str]) -> Row:
    """Say by whom in one of three words: which of our people it was stands in who looked, while that is kept."""
    by = "staff" if change.actor.startswith("staff") else change.actor
    return _about(change, titles) | {"by": by}


def _looks(family_id: int | None) -> list[Row]:
    if family_id is None:
        return []
    return [
        {"at": look.at, "who": look.who, "what": look.action, "screen": look.screen, "session": look.about}
        for look in who_looked([family_id])
    ]
