"""The register on a phone: here, did not come, undo, walk-ins, the fire limit, closing."""

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
from booking.errors import Conflict
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Event, Family, Place, Staff
from booking.queries.counted_places import is_counted
from booking.queries.register import get_register, get_room
from booking.rules.door import RegisterState, register_state, short_name
from booking.rules.words import (
    BookingStatus,
    CancelledBy,
    CorrectionReason,
    EventStatus,
    Origin,
    Outcome,
    PersonKind,
    StaffRole,
    Turn,
)
from booking.services.add_walk_in import FireLimit, WalkIn, add_walk_in, remove_walk_in
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.cancel_booking import cancel_booking
from booking.services.close_register import StillUnknown, close_register
from booking.services.record_attendance import record_outcome
from tests.cast import a_booking, a_member_of_staff, a_venue, an_event, come_back, sign_in
from tests.door.conftest import submit


def page_of(event: Event) -> str:
    return f"/door/{event.id}"


def a_booking_with_a_helper(event: Event) -> Booking:
    people = (Person("Helper", PersonKind.SUPPORTER), Person("Parent"))
    with transaction():
        return book_places(BookingRequest(event_id=event.id, adults=people, email="with.helper@example.net"))


def outcome_of(place_id: int) -> Outcome:
    db.session.rollback()
    return db.session.scalars(select(Place.outcome).where(Place.id == place_id)).one()


class TestSayingWhoCame:
    def test_shows_a_first_name_and_one_initial(self, event: Event, at_the_door: FlaskClient) -> None:
        a_booking(event, adults=1)
        booking = a_booking(event)
        with transaction():
            db.session.get_one(Booking, booking.id).places[0].adult.name = "Zoë Łukasiewicz"
        html = at_the_door.get(page_of(event)).get_data(as_text=True)
        assert "Zoë Ł." in html
        assert "ukasiewicz" not in html

    def test_records_and_comes_back_to_the_same_row(self, event: Event, at_the_door: FlaskClient) -> None:
        place = a_booking(event).places[0].id
        answer = submit(at_the_door, page_of(event), f"/door/{event.id}/places/{place}", outcome="attended", q="ad")
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/door/{event.id}?q=ad#place-{place}")
        assert outcome_of(place) == Outcome.ATTENDED
        assert db.session.get_one(Place, place).arrived_at is not None
        assert db.session.get_one(Place, place).recorded_by is not None

    def test_undoes(self, event: Event, at_the_door: FlaskClient) -> None:
        place = a_booking(event).places[0].id
        for outcome in ("did_not_come", "not_recorded"):
            submit(at_the_door, page_of(event), f"/door/{event.id}/places/{place}", outcome=outcome)
        assert outcome_of(place) == Outcome.NOT_RECORDED
        assert db.session.get_one(Place, place).arrived_at is None

    @pytest.mark.one_database
    def test_keeps_a_correction_with_who_and_when_and_what_was(self, event: Event, at_the_door: FlaskClient) -> None:
        place = a_booking(event).places[0].id
        for outcome in ("attended", "did_not_come"):
            submit(at_the_door, page_of(event), f"/door/{event.id}/places/{place}", outcome=outcome)
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "correct_attendance")).one()
        assert entry.staff_id == db.session.scalars(select(Staff.id)).one()
        assert entry.facts == {"place": place, "was": "attended", "now": "did_not_come", "closed": False}

    def test_refuses_a_booking_that_was_cancelled_meanwhile(self, in_app: Flask, event: Event) -> None:
        booking = a_booking(event)
        place = booking.places[0].id
        with transaction():
            cancel_booking(booking.id, by=CancelledBy.FAMILY)
        with pytest.raises(Conflict), transaction():
            record_outcome(place, Outcome.ATTENDED, by=None)

    def test_refuses_a_place_of_another_session(self, event: Event, at_the_door: FlaskClient) -> None:
        elsewhere = a_booking(an_event(starts_at=clock.now() + timedelta(hours=2))).places[0].id
        answer = submit(at_the_door, page_of(event), f"/door/{event.id}/places/{elsewhere}", outcome="attended")
        # The page has a form (the walk-in's), the place is not on this register.
        assert answer.status_code == 404
        assert outcome_of(elsewhere) == Outcome.NOT_RECORDED

    @pytest.mark.one_database
    def test_refuses_an_outcome_that_is_none(self, event: Event, at_the_door: FlaskClient) -> None:
        place = a_booking(event).places[0].id
        assert (
            submit(at_the_door, page_of(event), f"/door/{event.id}/places/{place}", outcome="=1+1").status_code == 400
        )

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("typed", "status"), [("3", 303), ("0", 303), ("", 422), ("11", 422), ("²", 422), ("-1", 422)]
    )
    def test_children(self, event: Event, at_the_door: FlaskClient, typed: str, status: int) -> None:
        booking = a_booking(event, children=1)
        answer = submit(at_the_door, page_of(event), f"/door/{event.id}/bookings/{booking.id}/children", children=typed)
        assert answer.status_code == status
        db.session.refresh(booking)
        assert booking.children == (int(typed) if status == 303 else 1)

    def test_search_finds_names_and_references(self, event: Event, at_the_door: FlaskClient) -> None:
        one, other = a_booking(event), a_booking(event)
        with transaction():
            db.session.get_one(Booking, one.id).places[0].adult.name = "Amina Karim"
        page = at_the_door.get(f"{page_of(event)}?q=amin").get_data(as_text=True)
        assert f"booking-{one.id}" in page
        assert f"booking-{other.id}" not in page
        by_reference = at_the_door.get(f"{page_of(event)}?q={other.reference[:3]} {other.reference[3:]}")
        assert f"booking-{other.id}" in by_reference.get_data(as_text=True)

    @pytest.mark.one_database
    def test_hostile_names_are_only_text(self, event: Event, at_the_door: FlaskClient) -> None:
        booking = a_booking(event, adults=1)
        with transaction():
            db.session.get_one(Booking, booking.id).places[0].adult.name = "<script>alert(1)</script>"
        html = at_the_door.get(f"{page_of(event)}?q=<script>").get_data(as_text=True)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html

    @pytest.mark.one_database
    def test_says_what_to_do_at_the_door_and_neither_need_nor_detail(
        self, event: Event, at_the_door: FlaskClient
    ) -> None:
        from booking.rules.words import ConsentSubject
        from booking.services.ask_needs import Need

        needs = (Need("quiet_space", "my own secret"), Need("diet", "no nuts"))
        booking = a_booking(event, needs=needs, consents=(ConsentSubject.NEEDS,))
        with transaction():
            db.session.get_one(Booking, booking.id).places[0].adult.name = "Amina Karim"
        html = at_the_door.get(page_of(event)).get_data(as_text=True)
        assert "Keep the quiet room free, and show it to Amina K." in html
        assert "A quiet room to step out to" not in html
        assert "food" not in html, "that is for who runs the session"
        assert "my own secret" not in html

    @pytest.mark.one_database
    def test_each_look_is_written_down(self, event: Event, at_the_door: FlaskClient) -> None:
        at_the_door.get(page_of(event))
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.screen, entry.subject_id) == ("view", "door.register", event.id)


class TestWhoMayWhen:
    @pytest.mark.parametrize(
        ("before", "open_"),
        [
            (timedelta(hours=12), True),
            (timedelta(hours=12, seconds=5), False),
            (timedelta(hours=-14), True),
            (timedelta(hours=-14, seconds=-5), False),
        ],
    )
    def test_front_desk_from_12_hours_before_to_12_hours_after_the_end(self, before: timedelta, open_: bool) -> None:
        now = clock.now()
        starts = now + before
        times = {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "now": now}
        values = {"status": EventStatus.PUBLISHED, "new_date_pending": False, **times}
        assert (register_state(**values, is_organiser=False) == RegisterState.OPEN) == open_
        assert register_state(**values, is_organiser=True) == RegisterState.OPEN

    @pytest.mark.one_database
    def test_too_early_shows_when_it_opens_and_writes_nothing(self, in_app: Flask, at_the_door: FlaskClient) -> None:
        now_on, later = an_event(starts_at=clock.now() + timedelta(hours=1)), an_event()
        place = a_booking(later).places[0].id
        html = at_the_door.get(page_of(later)).get_data(as_text=True)
        assert "The register opens on" in html
        assert f"/door/{later.id}/places/" not in html
        answer = submit(at_the_door, page_of(now_on), f"/door/{later.id}/places/{place}", outcome="attended")
        assert answer.status_code == 409
        assert outcome_of(place) == Outcome.NOT_RECORDED

    @pytest.mark.one_database
    def test_insight_may_not(self, event: Event, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
        assert client.get(page_of(event)).status_code == 403

    @pytest.mark.one_database
    def test_nobody_may_unsigned(self, event: Event, client: FlaskClient) -> None:
        assert client.get(page_of(event)).status_code == 303

    @pytest.mark.one_database
    def test_a_cancelled_session_has_nothing_to_record(self, in_app: Flask, at_the_door: FlaskClient) -> None:
        gone = an_event(starts_at=clock.now(), status=EventStatus.CANCELLED)
        assert "was cancelled" in at_the_door.get(page_of(gone)).get_data(as_text=True)

    def test_a_draft_is_not_found(self, in_app: Flask, at_the_door: FlaskClient) -> None:
        draft = an_event(starts_at=clock.now(), status=EventStatus.DRAFT)
        assert at_the_door.get(page_of(draft)).status_code == 404

    @pytest.mark.one_database
    def test_today_and_registers_to_close(self, in_app: Flask, organiser: FlaskClient, event: Event) -> None:
        over = an_event(starts_at=clock.now() - timedelta(days=3), title="Over but open")
        an_event(starts_at=clock.now() - timedelta(days=15), title="Long over")
        html = organiser.get("/door/").get_data(as_text=True)
        assert event.title in html
        assert over.title in html
        assert "Long over" not in html


class TestWalkIns:
    @pytest.mark.one_database
    def test_one_tap_adds_somebody_without_details(self, event: Event, at_the_door: FlaskClient) -> None:
        answer = submit(at_the_door, page_of(event), f"/door/{event.id}/walk-ins", tap="abc")
        assert answer.status_code == 303
        booking = db.session.scalars(select(Booking)).one()
        assert (booking.origin, booking.status, booking.family_id) == (Origin.WALK_IN, BookingStatus.CONFIRMED, None)
        assert [place.outcome for place in booking.places] == [Outcome.ATTENDED]

    def test_the_same_tap_twice_is_one_person(self, event: Event, at_the_door: FlaskClient) -> None:
        for tap in ("abc", "abc", "def"):
            submit(at_the_door, page_of(event), f"/door/{event.id}/walk-ins", tap=tap)
        assert db.session.scalar(select(func.count(Booking.id))) == 2

    @pytest.mark.one_database
    def test_with_a_name_makes_a_family(self, event: Event, at_the_door: FlaskClient) -> None:
        fields = {"name_1": "Ngozi  Ó Briain", "adults": "2", "children": "3", "where": "dover"}
        submit(at_the_door, page_of(event), f"/door/{event.id}/walk-ins", **fields)
        booking = db.session.scalars(select(Booking)).one()
        assert booking.family is not None
        assert [place.adult.name for place in booking.places if place.adult] == ["Ngozi  Ó Briain", None]
        assert (booking.children, booking.district) == (3, "dover")

    def test_one_tap_on_the_first_part_of_a_postcode_says_where_they_live(
        self, event: Event, at_the_door: FlaskClient
    ) -> None:
        page = at_the_door.get(page_of(event)).text
        near = re.findall(r'name="where" value="([A-Z0-9]+)"', page)
        assert (near[0], len(near)) == ("TN23", 6)
        submit(at_the_door, page_of(event), f"/door/{event.id}/walk-ins", tap="abc", where=near[0])
        booking = db.session.scalars(select(Booking)).one()
        assert (booking.outcode, booking.district, booking.family_id) == ("TN23", "ashford", None)

    @pytest.mark.one_database
    def test_a_place_without_a_position_offers_no_postcodes(self, in_app: Flask, at_the_door: FlaskClient) -> None:
        venue = a_venue(easting=None, northing=None)
        somewhere = an_event(starts_at=clock.now() + timedelta(hours=1), venue_id=venue.id)
        page = at_the_door.get(page_of(somewhere)).text
        assert "Someone came in" in page
        assert '<button class="house-tap house-tap--plain" name="where"' not in page

    def test_a_district_that_is_none_is_not_known(self, event: Event, at_the_door: FlaskClient) -> None:
        submit(at_the_door, page_of(event), f"/door/{event.id}/walk-ins", name_1="A", where="<b>")
        assert db.session.scalars(select(Booking.district)).one() == "unknown"

    @pytest.mark.one_database
    @pytest.mark.parametrize("adults", ["0", "7", "many", "-2"])
    def test_numbers_that_cannot_be_are_refused(self, event: Event, at_the_door: FlaskClient, adults: str) -> None:
        assert submit(at_the_door, page_of(event), f"/door/{event.id}/walk-ins", adults=adults).status_code == 422
        assert db.session.scalar(select(func.count(Booking.id))) == 0

    def test_stands_outside_the_places(self, in_app: Flask) -> None:
        event = an_event(starts_at=clock.now() + timedelta(hours=1), capacity=1)
        a_booking(event)
        with transaction():
            add_walk_in(WalkIn(event_id=event.id, adults=2), by=None)
        db.session.refresh(event)
        assert event.places_taken == 1
        counted = db.session.scalar(
            select(func.count(Place.id)).join(Booking).where(Booking.event_id == event.id, is_counted())
        )
        assert counted == event.places_taken

    def test_from_the_waiting_list_is_the_same_family_once(self, in_app: Flask, at_the_door: FlaskClient) -> None:
        event = an_event(starts_at=clock.now() + timedelta(hours=1), capacity=1)
        a_booking(event)
        waiting = a_booking(event, adults=2, district="swale")
        assert waiting.status == BookingStatus.WAITING
        for _twice in range(2):
            submit(at_the_door, page_of(event), f"/door/{event.id}/bookings/{waiting.id}/came")
        walk_in = db.session.scalars(select(Booking).where(Booking.origin == Origin.WALK_IN)).one()
        assert walk_in.family_id == waiting.family_id
        assert walk_in.district == "swale"
        assert {place.adult_id for place in walk_in.places} == {place.adult_id for place in waiting.places}
        assert get_register(event.id).others == ()

    def test_can_be_taken_back(self, event: Event, at_the_door: FlaskClient) -> None:
        with transaction():
            booking = add_walk_in(WalkIn(event_id=event.id), by=None)
            booking_id = booking.id
        submit(at_the_door, page_of(event), f"/door/{event.id}/walk-ins/{booking_id}/remove")
        register = get_register(event.id)
        assert register.walk_ins == ()
        assert register.others == ()
        assert register.room.inside == 0

    @pytest.mark.one_database
    def test_a_booking_is_not_removed_here(self, event: Event, at_the_door: FlaskClient) -> None:
        booking = a_booking(event)
        assert submit(at_the_door, page_of(event), f"/door/{event.id}/walk-ins/{booking.id}/remove").status_code == 422
        db.session.refresh(booking)
        assert booking.status == BookingStatus.CONFIRMED

    @pytest.mark.one_database
    def test_a_session_without_walk_ins_takes_none(self, in_app: Flask, at_the_door: FlaskClient) -> None:
        event = an_event(starts_at=clock.now() + timedelta(hours=1), walk_ins_allowed=False)
        a_booking(event)
        assert submit(at_the_door, page_of(event), f"/door/{event.id}/walk-ins").status_code == 409


class TestFireLimit:
    @pytest.fixture
    def small(self, in_app: Flask) -> Event:
        """A room for four, children counted too, with three inside."""
        venue = a_venue(fire_limit=4)
        event = an_event(starts_at=clock.now() + timedelta(hours=1), venue_id=venue.id)
        booking = a_booking(event, adults=1, children=2)
        with transaction():
            record_outcome(booking.places[0].id, Outcome.ATTENDED, by=None)
        return event

    @pytest.mark.one_database
    def test_stops_whoever_comes_over_it(self, small: Event) -> None:
        with transaction():
            add_walk_in(WalkIn(event_id=small.id), by=None)
        with pytest.raises(FireLimit, match="The fire limit is 4 people and 4 are inside"), transaction():
            add_walk_in(WalkIn(event_id=small.id), by=None)

    def test_who_left_before_being_seen_is_not_in_the_building(self, small: Event) -> None:
        booking = db.session.scalars(select(Booking)).one()
        with transaction():
            booking.turn = Turn.LEFT
        assert get_register(small.id).room.inside == 0
        assert get_room(small.id).inside == 0

    def test_helpers_count_as_people_in_the_room(self, small: Event) -> None:
        helper, _parent = a_booking_with_a_helper(small).places
        with transaction():
            record_outcome(helper.id, Outcome.ATTENDED, by=None)
        assert get_register(small.id).room.is_full

    @pytest.mark.one_database
    def test_front_desk_is_told_and_cannot_override(self, small: Event, at_the_door: FlaskClient) -> None:
        answer = submit(at_the_door, page_of(small), f"/door/{small.id}/walk-ins", adults="2")
        assert answer.status_code == 409
        assert "Only the organiser" in answer.get_data(as_text=True)
        forced = submit(at_the_door, page_of(small), f"/door/{small.id}/walk-ins", adults="2", override="because")
        assert forced.status_code == 422
        assert get_register(small.id).walked_in == 0

    @pytest.mark.one_database
    def test_organiser_answers_for_it_with_a_reason(self, small: Event, organiser: FlaskClient) -> None:
        reason = "Two leave now"
        submit(organiser, page_of(small), f"/door/{small.id}/walk-ins", adults="2", override=reason)
        assert get_register(small.id).walked_in == 2
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "override_fire_limit")).one()
        assert entry.reason == reason
        assert entry.facts == {"inside": 3, "fire_limit": 4, "more": 2}


@pytest.mark.one_database
class TestClosing:
    def test_asks_about_everybody_unknown_and_never_guesses(self, event: Event, at_the_door: FlaskClient) -> None:
        places = [place.id for place in a_booking(event, adults=2).places]
        with time_machine.travel(event.ends_at + timedelta(minutes=5), tick=True):
            page = f"/door/{event.id}/close"
            come_back(at_the_door)
            fields = {f"place-{places[0]}": "attended"}
            answer = submit(at_the_door, page, page, **fields)
            assert answer.status_code == 422
            html = answer.get_data(as_text=True)
            assert f'href="#place-{places[1]}-1"' in html
            assert "checked" in html, "what was answered is kept"
            assert outcome_of(places[0]) == Outcome.NOT_RECORDED
            answer = submit(at_the_door, page, page, **fields, **{f"place-{places[1]}": "not_recorded"})
            assert answer.status_code == 303
        assert outcome_of(places[0]) == Outcome.ATTENDED
        assert outcome_of(places[1]) == Outcome.NOT_RECORDED
        db.session.refresh(event)
        assert event.register_closed_at is not None

    def test_not_before_the_start(self, event: Event) -> None:
        with pytest.raises(Conflict), transaction():
            close_register(event.id, {}, by=None)

    def test_raises_for_the_missing(self, event: Event) -> None:
        a_booking(event)
        with (
            time_machine.travel(event.ends_at, tick=True),
            pytest.raises(StillUnknown),
            transaction(),
        ):
            close_register(event.id, {}, by=None)

    def test_a_later_correction_is_kept(self, event: Event) -> None:
        place = a_booking(event).places[0].id
        with time_machine.travel(event.ends_at, tick=True):
            with transaction():
                close_register(event.id, {place: Outcome.NOT_RECORDED}, by=None)
            with transaction():
                record_outcome(place, Outcome.ATTENDED, by=None, why=CorrectionReason.TOLD_LATER)
        facts = db.session.scalars(select(AuditEntry.facts).where(AuditEntry.action == "correct_attendance")).one()
        assert facts["closed"] is True
        assert outcome_of(place) == Outcome.ATTENDED


class TestManyRows:
    def test_query_count_does_not_grow(self, event: Event, at_the_door: FlaskClient) -> None:
        page = page_of(event)

        def queries() -> int:
            db.session.rollback()
            seen: list[str] = []
            listen.listen(db.engine, "before_cursor_execute", note := lambda *args: seen.append(args[2]))
            at_the_door.get(page)
            listen.remove(db.engine, "before_cursor_execute", note)
            return len(seen)

        a_booking(event, adults=2)
        queries()
        few = queries()
        for _ in range(3):
            a_booking(event, adults=2)
            with transaction():
                add_walk_in(WalkIn(event_id=event.id, names=("A",)), by=None)
        queries()
        assert queries() == few


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Amina Karim", "Amina K."),
        ("Zoë", "Zoë"),
        ("  ", ""),
        (None, ""),
        ("Ana Maria de Łódź", "Ana Ł."),
        ("王 芳", "王 芳."),
    ],
)
def test_short_names(name: str | None, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.one_database
def test_families_of_walk_ins_have_no_contact(in_app: Flask, event: Event) -> None:
    with transaction():
        add_walk_in(WalkIn(event_id=event.id, names=("Only a name",)), by=None)
    family = db.session.scalars(select(Family)).one()
    assert family.email_hash is None
    assert family.phone_hash is None


def test_remove_twice_changes_nothing_more(in_app: Flask, event: Event) -> None:
    with transaction():
        booking_id = add_walk_in(WalkIn(event_id=event.id), by=None).id
    for _twice in range(2):
        with transaction():
            remove_walk_in(booking_id)
    assert db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "remove_walk_in")) == 1
