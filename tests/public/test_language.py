"""A booking keeps the language it was made in, and its messages speak it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import extensions
from booking.extensions import db, transaction
from booking.formats.messages import in_words
from booking.models import Booking
from booking.rules.words import MessageKind
from tests.cast import a_booking, an_event
from tests.public.family import Family


@pytest.mark.parametrize(("asked", "kept"), [("pl", "pl"), ("en", "en"), ("xx", "en"), ("", "en"), ("../pl", "en")])
def test_a_booking_keeps_the_language_of_its_page(
    in_app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, asked: str, kept: str
) -> None:
    monkeypatch.setattr(extensions, "LANGUAGES", ("en", "pl"))
    slug = an_event().slug
    family = Family(client)
    family.open(f"/sessions/{slug}/book").send(adults=1, lang=asked)
    family.send(full_name="Tomasz", contact_by="email", email="tomasz@example.net")
    while not family.path.endswith("/check"):
        family.send()
    family.send()
    db.session.remove()
    assert db.session.scalars(select(Booking.lang)).one() == kept


def test_a_message_speaks_the_language_of_its_booking(in_app: Flask) -> None:
    booking = a_booking(an_event())
    with transaction():
        db.session.get_one(Booking, booking.id).lang = "pl"
    words = in_words(
        MessageKind.CONFIRMED, db.session.get_one(Booking, booking.id), facts={}, has_calendar=True, waiting=0
    )
    assert "czerwca" in words.text  # June, as Polish says it in a date
