"""J1: finding what fits, by place, kind, time and what a place has; and being asked when nothing does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Wish
from booking.rules.words import Delivery, EventKind, FactAnswer, WishReason
from tests.cast import a_venue, an_event
from tests.public.family import Family
from tests.public.looking import text_of, titles
from tests.public.test_find import DOVER, MARGATE, a_fact

A_WEDNESDAY = date(2026, 6, 24)


@pytest.fixture
def county(app: Flask) -> None:
    """Sessions in two towns and online, at all hours, in places of which more or less is known."""
    with app.app_context():
        margate, dover = a_venue(**MARGATE), a_venue(**DOVER)
        a_fact(margate.id, "hearing_loop", FactAnswer.PARTLY)
        a_fact(dover.id, "hearing_loop", FactAnswer.YES)
        morning, evening = clock.london_time(A_WEDNESDAY, 10), clock.london_time(A_WEDNESDAY, 18)
        holiday = clock.london_time(date(2026, 8, 5), 10)
        an_event(title="Margate forum", venue_id=margate.id, starts_at=evening)
        an_event(title="Margate coffee", venue_id=margate.id, kind=EventKind.COFFEE, starts_at=holiday)
        an_event(title="Dover forum", venue_id=dover.id, starts_at=morning, places_taken=7)
        an_event(title="Dover full", venue_id=dover.id, starts_at=morning + timedelta(days=1), places_taken=10)
        an_event(title="Talk at home", kind=EventKind.WEBINAR, delivery=Delivery.ONLINE, starts_at=evening)


@pytest.fixture
def family(app: Flask, county: None) -> Family:
    return Family(app.test_client())


def found(family: Family, query: str) -> list[str]:
    return titles(family.open(f"/sessions?{query}").text)


def test_by_distance_and_how_full_in_words(family: Family) -> None:
    assert found(family, "place=CT9")[:2] == ["Margate forum", "Margate coffee"]
    assert found(family, "place=Dover")[:2] == ["Dover forum", "Dover full"]
    said = text_of(family.text)
    for words in ("miles away", "Plenty of places", "3 places left", "Full – you can join the waiting list"):
        assert words in said


def test_by_kind_time_and_what_a_place_has(family: Family) -> None:
    assert found(family, "kind=webinar") == ["Talk at home"]
    assert found(family, "online=y") == ["Talk at home"]
    assert found(family, "time=school_run_safe") == ["Dover forum", "Dover full"]
    assert found(family, "time=evening&district=thanet") == ["Margate forum"]
    assert found(family, "when=holiday") == ["Margate coffee"]
    assert found(family, "with=hearing_loop&kind=forum") == ["Dover forum", "Margate forum", "Dover full"]
    assert "Partly: Hearing loop" in text_of(family.text)


def test_a_search_is_a_link_that_can_be_passed_on(app: Flask, family: Family) -> None:
    family.open("/sessions?place=CT9+1AA&when=term&time=evening")
    assert family.page is not None
    query = family.page.request.query_string.decode()
    assert query == "place=CT9&when=term&time=evening"
    assert found(Family(app.test_client()), query) == titles(family.text) == ["Margate forum", "Talk at home"]


def test_nothing_leads_to_the_nearest_the_online_ones_and_a_wish(app: Flask, family: Family) -> None:
    nearest = ["Margate forum", "Margate coffee", "Dover forum", "Talk at home"]
    assert found(family, "place=CT9&kind=roadshow&time=weekend") == nearest
    assert "Tell us what would suit you" in family.text
    family.open("/wish?place=CT9&kind=roadshow&time=weekend").send(reason="wrong_time")
    assert "Thank you for telling us" in family.text
    with app.app_context():
        wish = db.session.scalars(select(Wish)).one()
        assert (wish.reason, wish.outcode, wish.district) == (WishReason.WRONG_TIME, "CT9", "thanet")
        assert (wish.kind, wish.time_band) == (EventKind.ROADSHOW, "weekend")
