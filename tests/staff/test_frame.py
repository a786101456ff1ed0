"""Where one is and how one goes on: from every page about sessions, and from what goes wrong."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.rules.words import BookingMode, EventStatus, StaffRole
from tests.cast import a_booking, a_course, a_member_of_staff, an_event, sign_in, slots_for, somebody_with_every_role

pytestmark = pytest.mark.one_database
HERE = 'href="/staff/sessions" aria-current="true">Sessions'
PARTS = ("edit", "move", "cancel", "postpone", "book", "repeat", "day-sheet", "print")


@pytest.fixture
def everyone(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        sign_in(client, somebody_with_every_role())
    return client


@pytest.mark.parametrize("part", PARTS)
def test_a_page_about_a_session_leads_back_to_it(app: Flask, everyone: FlaskClient, part: str) -> None:
    with app.app_context():
        session = f"/staff/sessions/{an_event().id}"
    html = everyone.get(f"{session}/{part}").text
    assert f'<a class="govuk-back-link" href="{session}">Back to the session</a>' in html
    assert HERE in html


def test_so_do_the_pages_of_a_draft_of_times_and_of_dates(app: Flask, everyone: FlaskClient) -> None:
    with app.app_context():
        draft = an_event(status=EventStatus.DRAFT, first_published_at=None).id
        timed = an_event(booking_mode=BookingMode.SLOTS, capacity=3)
        slots_for(timed)
        pages = {draft: "publish", timed.id: "slots", a_course()[0].id: "dates"}
    for number, part in pages.items():
        html = everyone.get(f"/staff/sessions/{number}/{part}").text
        assert f'<a class="govuk-back-link" href="/staff/sessions/{number}">Back to the session</a>' in html
        assert HERE in html


def test_what_is_about_many_sessions_stands_under_sessions_too(app: Flask, everyone: FlaskClient) -> None:
    with app.app_context():
        a_course()
    for page in ("sessions/new", "sessions/copy-term", "sessions/drafts", "closures", "courses/1"):
        assert HERE in everyone.get(f"/staff/{page}").text, page


@pytest.mark.parametrize(
    ("page", "heading"), [("bookings/1", "You cannot see this page"), ("nothing", "We cannot find")]
)
def test_what_goes_wrong_leaves_staff_their_menu_and_a_way_on(
    app: Flask, client: FlaskClient, page: str, heading: str
) -> None:
    with app.app_context():
        a_booking(an_event())
        sign_in(client, a_member_of_staff(StaffRole.VENUE))
    html = client.get(f"/staff/{page}").text
    assert f'<h1 class="govuk-heading-l">{heading}' in html
    assert 'aria-label="Staff menu"' in html
    assert 'href="/staff/">What is on today</a>' in html
    assert "Find my booking" not in html


def test_who_has_no_role_is_not_led_in_circles(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, a_member_of_staff("nobody_knows_it"))  # type: ignore[arg-type]
    html = client.get("/staff/").text
    assert "You cannot see this page" in html
    assert "What is on today" not in html
