"""What families write reaches staff: beside the booking, and on a page of its own until somebody has seen it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db
from booking.models import AuditEntry, Booking, Inbound
from booking.rules.words import InboundKind, StaffRole
from tests.cast import a_booking, a_mail_from, a_member_of_staff, an_event, sign_in
from tests.staff.browse import forms_of, send


@pytest.fixture
def booking(in_app: object) -> Booking:
    return a_booking(an_event())


@pytest.fixture
def staff(client: FlaskClient, booking: Booking) -> FlaskClient:
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    return client


def csrf_of(client: FlaskClient) -> dict[str, list[str]]:
    """Return the token of any form of this person's pages."""
    fields = next(iter(forms_of(client.get("/staff/account")).values()))
    return {"csrf_token": fields["csrf_token"]}


@pytest.mark.one_database
def test_it_stands_beside_the_booking_and_in_the_inbox(staff: FlaskClient, booking: Booking) -> None:
    a_mail_from(booking, text="We come by bus.")
    for page in ("/staff/inbox", f"/staff/sessions/{booking.event_id}"):
        assert "We come by bus." in staff.get(page).text, page
    assert "1 new mail" in staff.get("/staff/").text


@pytest.mark.one_database
def test_mail_about_nothing_we_know_is_in_the_inbox_too(staff: FlaskClient) -> None:
    a_mail_from(None, text="Do you do coffee mornings?")
    assert "Do you do coffee mornings?" in staff.get("/staff/inbox").text


def test_seen_takes_it_off_the_new_ones(staff: FlaskClient, booking: Booking) -> None:
    mail = a_mail_from(booking, text="We come by bus.")
    answer = send(staff, "/staff/inbox", to=f"/staff/inbox/{mail.id}/seen")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/inbox")
    assert "We come by bus." not in staff.get("/staff/inbox").text
    assert "We come by bus." in staff.get("/staff/inbox?seen=yes").text
    db.session.expire_all()
    assert db.session.get_one(Inbound, mail.id).seen_by is not None
    assert "new mail" not in staff.get("/staff/").text


def test_a_mail_that_is_not_there(staff: FlaskClient) -> None:
    assert staff.post("/staff/inbox/999/seen", data=csrf_of(staff)).status_code == 404


def test_each_look_is_in_the_audit(staff: FlaskClient) -> None:
    staff.get("/staff/inbox")
    assert "staff.inbox" in db.session.scalars(select(AuditEntry.screen)).all()


@pytest.mark.one_database
def test_a_mail_from_another_address_says_so(staff: FlaskClient, booking: Booking) -> None:
    a_mail_from(booking, sender="gwen@example.net")
    assert "Another address" in staff.get("/staff/inbox").text


@pytest.mark.one_database
def test_markup_in_a_mail_is_only_text(staff: FlaskClient, booking: Booking) -> None:
    a_mail_from(booking, text="<script>alert(1)</script>", subject="<b>x", sender="<i>@example.net")
    page = staff.get("/staff/inbox").text
    assert "<script>alert" not in page
    assert "<b>x" not in page
    assert "<i>@" not in page


@pytest.mark.one_database
def test_machines_and_bounces_are_not_shown(staff: FlaskClient, booking: Booking) -> None:
    for kind in (InboundKind.MACHINE, InboundKind.BOUNCE):
        a_mail_from(booking, kind=kind, text="Should not be here")
    a_mail_from(booking, kind=InboundKind.CALENDAR_REPLY, text=None, subject="Declined: x")
    page = staff.get("/staff/inbox").text
    assert "Should not be here" not in page
    assert "Declined: x" not in page


@pytest.mark.one_database
def test_what_nobody_could_read_asks_for_a_look(staff: FlaskClient) -> None:
    a_mail_from(None, kind=InboundKind.UNREADABLE, text=None, sender=None, subject=None)
    assert "in the folder Odd" in staff.get("/staff/inbox").text


@pytest.mark.one_database
@pytest.mark.parametrize("role", [StaffRole.FRONT_DESK, StaffRole.INSIGHT])
def test_who_may_not_see_bookings_may_not_see_mail(role: StaffRole, client: FlaskClient, booking: Booking) -> None:
    mail = a_mail_from(booking)
    sign_in(client, a_member_of_staff(role))
    assert client.get("/staff/inbox").status_code == 403
    assert client.post(f"/staff/inbox/{mail.id}/seen", data=csrf_of(client)).status_code == 403
    db.session.expire_all()
    assert db.session.get_one(Inbound, mail.id).seen_at is None
    assert "new mail" not in client.get("/staff/").text
