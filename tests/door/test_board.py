"""The running board of the desks, and the waiting room's screen without names."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as listen
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Event
from booking.rules.words import BookingMode, Outcome, StaffRole, Turn
from booking.services.add_walk_in import WalkIn, add_walk_in
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.record_attendance import record_outcome
from booking.services.record_turn import record_turn
from tests.cast import a_booking, a_member_of_staff, an_event, come_back, sign_in, slots_for
from tests.door.conftest import submit

SOON = timedelta(hours=1)


@pytest.fixture
def drop_in(in_app: Flask) -> Event:
    """A drop-in at 11am with two desks: an officer at 11, 11:20 and 11:40, and a nurse at 11."""
    starts_at = clock.now().replace(second=0, microsecond=0) + SOON
    event: Event = an_event(starts_at=starts_at, booking_mode=BookingMode.SLOTS, capacity=4, title="Drop-in")
    slots_for(event)
    slots_for(event, times=1, role="School nurse")
    db.session.refresh(event)
    return event


@pytest.fixture
def zebedee(drop_in: Event) -> Booking:
    """A family that has the officer's first time."""
    return a_family(drop_in, "Zebedee Quillfeather", 0)


def a_family(event: Event, name: str, which: int) -> Booking:
    slots = sorted((slot for slot in event.slots if slot.role != "School nurse"), key=lambda slot: slot.starts_at)
    email = f"{name.split(maxsplit=1)[0].lower()}@example.net"
    with transaction():
        asked = BookingRequest(event_id=event.id, slot_id=slots[which].id, adults=(Person(name),), email=email)
        return book_places(asked)


def board_of(event: Event) -> str:
    return f"/door/{event.id}/board"


def tap(client: FlaskClient, booking: Booking, turn: str) -> None:
    page = f"/door/{booking.event_id}/board"
    answer = submit(client, page, f"/door/{booking.event_id}/bookings/{booking.id}/turn", turn=turn)
    assert answer.status_code == 303
    assert answer.location.endswith(f"/board#visit-{booking.id}")


def turn_of(booking: Booking) -> Turn | None:
    db.session.refresh(booking)
    return booking.turn


def buttons_of(html: str, booking: Booking) -> list[str]:
    row = html.split(f'id="visit-{booking.id}"')[1].split("</li>", maxsplit=1)[0]
    return re.findall(r'<button[^>]*name="turn"[^>]*>([^<]+)<', row)


class TestTheBoard:
    def test_has_a_column_for_each_desk(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        page = at_the_door.get(board_of(zebedee.event)).text
        assert re.findall(r'id="desk-\d">([^<]+)<', page) == ["EHC plan officer", "School nurse"]

    def test_names_people_as_the_register_does(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        page = at_the_door.get(board_of(zebedee.event)).text
        assert "Zebedee Q." in page
        assert "Quillfeather" not in page

    def test_offers_what_can_come_next(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        page = board_of(zebedee.event)
        assert buttons_of(at_the_door.get(page).text, zebedee) == ["With the desk", "Late"]
        with transaction():
            record_outcome(zebedee.places[0].id, Outcome.ATTENDED, by=None)
        assert buttons_of(at_the_door.get(page).text, zebedee) == ["With the desk", "Did not wait"]
        tap(at_the_door, zebedee, "with_desk")
        assert buttons_of(at_the_door.get(page).text, zebedee) == ["Done", "Undo"]
        tap(at_the_door, zebedee, "done")
        assert buttons_of(at_the_door.get(page).text, zebedee) == ["Undo"]

    @pytest.mark.parametrize("turn", list(Turn))
    def test_a_tap_is_recorded_and_can_be_taken_back(
        self, zebedee: Booking, at_the_door: FlaskClient, turn: Turn
    ) -> None:
        tap(at_the_door, zebedee, turn)
        assert turn_of(zebedee) == turn
        tap(at_the_door, zebedee, "")
        assert turn_of(zebedee) is None

    def test_each_look_is_noted(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        at_the_door.get(board_of(zebedee.event))
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.screen, entry.subject_id) == ("view", "door.board", zebedee.event_id)

    @pytest.mark.parametrize("turn", ["gone", "LATE", "with_desk "])
    def test_an_unknown_tap_is_refused(self, zebedee: Booking, at_the_door: FlaskClient, turn: str) -> None:
        address = f"/door/{zebedee.event_id}/bookings/{zebedee.id}/turn"
        assert submit(at_the_door, board_of(zebedee.event), address, turn=turn).status_code == 400

    def test_an_old_page_does_not_send_away_who_is_with_the_desk(
        self, zebedee: Booking, at_the_door: FlaskClient
    ) -> None:
        tap(at_the_door, zebedee, "with_desk")
        address = f"/door/{zebedee.event_id}/bookings/{zebedee.id}/turn"
        answer = submit(at_the_door, board_of(zebedee.event), address, turn="left")
        assert answer.status_code == 409
        assert "recorded meanwhile" in answer.text
        assert turn_of(zebedee) == Turn.WITH_DESK

    def test_is_not_of_another_session(self, drop_in: Event, zebedee: Booking, at_the_door: FlaskClient) -> None:
        other = an_event(starts_at=clock.now() + SOON, booking_mode=BookingMode.SLOTS)
        slots_for(other)
        address = f"/door/{other.id}/bookings/{zebedee.id}/turn"
        assert submit(at_the_door, board_of(drop_in), address, turn="done").status_code == 404

    def test_is_not_there_where_no_times_are_booked(self, in_app: Flask, event: Event, organiser: FlaskClient) -> None:
        assert organiser.get(board_of(event)).status_code == 404
        assert board_of(event) not in organiser.get(f"/door/{event.id}").text

    def test_is_linked_from_the_register(self, drop_in: Event, at_the_door: FlaskClient) -> None:
        page = at_the_door.get(f"/door/{drop_in.id}").text
        assert f'href="/door/{drop_in.id}/board"' in page
        assert f'href="/door/{drop_in.id}/waiting-room"' in page

    def test_of_another_day_is_shut_for_a_volunteer(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        with time_machine.travel(zebedee.event.ends_at + timedelta(hours=13), tick=True):
            come_back(at_the_door)
            answer = at_the_door.get(board_of(zebedee.event))
        assert answer.status_code == 409
        assert "Zebedee" not in answer.text

    @pytest.mark.parametrize("role", [StaffRole.VENUE, StaffRole.INSIGHT, StaffRole.ADMIN])
    def test_is_for_who_keeps_registers(self, zebedee: Booking, client: FlaskClient, role: StaffRole) -> None:
        sign_in(client, a_member_of_staff(role))
        assert client.get(board_of(zebedee.event)).status_code == 403

    def test_query_count_does_not_grow(self, drop_in: Event, at_the_door: FlaskClient) -> None:
        def queries() -> int:
            db.session.rollback()
            seen: list[str] = []
            listen.listen(db.engine, "before_cursor_execute", note := lambda *args: seen.append(args[2]))
            at_the_door.get(board_of(drop_in))
            listen.remove(db.engine, "before_cursor_execute", note)
            return len(seen)

        a_family(drop_in, "One Family", 0)
        queries()
        few = queries()
        for which in (1, 2):
            a_family(drop_in, f"Family{which} More", which)
            with transaction():
                add_walk_in(WalkIn(event_id=drop_in.id, names=("A",), desk="School nurse"), by=None)
        queries()
        assert queries() == few


class TestTheWaitingRoom:
    def test_says_by_times_who_is_seen_and_who_is_next(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        a_family(zebedee.event, "Marmaduke Doorstepper", 1)
        with time_machine.travel(zebedee.starts_at + timedelta(minutes=14), tick=True):
            with transaction():
                record_turn(zebedee.id, Turn.WITH_DESK, by=None)
            come_back(at_the_door)
            page = at_the_door.get(f"/door/{zebedee.event_id}/waiting-room").text
        text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        assert "Now seeing 11am Next 11:20am Running about 15 minutes late" in text
        assert "Now seeing nobody Next nobody is waiting Running on time" in text

    def test_has_no_name_no_reference_and_no_way_to_one(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        with transaction():
            add_walk_in(WalkIn(event_id=zebedee.event_id, names=("Hyacinth",), desk="School nurse"), by=None)
        page = at_the_door.get(f"/door/{zebedee.event_id}/waiting-room").text
        assert "somebody without a booked time" in page
        for word in ("Zebedee", "Hyacinth", zebedee.reference, zebedee.reference[:3] + " ", "/staff/", "Robin Staff"):
            assert word not in page, word
        assert set(re.findall(r'href="(/door/[^"]*)"', page)) == {f"/door/{zebedee.event_id}/waiting-room"}

    def test_asks_who_is_missing_by_their_time(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        with time_machine.travel(zebedee.starts_at + timedelta(minutes=5), tick=True):
            come_back(at_the_door)
            page = at_the_door.get(f"/door/{zebedee.event_id}/waiting-room").text
        assert "Is your time 11am?" in page

    def test_leaves_no_look_for_there_is_nobody_to_see(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        at_the_door.get(f"/door/{zebedee.event_id}/waiting-room")
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 0

    def test_of_a_session_that_was_called_off_says_so(self, drop_in: Event, at_the_door: FlaskClient) -> None:
        with transaction():
            db.session.get_one(Event, drop_in.id).new_date_pending = True
        assert "does not take place today" in at_the_door.get(f"/door/{drop_in.id}/waiting-room").text


class TestWhomAWalkInWantsToSee:
    def ask(self, client: FlaskClient, event: Event, **fields: object) -> str:
        """Tap "Someone came in", and return the page that asks."""
        answer = submit(client, f"/door/{event.id}", f"/door/{event.id}/walk-ins", tap="abc", **fields)
        assert answer.status_code == 200
        assert "Whom do they want to see?" in answer.text
        assert walk_ins() == []
        return answer.text

    def test_a_free_time_is_two_taps_away(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        page = self.ask(at_the_door, zebedee.event, where="TN23")
        first, *others = re.findall(r'value="time:(\d+)"', page)
        assert len(others) == 2
        assert self.send(at_the_door, page, zebedee.event, seat=f"time:{first}") == 303
        (walk_in,) = walk_ins()
        assert (walk_in.slot_id, walk_in.outcode, walk_in.desk) == (int(first), "TN23", None)
        db.session.refresh(zebedee.event)
        assert zebedee.event.places_taken == 2
        page = at_the_door.get(f"/door/{zebedee.event_id}").text
        assert "11:20am, EHC plan officer" in page

    def test_so_is_the_queue_of_a_desk(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        page = self.ask(at_the_door, zebedee.event)
        self.send(at_the_door, page, zebedee.event, seat="desk:School nurse")
        (walk_in,) = walk_ins()
        assert (walk_in.slot_id, walk_in.desk) == (None, "School nurse")
        assert "Queue, School nurse" in at_the_door.get(f"/door/{zebedee.event_id}").text

    def test_and_nobody(self, drop_in: Event, at_the_door: FlaskClient) -> None:
        page = self.ask(at_the_door, drop_in)
        self.send(at_the_door, page, drop_in, seat="none")
        (walk_in,) = walk_ins()
        assert (walk_in.slot_id, walk_in.desk) == (None, None)

    def test_keeps_what_was_typed(self, drop_in: Event, at_the_door: FlaskClient) -> None:
        typed = {"name_1": "Ngozi  Ó Briain", "adults": "2", "children": "3", "where": "dover"}
        page = self.ask(at_the_door, drop_in, **typed)
        self.send(at_the_door, page, drop_in, seat="desk:School nurse")
        (walk_in,) = walk_ins()
        assert (len(walk_in.places), walk_in.children, walk_in.district) == (2, 3, "dover")
        assert walk_in.places[0].adult is not None
        assert walk_in.places[0].adult.name == "Ngozi  Ó Briain"

    def test_a_time_that_has_just_gone_asks_again_with_everything_kept(
        self, drop_in: Event, at_the_door: FlaskClient
    ) -> None:
        page = self.ask(at_the_door, drop_in, name_1="Ngozi")
        gone = re.findall(r'value="time:(\d+)"', page)[0]
        a_family(drop_in, "Faster Family", 0)
        answer = at_the_door.post(f"/door/{drop_in.id}/walk-ins", data=hidden(page) | {"seat": f"time:{gone}"})
        assert answer.status_code == 409
        assert "has just gone" in answer.text
        assert f'value="time:{gone}"' not in answer.text
        assert hidden(answer.text)["name_1"] == "Ngozi"
        assert walk_ins() == []

    @pytest.mark.parametrize("seat", ["time:999999", "time:x", "time:-1", "desk:Nobody", "time:99999999999999999999"])
    def test_what_is_no_seat_is_refused(self, drop_in: Event, at_the_door: FlaskClient, seat: str) -> None:
        page = self.ask(at_the_door, drop_in)
        assert self.send(at_the_door, page, drop_in, seat=seat) == 422
        assert walk_ins() == []

    def test_the_organiser_who_answers_for_a_full_room_keeps_the_chosen_time(
        self, drop_in: Event, organiser: FlaskClient
    ) -> None:
        with transaction():
            event = db.session.get_one(Event, drop_in.id)
            assert event.venue is not None
            event.venue.fire_limit = 0
        page = self.ask(organiser, drop_in)
        time = re.findall(r'value="time:(\d+)"', page)[0]
        full = organiser.post(f"/door/{drop_in.id}/walk-ins", data=hidden(page) | {"seat": f"time:{time}"})
        assert full.status_code == 409
        assert "The room is full" in full.text
        answered = hidden(full.text) | {"override": "Two leave now"}
        assert organiser.post(f"/door/{drop_in.id}/walk-ins", data=answered).status_code == 303
        assert [walk_in.slot_id for walk_in in walk_ins()] == [int(time)]

    def test_a_family_from_the_waiting_list_is_asked_too(self, zebedee: Booking, at_the_door: FlaskClient) -> None:
        for which in (1, 2):
            a_family(zebedee.event, f"Family{which} More", which)
        waiting = a_booking(zebedee.event, slot_id=zebedee.slot_id)
        address = f"/door/{zebedee.event_id}/bookings/{waiting.id}/came"
        page = submit(at_the_door, f"/door/{zebedee.event_id}", address).text
        assert "Whom do they want to see?" in page
        assert at_the_door.post(address, data=hidden(page) | {"seat": "desk:EHC plan officer"}).status_code == 303
        (walk_in,) = walk_ins()
        assert (walk_in.family_id, walk_in.desk) == (waiting.family_id, "EHC plan officer")

    def test_is_not_asked_where_no_times_are_booked(self, event: Event, at_the_door: FlaskClient) -> None:
        assert submit(at_the_door, f"/door/{event.id}", f"/door/{event.id}/walk-ins", tap="a").status_code == 303

    @staticmethod
    def send(client: FlaskClient, page: str, event: Event, *, seat: str) -> int:
        return client.post(f"/door/{event.id}/walk-ins", data=hidden(page) | {"seat": seat}).status_code


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's last form."""
    form = page.rsplit("<form", maxsplit=1)[-1]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def walk_ins() -> list[Booking]:
    db.session.rollback()
    return list(db.session.scalars(select(Booking).where(Booking.door_subject.is_not(None)).order_by(Booking.id)))
