"""Changing this date and later ones of a series, or all to come."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Event, Message
from booking.rules.words import BookingMode, Delivery, EventStatus, MessageKind, StaffRole
from tests.cast import a_booking, a_course, a_member_of_staff, a_venue, an_event, sign_in, slots_for
from tests.page_checks import problems_of
from tests.staff.browse import send


@pytest.fixture
def dates(app: Flask) -> list[int]:
    """Three Tuesdays from 30 June at 10am: two are published, the last is a draft."""
    with app.app_context():
        events = a_course(dates=3)
        with transaction():
            db.session.get_one(Event, events[2].id).status = EventStatus.DRAFT
        return [event.id for event in events]


def page_of(number: int) -> str:
    return f"/staff/sessions/{number}/dates"


def preview(client: FlaskClient, number: int, **changes: object) -> TestResponse:
    return send(client, page_of(number), **changes)


def change(client: FlaskClient, number: int, **changes: object) -> TestResponse:
    return send(client, preview(client, number, **changes), to=page_of(number), step="send")


def plans(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        events = db.session.scalars(select(Event).order_by(Event.id)).all()
        return [
            (
                f"{clock.in_london(each.starts_at):%d %b %H:%M}",
                f"{clock.in_london(each.ends_at):%H:%M}",
                each.room,
            )
            for each in events
        ]


def told(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(select(Message).where(Message.kind == MessageKind.CHANGED)).all())


class TestThePreview:
    def test_says_who_is_told_and_saves_nothing(self, app: Flask, organiser: FlaskClient, dates: list[int]) -> None:
        with app.app_context():
            a_booking(db.session.get_one(Event, dates[0]))
            a_booking(db.session.get_one(Event, dates[1]), email=None, phone="07700 900982")
        before = plans(app)
        shown = preview(organiser, dates[0], starts="11am", ends="1pm")
        assert problems_of(shown.text) == []
        assert "3 dates are changed." in shown.text
        assert "2 families are told." in shown.text
        assert "Tuesday 30 June 2026, 11am to 1pm" in shown.text
        assert "07700 900982" in shown.text
        assert (plans(app), told(app)) == (before, 0)
        with app.app_context():
            assert db.session.scalars(select(AuditEntry).where(AuditEntry.screen == "staff.edit_dates")).first()

    def test_leaves_out_what_is_earlier_unless_all_are_meant(self, organiser: FlaskClient, dates: list[int]) -> None:
        assert "2 dates are changed." in preview(organiser, dates[1], room="Hall").text
        assert "3 dates are changed." in preview(organiser, dates[1], room="Hall", which="all").text

    def test_leads_back_with_everything_as_it_was_typed(self, organiser: FlaskClient, dates: list[int]) -> None:
        shown = preview(organiser, dates[0], room="Hall", summary="Bring a cup.")
        back = send(organiser, shown, to=page_of(dates[0]), step="edit")
        assert 'value="Hall"' in back.text
        assert "Bring a cup." in back.text

    def test_of_details_alone_tells_nobody(self, app: Flask, organiser: FlaskClient, dates: list[int]) -> None:
        with app.app_context():
            a_booking(db.session.get_one(Event, dates[0]))
        assert "Nobody is told" in preview(organiser, dates[0], summary="Bring a cup.").text

    def test_of_no_change_says_so(self, organiser: FlaskClient, dates: list[int]) -> None:
        shown = preview(organiser, dates[0])
        assert (shown.status_code, "Nothing is different." in shown.text) == (422, True)


class TestTheDeed:
    def test_moves_each_date_by_as_many_days_and_tells_who_booked(
        self, app: Flask, organiser: FlaskClient, dates: list[int]
    ) -> None:
        with app.app_context():
            a_booking(db.session.get_one(Event, dates[1]))
        answer = change(organiser, dates[0], date__day="1", date__month="7", starts="11am", ends="1pm")
        assert answer.status_code == 303
        assert plans(app) == [
            ("01 Jul 11:00", "13:00", ""),
            ("08 Jul 11:00", "13:00", ""),
            ("15 Jul 11:00", "13:00", ""),
        ]
        assert told(app) == 1

    def test_by_a_week_is_not_in_its_own_way(self, app: Flask, organiser: FlaskClient, dates: list[int]) -> None:
        assert change(organiser, dates[0], date__day="7", date__month="7").status_code == 303
        assert [start for start, _end, _room in plans(app)] == ["07 Jul 10:00", "14 Jul 10:00", "21 Jul 10:00"]
        assert change(organiser, dates[0], date__day="30", date__month="6").status_code == 303
        assert [start for start, _end, _room in plans(app)] == ["30 Jun 10:00", "07 Jul 10:00", "14 Jul 10:00"]

    def test_leaves_alone_what_nobody_changed(self, app: Flask, organiser: FlaskClient, dates: list[int]) -> None:
        with app.app_context(), transaction():
            db.session.get_one(Event, dates[1]).host = "Joss"
        change(organiser, dates[0], summary="Bring a cup.")
        with app.app_context():
            events = [db.session.get_one(Event, number) for number in dates]
            assert {each.summary for each in events} == {"Bring a cup."}
            assert [each.host for each in events] == ["", "Joss", ""]
            assert [each.status for each in events][-1] == EventStatus.DRAFT

    def test_of_a_room_tells_nobody_of_a_date_that_is_online(
        self, app: Flask, organiser: FlaskClient, dates: list[int]
    ) -> None:
        with app.app_context():
            with transaction():
                online = db.session.get_one(Event, dates[1])
                online.delivery, online.venue_id = Delivery.ONLINE, None
                online.join_url = "https://meet.example.org/1"
            a_booking(db.session.get_one(Event, dates[1]))
        assert change(organiser, dates[0], room="Hall").status_code == 303
        assert [room for _start, _end, room in plans(app)] == ["Hall", "", "Hall"]
        assert told(app) == 0

    def test_takes_the_times_of_a_draft_with_it(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            events = a_course(dates=2, booking_mode=BookingMode.SLOTS)
            for event in events:
                slots_for(event, times=2)
            with transaction():
                db.session.get_one(Event, events[1].id).status = EventStatus.DRAFT
            first, second = (event.id for event in events)
        assert change(organiser, first, starts="11am", ends="1pm").status_code == 303
        with app.app_context():
            for number in (first, second):
                slots = db.session.get_one(Event, number).slots
                assert [f"{clock.in_london(slot.starts_at):%H:%M}" for slot in slots] == ["11:00", "11:20"]

    def test_is_done_whole_or_not_at_all(self, app: Flask, organiser: FlaskClient, dates: list[int]) -> None:
        with app.app_context():
            for _each in range(3):
                a_booking(db.session.get_one(Event, dates[1]))
        before = plans(app)
        answer = change(organiser, dates[0], room="Hall", capacity="2")
        assert answer.status_code == 422
        assert "7 July 2026: 3 places are taken already" in answer.text
        assert 'value="Hall"' in answer.text
        assert plans(app) == before
        with app.app_context():
            assert db.session.get_one(Event, dates[0]).capacity == 10

    def test_asks_why_where_the_venue_is_taken(self, app: Flask, organiser: FlaskClient, dates: list[int]) -> None:
        with app.app_context():
            venue_id = db.session.get_one(Event, dates[1]).venue_id
            an_event(title="Choir", starts_at=clock.london_time(date(2026, 7, 7), 13), venue_id=venue_id)
        shown = preview(organiser, dates[0], starts="1pm", ends="2pm")
        assert "Venue taken:" in shown.text
        assert send(organiser, shown, to=page_of(dates[0]), step="send").status_code == 422
        assert plans(app)[0][0] == "30 Jun 10:00"
        done = send(organiser, shown, to=page_of(dates[0]), step="send", clash_reason="Agreed with the choir.")
        assert done.status_code == 303
        assert plans(app)[1][0] == "07 Jul 13:00"

    def test_into_the_past_is_refused_with_the_date(self, app: Flask, organiser: FlaskClient, dates: list[int]) -> None:
        before = plans(app)
        shown = preview(organiser, dates[1], date__day="20", date__month="6", which="all")
        assert shown.status_code == 422
        assert "30 June 2026: The date is in the past" in shown.text
        assert plans(app) == before


class TestTwoAtOnce:
    def test_who_saves_second_sees_what_is_different_and_loses_nothing(
        self, app: Flask, organiser: FlaskClient, colleague: FlaskClient, dates: list[int]
    ) -> None:
        shown = organiser.get(page_of(dates[0]))
        change(colleague, dates[0], host="Carol")
        answer = send(organiser, shown, to=page_of(dates[0]), room="Hall")
        assert answer.status_code == 409
        assert "A colleague changed this session" in answer.text
        assert 'value="Hall"' in answer.text
        assert "Carol" in answer.text

    def test_a_colleague_who_changes_another_of_the_dates_counts_too(
        self, app: Flask, organiser: FlaskClient, colleague: FlaskClient, dates: list[int]
    ) -> None:
        shown = preview(organiser, dates[0], room="Hall")
        send(colleague, f"/staff/sessions/{dates[2]}/edit", host="Carol")
        answer = send(organiser, shown, to=page_of(dates[0]), step="send")
        assert answer.status_code == 409
        assert [room for _start, _end, room in plans(app)] == ["", "", ""]


class TestWhoMay:
    def test_change_others_than_their_own_is_nobody(self, app: Flask, client: FlaskClient, dates: list[int]) -> None:
        with app.app_context():
            member = a_member_of_staff(StaffRole.ORGANISER, all_sessions=False)
            with transaction():
                for number in dates[:2]:
                    db.session.get_one(Event, number).organiser_id = member.id
            sign_in(client, member)
        assert "2 dates are changed." in preview(client, dates[0], room="Hall").text
        assert change(client, dates[0], room="Hall").status_code == 303
        assert [room for _start, _end, room in plans(app)] == ["Hall", "Hall", ""]

    def test_a_session_on_its_own_has_no_other_dates(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = an_event(venue_id=a_venue().id).id
        assert organiser.get(page_of(number)).status_code == 404
