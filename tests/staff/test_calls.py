"""The call list: families whom no mail reaches, why somebody rings them, and how it went (J11, J15)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Call, Event, Message
from booking.models.message import address_hash
from booking.queries.calls_due import calls_due
from booking.rules.words import (
    BookingStatus,
    CallOutcome,
    CallReason,
    CancelledBy,
    Channel,
    ContactBy,
    EventCancelReason,
    MessageKind,
    MessageStatus,
    StaffRole,
)
from booking.services.cancel_booking import cancel_booking
from booking.services.cancel_session import cancel_session
from booking.services.change_contact import Contact, change_contact
from booking.services.record_call import record_call
from booking.services.send_again import send_again
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.staff.browse import send

BY_PHONE = {"email": None, "phone": "07700 900982", "contact_by": ContactBy.PHONE}


@pytest.fixture
def by_phone(in_app: Flask) -> Booking:
    return a_booking(an_event(), **BY_PHONE)


def reasons() -> list[CallReason]:
    db.session.rollback()
    return [due.reason for due in calls_due()]


def went_wrong(booking: Booking, kind: MessageKind, status: str = MessageStatus.FAILED, **values: Any) -> None:
    """Let a booking's message of this kind end so."""
    with transaction():
        about = Message.booking_id == booking.id, Message.kind == kind
        db.session.execute(update(Message).where(*about).values(status=status, **values))


def came_back(booking: Booking, kind: MessageKind) -> None:
    went_wrong(booking, kind, bounced_at=clock.now())


def ring(booking: Booking, outcome: CallOutcome) -> None:
    with transaction():
        record_call(booking.id, outcome)


class TestWhoIsRung:
    @pytest.mark.one_database
    def test_nobody_whom_a_mail_reaches(self, in_app: Flask) -> None:
        a_booking(an_event())
        assert reasons() == []

    @pytest.mark.one_database
    def test_who_gave_no_email_until_they_were_reached(self, by_phone: Booking) -> None:
        assert reasons() == [CallReason.NO_EMAIL]
        ring(by_phone, CallOutcome.LEFT_WORD)
        assert reasons() == []

    def test_who_did_not_answer_stays_and_comes_after_who_was_not_tried(self, by_phone: Booking) -> None:
        other = a_booking(by_phone.event, **BY_PHONE | {"phone": "07700 900983"})
        ring(by_phone, CallOutcome.NO_ANSWER)
        db.session.rollback()
        assert [(due.booking_id, due.tries) for due in calls_due()] == [(other.id, 0), (by_phone.id, 1)]

    def test_j15_again_on_the_day_before(self, by_phone: Booking) -> None:
        ring(by_phone, CallOutcome.SPOKE)
        day_before = clock.in_london(by_phone.event.starts_at).date() - timedelta(days=1)
        with time_machine.travel(clock.london_time(day_before, 9, 59), tick=False):
            assert reasons() == []
        with time_machine.travel(clock.london_time(day_before, 10), tick=False):
            assert reasons() == [CallReason.REMINDER]
            ring(by_phone, CallOutcome.SPOKE)
            assert reasons() == []

    @pytest.mark.one_database
    def test_not_to_be_reminded_of_a_session_that_reminds_nobody(self, by_phone: Booking) -> None:
        ring(by_phone, CallOutcome.SPOKE)
        with transaction():
            event = db.session.get_one(Event, by_phone.event_id)
            event.reminders_off = [MessageKind.REMINDER_1_DAY.value]
        with time_machine.travel(by_phone.event.starts_at - timedelta(hours=20), tick=False):
            assert reasons() == []

    @pytest.mark.one_database
    def test_who_does_not_know_that_it_is_cancelled(self, in_app: Flask) -> None:
        event = an_event(starts_at=clock.now() + timedelta(hours=20))
        booking = a_booking(event, **BY_PHONE)
        ring(booking, CallOutcome.SPOKE)
        with transaction():
            cancel_session(event.id, EventCancelReason.WEATHER)
        assert reasons() == [CallReason.CANCELLED]

    @pytest.mark.parametrize(
        ("status", "came_back", "reason"),
        [
            (MessageStatus.FAILED, False, CallReason.NOT_SENT),
            (MessageStatus.UNKNOWN, False, CallReason.UNSURE),
            (MessageStatus.FAILED, True, CallReason.BOUNCED),
        ],
    )
    def test_whom_a_mail_did_not_reach(
        self, in_app: Flask, status: MessageStatus, came_back: bool, reason: CallReason
    ) -> None:
        booking = a_booking(an_event())
        with transaction():
            message = db.session.scalars(select(Message)).one()
            message.status, message.bounced_at = status, clock.now() if came_back else None
        assert reasons() == [reason]
        ring(booking, CallOutcome.SPOKE)
        assert reasons() == []

    @pytest.mark.one_database
    def test_not_for_a_mail_to_an_address_they_have_no_longer(self, in_app: Flask) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        came_back(booking, MessageKind.CONFIRMED)
        with transaction():
            change_contact(booking.id, Contact(contact_by=ContactBy.EMAIL, email="new@example.net"))
        assert reasons() == []
        came_back(booking, MessageKind.CONTACT_CHANGED)
        assert reasons() == []
        with transaction():
            change_contact(booking.id, Contact(contact_by=ContactBy.EMAIL, email="OLD@example.net"))
        assert reasons() == [CallReason.BOUNCED]

    def test_whom_a_text_did_not_reach_until_they_have_another_number(self, in_app: Flask) -> None:
        booking = a_booking(an_event(), phone="07700 900982")
        to_a_phone = {"channel": Channel.TEXT, "address_hash": address_hash(Channel.TEXT, "07700 900982")}
        went_wrong(booking, MessageKind.CONFIRMED, **to_a_phone)
        assert reasons() == [CallReason.NOT_SENT]
        with transaction():
            change_contact(booking.id, Contact(contact_by=ContactBy.PHONE, email=booking.email, phone="07700 900983"))
        assert reasons() == []

    def test_not_once_the_mail_was_sent_again_and_left(self, in_app: Flask) -> None:
        booking = a_booking(an_event())
        went_wrong(booking, MessageKind.CONFIRMED, MessageStatus.FAILED)
        assert reasons() == [CallReason.NOT_SENT]
        with transaction():
            again = send_again(db.session.scalars(select(Message.id)).one())
        assert reasons() == [CallReason.NOT_SENT], "it has not left yet"
        with transaction():
            db.session.get_one(Message, again.id).status = MessageStatus.SENT
        assert reasons() == []


class TestWhoIsRungLongBefore:
    """A month before: what went wrong is heard of at once, the rest has time."""

    @pytest.fixture
    def event(self, in_app: Flask) -> Event:
        return an_event(starts_at=clock.now() + timedelta(days=30))

    @pytest.mark.one_database
    @pytest.mark.parametrize("status", [MessageStatus.FAILED, MessageStatus.UNKNOWN])
    def test_whom_a_mail_did_not_reach(self, event: Event, status: MessageStatus) -> None:
        went_wrong(a_booking(event), MessageKind.CONFIRMED, status)
        assert reasons() == [CallReason.NOT_SENT if status == MessageStatus.FAILED else CallReason.UNSURE]

    @pytest.mark.one_database
    def test_whose_mail_about_the_cancellation_came_back(self, event: Event) -> None:
        booking, other = a_booking(event), a_booking(event, **BY_PHONE)
        with transaction():
            cancel_session(event.id, EventCancelReason.WEATHER)
        came_back(booking, MessageKind.CANCELLED_BY_US)
        assert reasons() == [CallReason.CANCELLED]
        with time_machine.travel(event.starts_at - timedelta(days=13), tick=False):
            db.session.rollback()
            assert {due.booking_id for due in calls_due()} == {booking.id, other.id}

    def test_nobody_who_gave_no_email_nor_whose_old_address_was_dead(self, event: Event) -> None:
        booking = a_booking(event)
        came_back(booking, MessageKind.CONFIRMED)
        with transaction():
            change_contact(booking.id, Contact(contact_by=ContactBy.PHONE, phone="01632 960001"))
        assert reasons() == []
        with time_machine.travel(event.starts_at - timedelta(days=13), tick=False):
            assert reasons() == [CallReason.NO_EMAIL]


@pytest.mark.one_database
class TestWhoMayTravelToASessionThatWeCancelled:
    """Five days before: time enough for a mail, if one reaches them."""

    @pytest.fixture
    def event(self, in_app: Flask) -> Event:
        return an_event(starts_at=clock.now() + timedelta(days=5))

    def cancel(self, event: Event) -> None:
        with transaction():
            cancel_session(event.id, EventCancelReason.WEATHER)

    def test_whose_mail_about_it_came_back(self, event: Event) -> None:
        booking = a_booking(event)
        self.cancel(event)
        assert reasons() == []
        came_back(booking, MessageKind.CANCELLED_BY_US)
        assert reasons() == [CallReason.CANCELLED]
        ring(booking, CallOutcome.NO_ANSWER)
        assert reasons() == [CallReason.CANCELLED]
        ring(booking, CallOutcome.SPOKE)
        assert reasons() == []

    @pytest.mark.parametrize("status", [MessageStatus.FAILED, MessageStatus.UNKNOWN])
    def test_whose_mail_about_it_was_refused_or_lost(self, event: Event, status: MessageStatus) -> None:
        booking = a_booking(event)
        self.cancel(event)
        went_wrong(booking, MessageKind.CANCELLED_BY_US, status)
        assert reasons() == [CallReason.CANCELLED]

    def test_who_has_a_landline_alone(self, event: Event) -> None:
        booking = a_booking(event, email=None, phone="01632 960001", contact_by=ContactBy.PHONE)
        ring(booking, CallOutcome.SPOKE)
        self.cancel(event)
        assert reasons() == [CallReason.CANCELLED]
        ring(booking, CallOutcome.SPOKE)
        assert reasons() == []

    def test_whose_address_was_dead_before_although_they_were_rung_then(self, event: Event) -> None:
        booking = a_booking(event)
        came_back(booking, MessageKind.CONFIRMED)
        ring(booking, CallOutcome.SPOKE)
        self.cancel(event)
        assert reasons() == [CallReason.CANCELLED]

    def test_who_asked_to_be_rung_if_something_changes_although_they_have_email(self, event: Event) -> None:
        booking = a_booking(event, phone="01632 960001", contact_by=ContactBy.RING_ME)
        ring(booking, CallOutcome.SPOKE)
        self.cancel(event)
        assert reasons() == [CallReason.CANCELLED]

    def test_nobody_who_cancelled_themselves(self, event: Event) -> None:
        by_phone, by_mail = a_booking(event, **BY_PHONE), a_booking(event)
        with transaction():
            for booking in (by_phone, by_mail):
                cancel_booking(booking.id, by=CancelledBy.FAMILY)
        came_back(by_mail, MessageKind.CANCELLED_BY_FAMILY)
        assert reasons() == []


class TestTheList:
    def test_takes_how_it_went_and_keeps_the_note_sealed(
        self, app: Flask, organiser: FlaskClient, by_phone: Booking
    ) -> None:
        page = organiser.get("/staff/calls").text
        assert "07700 900982" in page
        assert "They have no email" in page
        form = f"/staff/calls/{by_phone.id}"
        assert send(organiser, form, note="Ring after six").status_code == 422
        assert send(organiser, form, outcome="no_answer", note="Ring after six").status_code == 303
        assert "Tried 1 time" in organiser.get("/staff/calls").text
        assert send(organiser, form, outcome="spoke").status_code == 303
        assert "Nobody waits for a call." in organiser.get("/staff/calls").text
        with app.app_context():
            calls = db.session.scalars(select(Call).order_by(Call.id)).all()
            assert [(call.outcome, call.note) for call in calls] == [("no_answer", "Ring after six"), ("spoke", None)]
            assert all(call.staff_id for call in calls)
            lies = db.session.connection().exec_driver_sql("SELECT note FROM call").scalars().all()
            assert "after six" not in str(lies)
            assert "rang family" in db.session.scalars(select(AuditEntry.action)).all()

    def test_gives_the_place_of_who_cannot_come_to_the_next_family(
        self, app: Flask, organiser: FlaskClient, in_app: Flask
    ) -> None:
        event = an_event(capacity=1)
        going, waiting = a_booking(event, **BY_PHONE), a_booking(event)
        assert send(organiser, f"/staff/calls/{going.id}", outcome="cannot_come").status_code == 303
        db.session.rollback()
        states = {row.id: (row.status, row.cancelled_by) for row in db.session.scalars(select(Booking))}
        assert states[going.id] == (BookingStatus.CANCELLED, CancelledBy.FAMILY)
        assert states[waiting.id] == (BookingStatus.OFFERED, None)

    @pytest.mark.one_database
    def test_leads_back_from_a_call_that_nobody_needs(self, organiser: FlaskClient, in_app: Flask) -> None:
        booking = a_booking(an_event())
        assert organiser.get(f"/staff/calls/{booking.id}").location == "/staff/calls"
        assert organiser.get("/staff/calls/999999").status_code == 404

    @pytest.mark.one_database
    def test_is_for_those_who_may_see_bookings(self, app: Flask, client: FlaskClient, by_phone: Booking) -> None:
        sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        for address in ("/staff/calls", f"/staff/calls/{by_phone.id}"):
            assert client.get(address).status_code == 403
