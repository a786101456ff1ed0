"""Very many rows at once are the same rows as one by one."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Family, Venue
from booking.services.insert_rows import insert_rows
from tests.cast import a_booking, an_event

NASTY = ["a\tb", "two\nlines\r\n", "\\N", "\\", "", "Zoë Łukasiewicz 🎈", "\"quoted\", 'it'"]


def a_row(code: str, **more: object) -> dict[str, object]:
    about = {"code": code, "name": "The Barn", "town": "Deal", "outcode": "CT14", "district": "dover"}
    return about | {"archived_at": None, "created_at": clock.now()} | more


def test_what_no_row_names_is_as_the_model_has_it(in_app: Flask) -> None:
    now = clock.now()
    with transaction():
        insert_rows(Venue.__table__, [a_row("one", archived_at=now), a_row("two")])
        db.session.add(Venue(code="three", name="The Barn", town="Deal", outcode="CT14", district="dover"))
    one, two, three = db.session.scalars(select(Venue).order_by(Venue.id))
    ours = {column.key for column in Venue.__table__.columns} - {"id", "code", "created_at"}
    assert (one.archived_at, two.archived_at) == (now, None)
    assert {key: getattr(two, key) for key in ours} == {key: getattr(three, key) for key in ours}


def test_every_text_comes_back_as_it_was(in_app: Flask) -> None:
    with transaction():
        insert_rows(Venue.__table__, (a_row(f"v{n}", name=text) for n, text in enumerate(NASTY)))
    assert list(db.session.scalars(select(Venue.name).order_by(Venue.id))) == NASTY


def test_what_is_sealed_is_sealed_each_time_anew(in_app: Flask) -> None:
    booking = a_booking(an_event())
    table = Booking.__table__
    shared = {"event_id": booking.event_id, "status": booking.status, "origin": booking.origin}
    shared |= {"contact_by": booking.contact_by, "email": "one@example.net", "created_at": clock.now()}
    with transaction():
        insert_rows(table, [shared | {"reference": ref, "ical_uid": ref} for ref in ("R1", "R2")])
    found = db.session.scalars(select(Booking).where(Booking.id != booking.id)).all()
    assert [each.email for each in found] == ["one@example.net"] * 2
    raw = db.session.connection().exec_driver_sql("SELECT email FROM booking WHERE reference IN ('R1', 'R2')")
    assert len({sealed for (sealed,) in raw if "example" not in sealed}) == 2


def test_nothing_is_nothing_and_all_is_taken_back_with_the_deed(in_app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        insert_rows(AuditEntry.__table__, [])
        insert_rows(Venue.__table__, [a_row("one")])
        _ = 1 / 0
    assert db.session.scalars(select(Venue)).all() == []


def test_it_says_how_far_it_is(in_app: Flask) -> None:
    steps: list[int] = []
    with transaction():
        insert_rows(Venue.__table__, (a_row(f"v{n}") for n in range(2_500)), steps.append)
    assert (len(steps) > 1, sum(steps)) == (True, 2_500)


@pytest.mark.one_database
def test_what_is_another_one_in_each_row_has_to_be_given(in_app: Flask) -> None:
    with pytest.raises(ValueError, match=r"family\.key must be given"), transaction():
        insert_rows(Family.__table__, [{"email_hash": "one", "created_at": clock.now()}])
