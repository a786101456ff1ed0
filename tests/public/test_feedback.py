"""A family says how a session was: before it, by its link after it, and by the code in the room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import feedback_token
from booking.models import Booking, Event, Feedback
from booking.rules.words import CancelledBy, EventStatus, FeedbackMethod, FeedbackOrigin, Origin, Outcome
from booking.services.cancel_booking import cancel_booking
from booking.services.keep_feedback import open_feedback
from tests.cast import a_booking, an_event
from tests.public.family import Family, page_of

TWO_QUESTIONS = "Two quick questions before you come (you need not answer)"
HOW = "Tell us how it was. Three taps are enough."


@pytest.fixture
def booking(app: Flask) -> Booking:
    with app.app_context():
        return a_booking(an_event(slug="forum"))


def begin(app: Flask, booking: Booking, *, days_ago: float = 0.1, came: bool = True) -> str:
    """Let the session begin and its link be sent; return the page of the link."""
    with app.app_context():
        with transaction():
            event = db.session.get_one(Event, booking.event_id)
            start = clock.now() - timedelta(days=days_ago)
            event.starts_at, event.ends_at = start, start + timedelta(hours=2)
            row = db.session.get_one(Booking, booking.id)
            row.places[0].outcome = Outcome.ATTENDED if came else Outcome.DID_NOT_COME
            open_feedback(row)
        return f"/feedback/{feedback_token(booking)}"


def said(app: Flask) -> list[Feedback]:
    with app.app_context():
        return list(db.session.scalars(select(Feedback).order_by(Feedback.id)))


class TestBefore:
    def test_two_taps_after_booking_and_they_can_be_changed(
        self, app: Flask, client: FlaskClient, booking: Booking
    ) -> None:
        family = Family(client).open(page_of(booking))
        assert TWO_QUESTIONS in family.text
        family.open(page_of(booking, "/before")).send(before_confident=2)
        assert family.path == page_of(booking)
        assert "We have your answers to the two questions" in family.text
        assert "You have answered the two questions" in family.text
        family.open(page_of(booking, "/before"))
        assert 'value="2" checked' in family.text
        family.send(before_know_where=0)
        [row] = said(app)
        assert (row.before_confident, row.before_know_where, row.method) == (2, 0, FeedbackMethod.PAIRED)

    @pytest.mark.one_database
    def test_an_empty_form_asks_for_one_answer(self, app: Flask, client: FlaskClient, booking: Booking) -> None:
        family = Family(client).open(page_of(booking, "/before")).send()
        assert family.status == 422
        assert "Please answer one question at least" in family.text
        assert said(app) == []

    @pytest.mark.one_database
    @pytest.mark.parametrize("typed", ["6", "-1", "x", "1'"])
    def test_what_is_no_answer_is_refused(self, app: Flask, client: FlaskClient, booking: Booking, typed: str) -> None:
        family = Family(client).open(page_of(booking, "/before")).send(before_confident=typed, before_know_where=1)
        assert family.status == 422
        assert said(app) == []

    @pytest.mark.one_database
    def test_a_walk_in_and_who_cancelled_are_not_asked(self, app: Flask, client: FlaskClient, booking: Booking) -> None:
        with app.app_context():
            walked_in, cancelled = a_booking(an_event()), a_booking(an_event())
            with transaction():
                db.session.get_one(Booking, walked_in.id).origin = Origin.WALK_IN
                cancel_booking(cancelled.id, by=CancelledBy.FAMILY)
            pages = [page_of(each) for each in (walked_in, cancelled)]
        for page in pages:
            assert TWO_QUESTIONS not in Family(client).open(page).text
            assert Family(client).open(f"{page}/before").path == page

    def test_once_it_has_begun_the_page_asks_how_it_was(
        self, app: Flask, client: FlaskClient, booking: Booking
    ) -> None:
        begin(app, booking)
        family = Family(client).open(page_of(booking))
        assert TWO_QUESTIONS not in family.text
        assert HOW in family.text
        begin(app, booking, came=False)
        assert HOW not in Family(client).open(page_of(booking)).text


class TestByLink:
    def test_three_taps_are_enough(self, app: Flask, client: FlaskClient, booking: Booking) -> None:
        family = Family(client).open(begin(app, booking))
        assert "Three taps are enough" in family.text
        family.send(confident=4, listened=5, what_next=3)
        assert family.path == "/sessions/forum/feedback/thanks"
        [row] = said(app)
        assert (row.confident, row.listened, row.what_next, row.method) == (4, 5, 3, FeedbackMethod.NONE)

    @pytest.mark.one_database
    def test_no_name_and_no_contact_stand_on_the_page(self, app: Flask, client: FlaskClient, booking: Booking) -> None:
        text = Family(client).open(begin(app, booking)).text
        assert "Adult 1" not in text
        assert (booking.email or "?") not in text
        assert booking.reference not in text

    @pytest.mark.one_database
    def test_then_and_now_are_asked_only_of_who_was_not_asked_before(
        self, app: Flask, client: FlaskClient, booking: Booking
    ) -> None:
        with app.app_context():
            asked = a_booking(an_event())
        Family(client).open(page_of(asked, "/before")).send(before_confident=2)
        assert "Before: I felt confident" not in Family(client).open(begin(app, asked)).text
        family = Family(client).open(begin(app, booking))
        assert "Before: I felt confident that services in Kent would meet" in family.text
        family.send(before_confident=1, confident=4)
        assert [row.method for row in said(app)] == [FeedbackMethod.PAIRED, FeedbackMethod.RETRO]

    def test_sending_it_again_changes_it_and_says_so(self, app: Flask, client: FlaskClient, booking: Booking) -> None:
        page = begin(app, booking)
        Family(client).open(page).send(listened=5, change="More chairs", may_quote="yes")
        family = Family(client).open(page)
        assert "You have answered already" in family.text
        assert "More chairs" in family.text
        family.send(listened=2, change="More tea", may_quote="no")
        assert "We have changed your answers" in family.text
        [row] = said(app)
        assert (row.listened, row.change, row.may_quote) == (2, "More tea", False)

    @pytest.mark.one_database
    def test_an_empty_form_kindly_asks_for_one_answer(self, app: Flask, client: FlaskClient, booking: Booking) -> None:
        family = Family(client).open(begin(app, booking)).send()
        assert family.status == 422
        assert "Please answer one question at least" in family.text
        assert said(app)[0].answered_at is None

    @pytest.mark.one_database
    def test_what_is_too_long_stays_in_its_box(self, app: Flask, client: FlaskClient, booking: Booking) -> None:
        family = Family(client).open(begin(app, booking)).send(change="x" * 1001, again=5)
        assert family.status == 422
        assert "x" * 1001 in family.text
        assert "1000 characters or fewer" in family.text
        assert '<details class="govuk-details" open>' in family.text

    @pytest.mark.one_database
    @pytest.mark.parametrize(("field", "typed"), [("confident", "9"), ("again", "<b>"), ("may_quote", "perhaps")])
    def test_what_is_no_answer_is_refused_beside_its_question(
        self, app: Flask, client: FlaskClient, booking: Booking, field: str, typed: str
    ) -> None:
        family = Family(client).open(begin(app, booking)).send({field: typed, "listened": 4})
        assert family.status == 422
        assert "Choose one of these, or leave it empty." in family.text

    def test_after_60_days_it_is_too_late(self, app: Flask, client: FlaskClient, booking: Booking) -> None:
        page = begin(app, booking, days_ago=60.1)
        assert "more than 60 days ago" in Family(client).open(page).text

    @pytest.mark.one_database
    def test_a_session_put_off_while_the_page_was_open_says_so(
        self, app: Flask, client: FlaskClient, booking: Booking
    ) -> None:
        family = Family(client).open(begin(app, booking))
        with app.app_context(), transaction():
            db.session.get_one(Event, booking.event_id).status = EventStatus.CANCELLED
        assert "This session was cancelled" in family.send(listened=4).text
        assert family.status == 409

    @pytest.mark.one_database
    def test_it_speaks_the_languages_of_families(self, app: Flask, client: FlaskClient, booking: Booking) -> None:
        page = begin(app, booking)
        Family(client).open(f"/pl{page}").send(listened=4)
        assert said(app)[0].listened == 4


class TestByTheCodeInTheRoom:
    @pytest.fixture
    def page(self, app: Flask) -> str:
        with app.app_context():
            an_event(slug="held", starts_at=clock.now() - timedelta(hours=1))
        return "/sessions/held/feedback"

    @pytest.mark.one_database
    def test_anybody_who_was_there_can_say_how_it_was(self, app: Flask, client: FlaskClient, page: str) -> None:
        assert f'href="{page}"' in client.get("/sessions/held").text
        family = Family(client).open(page).send(confident=5, before_confident=3, change="Start later")
        assert family.path == f"{page}/thanks"
        [row] = said(app)
        assert (row.origin, row.booking_id, row.method) == (FeedbackOrigin.QR, None, FeedbackMethod.RETRO)

    def test_two_people_are_two_and_one_page_sent_twice_is_one(
        self, app: Flask, client: FlaskClient, page: str
    ) -> None:
        first = client.get(page).text
        family = Family(client).open(page).send(listened=1)
        assert family.path.endswith("/thanks")
        Family(client).open(page).send(listened=5)
        twice = Family(client).open(page)
        once = twice.text.split('name="once" value="')[1].split('"')[0]
        twice.send(listened=3)
        again = Family(client).open(page).send(listened=4, once=once)
        assert "We have changed your answers" in again.text
        assert [row.listened for row in said(app)] == [1, 5, 4]
        assert 'name="once" value="' in first

    @pytest.mark.one_database
    def test_before_it_begins_it_says_when(self, client: FlaskClient, app: Flask) -> None:
        with app.app_context():
            an_event(slug="coming")
        family = Family(client).open("/sessions/coming/feedback")
        assert family.status == 409
        assert "has not begun yet" in family.text
        assert "/sessions/coming/feedback" not in client.get("/sessions/coming").text

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"status": EventStatus.CANCELLED}, "This session was cancelled"),
            ({"new_date_pending": True}, "This session is put off"),
            ({"days": 61}, "more than 60 days ago"),
        ],
    )
    def test_what_is_over_long_since_or_was_not_held_is_refused_kindly(
        self, app: Flask, client: FlaskClient, values: dict[str, object], words: str
    ) -> None:
        values, days = {**values}, values.get("days", 1)
        values.pop("days", None)
        with app.app_context():
            an_event(slug="off", starts_at=clock.now() - timedelta(days=int(str(days))), **values)
        family = Family(client).open("/sessions/off/feedback")
        assert family.status == 409
        assert words in family.text

    @pytest.mark.one_database
    @pytest.mark.parametrize("slug", ["nothing", "draft"])
    def test_a_draft_is_nobodys_business(self, app: Flask, client: FlaskClient, slug: str) -> None:
        with app.app_context():
            an_event(slug="draft", status=EventStatus.DRAFT, starts_at=clock.now() - timedelta(hours=1))
        assert client.get(f"/sessions/{slug}/feedback").status_code == 404
