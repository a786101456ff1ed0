"""Staff see how a session was: counted, never of too few, and in words only for who may read them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.qr import qr_source
from booking.formats.tokens import feedback_token
from booking.models import AuditEntry, Event, Feedback
from booking.rules.feedback import Answers
from booking.rules.permissions import Action, Reach, needs_second_step, reaches
from booking.rules.words import EventStatus, FeedbackOrigin, StaffRole
from booking.services.keep_feedback import answer_by_link, answer_openly, open_feedback
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.staff.browse import send

WORDS = "Start after the school run"


@pytest.fixture
def held(app: Flask) -> int:
    with app.app_context():
        return int(an_event(title="Forum that was", slug="was", starts_at=clock.now() - timedelta(hours=1)).id)


def say(app: Flask, event_id: int, *listened: int, change: str = "") -> None:
    with app.app_context(), transaction():
        for answer in listened:
            answers = Answers(given={"listened": answer}, change=change, may_quote=True)
            answer_openly(event_id, answers, origin=FeedbackOrigin.QR, once="")


def as_role(app: Flask, client: FlaskClient, *roles: StaffRole) -> FlaskClient:
    with app.app_context():
        sign_in(client, a_member_of_staff(*roles))
    return client


def said(app: Flask) -> list[Feedback]:
    with app.app_context():
        return list(db.session.scalars(select(Feedback).order_by(Feedback.id)))


class TestCounts:
    def test_four_answers_say_nothing_and_five_do(self, app: Flask, client: FlaskClient, held: int) -> None:
        insight = as_role(app, client, StaffRole.INSIGHT)
        say(app, held, 5, 5, 4, 1)
        text = insight.get(f"/staff/sessions/{held}/feedback").text
        assert "4 people answered" in text
        assert "4 answered: too few to say anything." in text
        assert "Agree:" not in text
        say(app, held, 2, 0)
        assert "Agree: 3 of 5." in insight.get(f"/staff/sessions/{held}/feedback").text

    def test_the_sessions_page_leads_there_once_it_has_begun(self, app: Flask, client: FlaskClient, held: int) -> None:
        with app.app_context():
            coming = an_event().id
        insight = as_role(app, client, StaffRole.INSIGHT)
        assert f"/staff/sessions/{held}/feedback" in insight.get(f"/staff/sessions/{held}").text
        assert f"/staff/sessions/{coming}/feedback" not in insight.get(f"/staff/sessions/{coming}").text


class TestWords:
    @pytest.mark.one_database
    def test_are_read_by_insight_and_the_look_is_kept(self, app: Flask, client: FlaskClient, held: int) -> None:
        say(app, held, 5, change=WORDS)
        text = as_role(app, client, StaffRole.INSIGHT).get(f"/staff/sessions/{held}/feedback").text
        assert WORDS in text
        assert "May be quoted, without a name" in text
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.screen == "staff.session_feedback")).one()
            assert entry.subject_id == held

    def test_leave_no_trace_of_whose_they_are_in_the_audit(self, app: Flask, client: FlaskClient, held: int) -> None:
        with app.app_context():
            event = db.session.get_one(Event, held)
            with time_machine.travel(event.starts_at - timedelta(days=1), tick=True):
                booking = a_booking(event)
            with transaction():
                open_feedback(booking)
            with transaction():
                answer_by_link(feedback_token(booking), Answers(given={"listened": 5}, change=WORDS))
        assert WORDS in as_role(app, client, StaffRole.INSIGHT).get(f"/staff/sessions/{held}/feedback").text
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.screen == "staff.session_feedback")).one()
            assert entry.facts == {}, "it would tie the words to a family when their link is long gone"

    @pytest.mark.one_database
    def test_are_not_shown_to_others(self, app: Flask, client: FlaskClient, held: int) -> None:
        say(app, held, 5, change=WORDS)
        text = as_role(app, client, StaffRole.ORGANISER).get(f"/staff/sessions/{held}/feedback").text
        assert WORDS not in text
        assert "1 of them wrote something" in text

    @pytest.mark.one_database
    def test_who_reads_them_signs_in_with_a_code_as_well(self) -> None:
        readers = [role for role in StaffRole if Action.READ_FEEDBACK in _rights(role)]
        assert readers == [StaffRole.INSIGHT]
        assert needs_second_step(readers)


def _rights(role: StaffRole) -> list[Action]:
    return [action for action in Action if reaches([role], action) & set(Reach)]


@pytest.mark.one_database
class TestOnPaper:
    @pytest.mark.parametrize("title", ["Forum", "Parents of Sheppey and Swale " * 4 + "and all the friends"])
    def test_two_cards_fill_one_page_whatever_the_title(self, app: Flask, client: FlaskClient, title: str) -> None:
        with app.app_context():
            number = an_event(title=title).id
        organiser = as_role(app, client, StaffRole.ORGANISER)
        found = PdfReader(BytesIO(organiser.get(f"/staff/sessions/{number}/print/how-it-was-cards.pdf").data))
        assert len(found.pages) == 1
        assert found.pages[0].extract_text().count("You may quote me") == 2

    def test_the_poster_has_the_address_that_its_code_opens(self, app: Flask, client: FlaskClient, held: int) -> None:
        text = as_role(app, client, StaffRole.ORGANISER).get(f"/staff/sessions/{held}/print/how-it-was").text
        assert "localhost/sessions/was/feedback</strong>" in text
        assert qr_source("http://localhost/sessions/was/feedback") in text

    def test_a_cancelled_session_has_neither(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            number = an_event(status=EventStatus.CANCELLED).id
        organiser = as_role(app, client, StaffRole.ORGANISER)
        assert "how-it-was" not in organiser.get(f"/staff/sessions/{number}/print").text
        assert organiser.get(f"/staff/sessions/{number}/print/how-it-was").status_code == 409


class TestCards:
    @pytest.mark.one_database
    def test_are_typed_in_one_after_the_other(self, app: Flask, client: FlaskClient, held: int) -> None:
        door = as_role(app, client, StaffRole.FRONT_DESK)
        page = f"/staff/sessions/{held}/feedback/card"
        for listened in (4, 5):
            sent = send(door, page, listened=str(listened), change="More tea", may_quote="y")
            assert sent.status_code == 303
            assert sent.location.endswith(page)
        rows = said(app)
        assert [(row.listened, row.origin, row.booking_id) for row in rows] == [
            (4, FeedbackOrigin.PAPER, None),
            (5, FeedbackOrigin.PAPER, None),
        ]
        assert all(row.may_quote for row in rows)

    @pytest.mark.one_database
    def test_each_leaves_an_entry_in_the_audit_without_what_it_says(
        self, app: Flask, client: FlaskClient, held: int
    ) -> None:
        door = as_role(app, client, StaffRole.FRONT_DESK)
        send(door, f"/staff/sessions/{held}/feedback/card", listened="4", change="More tea")
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.screen == "staff.key_feedback")).one()
            assert (entry.action, entry.subject_type, entry.subject_id) == ("type in feedback card", "event", held)
            assert entry.staff_id is not None
            assert entry.facts == {"again": False}

    def test_one_that_is_sent_twice_is_one(self, app: Flask, client: FlaskClient, held: int) -> None:
        door = as_role(app, client, StaffRole.FRONT_DESK)
        page = door.get(f"/staff/sessions/{held}/feedback/card")
        for _each in range(2):
            assert send(door, page, to=f"/staff/sessions/{held}/feedback/card", listened="4").status_code == 303
        assert len(said(app)) == 1

    @pytest.mark.one_database
    @pytest.mark.parametrize("given", [{}, {"listened": "0"}, {"listened": "6"}, {"listened": "x"}])
    def test_an_empty_one_and_what_is_no_face_are_refused(
        self, app: Flask, client: FlaskClient, held: int, given: dict[str, str]
    ) -> None:
        door = as_role(app, client, StaffRole.FRONT_DESK)
        assert send(door, f"/staff/sessions/{held}/feedback/card", **given).status_code == 422
        assert said(app) == []

    @pytest.mark.one_database
    def test_are_not_typed_in_before_the_session_or_of_one_that_was_cancelled(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            coming = an_event().id
            off = an_event(status=EventStatus.CANCELLED, starts_at=clock.now() - timedelta(hours=1)).id
        organiser = as_role(app, client, StaffRole.ORGANISER)
        assert "has not begun yet" in organiser.get(f"/staff/sessions/{coming}/feedback/card").text
        assert "was cancelled" in organiser.get(f"/staff/sessions/{off}/feedback/card").text
