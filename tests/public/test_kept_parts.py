"""Parts of pages are kept, yet a page never tells what is no longer so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from booking.extensions import ASKED_IN, db, transaction
from booking.models import Event, Slot, Venue, VenueFact
from booking.rules.words import BookingMode, EventStatus, FactAnswer
from booking.web.shared.fragments import AT_MOST, made_once
from tests.cast import a_venue, an_event, slots_for
from tests.public.looking import page


@pytest.fixture
def event(in_app: Flask) -> Event:
    venue = a_venue()
    with transaction():
        fact = VenueFact(venue_id=venue.id, code="hearing_loop", answer=FactAnswer.YES, note="In hall one.")
        fact.checked_on, fact.checked_by = date(2026, 5, 1), "Kent PACT"
        db.session.add(fact)
    return an_event(venue_id=venue.id, capacity=8, agenda=[{"minutes": 30, "what": "Tea"}], people=["Head of EHC"])


def change(table: type, **values: object) -> None:
    """Change rows as a second process would, past everything that could note it."""
    with transaction():
        db.session.execute(update(table).values(**values))


CHANGES: list[tuple[Callable[[], None], str]] = [
    (lambda: change(Event, title="Another title"), "Another title"),
    (lambda: change(Event, places_taken=5), "3 places left"),
    (lambda: change(Event, places_taken=8), "Full"),
    (lambda: change(Event, agenda=[{"minutes": 30, "what": "Cake"}]), "Cake"),
    (lambda: change(Event, people=["Somebody else"]), "Somebody else"),
    (lambda: change(Event, status=EventStatus.CANCELLED), "This session is cancelled"),
    (lambda: change(Event, room="Room nine"), "Room nine"),
    (lambda: change(Venue, name="Another hall"), "Another hall"),
    (lambda: change(VenueFact, note="In hall two."), "In hall two."),
    (lambda: change(VenueFact, checked_by="Somebody new"), "Somebody new"),
]


class TestTheSessionsPage:
    @pytest.mark.parametrize(("deed", "sentence"), CHANGES, ids=[sentence for _deed, sentence in CHANGES])
    def test_tells_each_change_at_once(
        self, event: Event, client: FlaskClient, deed: Callable[[], None], sentence: str
    ) -> None:
        before = page(client, f"/sessions/{event.slug}")
        assert sentence not in before
        deed()
        assert sentence in page(client, f"/sessions/{event.slug}")

    @pytest.mark.one_database
    def test_tells_what_was_changed_back(self, event: Event, client: FlaskClient) -> None:
        seen = []
        for taken in (4, 5, 4):
            change(Event, places_taken=taken)
            seen.append(page(client, f"/sessions/{event.slug}"))
        assert ["4 places left" in each for each in seen] == [True, False, True]
        assert seen[0] == seen[2]

    def test_counts_the_times_that_are_left(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        slots_for(event, times=1)
        assert "Full" not in page(client, f"/sessions/{event.slug}")
        with transaction():
            db.session.execute(update(Slot).values(places_taken=Slot.capacity))
        assert "Full" in page(client, f"/sessions/{event.slug}")

    def test_grows_old_with_the_day(self, event: Event, client: FlaskClient) -> None:
        change(VenueFact, checked_on=date(2025, 6, 16))
        change(Event, starts_at=event.starts_at.replace(year=2030), ends_at=event.ends_at.replace(year=2030))
        assert "more than a year ago" not in page(client, f"/sessions/{event.slug}")
        with time_machine.travel("2026-06-18 09:00:00+00:00"):
            assert "more than a year ago" in page(client, f"/sessions/{event.slug}")


class TestWhatIsKept:
    def test_is_made_once_for_the_same_values(self, app: Flask) -> None:
        made: list[int] = []
        with app.test_request_context("/"):
            for value in (1, 2, 1):
                made_once("part", value, caller=lambda: made.append(1) or f"<b>{len(made)}</b>")
        assert len(made) == 2

    @pytest.mark.one_database
    def test_is_another_for_another_language(self, app: Flask) -> None:
        for lang, text in (("en", "one"), ("pl", "two"), ("en", "one")):
            with app.test_request_context("/", environ_overrides={ASKED_IN: lang}):
                assert made_once("part", caller=lambda text=text: text) == text

    def test_does_not_grow_for_ever(self, app: Flask) -> None:
        with app.test_request_context("/"):
            for number in range(AT_MOST + 50):
                made_once("part", number, caller=lambda: "x")
        assert len(app.extensions["fragments"]) <= AT_MOST


@pytest.mark.parametrize("address", ["/", "/sessions", "/sessions?place=TN23&kind=forum"])
class TestLists:
    @pytest.mark.parametrize(
        ("deed", "sentence"),
        [
            (lambda: change(Event, title="Another title"), "Another title"),
            (lambda: change(Event, places_taken=5), "3 places left"),
            (lambda: change(Event, summary="Come and see."), "Come and see."),
            (lambda: change(Venue, name="Another hall"), "Another hall"),
            (lambda: change(Event, new_date_pending=True), "Put off"),
        ],
        ids=["title", "places", "summary", "venue", "put off"],
    )
    def test_tell_each_change_at_once(
        self, event: Event, client: FlaskClient, address: str, deed: Callable[[], None], sentence: str
    ) -> None:
        assert sentence not in page(client, address)
        deed()
        assert sentence in page(client, address)

    @pytest.mark.one_database
    def test_lose_what_is_cancelled_or_over(self, event: Event, client: FlaskClient, address: str) -> None:
        assert event.title in page(client, address)
        with time_machine.travel("2030-01-01 09:00:00+00:00"):
            assert event.title not in page(client, address)
        change(Event, status=EventStatus.CANCELLED)
        assert event.title not in page(client, address)
