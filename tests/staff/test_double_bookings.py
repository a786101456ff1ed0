"""One room holds one session at a time: whoever wants two says why, and that is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from booking import clock
from booking.extensions import db
from booking.models import AuditEntry, Event
from booking.rules.words import Delivery, EventStatus
from tests.cast import a_booking, a_venue, an_event
from tests.staff.browse import forms_of, send
from tests.staff.test_sessions import GOOD, know_the_basics

NEW = "/staff/sessions/new"
TAKEN = "The venue is taken"
WHY = "Why may both be there at that time?"
TEN = clock.london_time(date(2026, 11, 24), 10)
"""When the session of `GOOD` begins; it ends at midday."""


@pytest.fixture
def venue_id(app: Flask) -> int:
    with app.app_context():
        return a_venue(name="Rose Hall").id


def count_sessions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Event.id))) or 0


def allowed() -> list[tuple[int | None, str, Any]]:
    """Return what the audit says of sessions that may be in one room."""
    db.session.rollback()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "double booking allowed"))
    return [(entry.subject_id, entry.reason, entry.facts["with"]) for entry in entries]


def says_taken(answer: TestResponse) -> bool:
    html = answer.get_data(as_text=True)
    return answer.status_code == 422 and TAKEN in html and WHY in html


class TestANewSession:
    @pytest.mark.parametrize(
        "values",
        [
            {"starts_at": TEN},
            {"starts_at": TEN + timedelta(hours=1, minutes=59)},
            {"starts_at": TEN - timedelta(hours=1), "hours": 1.1},
            {"starts_at": TEN - timedelta(hours=1), "hours": 4},
            {"starts_at": TEN, "status": EventStatus.DRAFT},
            {"starts_at": TEN, "delivery": Delivery.HYBRID},
            {"starts_at": TEN, "room": "blue  ROOM"},
        ],
        ids=["same time", "last minute", "first minutes", "all around", "a draft", "hybrid", "same room"],
    )
    @pytest.mark.one_database
    def test_is_refused_where_another_overlaps_and_nothing_typed_is_lost(
        self, app: Flask, organiser: FlaskClient, venue_id: int, values: dict[str, Any]
    ) -> None:
        with app.app_context():
            an_event(title="First come", venue_id=venue_id, **values)
        answer = send(organiser, NEW, **GOOD, venue_id=venue_id, room="Blue room")
        assert says_taken(answer)
        assert "“First come”, Tuesday 24 November 2026" in answer.get_data(as_text=True)
        assert forms_of(answer)[NEW]["title"] == [GOOD["title"]]
        with app.app_context():
            assert count_sessions() == 1

    @pytest.mark.parametrize(
        "values",
        [
            {"starts_at": TEN + timedelta(hours=2)},
            {"starts_at": TEN - timedelta(hours=2)},
            {"starts_at": TEN, "status": EventStatus.CANCELLED},
            {"starts_at": TEN, "new_date_pending": True},
            {"starts_at": TEN, "delivery": Delivery.ONLINE},
            {"starts_at": TEN, "room": "Green room"},
            {"starts_at": TEN, "venue_id": None},
        ],
        ids=["right after", "right before", "cancelled", "put off", "online", "other room", "elsewhere"],
    )
    @pytest.mark.one_database
    def test_is_saved_where_nobody_is_in_the_way(
        self, app: Flask, organiser: FlaskClient, venue_id: int, values: dict[str, Any]
    ) -> None:
        with app.app_context():
            an_event(**{"venue_id": venue_id} | values)
        assert send(organiser, NEW, **GOOD, venue_id=venue_id, room="Blue room").status_code == 303
        with app.app_context():
            assert allowed() == []

    def test_is_saved_with_a_reason_that_is_kept(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        with app.app_context():
            first = an_event(venue_id=venue_id, starts_at=TEN).id
        refused = send(organiser, NEW, **GOOD, venue_id=venue_id)
        assert says_taken(send(organiser, refused, to=NEW, clash_reason="  "))
        assert send(organiser, refused, to=NEW, clash_reason="Two groups, agreed with Rose.").status_code == 303
        with app.app_context():
            second = db.session.scalars(select(Event.id).where(Event.id != first)).one()
            assert allowed() == [(second, "Two groups, agreed with Rose.", [first])]


class TestADraftThatIsChanged:
    def test_is_refused_only_when_its_time_or_place_is_new(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        with app.app_context():
            an_event(venue_id=venue_id, starts_at=TEN)
            later = TEN + timedelta(days=1)
            number = an_event(venue_id=venue_id, starts_at=later, status=EventStatus.DRAFT).id
        page = f"/staff/sessions/{number}/edit"
        assert says_taken(send(organiser, page, date__day=24))
        answer = send(organiser, page, date__day=24, clash_reason="Agreed.")
        assert answer.status_code == 303
        assert send(organiser, page, summary="No longer asked.").status_code == 303
        with app.app_context():
            assert [reason for _id, reason, _with in allowed()] == ["Agreed."]


class TestACopy:
    def test_asks_for_another_day_when_the_venue_is_taken(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        with app.app_context():
            number = an_event(venue_id=venue_id, starts_at=TEN).id
            an_event(title="Monthly", venue_id=venue_id, starts_at=TEN + timedelta(weeks=4))
        copy = f"/staff/sessions/{number}/copy"
        refused = send(organiser, f"/staff/sessions/{number}", to=copy)
        assert says_taken(refused)
        assert forms_of(refused)[copy]["date-day"] == ["22"]
        assert send(organiser, refused, to=copy, date__month="13").status_code == 422
        assert send(organiser, refused, to=copy, date__day="23").status_code == 303
        with app.app_context():
            assert count_sessions() == 3
            assert allowed() == []
        assert send(organiser, refused, to=copy, clash_reason="Agreed.").status_code == 303
        with app.app_context():
            assert count_sessions() == 4
            assert len(allowed()) == 1

    def test_of_a_course_names_every_day_that_is_taken(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        with app.app_context():
            number = an_event(venue_id=venue_id, starts_at=TEN).id
            for week in (1, 2):
                an_event(title=f"Week {week}", venue_id=venue_id, starts_at=TEN + timedelta(weeks=week))
        shown = organiser.get(f"/staff/sessions/{number}/repeat?every=week&number=3")
        [to] = [action for action in forms_of(shown) if "/repeat?" in action]
        days = ["2026-12-01", "2026-12-08", "2026-12-15"]
        refused = send(organiser, shown, to=to, days=days)
        assert says_taken(refused)
        assert "“Week 1”" in refused.text
        assert "“Week 2”" in refused.text
        with app.app_context():
            assert count_sessions() == 3
        assert send(organiser, refused, to=to, clash_reason="Agreed.").status_code == 303
        with app.app_context():
            assert count_sessions() == 6
            assert len(allowed()) == 2


class TestAMove:
    def test_shows_who_is_there_and_is_refused_without_a_reason(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        with app.app_context():
            an_event(title="First come", venue_id=venue_id, starts_at=TEN)
            event = an_event(starts_at=TEN)
            a_booking(event)
            number = event.id
        page = f"/staff/sessions/{number}/move"
        preview = send(organiser, page, venue_id=venue_id)
        assert preview.status_code == 200
        assert "First come" in preview.text
        assert WHY in preview.text
        refused = send(organiser, preview, to=page, step="send")
        assert says_taken(refused)
        with app.app_context():
            assert db.session.get_one(Event, number).venue_id != venue_id
        assert send(organiser, preview, to=page, step="send", clash_reason="Agreed.").status_code == 303
        with app.app_context():
            assert db.session.get_one(Event, number).venue_id == venue_id
            assert [entry[:2] for entry in allowed()] == [(number, "Agreed.")]

    def test_of_the_title_alone_asks_nothing_about_the_venue(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        with app.app_context():
            an_event(venue_id=venue_id, starts_at=TEN)
            number = an_event(venue_id=venue_id, starts_at=TEN).id
        page = f"/staff/sessions/{number}/move"
        preview = send(organiser, page, title="Another title")
        assert WHY not in preview.text
        assert send(organiser, preview, to=page, step="send").status_code == 303

    def test_gives_a_session_that_was_put_off_its_room_only_if_it_is_free(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        with app.app_context():
            an_event(venue_id=venue_id, starts_at=TEN)
            number = an_event(venue_id=venue_id, starts_at=TEN, new_date_pending=True).id
        page = f"/staff/sessions/{number}/move"
        assert says_taken(send(organiser, send(organiser, page), to=page, step="send"))


class TestPublishing:
    def test_is_refused_while_another_is_there(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        with app.app_context():
            know_the_basics(venue_id)
            an_event(title="First come", venue_id=venue_id, starts_at=TEN)
            number = an_event(venue_id=venue_id, starts_at=TEN, status=EventStatus.DRAFT).id
        page = f"/staff/sessions/{number}/publish"
        assert "First come" in organiser.get(page).text
        assert says_taken(send(organiser, page))
        assert send(organiser, page, clash_reason="Agreed.").status_code == 303
        with app.app_context():
            assert db.session.get_one(Event, number).status == EventStatus.PUBLISHED
            assert len(allowed()) == 1

    def test_asks_no_second_time_for_what_was_allowed(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        with app.app_context():
            know_the_basics(venue_id)
            first = an_event(venue_id=venue_id, starts_at=TEN, status=EventStatus.DRAFT).id
        send(organiser, NEW, **GOOD, venue_id=venue_id, clash_reason="Agreed.")
        with app.app_context():
            second = db.session.scalars(select(Event.id).where(Event.id != first)).one()
        for number in (first, second):
            page = f"/staff/sessions/{number}/publish"
            assert WHY not in organiser.get(page).text
            assert send(organiser, page).status_code == 303

    def test_of_a_course_says_which_dates_are_taken(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        with app.app_context():
            know_the_basics(venue_id)
            number = an_event(venue_id=venue_id, starts_at=TEN).id
        shown = organiser.get(f"/staff/sessions/{number}/repeat?every=week&number=1")
        [to] = [action for action in forms_of(shown) if "/repeat?" in action]
        send(organiser, shown, to=to, days=["2026-12-01"])
        with app.app_context():
            series_id = db.session.get_one(Event, number).series_id
            an_event(title="Came between", venue_id=venue_id, starts_at=TEN + timedelta(weeks=1))
        page = f"/staff/courses/{series_id}"
        assert "Came between" in organiser.get(page).text
        assert says_taken(send(organiser, page, to=f"{page}/publish"))
        assert send(organiser, page, to=f"{page}/publish", clash_reason="Agreed.").status_code == 303


class TestTheCalendarOfAVenue:
    def test_shows_its_sessions_by_day_with_drafts_and_double_bookings(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        with app.app_context():
            an_event(title="Later", venue_id=venue_id, starts_at=TEN + timedelta(days=7))
            an_event(title="Sooner", venue_id=venue_id, starts_at=TEN, room="Blue room")
            an_event(title="Over", venue_id=venue_id, starts_at=clock.now() - timedelta(days=7))
            an_event(title="Elsewhere", starts_at=TEN)
            an_event(title="In the way", venue_id=venue_id, starts_at=TEN, status=EventStatus.DRAFT)
            an_event(title="Gone", venue_id=venue_id, starts_at=TEN, status=EventStatus.CANCELLED)
        page = f"/staff/venues/{venue_id}/calendar"
        text = organiser.get(page).text
        assert text.index("Tuesday 24 November 2026") < text.index("Sooner") < text.index("In the way")
        assert text.index("Gone") < text.index("Tuesday 1 December 2026") < text.index("Later")
        assert "Elsewhere" not in text
        assert "Over<" not in text
        assert text.count("Double booking") == 2
        assert "Over<" in organiser.get(f"{page}?when=past").text
        assert organiser.get("/staff/venues/999/calendar").status_code == 404
