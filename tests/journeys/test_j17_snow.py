"""J17: snow falls, and in three steps a whole district is cancelled, put off or held online, and everybody is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.formats.tokens import booking_token
from booking.jobs import deliver_messages
from booking.models import AuditEntry, Event
from booking.rules.words import ContactBy, Delivery, EventStatus, StaffRole
from tests.cast import a_booking, a_member_of_staff, a_venue, an_event, sign_in
from tests.mail.relay import Relay, text_of
from tests.public.family import Family


@pytest.fixture
def tomorrow(app: Flask) -> dict[str, int]:
    """Two sessions in Ashford tomorrow, one in Dover, one online, and one in Ashford next week."""
    with app.app_context():
        start = clock.london_time(clock.today() + timedelta(days=1), 10)
        dover = a_venue(name="Chalk Path Hub", town="Dover", district="dover")
        return {
            "forum": an_event(title="Forum", starts_at=start).id,
            "coffee": an_event(title="Coffee", starts_at=start + timedelta(hours=4)).id,
            "dover": an_event(title="Dover drop-in", starts_at=start, venue_id=dover.id).id,
            "online": an_event(title="Webinar", starts_at=start, delivery=Delivery.ONLINE).id,
            "later": an_event(title="Next week", starts_at=start + timedelta(days=7)).id,
        }


@pytest.fixture
def volunteer(app: Flask, client: FlaskClient) -> Family:
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    return Family(client)


def event(app: Flask, number: int) -> Event:
    with app.app_context():
        return db.session.get_one(Event, number)


def ask(volunteer: Family, **values: object) -> Family:
    """Fill in the first page for tomorrow in Ashford."""
    day = clock.today() + timedelta(days=1)
    date = {"first-day": day.day, "first-month": day.month, "first-year": day.year}
    return fill_in(volunteer.open("/staff/closures"), **{**date, "districts": "ashford", "how": "cancel", **values})


def fill_in(page: Family, **values: object) -> Family:
    """Send the page's form; the first one on every page of staff signs out."""
    return page.send(values, to="/closures")


def test_three_steps_cancel_a_district_and_tell_everybody(
    app: Flask, volunteer: Family, tomorrow: dict[str, int], relay: Relay
) -> None:
    with app.app_context():
        a_booking(db.session.get_one(Event, tomorrow["forum"]), email="gwen@example.net")
        a_booking(db.session.get_one(Event, tomorrow["coffee"]), email=None, phone="01632 960111")
        deliver_messages()
    page = ask(volunteer)
    assert "2 families have booked" in page.text
    assert "1 family has no email: it is on the call list afterwards" in page.text
    for title, is_touched in (("Forum", 1), ("Coffee", 1), ("Dover drop-in", 0), ("Webinar", 0), ("Next week", 0)):
        assert (f"{title}<br>" in page.text) == bool(is_touched), title
    fill_in(page, step="send")
    assert "2 sessions are changed. The messages are on their way." in page.text
    assert "Forum is cancelled." in page.text
    assert {event(app, tomorrow[name]).status for name in ("forum", "coffee")} == {EventStatus.CANCELLED}
    assert {event(app, tomorrow[name]).status for name in ("dover", "online", "later")} == {EventStatus.PUBLISHED}
    with app.app_context():
        deliver_messages()
    assert relay.subjects[-1].startswith("Cancelled: Forum")
    assert "Why: Bad weather" in text_of(relay.mails[-1])
    assert "01632 960111" in volunteer.open("/staff/calls").text


def test_nothing_is_sent_before_it_was_seen_and_only_what_is_ticked(
    app: Flask, volunteer: Family, tomorrow: dict[str, int]
) -> None:
    page = ask(volunteer)
    assert event(app, tomorrow["forum"]).status == EventStatus.PUBLISHED
    fill_in(page, step="send", event=[])
    assert "Tick at least one session." in page.text
    assert page.status == 422
    fill_in(page, step="send", event=[tomorrow["coffee"]])
    assert event(app, tomorrow["forum"]).status == EventStatus.PUBLISHED
    assert event(app, tomorrow["coffee"]).status == EventStatus.CANCELLED


def test_put_off_keeps_the_places(app: Flask, volunteer: Family, tomorrow: dict[str, int], relay: Relay) -> None:
    with app.app_context():
        a_booking(db.session.get_one(Event, tomorrow["forum"]))
        deliver_messages()
    page = fill_in(ask(volunteer, how="put_off"), step="send")
    assert "is put off, with no new date yet" in page.text
    assert event(app, tomorrow["forum"]).is_put_off
    with app.app_context():
        deliver_messages()
    assert "Your place stays yours." in text_of(relay.mails[-1])


def test_held_online_needs_a_way_to_join_and_tells_it_to_who_booked_alone(
    app: Flask, volunteer: Family, tomorrow: dict[str, int], relay: Relay
) -> None:
    with app.app_context():
        a_booking(db.session.get_one(Event, tomorrow["forum"]))
        deliver_messages()
    page = ask(volunteer, how="online")
    assert "Write the link to join, or a telephone number." in page.text
    fill_in(fill_in(page, join_url="https://meet.example.org/snow"), step="send")
    assert "is held online at the same time" in page.text
    assert "meet.example.org" not in page.text
    moved = event(app, tomorrow["forum"])
    assert (moved.delivery, moved.venue_id) == (Delivery.ONLINE, None)
    with app.app_context():
        deliver_messages()
    assert "https://meet.example.org/snow" in text_of(relay.mails[-1])


def test_a_session_that_a_colleague_changed_meanwhile_stops_no_other(
    app: Flask, volunteer: Family, tomorrow: dict[str, int]
) -> None:
    page = ask(volunteer)
    fill_in(page, step="send", **{f"seen-{tomorrow['coffee']}": "2026-01-01T00:00:00+00:00"})
    assert "Coffee: A colleague changed this session" in page.text
    assert event(app, tomorrow["coffee"]).status == EventStatus.PUBLISHED
    assert event(app, tomorrow["forum"]).status == EventStatus.CANCELLED


def test_days_in_the_wrong_order_lose_nothing(volunteer: Family, tomorrow: dict[str, int]) -> None:
    page = ask(volunteer, **{"last-day": 1, "last-month": 1, "last-year": 2026, "how": "put_off"})
    assert page.status == 422
    assert "The last day is before the first." in page.text
    assert 'value="put_off" checked' in page.text


def test_the_words_for_everybody_name_no_family(app: Flask, volunteer: Family, tomorrow: dict[str, int]) -> None:
    with app.app_context():
        booking = a_booking(
            db.session.get_one(Event, tomorrow["forum"]), email="gwen@example.net", contact_by=ContactBy.EMAIL
        )
        secrets = (booking.reference, "gwen", "Adult 1")
    page = fill_in(ask(volunteer), step="send")
    assert "For the answerphone" in page.text
    for secret in secrets:
        assert secret not in page.text


def test_who_had_a_place_is_shown_the_next_like_it_the_nearest_first(
    app: Flask, volunteer: Family, tomorrow: dict[str, int]
) -> None:
    with app.app_context():
        token = booking_token(a_booking(event(app, tomorrow["forum"])))
    page = app.test_client()
    assert "Other sessions soon" not in page.get(f"/bookings/{token}").text
    fill_in(ask(volunteer), step="send", event=[tomorrow["forum"]])
    shown = page.get(f"/bookings/{token}").text.split("Other sessions soon")[1]
    titles = [title for title in ("Coffee", "Next week", "Dover drop-in", "Webinar") if title in shown]
    assert sorted(titles, key=shown.index) == ["Coffee", "Next week", "Dover drop-in"], "Ashford comes first"


def test_each_session_is_in_the_audit(app: Flask, volunteer: Family, tomorrow: dict[str, int]) -> None:
    fill_in(ask(volunteer), step="send")
    with app.app_context():
        found = set(db.session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "session cancelled")))
    assert found == {tomorrow["forum"], tomorrow["coffee"]}


def test_the_front_desk_may_not(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
    assert client.get("/staff/closures").status_code == 403


@pytest.mark.one_database
def test_no_day_with_sessions_says_so(volunteer: Family) -> None:
    page = ask(volunteer)
    assert "No session with people in a room begins then." in page.text
    assert "tell everybody" not in page.text
