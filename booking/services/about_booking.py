"""A message about a booking: whether it still holds, when it is given up, and its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock, texts
from booking.extensions import db, locale_of
from booking.formats.ical import cancellation, invitation
from booking.formats.messages import HeardNote, in_words
from booking.formats.mime import CalendarPart, Envelope, write_mail
from booking.formats.own_addresses import answers_to
from booking.formats.sender import our_sender
from booking.formats.text_words import text_in_words
from booking.models import Booking, Event, Message, Venue
from booking.queries.at_one_session import others_at_session
from booking.queries.courses import number_in_course
from booking.queries.feedback_due import is_asked_how
from booking.queries.heard import files_with, heard_for
from booking.queries.outbox import CHANGES, REQUESTS, first_mails, had_invitation, later_word, waiting_families
from booking.queries.said_and_did import find_some_said
from booking.rules.contact import normal_email
from booking.rules.delivery import CANCELLATIONS, FEEDBACK, REMINDERS, give_up_at, is_still_true
from booking.rules.reminders import may_remind
from booking.rules.said import SaidIssue
from booking.rules.texts import mobile_number
from booking.rules.words import BookingStatus, Channel, EventStatus, MessageKind, MessageStatus
from booking.services.message_subject import About, End

TAKE_BACK = (*CANCELLATIONS, MessageKind.CONTACT_CHANGED, MessageKind.NO_DATE_YET)
"""The messages that take an entry out of the calendar they go to."""
ABOUT_AN_ANSWER = (MessageKind.DECLINE_HEARD, MessageKind.DECLINE_ASKED)


_BOOKINGS = (
    select(Booking)
    .where(Booking.id.in_(bindparam("ids", expanding=True)))
    .options(
        joinedload(Booking.event).joinedload(Event.venue).selectinload(Venue.facts),
        joinedload(Booking.family),
        joinedload(Booking.slot),
        selectinload(Booking.places),
        selectinload(Booking.needs),
    )
    .execution_options(populate_existing=True)
)
"""All that is said, read at once and for many messages at once; the statement is made once, for making it takes longer
than running it."""


def about_booking(messages: Sequence[Message]) -> dict[int, About]:
    """Return what each message is about: its booking with its session, as they stand now."""
    found = db.session.scalars(_BOOKINGS, {"ids": [message.booking_id for message in messages]})
    bookings = {booking.id: booking for booking in found}
    began = first_mails(messages)
    waiting = waiting_families(booking.event_id for booking in bookings.values())
    reminded = {each.booking_id for each in messages if each.kind in REMINDERS}
    others = others_at_session([booking for booking in bookings.values() if booking.id in reminded])
    return {
        each.id: AboutBooking(
            message=each,
            booking=bookings[each.booking_id or 0],
            began_with=began.get(each.id),
            waiting=waiting.get(bookings[each.booking_id or 0].event_id, 0),
            others=others.get(each.booking_id or 0, []),
        )
        for each in messages
    }


@dataclass(frozen=True, kw_only=True)
class AboutBooking:
    """A message, and the booking that it is about.

    `began_with` is the Message-ID of the first mail about the booking to this address, `waiting` how many families
    wait for a place, `others` what else the family has booked at that session, as far as a reminder tells of it.
    """

    message: Message
    booking: Booking
    began_with: str | None
    waiting: int
    others: Sequence[Booking] = ()
    gave_up: str = "It could not be sent in time. Please ring the family."

    @property
    def is_demo(self) -> bool:
        """Tell whether the family is one of the demonstration."""
        return self.booking.family is not None and self.booking.family.is_demo

    def give_up_at(self) -> datetime:
        """Return when the message is pointless, as `rules/delivery.py` says."""
        starts_at = _starts_at(self.message, self.booking)
        return give_up_at(self.message.kind, queued_at=self.message.created_at, starts_at=starts_at)

    def is_still_their_number(self) -> bool:
        """Tell whether a text may still go to this number: it holds the link as it is today."""
        booking = self.booking
        return texts.reaches(booking) and mobile_number(booking.phone) == mobile_number(self.message.address)

    def no_longer_true(self) -> End | None:
        """Return why a message that has never begun its way is not true any more."""
        return _no_longer_true(self.message, self.booking)

    def hand_on(self) -> None:
        """Let what is said next tell what the family knew before this change: it never heard of it."""
        if self.message.kind in CHANGES and (later := later_word(self.message)):
            later.facts = {**(later.facts or {}), "was": (self.message.facts or {})["was"]}

    def had_entry(self) -> bool:
        """Tell whether the calendar it goes to may hold the entry that this message takes back."""
        return had_invitation(self.message)

    def answers(self) -> Sequence[SaidIssue]:
        """Return the answers that it tells of."""
        return _answers(self.message)

    def heard(self) -> HeardNote | None:
        """Return the note that it tells; None where the family reads none."""
        return _heard(self.booking)

    def write(self) -> bytes:
        """Return the text, or the mail with its calendar part if it has one."""
        return _write(self)


def _no_longer_true(message: Message, booking: Booking) -> tuple[MessageStatus, str] | None:
    if not is_still_true(message.kind, booking.status):
        return MessageStatus.STALE, "The booking has changed since."
    if message.kind in REMINDERS and not _is_due_reminder(message.kind, booking):
        return MessageStatus.STALE, "The session or the booking has changed since."
    if message.kind == MessageKind.POSTPONED and not booking.event.new_date_pending:
        return MessageStatus.STALE, "The new date is known by now."
    if message.kind == MessageKind.CALENDAR_LINK and (booking.family is None or booking.family.calendar_digest is None):
        return MessageStatus.STALE, "The family has stopped its calendar since."
    if message.kind in ABOUT_AN_ANSWER and not _is_answer_open(message, booking):
        return MessageStatus.STALE, "The family has answered, or the session has changed, since."
    if message.kind in FEEDBACK and not is_asked_how(booking):
        return MessageStatus.STALE, "The family has answered, or is not asked any more."
    if message.kind == MessageKind.WHAT_WE_HEARD and _heard(booking) is None:
        return MessageStatus.STALE, "There is no note any more, or the family did not come."
    if message.kind == MessageKind.YOU_SAID_WE_DID and not _answers(message):
        return MessageStatus.STALE, "What it tells of is not published any more."
    if message.kind == MessageKind.CHANGED and later_word(message):
        return MessageStatus.STALE, "A newer message says it all."
    return None


def _is_answer_open(message: Message, booking: Booking) -> bool:
    """Tell whether what a calendar answered still stands as it did when we wrote about it."""
    facts: dict[str, Any] = message.facts or {}
    if (facts.get("uid"), facts.get("sequence")) != (booking.ical_uid, booking.ical_sequence):
        return False
    return message.kind == MessageKind.DECLINE_ASKED or booking.release_at is not None


def _is_due_reminder(kind: MessageKind, booking: Booking) -> bool:
    event = booking.event
    return (
        event.status == EventStatus.PUBLISHED
        and not event.new_date_pending
        and kind not in event.reminders_off
        and may_remind(
            kind,
            starts_at=booking.starts_at,
            booked_at=booking.confirmed_at or booking.created_at,
            now=clock.now(),
        )
    )


def _answers(message: Message) -> list[SaidIssue]:
    """Return the answers that a message tells of, as far as everybody may read them now."""
    said = find_some_said((message.facts or {}).get("issues", []))
    return [issue for issue in said if issue.outcome is not None]


def _heard(booking: Booking) -> HeardNote | None:
    note = heard_for(booking)
    if note is None or note.text is None:
        return None
    return HeardNote(text=note.text, has_files=bool(files_with(booking.event_id)))


def _starts_at(message: Message, booking: Booking) -> datetime:
    """Return when the session that the message is about begins."""
    if message.kind in CANCELLATIONS and message.facts:
        return datetime.fromisoformat(message.facts["was"]["starts_at"])
    return booking.starts_at


def _write(about: AboutBooking) -> bytes:
    message, booking = about.message, about.booking
    if message.channel == Channel.TEXT:
        others = about.others if message.kind in REMINDERS else ()
        return text_in_words(message.kind, booking, facts=message.facts, others=others).encode()
    with force_locale(locale_of(booking.lang)):
        calendar = _calendar_part(about)
    words = in_words(
        message.kind,
        booking,
        facts=message.facts,
        has_calendar=calendar is not None,
        waiting=about.waiting if message.kind in REMINDERS else 0,
        course=number_in_course(booking.event),
        others=about.others if message.kind in REMINDERS else (),
        answers=about.answers() if message.kind == MessageKind.YOU_SAID_WE_DID else (),
        heard=about.heard() if message.kind == MessageKind.WHAT_WE_HEARD else None,
    )
    envelope = Envelope(
        to=_address(message),
        message_id=message.message_id,
        in_reply_to=about.began_with,
        reply_to=answers_to(booking),
    )
    return write_mail(words, envelope, sender=our_sender(), calendar=calendar)


def _calendar_part(about: AboutBooking) -> CalendarPart | None:
    """Return the calendar object of an invitation, a change or a cancellation that has something to take back."""
    message, booking = about.message, about.booking
    facts: dict[str, Any] = message.facts or {}
    to = _address(message)
    if normal_email(to) == normal_email(our_sender().address):
        return None  # an invitation to its own organiser is binned by Outlook and shown without buttons by Gmail
    if message.kind in REQUESTS and (booking.event.new_date_pending or "sequence" not in facts):
        return None  # it would put the old date into a calendar; the new date brings an entry
    if message.kind in REQUESTS and booking.status == BookingStatus.CONFIRMED:
        return CalendarPart(method="REQUEST", ics=invitation(booking, facts, attendee=to))
    if message.kind in TAKE_BACK and _is_to_be_taken_back(facts) and about.had_entry():
        return CalendarPart(method="CANCEL", ics=cancellation(booking, facts, attendee=to))
    return None


def _is_to_be_taken_back(facts: dict[str, Any]) -> bool:
    """Tell whether there is an entry to take back: a family without a place has none, nor has one that declined."""
    return bool(facts.get("had_place")) and not facts.get("calendar_declined")


def _address(message: Message) -> str:
    if not message.address:
        raise ValueError(f"message {message.id} has no address")
    return message.address
