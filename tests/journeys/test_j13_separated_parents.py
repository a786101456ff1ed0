"""J13: two adults of one child are never merged; both can come to the same session without either knowing."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from booking.extensions import db
from booking.models import Booking, Family
from tests.cast import an_event
from tests.public.family import Family as Visitor


def book(app: Flask, slug: str, name: str) -> Visitor:
    return Visitor(app.test_client()).book(slug, full_name=name, email=f"{name}@example.net").send()


def families(app: Flask) -> list[int | None]:
    with app.app_context():
        return list(db.session.scalars(select(Booking.family_id).order_by(Booking.id)))


def test_each_books_and_changes_without_a_trace_of_the_other(app: Flask) -> None:
    with app.app_context():
        slug = an_event().slug
    mother, father = book(app, slug, "mother"), book(app, slug, "father")
    for page, other in ((mother, "father"), (father, "mother")):
        assert "You have a place" in page.text
        assert other not in page.open(page.path).text
    one, two = families(app)
    assert one != two


def test_one_who_takes_the_others_address_is_not_merged_and_sees_nothing(app: Flask) -> None:
    with app.app_context():
        slug = an_event().slug
    mother, father = book(app, slug, "mother"), book(app, slug, "father")
    father.open(f"{father.path}/contact").send(email="mother@example.net")
    assert "This page has a new link now" in father.text
    one, two = families(app)
    assert one != two
    with app.app_context():
        asked = list(db.session.scalars(select(Family.merge_question).order_by(Family.id)))
    assert asked == [False, True]
    assert "father" not in mother.open(mother.path).text


def test_who_types_the_others_address_sees_nothing_remembered_and_none_of_the_bookings(app: Flask) -> None:
    with app.app_context():
        slug, other = an_event().slug, an_event(title="The mother's other session").slug
    mother = Visitor(app.test_client()).book(slug, full_name="mother", email="mother@example.net")
    mother.open(mother.path.replace("/check", "/needs"))
    mother.send(any_needs="yes", needs=["loop"], consent_needs="y", remember_needs="y")
    while not mother.path.endswith("/check"):
        mother.send()
    mother.send()
    assert "What we remember for you" in mother.text
    stranger = Visitor(app.test_client()).book(other, full_name="stranger", email="mother@example.net").send()
    assert "You have a place" in stranger.text
    assert "What we remember for you" not in stranger.text
    assert "Hearing loop" not in stranger.text
