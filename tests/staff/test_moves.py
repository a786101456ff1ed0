"""Moving, putting off and cancelling a session, from the page to the outbox."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats import words_for
from booking.models import AuditEntry, Booking, BookingChange, Event, Message, VenueFact
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    CancelledBy,
    ChangeKind,
    ConsentSubject,
    ContactBy,
    EventStatus,
    FactAnswer,
    MessageKind,
    NeedState,
)
from booking.services.book_places import Need
from tests.cast import a_booking, a_venue, an_event, slots_for
from tests.staff.browse import forms_of, send


def fresh(kind: type[Any], number: int) -> Any:
    db.session.rollback()
    return db.session.get(kind, number, populate_existing=True)


def messages(kind: MessageKind) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def a_full_house(**values: Any) -> tuple[int, int, int, int]:
    """A session of two places: one family by mail with a need, one by telephone, one that waits."""
    event = an_event(capacity=2, **values)
    by_mail = a_booking(event, needs=(Need("step_free"),), consents=(ConsentSubject.NEEDS,))
    by_phone = a_booking(event, email=None, phone="01632 960123", contact_by=ContactBy.RING_ME)
    waiting = a_booking(event)
    assert waiting.status == BookingStatus.WAITING
    return event.id, by_mail.id, by_phone.id, waiting.id


def move(client: FlaskClient, number: int, **changes: object) -> Any:
    """Fill the form, look at the preview, press the button."""
    page = f"/staff/sessions/{number}/move"
    preview = send(client, page, **changes)
    assert preview.status_code == 200, preview.get_data(as_text=True)
    return send(client, preview, to=page, step="send")


class TestMoving:
    @pytest.mark.one_database
    def test_tells_everybody_and_raises_the_revisions(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, by_mail, by_phone, waiting = a_full_house()
            was = fresh(Event, number).starts_at
            sequence = fresh(Booking, by_mail).ical_sequence
        assert move(organiser, number, date__day=10, date__month=7, starts="2pm", ends="4pm").status_code == 303
        with app.app_context():
            event = fresh(Event, number)
            assert event.starts_at == clock.london_time(date(2026, 7, 10), 14)
            assert (event.feed_sequence, event.places_taken) == (1, 2)
            told = messages(MessageKind.CHANGED)
            assert [message.booking_id for message in told] == [by_mail, waiting]
            assert told[0].facts
            assert told[0].facts["was"]["starts_at"] == was.isoformat()
            assert fresh(Booking, by_mail).ical_sequence == sequence + 1
            assert fresh(Booking, waiting).ical_sequence == 0
            moved = db.session.scalars(
                select(BookingChange.booking_id).where(BookingChange.kind == ChangeKind.SESSION_MOVED)
            ).all()
            assert sorted(moved) == [by_mail, by_phone, waiting]
            assert "session moved" in db.session.scalars(select(AuditEntry.action)).all()

    @pytest.mark.one_database
    def test_sends_nothing_before_the_second_page(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
        html = send(organiser, f"/staff/sessions/{number}/move", date__day=10, date__month=7).get_data(as_text=True)
        assert "2 families have booked" in html
        assert "1 family is on the waiting list" in html
        assert "01632 960123" in html
        with app.app_context():
            assert messages(MessageKind.CHANGED) == []
            assert fresh(Event, number).feed_sequence == 0

    def test_of_the_time_alone_shows_the_same_place_twice(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
            place = words_for.where_for_booked(fresh(Event, number))
        html = send(organiser, f"/staff/sessions/{number}/move", starts="2pm", ends="4pm").get_data(as_text=True)
        assert html.split("Who it touches")[0].count(place) == 2

    @pytest.mark.one_database
    def test_shows_what_the_new_place_would_break(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
            old, new = fresh(Event, number).venue_id, a_venue(name="Up the stairs").id
            with transaction():
                db.session.add(VenueFact(venue_id=old, code="step_free_route", answer=FactAnswer.YES))
                db.session.add(VenueFact(venue_id=new, code="step_free_route", answer=FactAnswer.NO))
        page = f"/staff/sessions/{number}/move"
        html = send(organiser, page, venue_id=new).get_data(as_text=True)
        assert "The new place may not have what they need" in html
        assert "No steps" in html
        assert "1 family has no email: ring them" in html
        same = send(organiser, page, date__day=10, date__month=7).get_data(as_text=True)
        assert "may not have what they need" not in same

    def test_counts_what_families_asked_for_and_would_lose(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
            old, new = fresh(Event, number).venue_id, a_venue(name="Up the stairs").id
            with transaction():
                db.session.add(VenueFact(venue_id=old, code="step_free_route", answer=FactAnswer.YES))
                db.session.add(VenueFact(venue_id=new, code="step_free_route", answer=FactAnswer.NO))
        html = send(organiser, f"/staff/sessions/{number}/move", venue_id=new).get_data(as_text=True)
        said = " ".join(re.sub(r"<[^>]+>", " ", html).split())
        assert "1 family asked for something to make it easier to come 1: No steps" in said
        assert "The new place may not have what they need: 1 No steps" in said

    def test_that_shortens_shows_who_it_touches_and_tells_them(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
            was = fresh(Event, number).ends_at
        page = f"/staff/sessions/{number}/move"
        shown = send(organiser, page, ends="11am")
        assert "2 families have booked" in shown.text
        assert send(organiser, shown, to=page, step="send").status_code == 303
        with app.app_context():
            assert was - fresh(Event, number).ends_at == timedelta(hours=1)
            assert len(messages(MessageKind.CHANGED)) == 2

    @pytest.mark.one_database
    def test_shows_what_else_is_at_the_venue(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
            event = fresh(Event, number)
            an_event(title="Yoga", venue_id=event.venue_id, starts_at=event.starts_at + timedelta(days=1))
            day = clock.in_london(event.starts_at + timedelta(days=1))
        page = f"/staff/sessions/{number}/move"
        assert "Yoga" in send(organiser, page, date__day=day.day, date__month=day.month).get_data(as_text=True)

    def test_has_what_was_arranged_arranged_again(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, by_mail, *_ = a_full_house()
            with transaction():
                db.session.get_one(Booking, by_mail).needs[0].state = NeedState.ARRANGED
        move(organiser, number, date__day=10, date__month=7)
        with app.app_context():
            assert fresh(Booking, by_mail).needs[0].state == NeedState.PLANNING

    @pytest.mark.one_database
    def test_takes_the_times_along(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event(booking_mode=BookingMode.SLOTS, capacity=3)
            slots = slots_for(event)
            booking, number = a_booking(event, slot_id=slots[1].id).id, event.id
        move(organiser, number, date__day=10, date__month=7)
        with app.app_context():
            slot = fresh(Booking, booking).slot
            assert slot.starts_at == clock.london_time(date(2026, 7, 10), 10, 20)
            assert messages(MessageKind.CHANGED)[0].facts["was"]["starts_at"] != slot.starts_at.isoformat()  # type: ignore[index]

    @pytest.mark.one_database
    def test_refuses_when_nothing_is_different(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
        answer = move(organiser, number)
        assert answer.status_code == 422
        assert "Nothing is different" in answer.get_data(as_text=True)

    def test_asks_the_second_of_two_who_move_it(
        self, app: Flask, organiser: FlaskClient, colleague: FlaskClient
    ) -> None:
        with app.app_context():
            number, _by_mail, *_ = a_full_house()
        page = f"/staff/sessions/{number}/move"
        preview = send(organiser, page, date__day=11, date__month=7)
        assert move(colleague, number, date__day=12, date__month=7).status_code == 303
        answer = send(organiser, preview, to=page, step="send")
        html = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "2026-07-12" in html
        assert forms_of(html)[page]["date-day"] == ["11"]
        with app.app_context():
            assert clock.in_london(fresh(Event, number).starts_at).day == 12
            assert len(messages(MessageKind.CHANGED)) == 2

    @pytest.mark.one_database
    def test_is_refused_for_a_cancelled_session(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
        page = f"/staff/sessions/{number}/move"
        preview = send(organiser, page, date__day=11, date__month=7)
        send(organiser, f"/staff/sessions/{number}/cancel", reason="weather")
        assert send(organiser, preview, to=page, step="send").status_code == 409

    @pytest.mark.one_database
    def test_leaves_other_sessions_alone(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
            other = a_booking(an_event()).id
        move(organiser, number, date__day=10, date__month=7)
        with app.app_context():
            assert fresh(Booking, other).ical_sequence == 0
            assert other not in [message.booking_id for message in messages(MessageKind.CHANGED)]


class TestPuttingOff:
    @pytest.mark.one_database
    def test_tells_everybody_and_a_move_gives_the_date(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, by_mail, _by_phone, waiting = a_full_house()
        assert send(organiser, f"/staff/sessions/{number}/postpone").status_code == 303
        with app.app_context():
            assert fresh(Event, number).new_date_pending
            assert [message.booking_id for message in messages(MessageKind.POSTPONED)] == [by_mail, waiting]
            assert fresh(Booking, by_mail).ical_sequence == 0
            assert fresh(Event, number).places_taken == 2
        assert move(organiser, number, date__day=10, date__month=7).status_code == 303
        with app.app_context():
            assert not fresh(Event, number).new_date_pending
            assert fresh(Booking, by_mail).ical_sequence == 1


class TestCancelling:
    @pytest.mark.one_database
    def test_cancels_every_booking_and_tells_everybody(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, by_mail, by_phone, waiting = a_full_house()
        page = f"/staff/sessions/{number}/cancel"
        unanswered = send(organiser, page)
        assert unanswered.status_code == 422
        assert "Choose why." in unanswered.get_data(as_text=True)
        assert send(organiser, page, reason="weather").status_code == 303
        with app.app_context():
            event = fresh(Event, number)
            assert (event.status, event.places_taken) == (EventStatus.CANCELLED, 0)
            assert event.cancel_reason == "weather"
            for each in (by_mail, by_phone, waiting):
                booking = fresh(Booking, each)
                assert (booking.status, booking.cancelled_by) == (BookingStatus.CANCELLED, CancelledBy.US)
            assert [message.booking_id for message in messages(MessageKind.CANCELLED_BY_US)] == [by_mail, waiting]
            assert messages(MessageKind.OFFER) == []

    def test_twice_tells_nobody_twice(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number, *_ = a_full_house()
        page = f"/staff/sessions/{number}/cancel"
        form = organiser.get(page)
        for _ in range(2):
            assert send(organiser, form, to=page, reason="venue").status_code == 303
        with app.app_context():
            assert len(messages(MessageKind.CANCELLED_BY_US)) == 2

    @pytest.mark.one_database
    def test_empties_the_times(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event(booking_mode=BookingMode.SLOTS, capacity=3)
            a_booking(event, slot_id=slots_for(event)[0].id)
            number = event.id
        send(organiser, f"/staff/sessions/{number}/cancel", reason="staff")
        with app.app_context():
            assert [slot.places_taken for slot in fresh(Event, number).slots] == [0, 0, 0]

    @pytest.mark.one_database
    def test_at_short_notice_puts_everybody_on_the_list_to_ring(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event(starts_at=clock.now() + timedelta(hours=5))
            booking, number = a_booking(event, phone="01632 960777").id, event.id
        assert "01632 960777" not in organiser.get("/staff/calls").get_data(as_text=True)
        send(organiser, f"/staff/sessions/{number}/cancel", reason="weather")
        assert "01632 960777" in organiser.get("/staff/calls").get_data(as_text=True)
        send(organiser, f"/staff/calls/{booking}", outcome="spoke")
        assert "01632 960777" not in organiser.get("/staff/calls").get_data(as_text=True)

    @pytest.mark.one_database
    def test_of_a_draft_is_refused(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = an_event(status=EventStatus.DRAFT).id
        assert send(organiser, f"/staff/sessions/{number}/cancel", reason="other").status_code == 409
