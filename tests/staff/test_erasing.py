"""Erasing a family on the privacy lead's page: seen first, meant, on record, and on the list of erasures."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Call, Erasure, Inbound, Message, NeedRequest, RememberedNeed
from booking.queries.families import families_with_contact
from booking.rules.words import BookingStatus, StaffRole
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.check_counters import find_problems
from booking.services.list_erasure import FILE
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.staff.browse import forms_of, send
from tests.staff.test_family_held import EMAIL, HELD, PHONE, full_family, look

ERASE = "/staff/privacy/family/erase"


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.PRIVACY_LEAD))
    return client


@pytest.fixture
def gwen(app: Flask) -> int:
    with app.app_context():
        booking = full_family(EMAIL, PHONE, "Gwen Ashdown")
        full_family("tomasz.lisek@example.org", "01632 960777", "Tomasz Lisek")
        return booking.id


def preview(client: FlaskClient) -> TestResponse:
    return send(client, look(client, EMAIL), to=ERASE)


def test_first_it_is_shown_what_goes_and_what_stays_and_nothing_is_changed(
    app: Flask, lead: FlaskClient, gwen: int
) -> None:
    page = preview(lead)
    assert page.status_code == 200
    for said in ("Names: 1", "Notes of calls: 1", "Words about what would make it easier to come: 1"):
        assert said in page.text
    assert "a family from Ashford booked, as a number: 1 booking, 1 person came" in page.text
    assert "Parent and carer forum" in page.text.partition("Which places they give back")[2]
    with app.app_context():
        assert db.session.get_one(Booking, gwen).email == EMAIL


@pytest.mark.one_database
def test_without_the_tick_nothing_is_erased(app: Flask, lead: FlaskClient, gwen: int) -> None:
    refused = send(lead, preview(lead))
    assert refused.status_code == 422
    assert "Tick the box if it is to be erased." in refused.text
    with app.app_context():
        assert db.session.get_one(Booking, gwen).email == EMAIL


def test_with_it_everything_that_says_who_they_are_is_gone(app: Flask, lead: FlaskClient, gwen: int) -> None:
    done = send(lead, preview(lead), sure="y")
    assert done.status_code == 303
    assert "Erased: 1 booking." in lead.get(done.location).text
    with app.app_context():
        booking = db.session.get_one(Booking, gwen)
        assert (booking.email, booking.phone, booking.profile, booking.question) == (None,) * 4
        assert booking.status == BookingStatus.CANCELLED
        assert booking.places[0].adult.name is None
        [need] = booking.needs
        assert (need.detail, need.reason_words) == (None, None)
        assert families_with_contact(EMAIL) == families_with_contact(PHONE) == []
        for model, column in ((Call, Call.note), (Inbound, Inbound.text), (Message, Message.address)):
            mine = db.session.scalars(select(column).where(model.booking_id == gwen)).all()
            assert set(mine) == {None}, model
        others = db.session.scalars(select(NeedRequest.detail).where(NeedRequest.booking_id != gwen)).all()
        assert others == ["I lipread a little."]
        assert len(db.session.scalars(select(RememberedNeed)).all()) == 1
        assert list(find_problems()) == []
    assert look(lead, EMAIL).status_code == 422


def test_it_is_on_record_with_its_reason_and_on_the_list_by_codes_alone(
    app: Flask, lead: FlaskClient, gwen: int
) -> None:
    with app.app_context():
        booking = db.session.get_one(Booking, gwen)
        assert booking.family
        hashes = {booking.family.email_hash, booking.family.phone_hash, booking.family.key}
    send(lead, preview(lead), sure="y")
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "forget_family")).one()
        assert (entry.screen, entry.reason, entry.subject_type) == ("staff.forget_family", "email", "family")
        assert entry.staff_id is not None
        erasure = db.session.scalars(select(Erasure)).one()
        assert erasure.family_hash
        assert erasure.email_hash
        assert not {erasure.family_hash, erasure.email_hash} & hashes
        line = (Path(app.instance_path) / FILE).read_text()
        assert erasure.family_hash in line
    assert "gwen" not in line.casefold()


@pytest.mark.one_database
def test_who_only_wants_news_is_erased_too(app: Flask, lead: FlaskClient) -> None:
    with app.app_context(), transaction():
        ask_for_news("only.news@example.org", NewsWanted(), lang="en")
    page = send(lead, look(lead, "only.news@example.org"), to=ERASE)
    assert "News of new sessions they want: 1" in page.text
    done = send(lead, page, sure="y")
    assert "News of new sessions has stopped." in lead.get(done.location).text
    with app.app_context():
        assert db.session.scalars(select(Erasure.family_hash)).all() == [None]


@pytest.mark.one_database
def test_a_family_with_a_place_to_come_gives_it_to_who_waits(app: Flask, lead: FlaskClient) -> None:
    with app.app_context():
        event = an_event(capacity=1)
        a_booking(event, email=EMAIL)
        waits = a_booking(event, email="waits@example.org").id
    send(lead, preview(lead), sure="y")
    with app.app_context():
        assert db.session.get_one(Booking, waits).status == BookingStatus.OFFERED


@pytest.mark.one_database
def test_it_cannot_be_begun_by_an_address(lead: FlaskClient, gwen: int) -> None:
    assert lead.get(ERASE).status_code == 405
    assert ERASE not in forms_of(lead.get(HELD))
