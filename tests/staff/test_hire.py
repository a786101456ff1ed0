"""Who has the key: for staff alone, unreadable at rest, on no page or message that families get."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from booking import clock
from booking.extensions import db
from booking.jobs.deliver import deliver_messages
from booking.models import AuditEntry
from booking.rules.words import StaffRole
from tests.cast import a_booking, a_member_of_staff, a_photo, a_venue, an_event, sign_in
from tests.guards.crawl import crawl
from tests.mail.relay import Relay, point_at
from tests.staff.browse import forms_of, send

GIVEN = {
    "keyholder": "Wilhelmina Oxbowhurst",
    "phone": "01632 960 555",
    "way_in": "Fetch it at the bakery, the green door.",
    "cost": "£17.35 an hour",
    "has_alarm": "y",
}
SECRET = ("Oxbowhurst", "960 555", "960555", "bakery", "17.35")


@pytest.fixture
def page(app: Flask, organiser: FlaskClient) -> str:
    """The page of a venue with everything written down."""
    with app.app_context():
        venue = a_venue()
        a_photo(venue)
        page = f"/staff/venues/{venue.id}/hire"
    assert send(organiser, f"{page}/edit", **GIVEN).status_code == 303
    return page


def test_staff_read_it_and_every_look_is_written_down(app: Flask, organiser: FlaskClient, page: str) -> None:
    html = organiser.get(page).text
    for given in ("Wilhelmina Oxbowhurst", 'href="tel:01632960555"', "bakery", "£17.35", "Alarm: see safe"):
        assert given in html
    with app.app_context():
        statement = select(AuditEntry.action).where(AuditEntry.screen.in_(("staff.hire", "staff.edit_hire")))
        assert db.session.scalars(statement.order_by(AuditEntry.id)).all() == ["view", "view", "venue hire", "view"]


@pytest.mark.one_database
def test_it_is_unreadable_at_rest(app: Flask, page: str) -> None:
    with app.app_context():
        rows = [tuple(row) for name in ("venue_hire", "audit_entry") for row in db.session.execute(text(f"SELECT * FROM {name}"))]  # noqa: E501  # fmt: skip
    assert rows
    assert [secret for secret in SECRET if secret in str(rows)] == []


@pytest.mark.one_database
def test_a_family_sees_it_on_no_page_and_in_no_message(app: Flask, relay: Relay, page: str) -> None:
    with app.app_context():
        event = an_event(venue_id=int(page.split("/")[3]))
        a_booking(event)
        slug = event.slug
    point_at(app, relay)
    with app.app_context():
        deliver_messages()
    starts = ["/", f"/sessions/{slug}", f"/sessions/{slug}/place", "/calendar.ics", "/api/v1/sessions", "/embed"]
    told = [visit.response.text for visit in crawl(app, app.test_client(), starts) if not visit.response.is_streamed]
    told += [str(mail) for mail in relay.mails]
    assert len(relay.mails) == 1
    assert [secret for secret in SECRET if any(secret in each for each in told)] == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    "code", ["Alarm code 4711", "The pin is 123456.", "Key safe by the door: 0815", "code:\t9 is no code, 1234 is"]
)
def test_a_code_is_refused_and_nothing_typed_is_lost(app: Flask, organiser: FlaskClient, page: str, code: str) -> None:
    answer = send(organiser, f"{page}/edit", way_in=code, cost="£20")
    assert answer.status_code == 422
    assert "This looks like a code." in answer.text
    assert forms_of(answer)[f"{page}/edit"]["cost"] == ["£20"]


@pytest.mark.one_database
def test_a_telephone_number_and_a_year_are_no_codes(organiser: FlaskClient, page: str) -> None:
    said = "Ring Jo on 01632 960555 before 1800. The safe is new, of spring."
    assert send(organiser, f"{page}/edit", way_in=said).status_code == 303


@pytest.mark.one_database
def test_who_opens_the_door_reads_it_on_the_day_and_only_who_keeps_venues_changes_it(app: Flask, page: str) -> None:
    with app.app_context():
        venue_id = int(page.split("/")[3])
        early = a_member_of_staff(StaffRole.FRONT_DESK)
        sign_in(tomorrows := app.test_client(), early)
        an_event(venue_id=venue_id, starts_at=clock.now() + timedelta(days=2))
    assert tomorrows.get(page).status_code == 403
    with app.app_context():
        an_event(venue_id=venue_id, starts_at=clock.now() + timedelta(hours=3))
    for role, may in ((StaffRole.FRONT_DESK, 200), (StaffRole.INSIGHT, 403)):
        client = app.test_client()
        with app.app_context():
            sign_in(client, a_member_of_staff(role))
        assert client.get(page).status_code == may
        assert client.get(f"{page}/edit").status_code == 403
    assert app.test_client().get(page).status_code == 303


@pytest.mark.one_database
@pytest.mark.parametrize("role", [StaffRole.VENUE, StaffRole.ACCESS_LEAD, StaffRole.ADMIN])
def test_who_keeps_venues_reads_what_they_wrote(app: Flask, page: str, role: StaffRole) -> None:
    client = app.test_client()
    with app.app_context():
        sign_in(client, a_member_of_staff(role))
    saved = send(client, f"{page}/edit", keyholder="Winifred Applegarth")
    assert saved.status_code == 303
    assert "Winifred Applegarth" in client.get(saved.location).text


@pytest.mark.one_database
def test_of_a_venue_that_is_not_there_is_a_calm_page(organiser: FlaskClient) -> None:
    assert organiser.get("/staff/venues/999/hire").status_code == 404
