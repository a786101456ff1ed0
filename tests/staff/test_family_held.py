"""One button gives a family everything that is kept of it, and nothing of anybody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking import clock
from booking.cipher import lookup_hash
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Call, Message, NeedRequest
from booking.queries.who_looked import who_looked
from booking.rules.words import (
    CallOutcome,
    CallReason,
    ConsentSubject,
    MessageStatus,
    Outcome,
    StaffRole,
)
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.ask_needs import Need
from tests.cast import a_booking, a_mail_from, a_member_of_staff, an_event, sign_in
from tests.staff.browse import forms_of, send

HELD, FILE = "/staff/privacy/family", "/staff/privacy/family/file"
EMAIL, PHONE = "gwen.ashdown@example.org", "01632 960123"
TOLD = (
    EMAIL,
    PHONE,
    "Gwen Ashdown",
    "Reception to Year 6",
    "I lipread a little.",
    "No interpreter is free",
    "Who do I ring?",
    "Please ring the bell twice",
    "We come by bus",
    "a note of ours from another day",
)


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.PRIVACY_LEAD, name="Priya Lead"))
    return client


@pytest.fixture
def gwen(app: Flask) -> int:
    """A family of which something is kept everywhere; there is another one like it."""
    with app.app_context():
        booking = full_family(EMAIL, PHONE, "Gwen Ashdown")
        other = full_family("tomasz.lisek@example.org", "01632 960777", "Tomasz Lisek")
        assert other.family_id != booking.family_id
        a_mail_from(None, sender=EMAIL.upper(), text="a note of ours from another day")
        return booking.id


def full_family(email: str, phone: str, name: str) -> Booking:
    booking = a_booking(
        an_event(),
        email=email,
        phone=phone,
        outcode="TN23",
        district="ashford",
        question="Who do I ring?",
        profile={"age_phase": ["reception_to_y6"], "support": ["ehcp"], "need_area": ["asd"]},
        needs=(Need("bsl", "I lipread a little."),),
        consents=tuple(ConsentSubject)[:3],
        remember_needs=True,
    )
    a_mail_from(booking, text="We come by bus")
    with transaction():
        row = db.session.get_one(Booking, booking.id)
        row.places[0].adult.name = name
        row.places[0].outcome = Outcome.ATTENDED
        db.session.scalars(
            select(NeedRequest).where(NeedRequest.booking_id == row.id)
        ).one().reason_words = f"No interpreter is free for {name}"
        db.session.add(
            Call(
                booking_id=row.id,
                reason=CallReason.ASKED,
                outcome=CallOutcome.SPOKE,
                note=f"Please ring the bell twice at {name}'s",
            )
        )
        ask_for_news(email, NewsWanted(district="swale", needs=("quiet_space",)), lang="en")
    return booking


def look(client: FlaskClient, said: str, asked: str = "email") -> TestResponse:
    return send(client, HELD, said=said, asked=asked)


@pytest.mark.parametrize("by", ["email", "phone", "reference"])
def test_it_is_found_by_each_of_the_three_and_is_whole(app: Flask, lead: FlaskClient, gwen: int, by: str) -> None:
    with app.app_context():
        reference = db.session.get_one(Booking, gwen).reference
    said = {"email": f" {EMAIL.upper()}", "phone": "+44 1632 960123", "reference": reference.lower()}[by]
    page = look(lead, said)
    assert page.status_code == 200
    missing = [words for words in TOLD if words not in page.text]
    if by == "phone":
        missing = [words for words in missing if "another day" not in words]
    assert missing == []
    for section in ("Messages we sent (", "News of new sessions you want (1)", "What happened to each booking ("):
        assert section in page.text
    assert "Tomasz" not in page.text
    assert "960777" not in page.text


@pytest.mark.one_database
def test_the_file_has_the_same_for_programs(lead: FlaskClient, gwen: int) -> None:
    page = look(lead, EMAIL)
    answer = send(lead, page, to=FILE)
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="all-we-keep.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    held = json.loads(answer.data)
    assert held["bookings"][0]["email"] == EMAIL
    assert held["bookings"][0]["profile"]["support"] == ["ehcp"]
    assert held["people"] == [{"name": "Gwen Ashdown", "kind": "parent_carer"}]
    [need] = held["needs"]
    assert (need["code"], need["state"], need["detail"]) == ("bsl", "requested", "I lipread a little.")
    assert {consent["subject"] for consent in held["agreed"]} >= {"needs", "profile"}
    assert {message["kind"] for message in held["messages"]} >= {"confirmed", "news_asked"}
    assert held["places"][0]["outcome"] == "attended"
    assert [change["kind"] for change in held["changes"]][:1] == ["booked"]
    assert "Tomasz" not in answer.text


def test_each_look_and_each_file_is_written_down_with_its_reason_and_told(
    app: Flask, lead: FlaskClient, gwen: int
) -> None:
    send(lead, look(lead, EMAIL, "in_person"), to=FILE)
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        noted = [(entry.action, entry.screen, entry.reason) for entry in entries if entry.staff_id]
        assert noted[-2:] == [
            ("view", "staff.family_held", "in_person"),
            ("export of all", "staff.family_file", "in_person"),
        ]
        assert EMAIL not in str([(entry.reason, entry.facts) for entry in entries])
        family = db.session.get_one(Booking, gwen).family_id
        assert [look.screen for look in who_looked([family or 0])][:2] == ["staff.family_file", "staff.family_held"]
    page = look(lead, EMAIL)
    assert "Priya Lead" in page.text
    assert "Everything that is kept of the family, as a file" in page.text


@pytest.mark.one_database
def test_what_it_is_found_by_stands_in_no_address(lead: FlaskClient, gwen: int) -> None:
    page = look(lead, EMAIL)
    addresses = [*forms_of(page), page.request.full_path]
    assert not any("gwen" in address or "@" in address for address in addresses)
    assert lead.get(FILE).status_code == 405


@pytest.mark.one_database
def test_who_only_wants_news_or_wrote_to_us_is_found_too(app: Flask, lead: FlaskClient) -> None:
    with app.app_context():
        with transaction():
            ask_for_news("only.news@example.org", NewsWanted(), lang="en")
        a_mail_from(None, sender="wrote@example.org", text="May I come?")
    assert "News of new sessions you want (1)" in look(lead, "only.news@example.org").text
    assert "May I come?" in look(lead, "wrote@example.org").text


@pytest.mark.one_database
@pytest.mark.parametrize(("said", "asked", "sentence"), [
    ("", "email", "Write one of the three."),
    ("nobody@example.org", "email", "Nothing is kept under this."),
    (EMAIL, "", "Choose why."),
    (EMAIL, "because", "Choose why."),
])  # fmt: skip
def test_what_cannot_be_answered_is_said_beside_its_field(
    lead: FlaskClient, gwen: int, said: str, asked: str, sentence: str
) -> None:
    page = look(lead, said, asked)
    assert page.status_code == 422
    assert sentence in page.text
    assert "lipread" not in page.text


@pytest.mark.one_database
def test_who_has_no_booking_is_shown_nothing_of_those_who_have(app: Flask, lead: FlaskClient, gwen: int) -> None:
    with app.app_context(), transaction():
        ask_for_news("only.news@example.org", NewsWanted(), lang="en")
    page = look(lead, "only.news@example.org").text
    assert "only.news@example.org" in page
    assert not any(said in page for said in ("Gwen", "Ashdown", "Tomasz", "lipread"))


@pytest.mark.one_database
def test_a_number_that_two_families_share_shows_neither(app: Flask, lead: FlaskClient) -> None:
    with app.app_context():
        for email in ("one@example.org", "two@example.org"):
            a_booking(an_event(), email=email, phone=None)
        with transaction():
            for booking in db.session.scalars(select(Booking)):
                assert booking.family
                booking.family.phone_hash = lookup_hash("phone", "441632960123")
    page = look(lead, PHONE)
    assert page.status_code == 422
    assert "More than one family is known by this." in page.text


@pytest.mark.one_database
@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.PRIVACY_LEAD])
def test_nobody_but_the_privacy_lead_sees_it(app: Flask, client: FlaskClient, role: StaffRole) -> None:
    with app.app_context():
        sign_in(client, a_member_of_staff(role))
    assert client.get(HELD).status_code == 403


@pytest.mark.one_database
def test_all_messages_ever_sent_have_their_state(app: Flask, lead: FlaskClient, gwen: int) -> None:
    with app.app_context(), transaction():
        for message in db.session.scalars(select(Message)):
            message.status, message.sent_at = MessageStatus.SENT, clock.now() - timedelta(minutes=1)
    page = look(lead, EMAIL).text
    assert "Booking confirmed" in page
    assert "By email" in page
