"""Real calendar programs import our mails step by step: one entry, moving, then gone; and others judge each file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import deliver_messages
from booking.models import Booking, Event
from booking.rules.words import BookingMode, BookingStatus, CancelledBy, ContactBy, EventCancelReason
from booking.services.cancel_booking import cancel_booking
from booking.services.cancel_session import cancel_session
from booking.services.change_contact import Contact, change_contact
from booking.services.change_time import change_time
from booking.services.change_title import change_title
from booking.services.move_session import move_session
from booking.services.move_waitlist import accept_offer
from booking.services.save_session import SessionPlan
from tests.cast import a_booking, a_course, a_venue, an_event, slots_for
from tests.mail.calendar_programs import CalendarProgram, Khal, Shown, Xandikos
from tests.mail.deeds import cancel
from tests.mail.judges import Read, by_all, faults_libical_finds
from tests.mail.relay import Relay, as_mail, calendar_of

pytestmark = pytest.mark.one_database


@pytest.fixture(params=[Xandikos, Khal])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> CalendarProgram:
    made: Callable[[Path], CalendarProgram] = request.param
    return made(tmp_path / "program")


class Inbox:
    """A family's mailbox: each new mail is judged, then imported into their calendar."""

    def __init__(self, relay: Relay, program: CalendarProgram) -> None:
        self.relay, self.program, self.seen = relay, program, 0

    def open(self, *, to: str | None = None) -> list[Read]:
        """Let the worker send; import what came with a calendar part, and return what the judges read in it."""
        deliver_messages()
        new, self.seen = self.relay.raw[self.seen :], len(self.relay.raw)
        mine = [raw for raw in new if to is None or str(as_mail(raw)["To"]) == to]
        read = [judged(raw) for raw in mine if calendar_of(as_mail(raw))]
        for raw in mine:
            if calendar_of(as_mail(raw)):
                self.program.receive(raw)
        return read

    def entry(self) -> Shown:
        """Return the one entry that stands in the calendar."""
        (entry,) = self.program.shown()
        return entry


@pytest.fixture
def inbox(relay: Relay, program: CalendarProgram) -> Inbox:
    return Inbox(relay, program)


def judged(raw: bytes) -> Read:
    """Hold the calendar part of a mail against all that judges, and against the mail around it."""
    mail = as_mail(raw)
    ics = calendar_of(mail) or b""
    (attached,) = [part for part in mail.walk() if part.get_content_type() == "application/ics"]
    (inline,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    read = by_all(ics)
    assert attached.get_payload(decode=True) == ics
    assert inline.get_param("method") == read.method
    assert faults_libical_finds(ics) == []
    assert read.attendees == (f"mailto:{mail['To']}",)
    assert read.organizer == "mailto:bookings@pact.example.org"
    return read


def move(event: Event, **values: object) -> None:
    """Move a session as staff do."""
    plan = SessionPlan(
        title=event.title,
        delivery=event.delivery,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        venue_id=event.venue_id,
        room=event.room,
        join_url=event.join_url,
        dial_in=event.dial_in,
    )
    with transaction():
        move_session(event.id, replace(plan, **values))  # type: ignore[arg-type]
    db.session.refresh(event)


def a_week_later(event: Event) -> dict[str, datetime]:
    """The same time on London's clock, a week later."""
    return {name: clock.in_london(getattr(event, name)) + timedelta(days=7) for name in ("starts_at", "ends_at")}


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 10, 20), datetime(2026, 10, 20, 9, tzinfo=UTC), datetime(2026, 10, 27, 10, tzinfo=UTC)),
        (date(2027, 3, 23), datetime(2027, 3, 23, 10, tzinfo=UTC), datetime(2027, 3, 30, 9, tzinfo=UTC)),
    ],
    ids=["clocks go back", "clocks go forward"],
)
def test_one_entry_that_moves_across_the_clock_change_then_to_another_place_and_goes(
    in_app: Flask, inbox: Inbox, day: date, before: datetime, after: datetime
) -> None:
    event = an_event(title="Forum: tea, cake; and Łucja’s talk 🙂", starts_at=clock.london_time(day, 10))
    booking = a_booking(event)

    (invite,) = inbox.open()
    assert (invite.method, invite.sequence, invite.start) == ("REQUEST", 0, before)
    assert inbox.entry() == Shown(
        uid=booking.ical_uid,
        title=event.title,
        start=before,
        end=before + timedelta(hours=2),
        location=invite.location,
    )

    move(event, **a_week_later(event))
    (moved,) = inbox.open()
    assert (moved.method, moved.sequence, moved.start) == ("REQUEST", 1, after)
    assert inbox.entry() == replace(inbox.entry(), uid=booking.ical_uid, start=after, end=after + timedelta(hours=2))

    move(event, venue_id=a_venue(name="Hop Pocket Hall", town="Tenterden").id)
    (elsewhere,) = inbox.open()
    assert (elsewhere.method, elsewhere.sequence, elsewhere.start) == ("REQUEST", 2, after)
    assert inbox.entry().location.startswith("Hop Pocket Hall")
    assert inbox.entry().start == after

    with transaction():
        cancel_session(event.id, EventCancelReason.WEATHER)
    (gone,) = inbox.open()
    assert (gone.method, gone.sequence, gone.status) == ("CANCEL", 3, "CANCELLED")
    assert {invite.uid, moved.uid, elsewhere.uid, gone.uid} == {booking.ical_uid}
    assert inbox.program.shown() == []
    assert inbox.program.kept() <= 1


def test_the_same_mail_twice_is_one_entry(in_app: Flask, inbox: Inbox) -> None:
    a_booking(an_event())
    inbox.open()
    first = inbox.entry()
    inbox.program.receive(inbox.relay.raw[-1])
    assert inbox.entry() == first


def test_another_title_is_the_same_entry(in_app: Flask, inbox: Inbox) -> None:
    booking = a_booking(an_event(title="Autism: sleep"))
    inbox.open()
    with transaction():
        change_title(booking.id, is_discreet=True)
    (read,) = inbox.open()
    assert (read.method, read.sequence) == ("REQUEST", 1)
    assert "Autism" not in inbox.entry().title
    assert inbox.entry().uid == booking.ical_uid


def test_another_time_with_the_professional_moves_the_entry(in_app: Flask, inbox: Inbox) -> None:
    event = an_event(booking_mode=BookingMode.SLOTS)
    first, _second, third = slots_for(event)
    booking = a_booking(event, slot_id=first.id)
    inbox.open()
    assert inbox.entry().start == first.starts_at
    with transaction():
        change_time(booking.id, slot_id=third.id)
    (read,) = inbox.open()
    assert (read.method, read.sequence, read.start) == ("REQUEST", 1, third.starts_at)
    assert inbox.entry().start == third.starts_at


def test_of_a_course_one_date_moves_and_one_goes(in_app: Flask, inbox: Inbox) -> None:
    dates = a_course()
    bookings = [a_booking(event, email="parent@example.net") for event in dates]
    assert [read.sequence for read in inbox.open()] == [0, 0, 0]
    assert {entry.uid for entry in inbox.program.shown()} == {booking.ical_uid for booking in bookings}
    move(dates[1], starts_at=dates[1].starts_at + timedelta(days=1), ends_at=dates[1].ends_at + timedelta(days=1))
    with transaction():
        cancel_booking(bookings[2].id, by=CancelledBy.FAMILY)
    read = inbox.open()
    assert [(each.method, each.sequence) for each in read] == [("REQUEST", 1), ("CANCEL", 1)]
    shown = {entry.uid: entry.start for entry in inbox.program.shown()}
    assert shown == {bookings[0].ical_uid: dates[0].starts_at, bookings[1].ical_uid: dates[1].starts_at}


def test_an_offer_has_no_entry_and_the_place_has_its_first(in_app: Flask, inbox: Inbox) -> None:
    event = an_event(capacity=1)
    holder, waiting = a_booking(event), a_booking(event, email="waiting@example.net")
    deliver_messages()
    cancel(holder)
    assert inbox.open(to="waiting@example.net") == []
    assert inbox.program.shown() == []
    db.session.refresh(waiting)
    assert waiting.status == BookingStatus.OFFERED
    with transaction():
        accept_offer(waiting.id)
    (read,) = inbox.open(to="waiting@example.net")
    assert (read.method, read.sequence, read.uid) == ("REQUEST", 0, waiting.ical_uid)
    assert inbox.entry().uid == waiting.ical_uid


def test_another_address_takes_the_entry_from_the_old_one(in_app: Flask, relay: Relay, tmp_path: Path) -> None:
    old, new = Xandikos(tmp_path / "old"), Khal(tmp_path / "new")
    booking = a_booking(an_event(), email="old@example.net")
    Inbox(relay, old).open(to="old@example.net")
    first = booking.ical_uid
    assert [entry.uid for entry in old.shown()] == [first]
    with transaction():
        change_contact(booking.id, Contact(contact_by=ContactBy.EMAIL, email="new@example.net"))
    deliver_messages()
    both = [raw for raw in relay.raw[1:] if calendar_of(as_mail(raw))]
    for raw in both:
        judged(raw)
        (old if as_mail(raw)["To"] == "old@example.net" else new).receive(raw)
    methods = {str(as_mail(raw)["To"]): by_all(calendar_of(as_mail(raw)) or b"") for raw in both}
    assert (methods["old@example.net"].method, methods["old@example.net"].uid) == ("CANCEL", first)
    assert (methods["new@example.net"].method, methods["new@example.net"].sequence) == ("REQUEST", 0)
    assert old.shown() == []
    booking = db.session.get_one(Booking, booking.id)
    assert [entry.uid for entry in new.shown()] == [booking.ical_uid] != [first]
