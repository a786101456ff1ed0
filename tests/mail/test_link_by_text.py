"""Whoever booked with a mobile phone finds the booking again by text; nobody learns who has booked."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from booking.extensions import db
from booking.formats.tokens import booking_token
from booking.jobs import deliver_messages
from booking.models import Booking
from booking.rules.words import CancelledBy, MessageKind
from booking.web.public.find_my_booking import TAKES
from tests.cast import a_booking, an_event
from tests.mail.deeds import cancel, outbox
from tests.mail.notify_standin import KEY, TEMPLATE, Notify, answering
from tests.mail.test_texts import PHONE, by_phone
from tests.public.family import Family, page_of

LANDLINE = "01632 960123"


@pytest.fixture
def notify(in_app: Flask) -> Iterator[Notify]:
    """GOV.UK Notify's stand-in, with texts switched on."""
    before = in_app.extensions["config"]
    with answering(Notify()) as standin:
        in_app.extensions["config"] = dataclasses.replace(
            before, sms_api_key=KEY, sms_template_id=TEMPLATE, sms_base_url=standin.url
        )
        yield standin
    in_app.extensions["config"] = before


@pytest.fixture
def family(client: FlaskClient) -> Family:
    """Somebody who has lost the link."""
    return Family(client)


def ask(family: Family, contact: str) -> str:
    """Ask with a contact and return the answer, without the frame of the page."""
    family.open("/find-my-booking").send(contact=contact)
    return family.text.split("<main")[1].split("</main>")[0]


def texted() -> list[str]:
    db.session.rollback()
    return [row.address or "" for row in outbox() if row.kind == MessageKind.LINK]


def test_the_link_comes_by_text_and_opens_the_booking(notify: Notify, family: Family) -> None:
    booking = by_phone()
    deliver_messages()
    assert "Check your phone" in ask(family, "+44 7700 900982")
    deliver_messages()
    assert notify.texts[-1]["phone_number"] == PHONE
    assert booking_token(booking) in notify.said[-1]
    assert family.open(page_of(booking)).status == 200


def test_the_answer_is_the_same_for_everyone_and_takes_as_long(notify: Notify, family: Family) -> None:
    by_phone()
    said = []
    for contact in (PHONE, "07700 900111"):
        began = time.perf_counter()
        said.append(ask(family, contact))
        assert time.perf_counter() - began >= TAKES
    assert said[0] == said[1]
    assert texted() == [PHONE]


def test_it_goes_to_who_may_be_texted_alone(notify: Notify, family: Family) -> None:
    event = an_event()
    by_phone(event, may_text=False)
    by_phone(event, phone="07700 900002")
    assert "Check your phone" in ask(family, PHONE)
    assert texted() == []


def test_it_goes_to_the_number_and_not_by_mail(notify: Notify, family: Family) -> None:
    a_booking(an_event(), phone=PHONE, may_text=True, email="sam@example.net")
    ask(family, PHONE)
    assert texted() == [PHONE]
    ask(family, "sam@example.net")
    assert texted() == [PHONE, "sam@example.net"]


@pytest.mark.one_database
def test_a_landline_says_ring_us_for_everyone(notify: Notify, family: Family) -> None:
    by_phone(phone=LANDLINE)
    assert "Please ring us" in ask(family, LANDLINE)
    assert ask(family, "01632 960999") == ask(family, LANDLINE)
    assert texted() == []


@pytest.mark.one_database
def test_without_texts_a_mobile_says_ring_us_too(in_app: Flask, family: Family) -> None:
    by_phone()
    assert "Please ring us" in ask(family, PHONE)
    assert texted() == []


@pytest.mark.one_database
def test_a_phone_is_never_filled(notify: Notify, family: Family, summer: time_machine.Traveller) -> None:
    by_phone()
    for _ in range(7):
        ask(family, PHONE)
        summer.shift(1)
    assert len(texted()) == 5
    summer.shift(timedelta(days=1, hours=1))
    ask(family, PHONE)
    assert len(texted()) == 6


@pytest.mark.one_database
def test_nothing_is_texted_for_what_is_over_or_cancelled(
    notify: Notify, family: Family, summer: time_machine.Traveller
) -> None:
    cancel(by_phone(), by=CancelledBy.FAMILY)
    ask(family, PHONE)
    assert texted() == []
    other = by_phone(phone="07700 900003")
    summer.move_to(db.session.get_one(Booking, other.id).event.ends_at + timedelta(hours=1))
    ask(family, "07700 900003")
    assert texted() == []
