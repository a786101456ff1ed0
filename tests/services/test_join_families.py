"""Two records of one family are made one, counted once, found by both contacts, and taken apart again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from booking.errors import Conflict, Refusal
from booking.extensions import db, transaction
from booking.models import Adult, Booking, Consent, Event, Family, FamilyJoin, RememberedNeed
from booking.queries.families import families_with_contact
from booking.rules.words import ConsentSubject
from booking.services.book_places import BookingRequest, Need, Person, book_places
from booking.services.forget_family import forget_family
from booking.services.join_families import join_families, part_families
from tests.cast import a_booking, an_event

pytestmark = pytest.mark.usefixtures("in_app")
ONE, OTHER = "one@example.net", "other@example.net"


def booked(email: str, *names: str | None, event: Event | None = None, **values: Any) -> Booking:
    people = tuple(Person(name) for name in names)
    request = BookingRequest(event_id=(event or an_event()).id, email=email, adults=people, **values)
    with transaction():
        return book_places(request)


@pytest.fixture
def two() -> tuple[int, int]:
    """Ann booked with one address, and with another for Ben and herself, who asked for an interpreter."""
    first = booked(ONE, "Ann Ash")
    asked: dict[str, Any] = {"needs": (Need("bsl"),), "consents": (ConsentSubject.NEEDS,), "remember_needs": True}
    second = booked(OTHER, "Ann Ash", "Ben Ash", **asked)
    return first.family_id or 0, second.family_id or 0


def state() -> list[object]:
    """Everything that belongs to a family, by table."""
    db.session.rollback()
    rows: list[object] = []
    for model in (Booking, Adult, Consent, RememberedNeed):
        rows.append(db.session.execute(select(model.id, model.family_id).order_by(model.id)).all())
    rows.append(db.session.execute(select(Family.id, Family.joined_id).order_by(Family.id)).all())
    rows.append(
        [
            [place.adult_id for place in booking.places]
            for booking in db.session.scalars(select(Booking).order_by(Booking.id))
        ]
    )
    return rows


def join(one: int, other: int) -> int:
    with transaction():
        return join_families(one, other).id


def test_all_that_one_had_is_the_others_and_an_adult_is_counted_once(two: tuple[int, int]) -> None:
    join(*two)
    assert set(db.session.scalars(select(Booking.family_id))) == {two[0]}
    coming = {place.adult_id for booking in db.session.scalars(select(Booking)) for place in booking.places}
    assert len(coming) == 2, "Ann and Ben"
    assert set(db.session.scalars(select(Consent.family_id))) == {two[0]}


def test_the_older_record_stays_whichever_is_named_first(two: tuple[int, int]) -> None:
    join(two[1], two[0])
    assert set(db.session.scalars(select(Booking.family_id))) == {two[0]}


def test_both_contacts_lead_to_it_and_the_next_booking_joins_it(two: tuple[int, int]) -> None:
    join(*two)
    assert families_with_contact(ONE) == families_with_contact(OTHER) == [two[0]]
    assert a_booking(an_event(), email=OTHER).family_id == two[0]


def test_taking_apart_gives_back_all(two: tuple[int, int]) -> None:
    before = state()
    number = join(*two)
    assert state() != before
    with transaction():
        part_families(number)
    assert state() == before
    assert a_booking(an_event(), email=OTHER).family_id == two[1]


def test_what_was_booked_since_stays_where_it_is(two: tuple[int, int]) -> None:
    number = join(*two)
    since = a_booking(an_event(), email=OTHER)
    with transaction():
        part_families(number)
    assert db.session.get_one(Booking, since.id).family_id == two[0]


def test_three_records_come_apart_in_turn(two: tuple[int, int]) -> None:
    third = a_booking(an_event(), email="third@example.net").family_id or 0
    before = state()
    inner = join(two[1], third)
    outer = join(*two)
    assert families_with_contact("third@example.net") == [two[0]]
    with pytest.raises(Conflict), transaction():
        part_families(inner)
    for number in (outer, inner):
        with transaction():
            part_families(number)
    assert state() == before
    with pytest.raises(Conflict), transaction():
        part_families(outer)


def test_one_record_is_not_joined_with_itself(two: tuple[int, int]) -> None:
    with pytest.raises(Refusal), transaction():
        join_families(two[0], two[0])
    join(*two)
    with pytest.raises(Conflict), transaction():
        join_families(*two)


def test_a_forgotten_family_is_found_by_neither_contact(two: tuple[int, int]) -> None:
    join(*two)
    with transaction():
        forget_family(two[0], screen="test")
    assert families_with_contact(ONE) == families_with_contact(OTHER) == []
    assert db.session.scalar(select(func.count(Adult.id)).where(Adult.name.is_not(None))) == 0


def test_the_join_keeps_numbers_alone(two: tuple[int, int]) -> None:
    join(*two)
    moved = db.session.scalars(select(FamilyJoin.moved)).one()
    assert "Ann" not in str(moved)
    assert set(moved) == {"booking", "adult", "consent", "remembered_need", "place", "family"}


def test_a_family_without_names_stays_as_many_people_as_came() -> None:
    event = an_event()
    first, second = booked(ONE, None, event=event), booked(OTHER, None, event=event)
    join(first.family_id or 0, second.family_id or 0)
    coming = {place.adult_id for booking in db.session.scalars(select(Booking)) for place in booking.places}
    assert len(coming) == 2, "both came to the same session"
