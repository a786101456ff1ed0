"""The rooms of a venue: what we book for each, and what the fire limit lets in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Event, Room
from booking.queries.register import get_register
from booking.rules.words import BookingMode, EventStatus, StaffRole
from tests.cast import a_member_of_staff, a_venue, an_event, sign_in
from tests.page_checks import problems_of
from tests.staff.browse import forms_of, send
from tests.staff.test_double_bookings import TEN, says_taken
from tests.staff.test_sessions import GOOD

NEW = "/staff/sessions/new"


def rooms() -> list[tuple[str, int | None, int | None]]:
    db.session.rollback()
    found = db.session.scalars(select(Room).order_by(Room.key).execution_options(populate_existing=True))
    return [(room.name, room.capacity, room.fire_limit) for room in found]


@pytest.fixture
def venue_id(app: Flask, organiser: FlaskClient) -> int:
    """A venue with a green room for 10, in which 14 may be."""
    with app.app_context():
        number = a_venue(name="Rose Hall").id
    send(organiser, f"/staff/venues/{number}/rooms", name="Green room", capacity=10, fire_limit=14)
    return number


@pytest.fixture
def room(venue_id: int, app: Flask) -> str:
    """The page of the green room."""
    with app.app_context():
        return f"/staff/venues/{venue_id}/rooms/{db.session.scalars(select(Room.id)).one()}"


class TestKeepingRooms:
    def test_adds_changes_and_removes_one(self, app: Flask, organiser: FlaskClient, venue_id: int, room: str) -> None:
        with app.app_context():
            assert rooms() == [("Green room", 10, 14)]
        assert send(organiser, room, name="Garden room", capacity="", fire_limit=20).status_code == 303
        with app.app_context():
            assert rooms() == [("Garden room", None, 20)]
        assert send(organiser, room, to=f"{room}/remove").status_code == 303
        with app.app_context():
            assert rooms() == []
        assert organiser.get(room).status_code == 404

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"name": ""}, "Write the name of the room."),
            ({"name": "x" * 81}, "80 characters or fewer"),
            ({"name": "GREEN  room"}, "has a room of that name already"),
            ({"capacity": "many"}, "Write a whole number"),
            ({"capacity": 31, "fire_limit": 30}, "No more than 30 people may be in this room."),
        ],
    )
    @pytest.mark.one_database
    def test_says_what_is_wrong(
        self, app: Flask, organiser: FlaskClient, venue_id: int, wrong: dict[str, object], sentence: str
    ) -> None:
        answer = send(organiser, f"/staff/venues/{venue_id}/rooms", **{"name": "Blue room", **wrong})
        assert answer.status_code == 422
        assert sentence in answer.text
        with app.app_context():
            assert len(rooms()) == 1

    def test_keeps_the_name_of_a_room_in_which_a_session_is(
        self, app: Flask, organiser: FlaskClient, venue_id: int, room: str
    ) -> None:
        with app.app_context():
            an_event(title="Held here", venue_id=venue_id, room="green room", status=EventStatus.DRAFT)
        assert "“Held here”" in send(organiser, room, name="Garden room").text
        assert "“Held here”" in send(organiser, room, to=f"{room}/remove").text
        assert send(organiser, room, name="GREEN room", capacity=8).status_code == 303
        with app.app_context():
            assert rooms() == [("GREEN room", 8, 14)]

    @pytest.mark.one_database
    def test_shows_who_saves_second_what_is_different_and_loses_nothing(
        self, app: Flask, organiser: FlaskClient, colleague: FlaskClient, room: str
    ) -> None:
        shown = organiser.get(room)
        send(colleague, room, capacity=6)
        answer = send(organiser, shown, name="Garden room")
        assert answer.status_code == 409
        assert problems_of(answer.text) == []
        assert "A colleague changed this room" in answer.text
        assert 'value="Garden room"' in answer.text
        with app.app_context():
            assert rooms() == [("Green room", 6, 14)]
        assert send(organiser, answer, capacity=6).status_code == 303
        with app.app_context():
            assert rooms() == [("Garden room", 6, 14)]

    def test_is_for_who_keeps_venues(self, app: Flask, venue_id: int) -> None:
        client = app.test_client()
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        assert client.get(f"/staff/venues/{venue_id}/rooms").status_code == 403


class TestASessionInARoom:
    def test_is_offered_the_rooms_and_takes_the_spelling_of_the_list(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        assert '<option value="Green room">Rose Hall, 10 people</option>' in organiser.get(NEW).text
        assert send(organiser, NEW, **{**GOOD, "capacity": 10}, venue_id=venue_id, room="GREEN room").status_code == 303
        with app.app_context():
            assert db.session.scalars(select(Event.room)).one() == "Green room"

    def test_can_be_in_one_that_is_not_listed(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        assert send(organiser, NEW, **GOOD, venue_id=venue_id, room="The kitchen").status_code == 303

    def test_leaves_the_other_rooms_free(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        with app.app_context():
            an_event(venue_id=venue_id, starts_at=TEN, room="Green room")
        assert says_taken(send(organiser, NEW, **GOOD, venue_id=venue_id))
        assert send(organiser, NEW, **GOOD, venue_id=venue_id, room="Hall").status_code == 303

    def test_takes_no_more_bookings_than_the_room_is_for(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        refused = send(organiser, NEW, **GOOD, venue_id=venue_id, room="Green room")
        assert refused.status_code == 422
        assert "Green room holds 10 people, and the session has 12 places." in refused.text
        assert forms_of(refused)[NEW]["capacity"] == ["12"]
        with app.app_context():
            number = an_event(venue_id=venue_id, room="Green room", capacity=10).id
            small = an_event(capacity=12).id
        assert send(organiser, f"/staff/sessions/{number}/edit", capacity=11).status_code == 422
        page = f"/staff/sessions/{small}/move"
        preview = send(organiser, page, venue_id=venue_id, room="green room", starts="3pm", ends="4pm")
        moved = send(organiser, preview, to=page, step="send")
        assert moved.status_code == 422
        assert "Green room holds 10 people" in moved.text

    @pytest.mark.one_database
    def test_with_appointments_may_have_more_of_them_than_the_room_holds(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        changes = {**GOOD, "booking_mode": BookingMode.SLOTS.value, "capacity": ""}
        assert send(organiser, NEW, **changes, venue_id=venue_id, room="Green room").status_code == 303


class TestTheDoor:
    def test_stops_at_the_lower_of_the_limits_of_room_and_building(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        with app.app_context():
            for hour, name, limit in ((9, "green ROOM", 14), (12, "The kitchen", 60), (15, "", 60)):
                starts = clock.london_time(clock.today() + timedelta(days=1), hour)
                event = an_event(venue_id=venue_id, room=name, starts_at=starts)
                assert get_register(event.id).room.fire_limit == limit
