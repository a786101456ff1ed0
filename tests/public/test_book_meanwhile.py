"""A session that is cancelled, put off, moved or full between any two pages of a booking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.models import Booking, Event
from booking.rules.words import BookingMode, BookingStatus, EventCancelReason, EventKind
from booking.services.cancel_session import cancel_session
from booking.services.move_session import move_session
from booking.services.postpone_session import postpone_session
from booking.services.save_session import SessionPlan
from booking.services.save_slots import add_slots, remove_slot
from tests.cast import a_booking, a_venue, an_event, slots_for
from tests.public.family import Family

PAGES = ["contact", "children", "needs", "questions", "check"]


@pytest.fixture
def forum(app: Flask) -> Iterator[Event]:
    with app.app_context():
        yield an_event(slug="forum", capacity=2)


def read(statement: Any) -> Any:
    db.session.rollback()
    return db.session.scalars(statement)


def up_to(family: Family, page: str) -> Family:
    """Go through the pages and stop in front of this one's button."""
    family.open("/sessions/forum/book").send()
    while not family.path.endswith(f"/{page}"):
        is_contact = family.path.endswith("/contact")
        given = {"full_name": "Sam Carer", "contact_by": "email", "email": "sam@example.net"} if is_contact else {}
        family.send(given)
    return family


def answers(page: str) -> dict[str, object]:
    return {"full_name": "Sam Carer", "contact_by": "email", "email": "sam@example.net"} if page == "contact" else {}


def move(event: Event, *, days: int = 1, venue_id: int | None = None) -> None:
    later = timedelta(days=days)
    plan = SessionPlan(
        title=event.title,
        delivery=event.delivery,
        starts_at=event.starts_at + later,
        ends_at=event.ends_at + later,
        venue_id=venue_id or event.venue_id,
    )
    with transaction():
        move_session(event.id, plan)


@pytest.mark.one_database
@pytest.mark.parametrize("page", PAGES)
class TestBetweenAnyTwoPages:
    def test_cancelled(self, family: Family, forum: Event, page: str) -> None:
        up_to(family, page)
        with transaction():
            cancel_session(forum.id, EventCancelReason.WEATHER)
        assert family.send(answers(page)).status == 409
        assert "has been cancelled" in family.text
        assert read(select(Booking)).all() == []

    def test_put_off(self, family: Family, forum: Event, page: str) -> None:
        up_to(family, page)
        with transaction():
            postpone_session(forum.id)
        assert family.send(answers(page)).status == 409
        assert "put off" in family.text
        assert read(select(Booking)).all() == []

    def test_full(self, family: Family, forum: Event, page: str) -> None:
        up_to(family, page)
        a_booking(forum, adults=2)
        family.send(answers(page))
        while "Join the waiting list" not in family.text:
            assert family.status == 200, family.text
            family.send()
        assert "Sam Carer" in family.text
        family.send()
        assert "You are number 1 on the list" in family.text

    def test_moved(self, family: Family, forum: Event, page: str) -> None:
        up_to(family, page)
        move(forum)
        family.send(answers(page))
        while "Wednesday 1 July 2026" not in family.text:
            assert family.status == 200, family.text
            family.send()
        while not family.path.startswith("/bookings/"):
            family.send()
        assert "Wednesday 1 July 2026" in family.text


class TestMovedInFrontOfTheButton:
    def test_it_is_said_before_anything_is_booked(self, family: Family, forum: Event) -> None:
        up_to(family, "check")
        move(forum)
        family.send()
        assert family.status == 409
        assert "has a new time or place" in family.text
        assert "Wednesday 1 July 2026, 10am to midday" in family.text
        assert read(select(Booking)).all() == []
        family.send()
        assert read(select(Booking)).one().status == BookingStatus.CONFIRMED

    def test_another_place_is_said_too(self, family: Family, forum: Event) -> None:
        up_to(family, "check")
        move(forum, days=0, venue_id=a_venue(name="Hop Yard Hall").id)
        family.send()
        assert family.status == 409
        assert "Hop Yard Hall" in family.text

    def test_what_else_staff_change_is_no_reason_to_ask(self, family: Family, forum: Event) -> None:
        up_to(family, "check")
        with transaction():
            db.session.get_one(Event, forum.id).summary = "Come and talk"
        family.send()
        assert read(select(Booking)).one().status == BookingStatus.CONFIRMED

    def test_a_client_that_saw_nothing_is_not_asked(self, family: Family, forum: Event) -> None:
        up_to(family, "check")
        move(forum)
        assert family.post(family.path, data={"csrf_token": family.csrf}).headers["Location"].startswith("/bookings/")


class TestTimesThatChange:
    @pytest.fixture
    def drop_in(self, app: Flask) -> Iterator[Event]:
        with app.app_context():
            event = an_event(slug="forum", kind=EventKind.FORUM, booking_mode=BookingMode.SLOTS, capacity=2)
            slots_for(event, times=2)
            yield event

    def test_a_time_that_was_taken_away_is_said_with_a_way_to_choose_another(
        self, family: Family, drop_in: Event
    ) -> None:
        first, second = (slot.id for slot in drop_in.slots)
        family.open("/sessions/forum/book").send(slot=first).send(answers("contact"))
        while not family.path.endswith("/check"):
            family.send()
        with transaction():
            remove_slot(drop_in.id, first)
        family.send()
        assert family.status == 422
        assert "Choose a time" in family.text
        family.open(family.path.replace("check", "who?to=check")).send(slot=second).send()
        assert read(select(Booking)).one().slot_id == second

    def test_a_time_of_another_session_is_no_time(self, family: Family, drop_in: Event) -> None:
        other = an_event(booking_mode=BookingMode.SLOTS, capacity=1)
        with transaction():
            (slot,) = add_slots(other.id, role="IASK", first=other.starts_at, minutes=20, number=1, desks=1)
        assert family.open("/sessions/forum/book").send(slot=slot.id).status == 422
