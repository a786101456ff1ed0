"""Forgetting a family: what says who they are goes, what was counted stays (workstream-1 2.4 rule 15)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.models import (
    Adult,
    AuditEntry,
    Booking,
    Event,
    Family,
    Message,
    NeedRequest,
    Place,
    RememberedNeed,
    Subscription,
)
from booking.rules.words import BookingStatus, ConsentSubject, MessageStatus, Outcome
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.book_places import BookingRequest, Need, Person, book_places
from booking.services.check_counters import find_problems
from tests.cast import an_event

MAIL, PHONE = "gwen.ashdown@example.org", "01632 960123"
NEEDS, PROFILE, REMEMBER = ConsentSubject.NEEDS, ConsentSubject.PROFILE, ConsentSubject.REMEMBER_NEEDS


def _book(event: Event, email: str = MAIL, **values: object) -> int:
    request = BookingRequest(
        event_id=event.id,
        email=email,
        adults=(Person("Gwen Ashdown"),),
        outcode="TN23",
        district="ashford",
        profile={"age_phase": ["under_5"], "support": ["ehcp"], "need_area": ["learning"]},
        question="Who do I ring?",
        needs=(Need("bsl", "I lipread a little."),),
        remember_needs=True,
        consents=(NEEDS, PROFILE, REMEMBER),
        **values,  # type: ignore[arg-type]
    )
    with transaction():
        return book_places(request).id


@pytest.fixture
def runner(in_app: Flask) -> FlaskCliRunner:
    return in_app.test_cli_runner()


@pytest.fixture
def came() -> int:
    """A booking of a session that the family came to."""
    event = an_event()
    booking_id = _book(event, phone=PHONE)
    with transaction():
        db.session.get_one(Event, event.id).starts_at = clock.now() - timedelta(hours=3)
        db.session.get_one(Event, event.id).ends_at = clock.now() - timedelta(hours=1)
        for place in db.session.scalars(select(Place)):
            place.outcome = Outcome.ATTENDED
    return booking_id


def test_nothing_says_who_they_are_any_more(runner: FlaskCliRunner, came: int) -> None:
    done = runner.invoke(args=["forget", MAIL.upper()])
    assert (done.exit_code, done.output) == (0, "Forgotten. Bookings: 1, of which cancelled first: 0.\n")
    booking = db.session.scalars(select(Booking)).one()
    assert (booking.email, booking.phone, booking.ical_address, booking.profile, booking.question) == (None,) * 5
    assert booking.outcode == ""
    assert db.session.scalars(select(Adult.name)).all() == [None]
    assert db.session.scalars(select(NeedRequest.detail)).all() == [None]
    assert db.session.scalars(select(RememberedNeed)).all() == []
    family = db.session.scalars(select(Family)).one()
    assert (family.email_hash, family.phone_hash, family.import_hash) == (None, None, None)


def test_why_a_need_could_not_be_met_goes_too(runner: FlaskCliRunner, came: int) -> None:
    with transaction():
        db.session.scalars(select(NeedRequest)).one().reason_words = "No interpreter for Gwen"
    runner.invoke(args=["forget", MAIL])
    assert db.session.scalars(select(NeedRequest.reason_words)).all() == [None]


def test_nothing_in_their_old_mails_leads_to_what_is_kept(runner: FlaskCliRunner, came: int) -> None:
    booking = db.session.get_one(Booking, came)
    reference, uid = booking.reference, booking.ical_uid
    with transaction():
        booking = db.session.get_one(Booking, came)
        booking.may_text, booking.lang = True, "pl"
        db.session.scalars(select(Family)).one().calendar_digest = "c" * 64
    runner.invoke(args=["forget", "--reference", reference])
    booking = db.session.get_one(Booking, came)
    assert booking.reference != reference
    assert booking.ical_uid != uid
    assert (booking.may_text, booking.lang) == (False, "en")
    assert db.session.scalars(select(Family.calendar_digest)).all() == [None]


def test_the_figures_stay_under_a_fresh_key(runner: FlaskCliRunner, came: int) -> None:
    key = db.session.scalars(select(Family.key)).one()
    db.session.rollback()
    runner.invoke(args=["forget", "(01632) 960 123"])
    booking = db.session.scalars(select(Booking)).one()
    assert booking.family is not None
    assert booking.family.key != key
    assert (booking.district, booking.status) == ("ashford", BookingStatus.CONFIRMED)
    assert booking.places[0].outcome == Outcome.ATTENDED
    assert list(find_problems()) == []


def test_what_is_still_to_come_is_cancelled_first_and_nobody_is_written_to(runner: FlaskCliRunner) -> None:
    event = an_event(capacity=1)
    booking_id = _book(event)
    next_one = _book(event, "tomasz.lisek@example.org", accept_waiting_list=True)
    done = runner.invoke(args=["forget", MAIL])
    assert done.output == "Forgotten. Bookings: 1, of which cancelled first: 1.\n"
    assert db.session.get_one(Booking, booking_id).status == BookingStatus.CANCELLED
    assert db.session.get_one(Booking, next_one).status == BookingStatus.OFFERED
    messages = db.session.scalars(select(Message).where(Message.booking_id == booking_id)).all()
    assert {(message.status, message.address) for message in messages} == {(MessageStatus.STALE, None)}
    assert list(find_problems()) == []


def test_the_old_link_is_void(runner: FlaskCliRunner, came: int) -> None:
    digest = db.session.get_one(Booking, came).link_digest
    db.session.rollback()
    runner.invoke(args=["forget", MAIL])
    assert db.session.get_one(Booking, came).link_digest != digest


def test_it_can_be_asked_for_by_reference(runner: FlaskCliRunner, came: int) -> None:
    reference = db.session.get_one(Booking, came).reference
    db.session.rollback()
    done = runner.invoke(args=["forget", "--reference", f"{reference[:3].lower()} {reference[3:]}"])
    assert done.exit_code == 0, done.output


def test_other_families_are_left_alone(runner: FlaskCliRunner, came: int) -> None:
    other = _book(an_event(), "tomasz.lisek@example.org")
    runner.invoke(args=["forget", MAIL])
    booking = db.session.get_one(Booking, other)
    assert booking.email == "tomasz.lisek@example.org"
    assert booking.needs[0].detail == "I lipread a little."


def test_it_is_on_record_without_anything_personal(runner: FlaskCliRunner, came: int) -> None:
    runner.invoke(args=["forget", MAIL])
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "forget_family")).one()
    assert entry.facts == {"bookings": 1, "cancelled": 0, "news": 0}
    assert entry.reason == ""


def test_what_they_wanted_news_of_is_forgotten_with_them(runner: FlaskCliRunner, came: int) -> None:
    with transaction():
        ask_for_news(MAIL, NewsWanted(), lang="en")
        other = ask_for_news("other@example.org", NewsWanted(), lang="en")
    assert other is not None
    kept = other.id
    done = runner.invoke(args=["forget", MAIL])
    assert "News of new sessions stopped: 1." in done.output
    assert db.session.scalars(select(Subscription.id)).all() == [kept]
    assert MAIL not in [message.address for message in db.session.scalars(select(Message))]


def test_who_only_wanted_news_is_forgotten_too(runner: FlaskCliRunner) -> None:
    with transaction():
        ask_for_news(MAIL, NewsWanted(), lang="en")
    done = runner.invoke(args=["forget", MAIL.upper()])
    assert (done.exit_code, done.output) == (0, "Forgotten. There was no booking; news of new sessions stopped: 1.\n")
    assert db.session.scalars(select(Subscription)).all() == []
    assert db.session.scalars(select(AuditEntry.facts).where(AuditEntry.action == "forget_news")).all() == [{"news": 1}]


@pytest.mark.parametrize("args", [["nobody@example.org"], ["--reference", "CDFGHJ"], ["--reference", "?"]])
def test_somebody_unknown_is_said_to_be_unknown(runner: FlaskCliRunner, came: int, args: list[str]) -> None:
    done = runner.invoke(args=["forget", *args])
    assert done.exit_code == 1
    assert "No family is known by this." in done.output
