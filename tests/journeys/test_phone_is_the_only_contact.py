"""A family without e-mail: a phone is enough for all of it, and paper for the day."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db
from booking.formats.tokens import booking_token
from booking.locality import get_locality
from booking.models import Booking, Message
from booking.rules.words import Channel, ConsentSubject, ContactBy, NeedState
from booking.services.ask_needs import Need
from tests.cast import a_booking, a_venue, an_event
from tests.conftest import ROOT
from tests.mail.notify_standin import KEY, TEMPLATE
from tests.public.family import Family

PHONE = {"contact_by": "phone", "email": "", "phone": "07700 900982"}


@pytest.fixture
def forum(app: Flask) -> str:
    with app.app_context():
        return an_event(slug="forum", title="Sleep, step by step").slug


@pytest.fixture
def with_texts(app: Flask) -> Flask:
    before = app.extensions["config"]
    app.extensions["config"] = dataclasses.replace(before, sms_api_key=KEY, sms_template_id=TEMPLATE)
    yield app
    app.extensions["config"] = before


def test_books_with_a_number_alone_and_reads_its_reference_and_how_it_hears(client: FlaskClient, forum: str) -> None:
    family = Family(client).book(forum, **PHONE).send()
    assert "You have a place" in family.text
    assert 'class="house-reference"' in family.text
    assert "We ring you before the session, and if something changes." in family.text
    assert "Print this in large type" in family.text
    assert "invitation to your email" not in family.text


def test_is_not_asked_about_texts_while_they_are_off(client: FlaskClient, forum: str) -> None:
    family = Family(client).open(f"/sessions/{forum}/book").send(adults=1)
    assert "may_text" not in family.text
    assert "You may text me" not in family.text


def test_is_texted_once_it_says_we_may(with_texts: Flask, client: FlaskClient, forum: str) -> None:
    family = Family(client).book(forum, may_text="y", **PHONE)
    assert "You may text this number" in family.text
    family.send()
    assert "We text you before the session, and if something changes." in family.text
    with with_texts.app_context():
        [message] = db.session.scalars(select(Message))
        assert message.channel == Channel.TEXT


def test_is_texted_on_the_morning_too_if_it_asks_for_that(with_texts: Flask, client: FlaskClient, forum: str) -> None:
    family = Family(client).book(forum, wants_morning_text="y", **PHONE)
    assert "You may text this number" in family.text, "who wants one on the morning may be texted"
    assert "A text on the morning, too" in family.text
    family.send()
    with with_texts.app_context():
        assert db.session.execute(select(Booking.may_text, Booking.wants_morning_text)).all() == [(True, True)]
    family.open(f"{family.path}/contact").send(wants_morning_text=[])
    with with_texts.app_context():
        assert db.session.execute(select(Booking.may_text, Booking.wants_morning_text)).all() == [(True, False)]


def test_takes_back_that_it_may_be_texted(with_texts: Flask, client: FlaskClient, forum: str) -> None:
    family = Family(client).book(forum, may_text="y", **PHONE).send()
    family.open(f"{family.path}/contact").send(may_text=[])
    with with_texts.app_context():
        assert db.session.scalars(select(Booking.may_text)).all() == [False]


def test_says_nothing_and_is_not_texted(with_texts: Flask, client: FlaskClient, forum: str) -> None:
    Family(client).book(forum, **PHONE).send()
    with with_texts.app_context():
        assert db.session.scalars(select(Message)).all() == []
        assert db.session.scalars(select(Booking.may_text)).all() == [False]


def test_a_tick_sent_by_hand_means_nothing_while_texts_are_off(app: Flask, client: FlaskClient, forum: str) -> None:
    Family(client).book(forum, may_text="y", **PHONE).send()
    with app.app_context():
        assert db.session.scalars(select(Booking.may_text)).all() == [False]


class TestThePaper:
    def paper(self, app: Flask, client: FlaskClient, **values: object) -> str:
        with app.app_context():
            venue = a_venue(
                address="4 Mill Lane", postcode="TN23 1AB", directions="Behind the church.",
                arrival_steps=["Get off at Mill Lane.", "Ring the bell at the green door."],
                leaving="You can leave at any time.",
                **values,
            )  # fmt: skip
            event = an_event(venue_id=venue.id, title="Sleep, step by step")
            need = get_locality("kent").most_asked[0].code
            booking = a_booking(
                event,
                adults=2,
                email=None,
                phone="07700 900982",
                contact_by=ContactBy.PHONE,
                needs=(Need(need, "please at the front"),),
                consents=(ConsentSubject.NEEDS,),
            )
            booking.needs[0].state = NeedState.ARRANGED
            db.session.commit()
            token, self.reference = booking_token(booking), booking.reference
        return Family(client).open(f"/bookings/{token}/print").text

    def test_says_all_that_is_needed_that_day(self, app: Flask, client: FlaskClient) -> None:
        paper = self.paper(app, client)
        for said in (
            "You have a place: Sleep, step by step",
            "Tuesday 30 June 2026",
            "10am to midday",
            "4 Mill Lane",
            "TN23 1AB",
            "Get off at Mill Lane.",
            "Ring the bell at the green door.",
            "Behind the church.",
            "You can leave at any time.",
            "2 adults",
            "Adult 1",
            "Adult 2",
            "Arranged",
            "01632 960000",
            f"{self.reference[:3]} {self.reference[3:]}",
            "Say it like this: ",
        ):
            assert said in paper, said

    def test_holds_no_link_that_opens_the_booking_and_no_words_about_a_need(
        self, app: Flask, client: FlaskClient
    ) -> None:
        main = self.paper(app, client).split("<main", 1)[1].split("</main>")[0]
        assert "/bookings/" not in main
        assert "please at the front" not in main

    def test_is_in_type_of_18_points_on_a4(self) -> None:
        css = (ROOT / "static" / "css" / "book.css").read_text()
        printed = css.split("@media print", 1)[1]
        assert "size: A4" in printed
        assert ".house-large { font-size: 18pt" in printed


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("reference", "said"), [("K7M4PX", "K, seven, M. Four, P, X."), ("CDF369", "C, D, F. Three, six, nine.")]
)
def test_a_reference_is_said_in_letters_and_number_words(app: Flask, reference: str, said: str) -> None:
    from booking.formats.on_paper import spelled

    with app.test_request_context():
        assert spelled(reference) == said


def test_every_digit_of_a_reference_has_its_word() -> None:
    from booking.formats.on_paper import DIGITS
    from booking.rules.references import ALPHABET

    assert set(DIGITS) == {letter for letter in ALPHABET if letter.isdigit()}
