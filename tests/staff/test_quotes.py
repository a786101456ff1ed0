"""Words of families are read by few; everybody reads them only with consent, and by an editor's hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.errors import Refusal
from booking.extensions import db, transaction
from booking.formats.tokens import feedback_token
from booking.models import AuditEntry, Booking, Feedback
from booking.queries.quotes import quotes
from booking.rules.feedback import Answers, NoConsent
from booking.rules.words import FeedbackOrigin, StaffRole
from booking.services.forget_family import forget_family
from booking.services.keep_feedback import answer_by_link, answer_openly, open_feedback
from booking.services.quote_feedback import publish_quote, withdraw_quote
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.page_checks import problems_of
from tests.staff.browse import send

WORDS = "Mrs Miller of the Oast should <b>speak</b> slower."
FIT = "Please speak slower."
PUBLIC = "/what-families-say"


@pytest.fixture
def event_id(in_app: Flask) -> int:
    return int(an_event(title="Forum that was", starts_at=clock.now() - timedelta(hours=1)).id)


def wrote(event_id: int, *, may_quote: bool = True, words: str = WORDS) -> int:
    with transaction():
        answers = Answers(given={"listened": 5}, change=words, may_quote=may_quote)
        answer_openly(event_id, answers, origin=FeedbackOrigin.QR, once="")
    return int(db.session.scalars(select(Feedback.id).order_by(Feedback.id.desc())).first() or 0)


def shown(number: int, text: str = FIT) -> None:
    with transaction():
        publish_quote(number, text=text, is_fit=True)


@pytest.fixture
def insight(in_app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    return client


def test_the_words_of_a_quarter_are_read_by_the_insight_role_alone(event_id: int, insight: FlaskClient) -> None:
    wrote(event_id)
    wrote(event_id, may_quote=False, words="Only for you.")
    page = insight.get("/staff/figures/words").text
    assert "Mrs Miller of the Oast should &lt;b&gt;speak&lt;/b&gt; slower." in page
    assert "Only for you." in page
    assert problems_of(page) == []
    assert "Only for you." not in insight.get("/staff/figures/words?shown=may_quote").text
    looks = db.session.scalars(select(AuditEntry.screen).where(AuditEntry.action == "view")).all()
    assert "staff.feedback_words" in looks


def test_an_organiser_reads_none_of_them(event_id: int, client: FlaskClient) -> None:
    number = wrote(event_id)
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    for page in ("/staff/figures/words", f"/staff/figures/words/{number}"):
        assert client.get(page).status_code == 403


def test_everybody_reads_what_an_editor_made_of_them_and_no_more(event_id: int, insight: FlaskClient) -> None:
    number = wrote(event_id)
    page = f"/staff/figures/words/{number}"
    assert FIT not in insight.get(PUBLIC).text
    answer = send(insight, page, text=FIT)
    assert answer.status_code == 422
    assert "tick that it is fit to show" in answer.text
    assert FIT in answer.text
    assert problems_of(answer.text) == []
    assert send(insight, page, text=FIT, is_fit="y").status_code == 303
    html = insight.get(PUBLIC).text
    assert FIT in html
    assert "Miller" not in html
    assert "Forum that was" not in html
    assert "June 2026" in html
    assert problems_of(html) == []
    assert send(insight, page, to=f"{page}/withdraw").status_code == 303
    assert FIT not in insight.get(PUBLIC).text


def test_without_consent_nothing_is_quoted(event_id: int, insight: FlaskClient) -> None:
    number = wrote(event_id, may_quote=False)
    with pytest.raises(NoConsent), transaction():
        publish_quote(number, text=FIT, is_fit=True)
    assert "Show it to everybody" not in insight.get(f"/staff/figures/words/{number}").text


@pytest.mark.parametrize("text", ["", "x" * 301])
def test_words_that_are_none_or_too_many_are_refused(event_id: int, text: str) -> None:
    number = wrote(event_id)
    with pytest.raises(Refusal), transaction():
        publish_quote(number, text=text, is_fit=True)


def test_who_takes_consent_back_takes_the_quote_back(in_app: Flask, summer: time_machine.Traveller) -> None:
    booking = a_booking(an_event())
    summer.move_to(booking.event.ends_at + timedelta(hours=1))
    token = feedback_token(booking)
    with transaction():
        open_feedback(db.session.get_one(Booking, booking.id))
        answer_by_link(token, Answers(given={"listened": 5}, change=WORDS, may_quote=True))
    shown(int(db.session.scalars(select(Feedback.id)).one()))
    assert quotes()[1] == 1
    with transaction():
        answer_by_link(token, Answers(given={"listened": 5}, change=WORDS, may_quote=False))
    assert quotes()[1] == 0


def test_an_erased_family_is_not_quoted_any_more(in_app: Flask, summer: time_machine.Traveller) -> None:
    booking = a_booking(an_event())
    summer.move_to(booking.event.ends_at + timedelta(hours=1))
    token = feedback_token(booking)
    with transaction():
        open_feedback(db.session.get_one(Booking, booking.id))
        answer_by_link(token, Answers(given={"listened": 5}, change=WORDS, may_quote=True))
    shown(int(db.session.scalars(select(Feedback.id)).one()))
    with transaction():
        forget_family(booking.family_id or 0, screen="test")
    assert quotes()[1] == 0


def test_the_audit_says_who_and_never_what(event_id: int) -> None:
    number = wrote(event_id)
    shown(number)
    with transaction():
        withdraw_quote(number)
    actions = ("publish_quote", "withdraw_quote")
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == list(actions)
    assert "slower" not in str([entry.facts for entry in entries])
