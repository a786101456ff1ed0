"""What families said of a session is unlinked after 60 days, its words go after two years, and erasing takes both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import feedback_token
from booking.models import Booking, Event, Feedback
from booking.queries.all_held import Found, all_held
from booking.queries.feedback import find_feedback_by_token, summary_of
from booking.rules.feedback import Answers
from booking.rules.words import FeedbackOrigin
from booking.services.forget_family import forget_family
from booking.services.keep_feedback import answer_by_link, answer_openly, keep_before
from booking.services.sweep_old import sweep_old
from tests.cast import a_booking, an_event

SAID = Answers(given={"confident": 4}, change="More chairs", may_quote=True)


@pytest.fixture
def bookings(in_app: Flask) -> list[Booking]:
    """Two families were asked before: one has answered since, the other has not. A stranger has, too."""
    event = an_event()
    rows = [a_booking(event) for _each in range(2)]
    with transaction():
        for booking in rows:
            keep_before(booking.id, {"before_confident": 2})
    ended(event, days_ago=0)
    with transaction():
        answer_by_link(feedback_token(rows[0]), SAID)
        answer_openly(event.id, SAID, origin=FeedbackOrigin.QR, once="page")
    return rows


def ended(event: Event, *, days_ago: int) -> None:
    with transaction():
        row = db.session.get_one(Event, event.id)
        row.ends_at = clock.now() - timedelta(days=days_ago, minutes=-30)
        row.starts_at = row.ends_at - timedelta(hours=2)


def rows() -> list[Feedback]:
    db.session.rollback()
    return list(db.session.scalars(select(Feedback).order_by(Feedback.id)))


def swept() -> dict[str, int]:
    with transaction():
        return sweep_old()


def test_after_60_days_nothing_leads_from_the_answers_to_the_booking(bookings: list[Booking]) -> None:
    ended(bookings[0].event, days_ago=59)
    assert swept()["feedback_link"] == 0
    ended(bookings[0].event, days_ago=62)
    assert swept()["feedback_link"] == 3
    assert [(row.booking_id, row.link_digest, row.sent_once) for row in rows()] == [(None, None, None)] * 2
    assert [(row.before_confident, row.confident, row.change) for row in rows()] == [
        (2, 4, "More chairs"),
        (None, 4, "More chairs"),
    ]
    assert find_feedback_by_token(feedback_token(bookings[0])) is None
    assert swept()["feedback_link"] == 0


def test_a_session_that_waits_for_its_new_date_is_left_alone(bookings: list[Booking]) -> None:
    ended(bookings[0].event, days_ago=62)
    with transaction():
        db.session.get_one(Event, bookings[0].event_id).new_date_pending = True
    assert swept()["feedback_link"] == 0


def test_after_24_months_the_words_go_and_the_counts_stay(bookings: list[Booking]) -> None:
    before = summary_of(bookings[0].event_id)
    with transaction():
        for row in db.session.scalars(select(Feedback).where(Feedback.answered_at.is_not(None))):
            row.answered_at = clock.now() - timedelta(days=731)
    assert swept()["feedback_words"] == 2
    after = summary_of(bookings[0].event_id)
    assert (after.questions, after.paired, after.with_words) == (before.questions, before.paired, 0)
    assert not any(row.may_quote for row in rows())


def test_erasing_a_family_takes_its_words_and_its_link_and_leaves_the_counts(bookings: list[Booking]) -> None:
    before = summary_of(bookings[0].event_id)
    with transaction():
        for booking in bookings:
            forget_family(db.session.get_one(Booking, booking.id).family_id or 0, screen="test")
    after = summary_of(bookings[0].event_id)
    assert (after.questions, after.paired) == (before.questions, before.paired)
    assert [(row.booking_id, row.link_digest, row.change) for row in rows()] == [
        (None, None, None),
        (None, None, "More chairs"),
    ]
    assert find_feedback_by_token(feedback_token(bookings[0])) is None


def test_a_family_that_asks_is_told_what_it_said(bookings: list[Booking]) -> None:
    [told] = all_held(Found(family_id=bookings[0].family_id, email_hash=None)).sections["feedback"]
    assert (told["before_confident"], told["confident"], told["change"]) == (2, 4, "More chairs")
