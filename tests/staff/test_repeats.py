"""Repeating a session by a rule: every date is looked at before anything is saved."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import AuditEntry, Event, Series
from booking.rules.words import Delivery, EventStatus
from tests.cast import a_booking, a_venue, an_event
from tests.page_checks import problems_of
from tests.staff.browse import forms_of, send

WEEKLY = "every=week&ends=number&skip_school=y&skip_bank=y"


@pytest.fixture
def event_id(app: Flask) -> int:
    """A published session on Tuesday 8 September, 10am to noon, in term."""
    with app.app_context():
        return an_event(title="Coffee and chat", starts_at=clock.london_time(date(2026, 9, 8), 10)).id


def page_of(event_id: int, query: str = "") -> str:
    return f"/staff/sessions/{event_id}/repeat" + (f"?{query}" if query else "")


def offered(client: FlaskClient, address: str) -> dict[str, tuple[bool, str]]:
    """Return the dates on offer: whether each has a tick, and what stands beside it."""
    text = client.get(address).text
    assert problems_of(text) == []
    found = re.findall(r'name="days" value="([^"]+)"( checked)?>\s*<label[^>]*>(.*?)</label>', text, re.S)
    return {day: (bool(tick), re.sub(r"<[^>]+>", " ", said)) for day, tick, said in found}


def ticked(found: dict[str, tuple[bool, str]]) -> list[str]:
    return [day for day, (tick, _said) in found.items() if tick]


def beside(event_id: int, **values: Any) -> Event:
    """Save another session in the same district on 15 September at 10am."""
    return an_event(starts_at=clock.london_time(date(2026, 9, 15), 10), **values)


def starts_of(app: Flask) -> list[str]:
    with app.app_context():
        events = db.session.scalars(select(Event).order_by(Event.starts_at)).all()
        return [clock.in_london(each.starts_at).isoformat()[:16] for each in events]


class TestThePreview:
    def test_is_there_before_anybody_chooses_and_saves_nothing(
        self, app: Flask, organiser: FlaskClient, event_id: int
    ) -> None:
        found = offered(organiser, page_of(event_id))
        assert ticked(found) == ["2026-09-15", "2026-09-22", "2026-09-29", "2026-10-06", "2026-10-13"]
        assert len(starts_of(app)) == 1

    def test_names_holidays_and_leaves_them_out(self, organiser: FlaskClient, event_id: int) -> None:
        found = offered(organiser, page_of(event_id, f"{WEEKLY}&number=7"))
        assert found["2026-10-27"] == (False, "Tuesday 27 October 2026  Half-term ")
        assert len(ticked(found)) == 7

    def test_ticks_holidays_that_are_wanted(self, organiser: FlaskClient, event_id: int) -> None:
        found = offered(organiser, page_of(event_id, "every=week&ends=number&number=7"))
        assert found["2026-10-27"][0] is True

    def test_goes_until_a_day_and_by_the_month(self, organiser: FlaskClient, event_id: int) -> None:
        until = "every=month&ends=until&until-day=10&until-month=11&until-year=2026&skip_school=y&skip_bank=y"
        assert list(offered(organiser, page_of(event_id, until))) == ["2026-10-13", "2026-11-10"]

    def test_shows_a_venue_that_is_taken_and_leaves_that_date_out(
        self, app: Flask, organiser: FlaskClient, event_id: int
    ) -> None:
        with app.app_context():
            beside(event_id, title="Sing and sign", venue_id=db.session.get_one(Event, event_id).venue_id)
        tick, said = offered(organiser, page_of(event_id))["2026-09-15"]
        assert not tick
        assert "Venue taken:" in said
        assert "Sing and sign" in said

    def test_shows_a_session_in_the_district_that_day_and_keeps_the_tick(
        self, app: Flask, organiser: FlaskClient, event_id: int
    ) -> None:
        with app.app_context():
            beside(event_id, title="Sing and sign")
            beside(event_id, title="Far away", venue_id=a_venue(district="dover").id)
            beside(event_id, title="Not on", status=EventStatus.CANCELLED)
        tick, said = offered(organiser, page_of(event_id))["2026-09-15"]
        assert tick
        assert "Same district that day:" in said
        assert "Sing and sign" in said
        assert "Far away" not in said
        assert "Not on" not in said

    def test_of_an_online_session_knows_no_district(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            starts = clock.london_time(date(2026, 9, 8), 10)
            online = an_event(starts_at=starts, delivery=Delivery.ONLINE, join_url="https://meet.example.org/1").id
            beside(online)
        assert "Same district" not in offered(organiser, page_of(online))["2026-09-15"][1]

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            (f"{WEEKLY}&number=500", "That makes too many dates to look through. At most 52"),
            ("every=week&ends=until&until-day=1&until-month=1&until-year=2029", "At most 52 can be made at once"),
            (f"{WEEKLY}&number=", "Write how many more dates."),
            (f"{WEEKLY}&number=x", "Write a whole number"),
            (f"{WEEKLY}&number=-1", "Write a whole number from 1"),
            ("every=week&ends=until", "Write the last day."),
            ("every=week&ends=until&until-day=1&until-month=1&until-year=2020", "in the past"),
            ("every=week&ends=until&until-day=31&until-month=2&until-year=2027", "This date does not exist"),
            ("every=blue&ends=number&number=3", "Not a valid choice"),
            ("every=%00&ends=%00&number=3", "Not a valid choice"),
        ],
    )
    def test_of_a_rule_that_cannot_be_says_why(
        self, organiser: FlaskClient, event_id: int, query: str, sentence: str
    ) -> None:
        shown = organiser.get(page_of(event_id, query))
        assert shown.status_code == 422
        assert sentence in shown.text
        assert 'name="days"' not in shown.text
        assert problems_of(shown.text) == []


class TestSaving:
    def test_makes_a_draft_of_each_tick_tied_by_a_series_that_is_no_course(
        self, app: Flask, organiser: FlaskClient, event_id: int
    ) -> None:
        page = page_of(event_id, f"{WEEKLY}&number=3")
        answer = send(organiser, page, days=["2026-09-15", "2026-09-29"])
        assert answer.status_code == 303
        assert "2 drafts are made." in organiser.get(answer.location).text
        assert starts_of(app) == ["2026-09-08T10:00", "2026-09-15T10:00", "2026-09-29T10:00"]
        with app.app_context():
            events = db.session.scalars(select(Event).order_by(Event.starts_at)).all()
            series = db.session.scalars(select(Series)).one()
            assert [each.status for each in events] == [EventStatus.PUBLISHED, EventStatus.DRAFT, EventStatus.DRAFT]
            assert {each.series_id for each in events} == {series.id}
            assert (series.title, series.booked_together) == ("Coffee and chat", False)
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "session repeated")).one()
            assert entry.facts["days"] == ["2026-09-15", "2026-09-29"]

    def test_keeps_the_time_of_day_over_a_change_of_the_clocks(
        self, app: Flask, organiser: FlaskClient, event_id: int
    ) -> None:
        page = page_of(event_id, f"{WEEKLY}&number=8")
        send(organiser, page, days=["2026-10-13", "2026-11-03"])
        assert starts_of(app)[-2:] == ["2026-10-13T10:00", "2026-11-03T10:00"]
        with app.app_context():
            latest = db.session.scalars(select(Event).order_by(Event.starts_at.desc())).first()
            assert latest is not None
            assert latest.starts_at.hour == 10, "in winter London is at UTC"
            assert latest.ends_at - latest.starts_at == timedelta(hours=2)

    def test_of_a_date_that_is_taken_needs_a_reason_and_loses_no_tick(
        self, app: Flask, organiser: FlaskClient, event_id: int
    ) -> None:
        with app.app_context():
            beside(event_id, title="Sing and sign", venue_id=db.session.get_one(Event, event_id).venue_id)
        page = page_of(event_id, f"{WEEKLY}&number=3")
        days = ["2026-09-15", "2026-09-22"]
        answer = send(organiser, page, days=days, title="Mornings")
        assert answer.status_code == 422
        assert "The venue is taken: “Sing and sign”" in answer.text
        assert len(starts_of(app)) == 2
        assert send(organiser, answer, to=page, clash_reason="Two rooms, agreed.").status_code == 303
        assert starts_of(app).count("2026-09-15T10:00") == 2
        with app.app_context():
            assert db.session.scalars(select(Series.title)).one() == "Mornings"

    def test_of_dates_that_are_not_on_offer_saves_none(self, app: Flask, organiser: FlaskClient, event_id: int) -> None:
        answer = send(organiser, page_of(event_id), days=["2026-09-15", "2026-09-16"])
        assert answer.status_code == 422
        assert "one of them is not on offer any more" in answer.text
        assert len(starts_of(app)) == 1

    def test_gives_a_link_to_join_to_no_other_date_unless_it_is_a_course(
        self, app: Flask, organiser: FlaskClient
    ) -> None:
        with app.app_context():
            starts = clock.london_time(date(2026, 9, 8), 10)
            online = an_event(starts_at=starts, delivery=Delivery.ONLINE, join_url="https://meet.example.org/1").id
        send(organiser, page_of(online), days=["2026-09-15"])
        with app.app_context():
            links = [each.join_url for each in db.session.scalars(select(Event).order_by(Event.starts_at))]
            assert links == ["https://meet.example.org/1", None]

    def test_with_a_rule_that_cannot_be_saves_nothing(self, app: Flask, organiser: FlaskClient, event_id: int) -> None:
        [token] = forms_of(organiser.get(page_of(event_id)))[page_of(event_id)]["csrf_token"]
        address = page_of(event_id, f"{WEEKLY}&number=500")
        answer = organiser.post(address, data={"csrf_token": token, "days": ["2026-09-15"], "together": "no"})
        assert (answer.status_code, len(starts_of(app))) == (422, 1)


class TestToFamilies:
    def test_a_repeated_session_is_no_course(self, app: Flask, organiser: FlaskClient, event_id: int) -> None:
        send(organiser, page_of(event_id), days=["2026-09-15"])
        with app.app_context():
            event = db.session.get_one(Event, event_id)
            slug, series = event.slug, event.series
            assert series is not None
            course = series.slug
            a_booking(event)
        shown = organiser.get(f"/sessions/{slug}")
        assert shown.status_code == 200
        assert "/courses/" not in shown.text
        assert organiser.get(f"/courses/{course}").status_code == 404


def test_an_old_address_leads_here(organiser: FlaskClient, event_id: int) -> None:
    answer = organiser.get(f"/staff/sessions/{event_id}/course")
    assert (answer.status_code, answer.location) == (301, page_of(event_id))
