"""What families say of a session is kept once, of each, and only while it is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from booking import clock
from booking.errors import NotFound
from booking.extensions import db, transaction
from booking.formats.tokens import feedback_token
from booking.models import Booking, Event, Feedback
from booking.queries.feedback import summary_of
from booking.rules.feedback import Answers, NoFeedback, NothingSaid
from booking.rules.words import CancelledBy, EventStatus, FeedbackMethod, FeedbackOrigin
from booking.services.cancel_booking import cancel_booking
from booking.services.keep_feedback import answer_by_link, answer_openly, keep_before, open_feedback
from tests.cast import a_booking, an_event

GOOD = Answers(given={"confident": 4, "listened": 5})


def now_after(event: Event, days: float = 0.1) -> None:
    with transaction():
        row = db.session.get_one(Event, event.id)
        row.starts_at, row.ends_at = clock.now() - timedelta(days=days), clock.now() - timedelta(days=days, hours=-1)


def said_before(booking: Booking, **given: int) -> None:
    with transaction():
        keep_before(booking.id, given or {"before_confident": 2, "before_know_where": 3})


def rows() -> list[Feedback]:
    db.session.rollback()
    return list(db.session.scalars(select(Feedback).order_by(Feedback.id)))


def test_before_and_after_of_one_family_are_one_row(in_app: Flask) -> None:
    booking = a_booking(an_event())
    said_before(booking)
    now_after(booking.event)
    with transaction():
        assert answer_by_link(feedback_token(booking), GOOD) is False
    [row] = rows()
    assert (row.before_confident, row.confident, row.method) == (2, 4, FeedbackMethod.PAIRED)


def test_saying_it_again_changes_it(in_app: Flask) -> None:
    booking = a_booking(an_event())
    said_before(booking, before_confident=1)
    said_before(booking, before_know_where=5)
    now_after(booking.event)
    for answers, was_there in ((GOOD, False), (Answers(given={"listened": 1}, change="More chairs"), True)):
        with transaction():
            assert answer_by_link(feedback_token(booking), answers) is was_there
    [row] = rows()
    assert (row.before_confident, row.before_know_where) == (None, 5)
    assert (row.confident, row.listened, row.change) == (None, 1, "More chairs")


def test_what_was_given_before_is_not_changed_afterwards(in_app: Flask) -> None:
    booking = a_booking(an_event())
    said_before(booking)
    now_after(booking.event)
    with transaction():
        answer_by_link(feedback_token(booking), Answers(given={"before_confident": 5, "confident": 5}))
    assert rows()[0].before_confident == 2


def test_the_same_link_sent_from_two_browsers_at_once_is_one_answer(app: Flask) -> None:
    with app.app_context():
        booking = a_booking(an_event())
        now_after(booking.event)
        with transaction():
            open_feedback(booking)
        token = feedback_token(booking)

    def send(_number: int) -> bool:
        with app.app_context(), transaction():
            return answer_by_link(token, GOOD)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [False, True, True, True]
    with app.app_context():
        assert len(rows()) == 1


def test_the_same_page_sent_twice_by_a_stranger_is_one_answer(app: Flask) -> None:
    with app.app_context():
        event = an_event()
        now_after(event)
        number = event.id

    def send(_number: int) -> bool:
        with app.app_context(), transaction():
            return answer_openly(number, GOOD, origin=FeedbackOrigin.QR, once="abc")

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [False, True, True, True]
    with app.app_context():
        assert len(rows()) == 1
        assert summary_of(number).answered == 1


@pytest.mark.parametrize("days", [-1, 61])
def test_out_of_time_nothing_is_kept(in_app: Flask, days: float) -> None:
    booking = a_booking(an_event())
    with transaction():
        open_feedback(booking)
    now_after(booking.event, days)
    with pytest.raises(NoFeedback), transaction():
        answer_by_link(feedback_token(booking), GOOD)
    with pytest.raises(NoFeedback), transaction():
        answer_openly(booking.event_id, GOOD, origin=FeedbackOrigin.QR, once="")
    assert [row.answered_at for row in rows()] == [None]


def test_of_a_cancelled_session_nothing_is_kept(in_app: Flask) -> None:
    event = an_event(status=EventStatus.CANCELLED)
    now_after(event)
    with pytest.raises(NoFeedback), transaction():
        answer_openly(event.id, GOOD, origin=FeedbackOrigin.QR, once="")


def test_before_is_not_asked_of_who_cancelled_or_after_the_start(in_app: Flask) -> None:
    gone, late = a_booking(an_event()), a_booking(an_event())
    with transaction():
        cancel_booking(gone.id, by=CancelledBy.FAMILY)
    now_after(late.event)
    for booking in (gone, late):
        with pytest.raises(NoFeedback), transaction():
            keep_before(booking.id, {"before_confident": 2})
    assert rows() == []


def test_nothing_said_is_not_kept(in_app: Flask) -> None:
    booking = a_booking(an_event())
    with pytest.raises(NothingSaid), transaction():
        keep_before(booking.id, {})
    now_after(booking.event)
    with pytest.raises(NothingSaid), transaction():
        answer_openly(booking.event_id, Answers(given={}), origin=FeedbackOrigin.QR, once="x")
    assert rows() == []


def test_a_made_up_link_opens_nothing(in_app: Flask) -> None:
    with pytest.raises(NotFound), transaction():
        answer_by_link("nothing", GOOD)


def test_what_is_written_is_sealed_and_quoting_needs_words(in_app: Flask) -> None:
    event = an_event()
    now_after(event)
    for change in ("More chairs", ""):
        with transaction():
            answers = Answers(given={"listened": 4}, change=change, may_quote=True)
            answer_openly(event.id, answers, origin=FeedbackOrigin.PAPER, once="")
    assert [row.may_quote for row in rows()] == [True, False]
    assert "chairs" not in str(db.session.execute(text("SELECT * FROM feedback")).all())


def test_the_database_keeps_to_the_scale(in_app: Flask) -> None:
    event = an_event()
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Feedback(event_id=event.id, origin=FeedbackOrigin.QR, method=FeedbackMethod.NONE, again=6))
        db.session.flush()


def test_paired_and_retro_are_counted_apart(in_app: Flask) -> None:
    event = an_event()
    bookings = [a_booking(event) for _each in range(2)]
    said_before(bookings[0], before_confident=1)
    with transaction():
        open_feedback(bookings[1])
    now_after(event)
    with transaction():
        answer_by_link(feedback_token(bookings[0]), Answers(given={"confident": 5}))
        answer_by_link(feedback_token(bookings[1]), Answers(given={"before_confident": 4, "confident": 2}))
        answer_openly(event.id, Answers(given={"confident": 0}), origin=FeedbackOrigin.PAPER, once="")
    found = summary_of(event.id)
    assert (found.answered, found.on_paper) == (3, 1)
    assert (found.questions["confident"].n, found.questions["confident"].agreed) == (2, 1)
    assert (found.paired["confident"].up, found.paired["confident"].n) == (1, 1)
    assert (found.retro["confident"].down, found.retro["confident"].n) == (1, 1)
