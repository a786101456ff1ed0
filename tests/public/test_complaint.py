"""A complaint about data: from anybody, sealed, confirmed at once, and answered within thirty days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import tick
from booking.models import AuditEntry, Complaint, ComplaintNote, Message
from booking.queries.sealed_columns import sealed_values
from booking.rules.words import ComplaintOutcome, MessageKind, MessageStatus, StaffRole
from booking.services.sweep_old import sweep_old
from tests.cast import a_member_of_staff, sign_in
from tests.limits import forget_tries
from tests.mail.conftest import relay  # noqa: F401 (a fixture)
from tests.mail.relay import Relay, text_of
from tests.public.family import Family
from tests.staff.browse import send

PAGE = "/privacy/complaint"
WRONG = "You rang my sister about my son's booking"
GIVEN = {"text": WRONG, "email": "zq.unheard@somewhere.example", "phone": "07700 900 813", "name": "Zebedee Quill"}


@pytest.fixture
def family(in_app: Flask, client: FlaskClient) -> Family:
    forget_tries()
    return Family(client)


@pytest.fixture
def lead(app: Flask) -> FlaskClient:
    browser = app.test_client()
    with app.app_context():
        sign_in(browser, a_member_of_staff(StaffRole.PRIVACY_LEAD, name="Priya Lead"))
    return browser


def the_one() -> Complaint:
    db.session.rollback()
    return db.session.scalars(select(Complaint)).one()


class TestComplaining:
    def test_is_kept_sealed_with_its_last_day(self, family: Family) -> None:
        family.open(PAGE).send(GIVEN)
        assert family.path == "/privacy/complaint/sent"
        assert "We have your complaint" in family.text
        complaint = the_one()
        assert (complaint.text, complaint.email, complaint.name) == (WRONG, GIVEN["email"], GIVEN["name"])
        assert complaint.answer_by == date(2026, 7, 16)
        table = Complaint.__table__.c
        at_rest = [value for name in ("text", "email", "name", "phone") for _id, value in sealed_values(table[name])]
        assert len(at_rest) == 4
        assert not any(said in value for said in GIVEN.values() for value in at_rest)

    def test_is_confirmed_by_mail_at_once_and_the_mail_repeats_nothing(
        self,
        family: Family,
        relay: Relay,  # noqa: F811
    ) -> None:
        family.open(PAGE).send(GIVEN)
        assert the_one().acknowledged_at is not None
        tick()
        [mail] = relay.mails
        text = text_of(mail)
        assert mail["Subject"] == "We have your complaint"
        assert "by 16 July 2026 at the latest" in text
        assert "ico.org.uk" in text
        assert not any(said in text + mail["Subject"] for said in (WRONG, "Zebedee", "sister"))
        row = db.session.scalars(select(Message)).one()
        assert (row.kind, row.status) == (MessageKind.COMPLAINT_RECEIVED, MessageStatus.SENT)

    @pytest.mark.one_database
    def test_needs_a_way_to_answer_and_what_was_typed_stays(self, family: Family) -> None:
        family.open(PAGE).send({"text": WRONG})
        assert family.status == 422
        assert "Give an email address or a phone number" in family.text
        assert "my sister" in family.text
        assert db.session.scalars(select(Complaint)).all() == []

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"email": "a@b.example"}, "Tell us what went wrong."),
            ({"text": WRONG, "email": "nonsense"}, "Enter an email address like"),
            ({"text": WRONG, "phone": "abc"}, "Enter a phone number like"),
            ({"text": "x" * 5001, "email": "a@b.example"}, "5000 characters or fewer"),
            ({"text": WRONG, "email": "bookings@pact.example.org"}, "This is our own address."),
        ],
    )
    def test_bad_input_gets_a_clear_sentence(self, family: Family, given: dict[str, str], sentence: str) -> None:
        family.open(PAGE).send(given)
        assert family.status == 422
        assert sentence in family.text

    @pytest.mark.one_database
    def test_by_phone_alone_waits_to_be_confirmed(self, family: Family, lead: FlaskClient) -> None:
        family.open(PAGE).send({"text": WRONG, "phone": "07700 900 813"})
        assert db.session.scalars(select(Message)).all() == []
        number = the_one().id
        assert "1 has not been told that it is here." in lead.get("/staff/privacy").text
        assert "Not confirmed" in lead.get("/staff/complaints").text
        send(lead, f"/staff/complaints/{number}", to=f"/staff/complaints/{number}/confirm")
        assert the_one().acknowledged_at is not None
        assert "Not confirmed" not in lead.get("/staff/complaints").text

    @pytest.mark.one_database
    def test_nobody_is_written_to_more_than_three_times_a_day(self, family: Family) -> None:
        for _each in range(4):
            family.open(PAGE).send(GIVEN)
        assert len(db.session.scalars(select(Complaint)).all()) == 4
        assert len(db.session.scalars(select(Message)).all()) == 3

    @pytest.mark.one_database
    def test_works_in_polish_and_in_easy_read(self, family: Family, relay: Relay) -> None:  # noqa: F811
        family.open(f"/pl{PAGE}").send({"text": "Coś poszło nie tak", "email": "pl@example.org"})
        assert "Mamy Twoją skargę" in family.text
        tick()
        assert relay.mails[0]["Subject"] == "Mamy Twoją skargę"
        assert "We answer within" in family.open(f"/easy{PAGE}").text

    @pytest.mark.one_database
    def test_is_linked_from_the_privacy_notice(self, client: FlaskClient) -> None:
        assert f'href="{PAGE}"' in client.get("/privacy").text


class TestAnswering:
    def test_the_clock_runs_and_turns_red(self, family: Family, app: Flask, lead: FlaskClient) -> None:
        family.open(PAGE).send(GIVEN)
        assert "30 days left" in lead.get("/staff/complaints").text
        for days, said in ((29, "1 day left"), (30, "Answer today"), (32, "2 days late")):
            with time_machine.travel(clock.now() + timedelta(days=days), tick=True):
                browser = app.test_client()
                sign_in(browser, a_member_of_staff(StaffRole.PRIVACY_LEAD))
                assert said in browser.get("/staff/complaints").text
                hub = browser.get("/staff/privacy").text
                assert ("Late: 1" in hub) == (days > 30)

    @pytest.mark.one_database
    def test_notes_and_the_outcome_are_kept_sealed_and_close_it(self, family: Family, lead: FlaskClient) -> None:
        family.open(PAGE).send(GIVEN)
        number = the_one().id
        page = f"/staff/complaints/{number}"
        assert WRONG.replace("'", "&#39;") in lead.get(page).text
        send(lead, page, to=f"{page}/note", note="Asked the organiser who rang")
        empty = send(lead, page, to=f"{page}/answer", told="")
        assert empty.status_code == 422
        assert "Choose what you found." in empty.text
        done = send(lead, page, to=f"{page}/answer", outcome="put_right", told="Wrote on the 20th, and said sorry")
        assert done.headers["Location"] == "/staff/complaints"
        shown = lead.get(page).text
        for said in ("Asked the organiser who rang", "said sorry", "Priya Lead", "We were wrong, and put it right"):
            assert said in shown
        assert f"{page}/answer" not in shown
        complaint = the_one()
        assert (complaint.outcome, complaint.answered_at is not None) == (ComplaintOutcome.PUT_RIGHT, True)
        at_rest = [value for _id, value in sealed_values(ComplaintNote.__table__.c.text)]
        assert len(at_rest) == 2
        assert "organiser" not in str(at_rest)
        facts = str([(row.facts, row.reason) for row in db.session.scalars(select(AuditEntry))])
        assert "organiser" not in facts

    @pytest.mark.one_database
    def test_twice_is_refused_and_each_look_is_written_down(self, family: Family, lead: FlaskClient) -> None:
        family.open(PAGE).send(GIVEN)
        page = f"/staff/complaints/{the_one().id}"
        old = lead.get(page)
        for expected in (303, 422):
            answer = send(lead, old, to=f"{page}/answer", outcome="taken_back", told="They rang.")
            assert answer.status_code == expected
        assert "It has been answered already." in answer.text
        screens = db.session.scalars(select(AuditEntry.screen).where(AuditEntry.action == "view")).all()
        assert "staff.complaint" in screens

    def test_goes_24_months_after_the_answer_and_never_before_one(self, family: Family, lead: FlaskClient) -> None:
        family.open(PAGE).send(GIVEN)
        family.open(PAGE).send({"text": "Another", "phone": "07700 900 813"})
        first = db.session.scalars(select(Complaint).order_by(Complaint.id)).all()[0].id
        page = f"/staff/complaints/{first}"
        send(lead, page, to=f"{page}/answer", outcome="taken_back", told="They rang.")
        with time_machine.travel(clock.now() + timedelta(days=720), tick=True), transaction():
            assert sweep_old()["complaint"] == 0
        with time_machine.travel(clock.now() + timedelta(days=732), tick=True), transaction():
            assert sweep_old()["complaint"] == 1
        assert the_one().text == "Another"
        assert db.session.scalars(select(ComplaintNote)).all() == []

    @pytest.mark.one_database
    def test_is_told_to_who_asks_what_we_keep(self, family: Family, lead: FlaskClient) -> None:
        family.open(PAGE).send(GIVEN)
        shown = send(lead, "/staff/privacy/family", said=GIVEN["email"], asked="email").text
        assert "Your complaints about your data (1)" in shown
        assert "my sister" in shown
