"""Do what a calendar's answer asks: a proved decline frees the place after a grace, a weaker one is asked about."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.formats.incoming import CalendarReply, IncomingMail
from booking.models import Booking, Inbound
from booking.rules.replies import ASKED_ABOUT, NOTED, Answer, Entry, Verdict, judge, release_at
from booking.rules.words import BookingStatus, ChangeKind, ReplyAnswer
from booking.services.locks import lock_booking
from booking.services.notify import tell_decline_asked, tell_decline_heard
from booking.services.record_change import record_change

NOT_ABOUT_A_BOOKING = (Verdict.UNKNOWN, Verdict.MALFORMED)


def note_reply(mail: IncomingMail, inbound: Inbound) -> str:
    """Return the verdict on a calendar's answer, after doing what it brings about.

    It locks the session and the booking: `inbound` is not in the database yet.
    """
    reply = mail.calendar
    if reply is None:
        return Verdict.MALFORMED
    inbound.facts = {"method": reply.method[:20], "answer": reply.partstat[:20]}
    booking = _booking_of(reply.uid)
    verdict = judge(_answer(mail, reply), _entry(booking) if booking else None, now=clock.now())
    if booking is None or verdict in NOT_ABOUT_A_BOOKING:
        return verdict
    inbound.booking_id = inbound.booking_id or booking.id
    if (answer := NOTED.get(verdict)) is not None:
        _note(booking, reply, answer)
    elif verdict in ASKED_ABOUT:
        tell_decline_asked(booking)
    return verdict


def _booking_of(uid: str) -> Booking | None:
    """Return the booking whose calendar entry is answered, locked."""
    number = db.session.scalar(select(Booking.id).where(Booking.ical_uid == uid)) if uid else None
    return lock_booking(number) if number is not None else None


def _answer(mail: IncomingMail, reply: CalendarReply) -> Answer:
    return Answer(
        method=reply.method,
        uid=reply.uid,
        attendee=reply.attendee,
        partstat=reply.partstat,
        sequence=reply.sequence,
        stamped_at=reply.dtstamp,
        events=reply.events_count,
        attendees=reply.attendees_count,
        sender=mail.from_address,
        vouched_domain=mail.passes_dmarc_for,
        mark=mail.auto_submitted,
        has_empty_envelope=mail.has_empty_envelope,
    )


def _entry(booking: Booking) -> Entry:
    event = booking.event
    is_to_come = event.starts_at > clock.now() and not event.new_date_pending
    return Entry(
        uid=booking.ical_uid,
        address=booking.ical_address,
        sequence=booking.ical_sequence,
        answered_at=booking.reply_stamped_at,
        is_open=booking.status == BookingStatus.CONFIRMED and is_to_come,
    )


def _note(booking: Booking, reply: CalendarReply, answer: ReplyAnswer) -> None:
    """Write the family's answer down. A yes takes back a no; a maybe leaves it."""
    booking.reply_stamped_at = reply.dtstamp
    if answer == ReplyAnswer.TENTATIVE and booking.release_at is not None:
        return
    booking.reply_answer = answer
    if answer == ReplyAnswer.DECLINED and booking.release_at is None:
        _release_soon(booking)
    elif answer == ReplyAnswer.ACCEPTED and booking.release_at is not None:
        booking.release_at = None
        record_change(booking, ChangeKind.PLACE_KEPT, actor="family", by_calendar=True)


def _release_soon(booking: Booking) -> None:
    """Let the place go after the grace, and tell how to keep it; too near the session it goes at once."""
    now = clock.now()
    booking.release_at = release_at(now, starts_at=booking.event.starts_at)
    record_change(booking, ChangeKind.CALENDAR_DECLINED, actor="family", until=booking.release_at.isoformat())
    if booking.release_at > now:
        tell_decline_heard(booking)
