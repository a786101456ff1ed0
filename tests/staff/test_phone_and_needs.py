"""Booking for a family on the telephone; how far requests have got."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db
from booking.formats.tokens import booking_token
from booking.models import AuditEntry, Booking, BookingChange, Consent, Message
from booking.rules.words import BookingStatus, ConsentSubject, MessageKind, NeedState, Origin
from booking.services.book_places import Need
from tests.cast import a_booking, an_event
from tests.staff.browse import forms_of, send

CALL = {
    "script_read": "y",
    "adults": 2,
    "names": "Ann Ash\nBen Ash",
    "contact_by": "ring_me",
    "phone": "01632 960321",
    "outcode": "tn23",
}


@pytest.fixture
def page(app: Flask) -> str:
    with app.app_context():
        return f"/staff/sessions/{an_event(capacity=2).id}/book"


def the_booking() -> Booking:
    db.session.rollback()
    return db.session.scalars(select(Booking).order_by(Booking.id.desc()).limit(1)).one()


class TestBookingByPhone:
    def test_books_and_says_the_reference(self, app: Flask, organiser: FlaskClient, page: str) -> None:
        answer = send(organiser, page, **CALL, needs=["bsl"], need_detail="From 10.30", consent_needs="y")
        assert answer.status_code == 303
        with app.app_context():
            booking = the_booking()
            assert (booking.origin, booking.status, booking.outcode) == (Origin.PHONE, BookingStatus.CONFIRMED, "TN23")
            assert booking.district == "ashford"
            assert [place.adult.name for place in booking.places if place.adult] == ["Ann Ash", "Ben Ash"]
            assert [(need.code, need.detail) for need in booking.needs] == [("bsl", "From 10.30")]
            consent = db.session.scalars(select(Consent)).one()
            assert (consent.subject, consent.channel) == (ConsentSubject.NEEDS, "phone")
            assert db.session.scalars(select(BookingChange.actor)).one().startswith("staff:")
            said = f"{booking.reference[:3]} {booking.reference[3:]}"
        assert said in organiser.get(answer.location).get_data(as_text=True)

    @pytest.mark.one_database
    def test_keeps_no_needs_without_consent(self, app: Flask, organiser: FlaskClient, page: str) -> None:
        answer = send(organiser, page, **CALL, needs=["bsl"])
        assert answer.status_code == 422
        with app.app_context():
            assert db.session.scalars(select(Booking)).all() == []

    def test_offers_the_waiting_list_when_it_is_full(self, app: Flask, organiser: FlaskClient, page: str) -> None:
        send(organiser, page, **CALL)
        again = {**CALL, "phone": "01632 960322"}
        full = send(organiser, page, **again)
        assert full.status_code == 422
        assert forms_of(full)[page]["phone"] == ["01632 960322"]
        assert send(organiser, full, to=page, accept_waiting_list="y").status_code == 303
        with app.app_context():
            assert the_booking().status == BookingStatus.WAITING

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"contact_by": None}, "Choose how."),
            ({"contact_by": "email"}, "Write the email address."),
            ({"contact_by": "email", "email": "nonsense"}, "This is not an email address."),
            ({"phone": ""}, "Write the telephone number."),
            ({"phone": "ring ring"}, "This is not a telephone number."),
            ({"outcode": "nowhere"}, "Write it like TN23."),
            ({"adults": "7"}, "Write a whole number from 1 to 6."),
            ({"adults": ""}, "Write how many."),
            ({"needs": ["gold"]}, "valid choice"),
        ],
    )
    def test_says_what_is_wrong(
        self, organiser: FlaskClient, page: str, wrong: dict[str, object], sentence: str
    ) -> None:
        answer = send(organiser, page, **{**CALL, "question": "Is there tea?", **wrong})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert sentence in html
        assert "Is there tea?" in html


class TestNeeds:
    @pytest.mark.one_database
    def test_change_their_state_and_it_is_written_down(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event()
            booking = a_booking(event, needs=(Need("bsl"),), consents=(ConsentSubject.NEEDS,))
            need, number = booking.needs[0].id, event.id
        answer = send(organiser, f"/staff/sessions/{number}", to=f"/staff/needs/{need}", state="arranged")
        assert answer.status_code == 303
        with app.app_context():
            assert the_booking().needs[0].state == NeedState.ARRANGED
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "need state")).one()
            assert entry.facts == {"was": "requested", "now": "arranged"}
        bad = send(organiser, f"/staff/sessions/{number}", to=f"/staff/needs/{need}", state="magic")
        assert bad.status_code == 422


class TestALostLink:
    def test_is_made_anew_shown_once_and_written_down(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event()
            booking = a_booking(event)
            page, old = f"/staff/bookings/{booking.id}", booking_token(booking)
        [action] = [each for each in forms_of(organiser.get(page)) if each.endswith("/link")]
        answer = organiser.post(action, data=forms_of(organiser.get(page))[action])
        with app.app_context():
            new = booking_token(the_booking())
            assert new != old
            assert f"/bookings/{new}" in answer.get_data(as_text=True)
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "link made anew")).one()
            assert entry.subject_id == the_booking().id
            kinds = db.session.scalars(select(Message.kind).order_by(Message.id)).all()
            assert kinds[-1] == MessageKind.LINK
        assert organiser.get(f"/bookings/{old}").status_code == 404
        assert organiser.get(f"/bookings/{new}").status_code == 200

    @pytest.mark.one_database
    def test_of_nobody_is_not_made(self, organiser: FlaskClient) -> None:
        page = organiser.get("/staff/sessions/new").get_data(as_text=True)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        assert organiser.post("/staff/bookings/999/link", data={"csrf_token": token}).status_code == 404
