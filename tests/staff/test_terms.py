"""Copying a term's programme, and publishing the drafts that come of it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Event, Series
from booking.rules.words import BookingMode, Delivery, EventStatus, StaffRole
from tests.cast import a_booking, a_course, a_member_of_staff, a_venue, an_event, sign_in, slots_for
from tests.page_checks import problems_of
from tests.staff.browse import send
from tests.staff.test_sessions import know_the_basics

PAGE = "/staff/sessions/copy-term"
AUTUMN = f"{PAGE}?source=2025-26-6&target=2026-27-1"
"""From the term that begins on Monday 1 June 2026 to the one that begins on Tuesday 1 September."""


def at(day: int, hour: int = 10, *, month: int = 6) -> datetime:
    return clock.london_time(date(2026, month, day), hour)


@pytest.fixture
def forum(app: Flask) -> int:
    """A forum on the fourth Tuesday of the term, 23 June, at 10am, with a family that booked."""
    with app.app_context():
        event = an_event(title="Forum", starts_at=at(23), room="Hall", agenda=[{"minutes": 10, "what": "Welcome"}])
        a_booking(event)
        return event.id


def lines(client: FlaskClient, address: str = AUTUMN) -> dict[str, tuple[bool, str]]:
    """Return each session on the page: whether it has a tick, and what stands beside it."""
    return lines_of(client.get(address).text)


def lines_of(text: str) -> dict[str, tuple[bool, str]]:
    assert problems_of(text) == []
    found = re.findall(
        r'name="copy" value="\d+"( checked)?[^>]*>\s*<label[^>]*><strong>(.*?)</strong>(.*?)</label>', text, re.S
    )
    return {title: (bool(tick), " ".join(re.sub(r"<[^>]+>", " ", said).split())) for tick, title, said in found}


def drafts(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = db.session.scalars(select(Event).where(Event.status == EventStatus.DRAFT).order_by(Event.starts_at))
        return [(each.title, f"{clock.in_london(each.starts_at):%d %b %H:%M}") for each in found]


class TestThePreview:
    def test_shows_the_last_term_on_the_days_of_the_next_and_saves_nothing(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        tick, said = lines(organiser, PAGE)["Forum"]
        assert tick
        assert said.startswith("Tuesday 22 September 2026, 10am to midday")
        assert drafts(app) == []

    def test_leaves_out_what_was_cancelled(self, organiser: FlaskClient, app: Flask, forum: int) -> None:
        with app.app_context():
            an_event(title="Snowed off", starts_at=at(24), status=EventStatus.CANCELLED)
        assert list(lines(organiser)) == ["Forum"]

    def test_names_what_is_in_the_way_and_takes_the_tick_away(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        with app.app_context():
            venue_id = db.session.get_one(Event, forum).venue_id
            an_event(title="Choir", starts_at=at(22, month=9), venue_id=venue_id)
            an_event(title="Beside", starts_at=at(22, 14, month=9))
        tick, said = lines(organiser)["Forum"]
        assert not tick
        assert "Venue taken: Choir, 10am to midday" in said
        assert "Same district that day: Beside" in said

    def test_names_holidays(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            an_event(title="First day", starts_at=at(1))
            an_event(title="Late", starts_at=at(20, month=7))
        found = lines(organiser)
        assert found["First day"][1].endswith("Bank holiday: Summer bank holiday School holidays")
        assert found["Late"][1].endswith("Half-term")
        assert not any(tick for tick, _said in found.values())

    def test_names_those_of_the_list_that_are_near_each_other(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        with app.app_context():
            an_event(title="Coffee", starts_at=at(23, 14))
        found = lines(organiser)
        assert "Same district that day, among these: Coffee" in found["Forum"][1]
        assert found["Forum"][0]

    def test_says_what_is_there_already(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            for starts in (at(23), at(22, month=9)):
                an_event(title="Talk", starts_at=starts, delivery=Delivery.ONLINE, join_url="https://example.org/1")
        tick, said = lines(organiser)["Talk"]
        assert (tick, said.endswith("There already")) == (False, True)

    def test_of_a_venue_that_is_put_away_asks_for_another(self, app: Flask, organiser: FlaskClient, forum: int) -> None:
        with app.app_context(), transaction():
            venue = db.session.get_one(Event, forum).venue
            assert venue is not None
            venue.archived_at = clock.now()
        tick, said = lines(organiser)["Forum"]
        assert (tick, "This venue is put away" in said) == (False, True)

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("source=dates&target=2026-27-1", "Write the first day."),
            ("source=dates&first-day=1&first-month=1&first-year=2026&target=2026-27-1", "Write the last day."),
            (
                "source=dates&first-day=1&first-month=1&first-year=2024&last-day=1&last-month=1&last-year=2026"
                "&target=2026-27-1",
                "Choose four months at most.",
            ),
            ("source=2025-26-6&target=dates", "Write the first day of the new dates."),
            ("source=1999-00-1&target=%00", "Not a valid choice"),
        ],
    )
    def test_of_terms_that_cannot_be_says_why(self, organiser: FlaskClient, query: str, sentence: str) -> None:
        shown = organiser.get(f"{PAGE}?{query}")
        assert (shown.status_code, sentence in shown.text) == (422, True)
        assert problems_of(shown.text) == []

    def test_takes_any_dates_instead_of_terms(self, organiser: FlaskClient, forum: int) -> None:
        dates = "first-day=22&first-month=6&first-year=2026&last-day=26&last-month=6&last-year=2026"
        begins = "begins-day=2&begins-month=11&begins-year=2026"
        found = lines(organiser, f"{PAGE}?source=dates&{dates}&target=dates&{begins}")
        assert found["Forum"][1].startswith("Tuesday 3 November 2026, 10am")

    def test_to_a_term_that_has_begun_offers_no_day_that_is_past(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            an_event(title="Spring", starts_at=clock.london_time(date(2026, 4, 21), 10))
            an_event(title="Later", starts_at=clock.london_time(date(2026, 5, 19), 10))
        found = lines(organiser, f"{PAGE}?source=2025-26-5&target=2025-26-6")
        assert found["Spring"] == (
            False,
            "Tuesday 2 June 2026, 10am to midday Oast Meadow Community Centre, Ashford In the past",
        )
        assert found["Later"][0]


class TestSaving:
    def test_makes_drafts_with_all_they_hold_and_without_families(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        with app.app_context():
            drop_in = an_event(title="Drop-in", starts_at=at(24), booking_mode=BookingMode.SLOTS)
            slots_for(drop_in, times=2)
        answer = send(organiser, AUTUMN)
        assert (answer.status_code, answer.location) == (303, "/staff/sessions/drafts")
        assert "2 drafts are made." in organiser.get(answer.location).text
        assert drafts(app) == [("Forum", "22 Sep 10:00"), ("Drop-in", "23 Sep 10:00")]
        with app.app_context():
            copy, slotted = db.session.scalars(
                select(Event).where(Event.status == EventStatus.DRAFT).order_by(Event.starts_at)
            )
            assert (copy.room, copy.agenda, copy.places_taken) == ("Hall", [{"minutes": 10, "what": "Welcome"}], 0)
            assert [f"{clock.in_london(slot.starts_at):%d %H:%M}" for slot in slotted.slots] == ["23 10:00", "23 10:20"]
            assert db.session.get_one(Event, forum).places_taken == 1
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "programme copied")).one()
            assert len(entry.facts["drafts"]) == 2

    def test_leaves_out_what_has_no_tick_and_takes_the_day_that_was_chosen(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        with app.app_context():
            an_event(title="Not again", starts_at=at(24))
        send(organiser, AUTUMN, copy=[forum], **{f"day-{forum}": "2026-09-24"})
        assert drafts(app) == [("Forum", "24 Sep 10:00")]

    def test_puts_another_venue_in_the_place_of_one_for_all_its_sessions(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        with app.app_context():
            old = db.session.get_one(Event, forum).venue_id
            an_event(title="Coffee", starts_at=at(25), venue_id=old)
            new = a_venue(name="Harbour Lights Centre", district="folkestone").id
        changed = {f"venue-{old}": new}
        looked = send(organiser, AUTUMN, step="check", **changed)
        assert looked.status_code == 200
        assert lines_of(looked.text)["Coffee"][1].endswith("Harbour Lights Centre, Ashford")
        assert drafts(app) == []
        assert send(organiser, looked, to=AUTUMN, step="save").status_code == 303
        with app.app_context():
            copies = db.session.scalars(select(Event).where(Event.status == EventStatus.DRAFT)).all()
            assert [(each.venue_id, each.room) for each in copies] == [(new, ""), (new, "")]

    def test_looking_again_takes_away_a_warning_of_what_has_no_tick_any_more(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        with app.app_context():
            an_event(title="Coffee", starts_at=at(23, 14))
        assert "among these" in organiser.get(AUTUMN).text
        assert "among these" not in send(organiser, AUTUMN, copy=[forum], step="check").text.split("Coffee</strong>")[0]

    def test_of_a_venue_that_is_taken_needs_a_reason_and_is_done_whole(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        with app.app_context():
            other = an_event(title="Coffee", starts_at=at(25)).id
            venue_id = db.session.get_one(Event, forum).venue_id
            an_event(title="Choir", starts_at=at(22, month=9), venue_id=venue_id)
        answer = send(organiser, AUTUMN, copy=[forum, other])
        assert (answer.status_code, "“Choir”" in answer.text) == (422, True)
        assert drafts(app) == []
        assert send(organiser, answer, to=AUTUMN, clash_reason="Two rooms.").status_code == 303
        assert len(drafts(app)) == 2

    def test_at_a_venue_that_is_put_away_is_refused_by_name(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        with app.app_context(), transaction():
            venue = db.session.get_one(Event, forum).venue
            assert venue is not None
            venue.archived_at = clock.now()
        answer = send(organiser, AUTUMN, copy=[forum])
        assert (answer.status_code, "“Forum”: Oast Meadow" in answer.text) == (422, True)
        assert drafts(app) == []

    def test_keeps_a_course_a_course(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            a_course(dates=2, begins_in=7)
        assert send(organiser, AUTUMN).status_code == 303
        with app.app_context():
            old, new = db.session.scalars(select(Series).order_by(Series.id))
            assert (new.title, new.booked_together, len(new.events), len(old.events)) == (old.title, True, 2, 2)

    def test_without_a_tick_says_so(self, app: Flask, organiser: FlaskClient, forum: int) -> None:
        answer = send(organiser, AUTUMN, copy=None)
        assert (answer.status_code, "Tick at least one session." in answer.text) == (422, True)

    @pytest.mark.parametrize("wrong", ["x", "²", "99999999999999999999", "-1", "0"])
    def test_bears_with_anything_that_is_sent(self, app: Flask, organiser: FlaskClient, forum: int, wrong: str) -> None:
        values: dict[str, Any] = {f"day-{forum}": wrong, f"venue-{wrong}": wrong, "copy": [wrong]}
        assert send(organiser, AUTUMN, **values).status_code == 422
        assert drafts(app) == []

    def test_is_for_who_may_edit_and_of_their_own_sessions(self, app: Flask, client: FlaskClient, forum: int) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER, all_sessions=False))
        assert lines(client) == {}


class TestDrafts:
    @pytest.fixture
    def two(self, app: Flask) -> list[int]:
        """A draft that is ready, and one at a place of which nothing is known."""
        with app.app_context():
            ready = an_event(title="Ready", status=EventStatus.DRAFT)
            know_the_basics(ready.venue_id or 0)
            other = an_event(title="Unknown place", status=EventStatus.DRAFT, starts_at=clock.now() + timedelta(days=9))
            return [ready.id, other.id]

    def states(self, app: Flask, numbers: list[int]) -> list[EventStatus]:
        with app.app_context():
            return [db.session.get_one(Event, number).status for number in numbers]

    def test_that_are_ready_have_a_tick_and_go_out_in_one_go(
        self, app: Flask, organiser: FlaskClient, two: list[int]
    ) -> None:
        shown = organiser.get("/staff/sessions/drafts")
        assert problems_of(shown.text) == []
        assert "Missing or not checked:" in shown.text
        assert send(organiser, shown).status_code == 303
        assert self.states(app, two) == [EventStatus.PUBLISHED, EventStatus.DRAFT]

    def test_without_a_reason_none_goes_out_and_no_tick_is_lost(
        self, app: Flask, organiser: FlaskClient, two: list[int]
    ) -> None:
        answer = send(organiser, "/staff/sessions/drafts", publish=two)
        assert answer.status_code == 422
        assert "“Unknown place”" in answer.text
        assert self.states(app, two) == [EventStatus.DRAFT, EventStatus.DRAFT]
        assert send(organiser, answer, reason="We bring a ramp.").status_code == 303
        assert self.states(app, two) == [EventStatus.PUBLISHED, EventStatus.PUBLISHED]
        with app.app_context():
            entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "session published"))
            assert sorted(each.reason for each in entries) == ["", "We bring a ramp."]

    def test_without_a_tick_says_so(self, organiser: FlaskClient, two: list[int]) -> None:
        answer = send(organiser, "/staff/sessions/drafts", publish=None)
        assert (answer.status_code, "Tick at least one draft." in answer.text) == (422, True)

    def test_in_one_room_name_each_other_and_need_a_reason(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            one = an_event(title="One", status=EventStatus.DRAFT)
            know_the_basics(one.venue_id or 0)
            numbers = [one.id, an_event(title="Two", status=EventStatus.DRAFT, venue_id=one.venue_id).id]
        assert organiser.get("/staff/sessions/drafts").text.count("Venue taken:") == 2
        assert send(organiser, "/staff/sessions/drafts", publish=numbers).status_code == 422
        done = send(organiser, "/staff/sessions/drafts", publish=numbers, clash_reason="Two halves of the hall.")
        assert done.status_code == 303
        assert self.states(app, numbers) == [EventStatus.PUBLISHED] * 2
