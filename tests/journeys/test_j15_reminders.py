"""J15: reminded three days and one day before, with one tap that gives the place to a family that waits."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from flask import Flask

from booking import clock
from booking.jobs import tick
from booking.locality import get_locality
from booking.rules.words import ConsentSubject
from booking.services.ask_needs import Need
from tests.cast import a_booking, an_event
from tests.mail.relay import Relay, text_of
from tests.public.family import Family


def run(app: Flask) -> None:
    """Let the worker look around twice: what it queues leaves."""
    with app.app_context():
        tick()
        tick()


def book(app: Flask, name: str) -> Family:
    """Book, or join the list when the session is full."""
    family = Family(app.test_client()).book("forum", email=f"{name}@example.net", full_name=name).send()
    return family.send() if family.status == 409 else family


def mails_to(relay: Relay, name: str) -> list[str]:
    """Return the text of each mail to this family, in order."""
    return [text_of(mail) for mail in relay.mails if str(mail["To"]) == f"{name}@example.net"]


def test_one_tap_in_the_reminder_gives_the_place_to_the_next_family(
    app: Flask, relay: Relay, summer: time_machine.Traveller
) -> None:
    with app.app_context():
        starts_at = an_event(slug="forum", capacity=1).starts_at
    book(app, "gwen")
    book(app, "huw")
    run(app)
    summer.move_to(starts_at - timedelta(days=3))
    run(app)
    said = mails_to(relay, "gwen")[-1]
    assert "1 family is waiting for a place." in said
    [link] = re.findall(r"http://localhost(/bookings/\w+/cancel)", said)

    phone = Family(app.test_client()).open(link)
    run(app)
    assert "You have a place" in Family(app.test_client()).open(link.removesuffix("/cancel")).text, "a look is no yes"
    assert "we are keeping it for you" not in mails_to(relay, "huw")[-1]
    phone.send()
    assert "Thanks for telling us – your place goes to another family." in phone.text
    run(app)
    assert "we are keeping it for you" in mails_to(relay, "huw")[-1]


def test_what_was_arranged_is_only_hinted_at(app: Flask, relay: Relay, summer: time_machine.Traveller) -> None:
    with app.app_context():
        event = an_event()
        starts_at = event.starts_at
        a_booking(event, email="gwen@example.net", needs=(Need("loop"),), consents=(ConsentSubject.NEEDS,))
    run(app)
    summer.move_to(starts_at - timedelta(days=1) + timedelta(hours=1))
    run(app)
    said = mails_to(relay, "gwen")[-1]
    assert "Tomorrow" in relay.subjects[-1]
    assert "Your booking page" in said
    names = [need.label.casefold() for need in get_locality("kent").needs]
    assert not [name for name in names if name in said.casefold()]


def test_nothing_comes_at_night(app: Flask, relay: Relay, summer: time_machine.Traveller) -> None:
    with app.app_context():
        starts_at = an_event(slug="forum").starts_at
    book(app, "gwen")
    run(app)
    before = len(relay.subjects)
    for hour in (21, 23, 3, 7):
        summer.move_to(clock.london_time(starts_at.date() - timedelta(days=4 if hour > 20 else 3), hour, 30))
        run(app)
    assert len(relay.subjects) == before
