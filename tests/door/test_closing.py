"""Closing a register well: who else was there, counted apart, and corrections that say why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.errors import Refusal
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Event, HeadCount, Place
from booking.queries.head_counts import counts_of, heads_of
from booking.queries.register import get_register
from booking.rules.head_counts import MOST, HeadCounts, refuse_counts
from booking.rules.taps import About, subject_of
from booking.rules.words import CorrectionReason, Origin, Outcome, PersonKind
from booking.services.add_walk_in import WalkIn, add_walk_in
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.close_register import close_register
from booking.services.record_attendance import record_children, record_outcome
from booking.services.require_why import AsksWhy
from tests.cast import a_booking, come_back
from tests.door.conftest import submit
from tests.door.phones import a_phone
from tests.page_checks import problems_of


@pytest.fixture
def over(event: Event) -> Iterator[Event]:
    """The session is over; its register is open."""
    with time_machine.travel(event.ends_at + timedelta(minutes=5), tick=True):
        yield event


def entries(action: str) -> list[AuditEntry]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def closed(event: Event, **counts: int) -> Event:
    with transaction():
        close_register(event.id, {}, by=None, counts=HeadCounts(**counts))
    return event


def came(booking: Booking) -> int:
    """Mark everybody of a booking and return the first one's place."""
    places = [place.id for place in booking.places]
    with transaction():
        for place in places:
            record_outcome(place, Outcome.ATTENDED, by=None)
    return places[0]


class TestWhoElseWasThere:
    def test_is_counted_apart_and_a_blank_is_not_a_nought(self, over: Event, at_the_door: FlaskClient) -> None:
        come_back(at_the_door)
        page = f"/door/{over.id}/close"
        answer = submit(at_the_door, page, page, children="4", supporters="0", professionals="2", interpreters="")
        assert answer.status_code == 303
        db.session.rollback()
        assert counts_of(over.id) == HeadCounts(children=4, supporters=0, professionals=2, interpreters=None)
        assert "not counted" in at_the_door.get(f"/door/{over.id}").text
        [entry] = entries("count_heads")
        assert entry.facts == {
            "children": {"was": None, "now": 4},
            "supporters": {"was": None, "now": 0},
            "professionals": {"was": None, "now": 2},
        }

    def test_supporters_of_the_list_and_those_unannounced_add_up(self, over: Event) -> None:
        people = (Person("Helper", PersonKind.SUPPORTER), Person("Parent"))
        with time_machine.travel(over.starts_at - timedelta(minutes=50)), transaction():
            booking = book_places(BookingRequest(event_id=over.id, adults=people, email="a.helper@example.net"))
        came(booking)
        assert heads_of(get_register(over.id))["supporters"].total == 1
        closed(over, supporters=2)
        assert heads_of(get_register(over.id))["supporters"].total == 3
        assert get_register(over.id).here == 1, "a supporter is no participant"

    def test_children_are_those_of_the_families_until_somebody_counts(self, over: Event) -> None:
        with time_machine.travel(over.starts_at - timedelta(minutes=50)):
            booking = a_booking(over, children=3)
        came(booking)
        assert heads_of(get_register(over.id))["children"].total == 3
        closed(over, children=2)
        assert heads_of(get_register(over.id))["children"].total == 2

    def test_what_is_no_number_is_said_beside_its_field_and_nothing_is_lost(
        self, over: Event, at_the_door: FlaskClient
    ) -> None:
        with time_machine.travel(over.starts_at - timedelta(minutes=50)):
            place = a_booking(over).places[0].id
        come_back(at_the_door)
        page = f"/door/{over.id}/close"
        answer = submit(at_the_door, page, page, children="many", professionals="7", **{f"place-{place}": "attended"})
        assert answer.status_code == 422
        assert 'href="#children"' in answer.text
        assert 'value="many"' in answer.text
        assert 'value="7"' in answer.text
        assert "checked" in answer.text
        db.session.refresh(over)
        assert over.register_closed_at is None

    @pytest.mark.parametrize("number", [-1, MOST + 1])
    def test_a_number_that_cannot_be_is_refused(self, number: int) -> None:
        with pytest.raises(Refusal, match="whole number"):
            refuse_counts(HeadCounts(interpreters=number))

    def test_closing_without_any_number_writes_none(self, over: Event) -> None:
        closed(over)
        assert db.session.get(HeadCount, over.id) is None
        assert entries("count_heads") == []

    def test_is_corrected_later_with_a_reason(self, over: Event, at_the_door: FlaskClient) -> None:
        closed(over, professionals=2)
        come_back(at_the_door)
        page = f"/door/{over.id}/counts"
        asked = submit(at_the_door, page, page, professionals="3")
        assert "Why do you correct the register?" in asked.text
        assert problems_of(asked.text) == []
        assert problems_of(at_the_door.get(page).text) == []
        assert '<input type="hidden" name="professionals" value="3">' in asked.text
        assert counts_of(over.id).professionals == 2
        assert submit(at_the_door, page, page, professionals="3", why="told_later").status_code == 303
        db.session.rollback()
        assert counts_of(over.id).professionals == 3
        assert entries("count_heads")[-1].reason == "told_later"


class TestACorrection:
    def test_after_closing_asks_why_and_keeps_what_was_sent(self, over: Event, at_the_door: FlaskClient) -> None:
        with time_machine.travel(over.starts_at - timedelta(minutes=50)):
            place = came(a_booking(over))
        closed(over)
        come_back(at_the_door)
        page, address = f"/door/{over.id}/counts", f"/door/{over.id}/places/{place}"
        asked = submit(at_the_door, page, address, outcome="did_not_come", q="ad")
        assert asked.status_code == 200
        assert '<input type="hidden" name="outcome" value="did_not_come">' in asked.text
        assert '<input type="hidden" name="q" value="ad">' in asked.text
        unsaid = submit(at_the_door, page, address, outcome="did_not_come", q="ad", asks_why="1", why="because")
        assert unsaid.status_code == 422
        assert 'href="#why-1"' in unsaid.text
        assert db.session.get_one(Place, place).outcome == Outcome.ATTENDED
        done = submit(at_the_door, page, address, outcome="did_not_come", q="ad", asks_why="1", why="wrong_person")
        assert done.status_code == 303
        db.session.rollback()
        assert db.session.get_one(Place, place).outcome == Outcome.DID_NOT_COME
        [entry] = entries("correct_attendance")
        assert entry.reason == "wrong_person"
        assert entry.staff_id is not None
        assert entry.facts["closed"] is True
        assert "The wrong person was marked" in at_the_door.get(f"/door/{over.id}").text

    def test_no_way_into_a_closed_register_goes_without_a_reason(self, over: Event) -> None:
        with time_machine.travel(over.starts_at - timedelta(minutes=50)):
            booking = a_booking(over)
        place, number = came(booking), booking.id
        with transaction():
            here = add_walk_in(WalkIn(event_id=over.id), by=None).id
        closed(over)
        deeds = (
            lambda: record_outcome(place, Outcome.NOT_RECORDED, by=None),
            lambda: record_children(number, 5, by=None),
            lambda: add_walk_in(WalkIn(event_id=over.id), by=None),
        )
        for deed in deeds:
            with pytest.raises(AsksWhy), transaction():
                deed()
        assert db.session.get_one(Place, place).outcome == Outcome.ATTENDED
        walk_ins = db.session.scalars(select(Booking.id).where(Booking.origin == Origin.WALK_IN)).all()
        assert walk_ins == [here]

    def test_the_same_answer_again_asks_nothing(self, over: Event) -> None:
        with time_machine.travel(over.starts_at - timedelta(minutes=50)):
            place = came(a_booking(over))
        closed(over)
        with transaction():
            record_outcome(place, Outcome.ATTENDED, by=None)
        assert entries("correct_attendance") == []

    def test_a_late_walk_in_keeps_its_name_and_its_reason(self, over: Event, at_the_door: FlaskClient) -> None:
        closed(over)
        come_back(at_the_door)
        page, address = f"/door/{over.id}/counts", f"/door/{over.id}/walk-ins"
        asked = submit(at_the_door, page, address, name_1="Ngozi", adults="2", tap="abcn")
        assert '<input type="hidden" name="name_1" value="Ngozi">' in asked.text
        done = submit(at_the_door, page, address, name_1="Ngozi", adults="2", tap="abcn", why="paper_found")
        assert done.status_code == 303
        assert [entry.reason for entry in entries("add_walk_in")] == ["paper_found"]

    def test_what_a_phone_sends_after_closing_says_so_itself(self, event: Event) -> None:
        place = a_booking(event).places[0].id
        phone = a_phone(event)
        with time_machine.travel(event.ends_at + timedelta(minutes=5), tick=True):
            with transaction():
                close_register(event.id, {place: Outcome.NOT_RECORDED}, by=None)
            phone.tap(subject_of(About.PLACE, place), outcome="attended")
            phone.send()
        db.session.rollback()
        assert db.session.get_one(Place, place).outcome == Outcome.ATTENDED
        assert [entry.reason for entry in entries("correct_attendance")] == ["phone_late"]

    def test_paper_found_later_is_typed_in_once_and_says_so(self, over: Event, at_the_door: FlaskClient) -> None:
        with time_machine.travel(over.starts_at - timedelta(minutes=50)):
            place = a_booking(over).places[0].id
        with transaction():
            close_register(over.id, {place: Outcome.NOT_RECORDED}, by=None)
        come_back(at_the_door)
        page = f"/door/{over.id}/paper"
        sent = {f"row-{place}": "y", "rest": "unknown"}
        asked = submit(at_the_door, page, page, **sent)
        assert f'<input type="hidden" name="row-{place}" value="y">' in asked.text
        assert submit(at_the_door, page, page, **sent, why="paper_found").status_code == 303
        assert [entry.reason for entry in entries("correct_attendance")] == ["paper_found"]

    def test_an_open_register_keeps_no_reason(self, over: Event) -> None:
        with time_machine.travel(over.starts_at - timedelta(minutes=50)):
            place = a_booking(over).places[0].id
        with transaction():
            record_outcome(place, Outcome.ATTENDED, by=None, why=CorrectionReason.OTHER)
        assert [entry.reason for entry in entries("record_attendance")] == [""]
