"""Making a course of a session, and publishing its dates together."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking import clock
from booking.extensions import db
from booking.models import Event, Series
from booking.rules.words import BookingMode, Delivery, EventStatus, StaffRole
from tests.cast import a_member_of_staff, an_event, sign_in, slots_for
from tests.page_checks import problems_of
from tests.staff.browse import send
from tests.staff.test_sessions import know_the_basics


@pytest.fixture
def event_id(app: Flask) -> int:
    """A published session on Tuesday 8 September, 10am, in term."""
    with app.app_context():
        return an_event(title="Sleep, step by step", starts_at=clock.london_time(date(2026, 9, 8), 10)).id


def the_dates(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        events = db.session.scalars(select(Event).order_by(Event.starts_at)).all()
        return [(clock.in_london(each.starts_at).isoformat()[:16], each.status.value) for each in events]


def the_series(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Series.id)).one()


def make(client: FlaskClient, event_id: int, days: list[str], *, query: str = "") -> TestResponse:
    """Send the form of the page that repeats a session, as a course, with these days ticked."""
    page = f"/staff/sessions/{event_id}/repeat{query}"
    shown = client.get(page)
    together = {"together": "yes"} if 'name="together"' in shown.text else {}
    return send(client, shown, to=page, days=days, **together)


class TestMakingACourse:
    def test_makes_drafts_at_the_same_time_by_londons_clock(
        self, app: Flask, organiser: FlaskClient, event_id: int
    ) -> None:
        answer = make(organiser, event_id, ["2026-09-15", "2026-11-03"])
        assert answer.status_code == 422, "a date that is not on offer with these numbers is not made"
        answer = make(
            organiser, event_id, ["2026-09-15", "2026-11-03"], query="?every=week&number=8&skip_school=y&skip_bank=y"
        )
        assert answer.status_code == 303
        assert the_dates(app) == [
            ("2026-09-08T10:00", "published"),
            ("2026-09-15T10:00", "draft"),
            ("2026-11-03T10:00", "draft"),
        ]

    @pytest.mark.one_database
    def test_needs_a_date(self, app: Flask, organiser: FlaskClient, event_id: int) -> None:
        answer = make(organiser, event_id, [])
        assert (answer.status_code, len(the_dates(app))) == (422, 1)
        assert "Choose at least one date." in answer.text

    def test_dates_can_be_added_later_but_not_twice(self, app: Flask, organiser: FlaskClient, event_id: int) -> None:
        make(organiser, event_id, ["2026-09-15"])
        assert "2026-09-15" not in organiser.get(f"/staff/sessions/{event_id}/repeat").text
        make(organiser, event_id, ["2026-09-22"])
        assert len(the_dates(app)) == 3
        the_series(app)

    def test_copies_times_and_the_link_to_join(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            starts = clock.london_time(date(2026, 9, 8), 10)
            values = {"delivery": Delivery.ONLINE, "join_url": "https://meet.example.org/1"}
            event = an_event(starts_at=starts, booking_mode=BookingMode.SLOTS, **values)
            slots_for(event, times=2)
            event_id = event.id
        make(organiser, event_id, ["2026-09-15"])
        with app.app_context():
            copy = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
            assert copy is not None
            assert copy.join_url == "https://meet.example.org/1"
            assert [clock.in_london(slot.starts_at).isoformat()[:16] for slot in copy.slots] == [
                "2026-09-15T10:00",
                "2026-09-15T10:20",
            ]

    @pytest.mark.one_database
    def test_is_for_who_may_edit(self, app: Flask, client: FlaskClient, event_id: int) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        assert client.get(f"/staff/sessions/{event_id}/repeat").status_code == 403


class TestPublishing:
    @pytest.mark.one_database
    def test_asks_why_when_the_basics_are_not_known(self, app: Flask, organiser: FlaskClient, event_id: int) -> None:
        make(organiser, event_id, ["2026-09-15"])
        page = f"/staff/courses/{the_series(app)}"
        assert "or nobody has checked" in organiser.get(page).text
        answer = send(organiser, page, to=f"{page}/publish")
        assert answer.status_code == 422
        answer = send(organiser, page, to=f"{page}/publish", reason="We bring our own ramp")
        assert answer.status_code == 303
        assert {status for _day, status in the_dates(app)} == {"published"}

    def test_publishes_all_dates_at_once(self, app: Flask, organiser: FlaskClient, event_id: int) -> None:
        with app.app_context():
            know_the_basics(db.session.get_one(Event, event_id).venue_id or 0)
        make(organiser, event_id, ["2026-09-15", "2026-09-22"])
        page = f"/staff/courses/{the_series(app)}"
        assert problems_of(organiser.get(page).text) == []
        send(organiser, page, to=f"{page}/publish")
        assert "2 dates are published now." in organiser.get(page).text
        with app.app_context():
            slug = db.session.scalars(select(Series.slug)).one()
        assert "Tuesday 22 September 2026" in organiser.get(f"/courses/{slug}").text

    def test_a_course_that_is_none_is_not_found(self, organiser: FlaskClient) -> None:
        assert organiser.get("/staff/courses/999").status_code == 404


@pytest.mark.one_database
def test_a_cancelled_session_makes_no_course(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        event_id = an_event(status=EventStatus.CANCELLED, starts_at=clock.london_time(date(2026, 9, 8), 10)).id
    answer = make(organiser, event_id, ["2026-09-15"])
    assert (answer.status_code, len(the_dates(app))) == (422, 1)
