"""A venue that is put away: nothing new takes place there, and its past stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.errors import Refusal
from booking.extensions import db
from booking.models import Event, Venue
from booking.rules.words import BookingMode, Delivery, EventStatus
from booking.services.save_session import make_session
from booking.services.save_venue import archive_venue
from tests.cast import a_booking, a_venue, an_event
from tests.services.test_races import at_once
from tests.services.test_venue_races import DETAILS, plan_at
from tests.staff.browse import forms_of, send
from tests.staff.test_sessions import GOOD


def put_away(client: FlaskClient, number: int):  # type: ignore[no-untyped-def]
    page = f"/staff/venues/{number}"
    return send(client, page, to=f"{page}/archive")


def is_away(app: Flask, number: int) -> bool:
    with app.app_context():
        return db.session.get_one(Venue, number).archived_at is not None


@pytest.mark.one_database
@pytest.mark.parametrize(
    "values",
    [{}, {"status": EventStatus.DRAFT}, {"new_date_pending": True, "starts_at": "past"}],
    ids=["published", "a draft", "put off"],
)
def test_it_stays_while_a_coming_session_is_there_and_says_which(
    app: Flask, organiser: FlaskClient, values: dict[str, object]
) -> None:
    with app.app_context():
        if values.get("starts_at"):
            values = values | {"starts_at": clock.now() - timedelta(days=3)}
        event = an_event(title="Still to come", **values)  # type: ignore[arg-type]
        number = event.venue_id
    assert number is not None
    answer = put_away(organiser, number)
    assert answer.status_code == 422
    assert "cannot be put away: “Still to come”" in answer.text
    assert forms_of(answer)[f"/staff/venues/{number}"]["name"] == ["Oast Meadow Community Centre"]
    assert not is_away(app, number)


@pytest.mark.one_database
def test_its_past_stays(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        over = an_event(title="Long over", starts_at=clock.now() - timedelta(days=3))
        an_event(title="Called off", venue_id=over.venue_id, status=EventStatus.CANCELLED)
        number, session = over.venue_id, over.id
    assert number is not None
    assert put_away(organiser, number).status_code == 303
    assert is_away(app, number)
    assert "Oast Meadow" in organiser.get(f"/staff/sessions/{session}").text
    assert "Long over" in organiser.get(f"/staff/venues/{number}/calendar?when=past").text


@pytest.fixture
def away(app: Flask) -> int:
    with app.app_context():
        return a_venue(name="Rose Hall", archived_at=clock.now()).id


class TestNothingNewIsThere:
    @pytest.mark.one_database
    def test_not_a_new_session_and_not_by_a_crafted_form(self, app: Flask, organiser: FlaskClient, away: int) -> None:
        assert "Rose Hall" not in organiser.get("/staff/sessions/new").text
        assert send(organiser, "/staff/sessions/new", **GOOD, venue_id=away).status_code == 422
        with app.app_context(), pytest.raises(Refusal, match="Rose Hall is put away"):
            make_session(plan_at(away), DETAILS, mode=BookingMode.PLACES)

    @pytest.mark.one_database
    def test_not_a_session_that_is_moved(self, app: Flask, organiser: FlaskClient, away: int) -> None:
        with app.app_context():
            event = an_event()
            a_booking(event)
            number, venue_id = event.id, event.venue_id
        page = f"/staff/sessions/{number}/move"
        assert send(organiser, page, venue_id=away).status_code == 422
        preview = send(organiser, page, starts="8am")
        assert send(organiser, preview, to=page, step="send", venue_id=away).status_code == 422
        with app.app_context():
            assert db.session.get_one(Event, number).venue_id == venue_id

    @pytest.mark.one_database
    def test_not_a_copy_of_what_took_place_there(self, app: Flask, organiser: FlaskClient, away: int) -> None:
        with app.app_context():
            number = an_event(venue_id=away, starts_at=clock.now() - timedelta(days=30)).id
        answer = send(organiser, f"/staff/sessions/{number}", to=f"/staff/sessions/{number}/copy")
        assert answer.status_code == 422
        assert "Rose Hall is put away" in answer.text

    @pytest.mark.one_database
    def test_not_a_draft_that_is_published(self, app: Flask, organiser: FlaskClient, away: int) -> None:
        with app.app_context():
            number = an_event(venue_id=away, status=EventStatus.DRAFT).id
        answer = send(organiser, f"/staff/sessions/{number}/publish", reason="x")
        assert answer.status_code == 422
        assert "Rose Hall is put away" in answer.text

    @pytest.mark.one_database
    def test_an_online_session_is_not_held_up_by_it(self, app: Flask, organiser: FlaskClient, away: int) -> None:
        with app.app_context():
            values = {"status": EventStatus.DRAFT, "delivery": Delivery.ONLINE, "join_url": "https://example.org/x"}
            number = an_event(venue_id=away, **values).id
        assert send(organiser, f"/staff/sessions/{number}/publish").status_code == 303


@pytest.mark.parametrize("round_", range(3))
def test_of_who_puts_it_away_and_who_makes_a_session_there_one_wins(app: Flask, round_: int) -> None:
    with app.app_context():
        number = a_venue(name=f"Rose Hall {round_}").id
    results = at_once(
        app,
        [
            lambda: archive_venue(number, archived=True).id,
            lambda: make_session(plan_at(number), DETAILS, mode=BookingMode.PLACES).id,
        ],
    )
    assert sorted(isinstance(result, Refusal) for result in results) == [False, True], results
