"""Making, changing and publishing sessions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sa_event
from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import AuditEntry, Booking, Event, VenueFact
from booking.rules.words import BookingMode, BookingStatus, EventStatus, FactAnswer, StaffRole
from tests.cast import a_booking, a_member_of_staff, a_venue, an_event, sign_in
from tests.page_checks import problems_of
from tests.staff.browse import forms_of, send

GOOD: dict[str, object] = {
    "title": "Coffee & chat – Ashford",
    "date__day": 24,
    "date__month": 11,
    "date__year": 2026,
    "starts": "10am",
    "ends": "midday",
    "agenda": "10 Welcome\n50 minutes Talk",
    "people": "EHC plan officer\nHealth visitor",
    "capacity": 12,
    "workstreams": [1],
    "topics": ["plans", "money"],
    "busiest": "10am",
    "audience": "Dads and male carers",
    "reminders": ["reminder_7_days", "reminder_1_day"],
}


def the_event() -> Event:
    db.session.rollback()
    return db.session.scalars(select(Event).execution_options(populate_existing=True)).one()


@pytest.fixture
def venue_id(app: Flask) -> int:
    with app.app_context():
        return a_venue().id


def know_the_basics(venue_id: int) -> None:
    from booking.extensions import transaction
    from booking.queries.installation import our_locality

    with transaction():
        for kind in our_locality().baseline_facts:
            db.session.add(VenueFact(venue_id=venue_id, code=kind.code, answer=FactAnswer.YES))


class TestMakingADraft:
    def test_keeps_what_was_typed(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        answer = send(organiser, "/staff/sessions/new", **GOOD, venue_id=venue_id)
        assert answer.status_code == 303
        with app.app_context():
            event = the_event()
            assert event.status == EventStatus.DRAFT
            assert event.slug == "coffee-and-chat-ashford-2026-11-24"
            assert event.starts_at == clock.london_time(date(2026, 11, 24), 10)
            assert event.ends_at == clock.london_time(date(2026, 11, 24), 12)
            assert event.agenda == [{"minutes": 10, "what": "Welcome"}, {"minutes": 50, "what": "Talk"}]
            assert event.people == ["EHC plan officer", "Health visitor"]
            assert (event.capacity, event.workstreams, event.venue_id) == (12, [1], venue_id)
            assert event.audience == "Dads and male carers"
            assert (event.topics, event.busiest) == (["plans", "money"], ""), "only an open one has a busy time"
            assert event.reminders_off == ["reminder_3_days", "reminder_morning"]
            assert db.session.scalars(select(AuditEntry.action)).all() == ["session made"]

    def test_gives_every_session_its_own_address(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        for room in ("Blue room", "Green room"):
            send(organiser, "/staff/sessions/new", **GOOD, venue_id=venue_id, room=room)
        with app.app_context():
            slugs = db.session.scalars(select(Event.slug).order_by(Event.id)).all()
        assert slugs == ["coffee-and-chat-ashford-2026-11-24", "coffee-and-chat-ashford-2026-11-24-2"]

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": ""}, "Write a title."),
            ({"title": "x" * 141}, "Please use 140 characters or fewer"),
            ({"date__day": ""}, "The date needs a day."),
            ({"date__day": "", "date__month": "", "date__year": ""}, "Write the date."),
            ({"date__day": None, "date__month": None}, "The date needs a day and a month."),
            ({"date__day": 31, "date__month": 11}, "This date does not exist."),
            ({"date__day": "²", "date__month": "eleventy"}, "Write the date in figures"),
            ({"date__year": 2025}, "The date is in the past."),
            ({"date__day": 31, "date__month": 12, "date__year": 9999}, "The date is more than three years away."),
            ({"date__year": 99999999999}, "Write the date in figures"),
            ({"starts": "soon"}, "Write a time such as 10am"),
            ({"starts": "25:00"}, "Write a time such as 10am"),
            ({"starts": ""}, "Write when it starts."),
            ({"ends": "9am"}, "The session must end after it starts."),
            ({"date__day": 28, "date__month": 3, "date__year": 2027, "starts": "1:30am"}, "The clocks go forward"),
            ({"venue_id": ""}, "Choose the venue."),
            ({"venue_id": "999999"}, "Not a valid choice"),
            ({"delivery": "by magic"}, "Not a valid choice"),
            ({"capacity": "many"}, "Write a whole number"),
            ({"capacity": "-3"}, "Write a whole number"),
            ({"capacity": "0"}, "Write a whole number"),
            ({"join_url": "javascript:alert(1)"}, "It begins with https://"),
            ({"agenda": "Welcome"}, "Begin each line with minutes"),
            ({"workstreams": ["99"]}, "valid choice"),
        ],
    )
    def test_says_what_is_wrong_and_loses_nothing(
        self, app: Flask, organiser: FlaskClient, venue_id: int, wrong: dict[str, object], sentence: str
    ) -> None:
        answer = send(organiser, "/staff/sessions/new", **{**GOOD, "venue_id": venue_id, "host": "Kent PACT", **wrong})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert sentence in html
        assert "<title>Error: " in html
        typed = forms_of(html)["/staff/sessions/new"]
        assert typed["host"] == ["Kent PACT"]
        assert typed["agenda"][0].strip() == str(wrong.get("agenda", GOOD["agenda"])).strip()
        with app.app_context():
            assert db.session.scalars(select(Event)).all() == []

    @pytest.mark.one_database
    def test_takes_the_second_of_two_autumn_hours_only_where_needed(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        when = {"date__day": 25, "date__month": 10, "date__year": 2026, "starts": "1:30am", "ends": "1:15am"}
        assert send(organiser, "/staff/sessions/new", **{**GOOD, "venue_id": venue_id, **when}).status_code == 303
        with app.app_context():
            assert the_event().ends_at - the_event().starts_at == timedelta(minutes=45)


class TestPublishing:
    @pytest.mark.one_database
    def test_needs_a_reason_when_the_basics_are_not_known(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = an_event(status=EventStatus.DRAFT, first_published_at=None).id
        page = f"/staff/sessions/{number}/publish"
        assert "No steps" in organiser.get(page).get_data(as_text=True)
        refused = send(organiser, page, reason="  ")
        assert refused.status_code == 422
        assert "Say why" in refused.get_data(as_text=True)
        assert send(organiser, page, reason="We bring our own ramp.").status_code == 303
        with app.app_context():
            assert the_event().status == EventStatus.PUBLISHED
            assert the_event().first_published_at is not None
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "session published")).one()
            assert entry.reason == "We bring our own ramp."
            assert "step_free_route" in entry.facts["basics_missing"]
            assert entry.staff_id is not None

    def test_goes_out_at_once_when_they_are(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        with app.app_context():
            know_the_basics(venue_id)
            number = an_event(status=EventStatus.DRAFT, venue_id=venue_id).id
        assert send(organiser, f"/staff/sessions/{number}/publish").status_code == 303
        with app.app_context():
            assert the_event().status == EventStatus.PUBLISHED

    @pytest.mark.one_database
    def test_waits_for_the_link_of_an_online_session(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = an_event(status=EventStatus.DRAFT, delivery="online").id
        answer = send(organiser, f"/staff/sessions/{number}/publish")
        assert answer.status_code == 422
        assert "needs its link" in answer.get_data(as_text=True)


class TestChanging:
    @pytest.mark.one_database
    def test_never_changes_the_address_after_publishing(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event()
            number, slug = event.id, event.slug
        page = f"/staff/sessions/{number}/edit"
        assert "title" not in forms_of(organiser.get(page))[page]
        assert send(organiser, page, summary="New words", title="Hacked").status_code == 303
        with app.app_context():
            assert (the_event().slug, the_event().summary) == (slug, "New words")
            assert the_event().title != "Hacked"

    @pytest.mark.one_database
    def test_cannot_hold_fewer_than_have_a_place(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event(capacity=5)
            a_booking(event, adults=3)
            number = event.id
        answer = send(organiser, f"/staff/sessions/{number}/edit", capacity=2)
        assert answer.status_code == 422
        assert "3 places are taken already" in answer.get_data(as_text=True)

    def test_gives_more_room_to_the_waiting_list(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event(capacity=1)
            a_booking(event)
            waiting = a_booking(event).id
            number = event.id
        assert send(organiser, f"/staff/sessions/{number}/edit", capacity=2).status_code == 303
        with app.app_context():
            assert db.session.get_one(Booking, waiting).status == BookingStatus.OFFERED
            assert the_event().places_taken == 2

    def test_shows_the_second_what_the_first_changed(
        self, app: Flask, organiser: FlaskClient, colleague: FlaskClient
    ) -> None:
        with app.app_context():
            number = an_event().id
        page = f"/staff/sessions/{number}/edit"
        mine = organiser.get(page)
        assert send(colleague, page, host="Their host").status_code == 303
        answer = send(organiser, mine, host="My host", summary="My summary")
        html = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Their host" in html
        assert "My host" in html
        assert "My summary" in forms_of(html)[page]["summary"][0]
        with app.app_context():
            assert the_event().host == "Their host"
        assert send(organiser, answer, to=page).status_code == 303
        with app.app_context():
            assert (the_event().host, the_event().summary) == ("My host", "My summary")

    def test_copies_to_a_draft_on_the_same_weekday_and_hour(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            start = clock.london_time(date(2026, 10, 20), 10)
            number = an_event(starts_at=start, topics=["plans"]).id
        assert send(organiser, f"/staff/sessions/{number}", to=f"/staff/sessions/{number}/copy").status_code == 303
        with app.app_context():
            copy = db.session.scalars(select(Event).where(Event.id != number)).one()
            assert copy.status == EventStatus.DRAFT
            assert clock.in_london(copy.starts_at).strftime("%a %H:%M") == "Tue 10:00"
            assert copy.starts_at > start
            assert copy.topics == ["plans"]


class TestTimes:
    def test_are_added_in_a_row_and_counted(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = an_event(booking_mode=BookingMode.SLOTS, capacity=0).id
        page = f"/staff/sessions/{number}/slots"
        fields = {"role": "EHC plan officer", "first": "10am", "minutes": 20, "number": 6, "desks": 2}
        assert send(organiser, page, **fields).status_code == 303
        with app.app_context():
            event = the_event()
            assert [clock.in_london(slot.starts_at).strftime("%H:%M") for slot in event.slots][-1] == "11:40"
            assert event.capacity == 12
        too_many = send(organiser, page, **{**fields, "role": "IASK", "number": 7})
        assert "Only 6 times of 20 minutes fit" in too_many.get_data(as_text=True)
        empty = send(organiser, page, role="IASK", first="10am", minutes="", number="", desks="")
        assert empty.status_code == 422

    @pytest.mark.one_database
    def test_stay_when_a_family_has_booked_them(self, app: Flask, organiser: FlaskClient) -> None:
        from tests.cast import slots_for

        with app.app_context():
            event = an_event(booking_mode=BookingMode.SLOTS, capacity=3)
            slots = slots_for(event)
            a_booking(event, slot_id=slots[0].id)
            number, taken, free = event.id, slots[0].id, slots[1].id
        page = f"/staff/sessions/{number}/slots"
        assert send(organiser, page, to=f"{page}/{free}/remove").status_code == 303
        token = forms_of(organiser.get(page))[page]["csrf_token"][0]
        assert organiser.post(f"{page}/{taken}/remove", data={"csrf_token": token}).status_code == 422
        with app.app_context():
            assert len(the_event().slots) == 2


class TestLists:
    def test_cost_the_same_for_one_session_and_for_thirty(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            a_booking(an_event())
        few = queries_of(app, organiser, "/staff/sessions")
        with app.app_context():
            for _ in range(29):
                an_event()
        assert queries_of(app, organiser, "/staff/sessions") == few

    def test_cost_the_same_for_one_booking_and_for_ten(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event(capacity=40)
            a_booking(event)
            page = f"/staff/sessions/{event.id}"
        few, home = queries_of(app, organiser, page), queries_of(app, organiser, "/staff/")
        with app.app_context():
            for _ in range(9):
                a_booking(db.session.get_one(Event, event.id), adults=2)
        assert queries_of(app, organiser, page) == few
        assert queries_of(app, organiser, "/staff/") == home

    @pytest.mark.one_database
    def test_find_by_title_venue_and_town(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            an_event(title="Sleep workshop")
            an_event(title="100% autism")
        for text, found in (("sleep", 1), ("OAST", 2), ("ashf", 2), ("nothing", 0), ("100%", 1), ("%", 1), ("_", 0)):
            html = organiser.get("/staff/sessions", query_string={"q": text}).get_data(as_text=True)
            assert html.count('class="house-row"') == found, text


def queries_of(app: Flask, client: FlaskClient, page: str) -> int:
    client.get(page)  # what is asked once in the life of the process is asked now
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    sa_event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(page).status_code == 200
    finally:
        sa_event.remove(engine, "before_cursor_execute", note)
    return len(seen)


class TestPages:
    @pytest.mark.one_database
    def test_are_sound(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event(capacity=2, booking_mode=BookingMode.PLACES)
            a_booking(event, question="Will there be <b>tea</b>?")
            a_booking(event, adults=2, email=None, phone="01632 960001", contact_by="ring_me")
            draft = an_event(status=EventStatus.DRAFT).id
            venue, number = event.venue_id, event.id
        pages = ["", "sessions", "sessions?when=past", "sessions/new", "venues", "venues/new", "messages", "account"]
        pages += [f"sessions/{number}{rest}" for rest in ("", "/edit", "/move", "/cancel", "/postpone", "/book")]
        pages += [f"sessions/{draft}/edit", f"sessions/{draft}/publish", f"venues/{venue}", f"venues/{venue}/facts"]
        for page in pages:
            answer = organiser.get(f"/staff/{page}")
            assert answer.status_code == 200, page
            assert problems_of(answer.get_data(as_text=True)) == [], page
            assert "no-store" in answer.headers["Cache-Control"], page

    @pytest.mark.one_database
    def test_show_families_only_to_who_may_see_them_and_write_it_down(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            event = an_event()
            a_booking(event, email="secret@example.net")
            number = event.id
            door = a_member_of_staff(StaffRole.FRONT_DESK)
            sign_in(client, door)
        assert "secret@example.net" not in client.get(f"/staff/sessions/{number}").get_data(as_text=True)
        with app.app_context():
            assert db.session.scalars(select(AuditEntry)).all() == []
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        assert "secret@example.net" in client.get(f"/staff/sessions/{number}").get_data(as_text=True)
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry)).one()
            assert (entry.action, entry.screen, entry.subject_id) == ("view", "staff.session", number)


@pytest.mark.one_database
def test_saving_what_was_opened_changes_nothing(app: Flask, organiser: FlaskClient) -> None:
    codes = {
        "co_production": ["agenda", "fed_back"],
        "workstreams": [1, 3],
        "topics": ["plans"],
        "people": ["Health visitor"],
    }
    with app.app_context():
        number = an_event(agenda=[{"minutes": 10, "what": "Welcome"}], **codes).id
    assert send(organiser, f"/staff/sessions/{number}/edit").status_code == 303
    with app.app_context():
        event = db.session.get_one(Event, number)
        assert {name: getattr(event, name) for name in codes} == codes
        assert event.agenda == [{"minutes": 10, "what": "Welcome"}]


class TestFewerPlaces:
    @pytest.fixture
    def number(self, app: Flask) -> int:
        """A session with ten places, three of which are taken."""
        with app.app_context():
            event = an_event()
            for _each in range(3):
                a_booking(event)
            return event.id

    def places(self, app: Flask, number: int) -> tuple[int | None, int]:
        with app.app_context():
            event = db.session.get_one(Event, number)
            return event.capacity, event.places_taken

    def test_are_looked_at_before_they_are_saved(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        page = f"/staff/sessions/{number}/edit"
        shown = send(organiser, page, capacity="3", host="Joss")
        assert problems_of(shown.text) == []
        assert "3 are taken. Nobody loses a place" in shown.text
        assert "The session is full then." in shown.text
        assert self.places(app, number) == (10, 3)
        assert 'value="Joss"' in send(organiser, shown, to=page, step="edit").text
        assert send(organiser, shown, to=page, step="send").status_code == 303
        assert self.places(app, number) == (3, 3)

    @pytest.mark.one_database
    def test_below_what_is_taken_are_refused_with_the_number(
        self, app: Flask, organiser: FlaskClient, number: int
    ) -> None:
        answer = send(organiser, f"/staff/sessions/{number}/edit", capacity="2")
        assert answer.status_code == 422
        assert "3 places are taken already. Move or cancel bookings for 1 of them first" in answer.text
        assert self.places(app, number) == (10, 3)

    def test_that_were_taken_while_somebody_looked_are_refused(
        self, app: Flask, organiser: FlaskClient, number: int
    ) -> None:
        page = f"/staff/sessions/{number}/edit"
        shown = send(organiser, page, capacity="3")
        with app.app_context():
            a_booking(db.session.get_one(Event, number))
        assert send(organiser, shown, to=page, step="send").status_code == 422
        assert self.places(app, number) == (10, 4)

    def test_more_are_saved_at_once(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        assert send(organiser, f"/staff/sessions/{number}/edit", capacity="12").status_code == 303
        assert self.places(app, number) == (12, 3)


def test_a_row_of_times_is_made_around_a_break(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        number = an_event(booking_mode=BookingMode.SLOTS, capacity=0).id
    row = {"role": "EHC plan officer", "first": "10am", "minutes": 20, "number": 4, "desks": 3}
    page = f"/staff/sessions/{number}/slots"
    assert send(organiser, page, break_at="10:40", break_minutes=10, **row).status_code == 303
    with app.app_context():
        slots = db.session.get_one(Event, number).slots
        assert [f"{clock.in_london(slot.starts_at):%H:%M}" for slot in slots] == ["10:00", "10:20", "10:50", "11:10"]
        assert db.session.get_one(Event, number).capacity == 12
    too_many = row | {"role": "IASK adviser", "number": 6}
    refused = send(organiser, page, break_at="10:40", break_minutes=10, **too_many)
    assert (refused.status_code, "Only 5 times of 20 minutes fit" in refused.text) == (422, True)
