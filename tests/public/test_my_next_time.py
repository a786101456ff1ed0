"""What is remembered, and the next booking begun from the last: nothing is asked twice, and nobody else sees it."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.models import Booking, RememberedNeed
from booking.rules.words import ConsentSubject
from booking.services.ask_needs import Need
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.send_link import renew_link
from tests.cast import a_booking, an_event
from tests.public.family import Family, page_of

pytestmark = pytest.mark.usefixtures("in_app")


def remembering() -> Booking:
    """A family of two, which asked us to remember what would help."""
    booked = BookingRequest(
        event_id=an_event().id,
        adults=(Person("Sam Carer"), Person("Alex Carer")),
        email="sam@example.net",
        outcode="TN23",
        district="ashford",
        needs=(Need("bsl", "On my left"), Need("loop")),
        consents=(ConsentSubject.NEEDS,),
        remember_needs=True,
    )
    with transaction():
        number = book_places(booked).id
    return db.session.get_one(Booking, number)


def bookings() -> list[Booking]:
    db.session.rollback()
    return list(db.session.scalars(select(Booking).order_by(Booking.id).execution_options(populate_existing=True)))


def remembered() -> list[str]:
    db.session.rollback()
    return [row.code for row in db.session.scalars(select(RememberedNeed).order_by(RememberedNeed.id))]


class TestTheNextBooking:
    def test_starts_from_the_last_one_and_asks_nothing_twice(self, family: Family) -> None:
        first, event = remembering(), an_event(title="The next forum")
        family.open(page_of(first)).send(to="/again")
        assert family.path == "/sessions"
        family.open(f"/sessions/{event.slug}/book")
        assert "Starting from your last booking" in family.text
        assert 'value="2"' in family.text
        family.send(to="/book")
        assert family.path.endswith("/check")
        for words in ("Sam Carer", "Alex Carer", "sam@example.net", "TN23", "On my left", "Hearing loop"):
            assert words in family.text
        family.send()
        assert "You have a place" in family.text
        second = bookings()[-1]
        assert (second.root_id, second.family_id) == (first.id, first.family_id)
        assert {need.code for need in second.needs} == {"bsl", "loop"}
        assert remembered() == ["bsl", "loop"]

    @pytest.mark.one_database
    def test_begins_afresh_for_somebody_else_at_this_browser(self, family: Family) -> None:
        first, event = remembering(), an_event()
        family.open(page_of(first)).send(to="/again")
        family.open(f"/sessions/{event.slug}/book").send(to="/start-afresh")
        assert family.path == f"/sessions/{event.slug}/book"
        assert "Starting from your last booking" not in family.text
        family.send()
        assert family.path.endswith("/contact")
        assert "sam@example.net" not in family.text

    @pytest.mark.one_database
    def test_a_link_made_anew_ends_it(self, family: Family) -> None:
        first, event = remembering(), an_event()
        family.open(page_of(first)).send(to="/again")
        with transaction():
            renew_link(first.id, actor="staff:1")
        assert "Starting from" not in family.open(f"/sessions/{event.slug}/book").text

    def test_once_a_year_it_is_asked_whether_it_is_still_right_and_consent_anew(
        self, family: Family, summer: time_machine.Traveller
    ) -> None:
        first = remembering()
        token = page_of(first)
        summer.shift(timedelta(days=370))
        event = an_event()
        family.open(token).send(to="/again")
        family.open(f"/sessions/{event.slug}/book").send(to="/book")
        assert family.path.endswith("/needs")
        assert "You told us this a year ago. Is it still right?" in family.text
        family.send()
        assert family.status == 422
        family.send(consent_needs="y")
        assert family.status == 200

    @pytest.mark.one_database
    def test_the_browser_holds_no_words_of_it(self, family: Family) -> None:
        family.open(page_of(remembering())).send(to="/again")
        cookie = family.client.get_cookie("session")
        assert cookie is not None
        said = base64.urlsafe_b64decode(cookie.value.split(".")[0] + "==")
        assert b"again" in said
        assert b"sam" not in said.lower()


class TestWhatIsRemembered:
    @pytest.mark.one_database
    def test_stands_on_the_page_and_is_forgotten_in_one_press(self, family: Family) -> None:
        first = remembering()
        family.open(page_of(first))
        assert "What we remember for you" in family.text
        family.send(to="/forget")
        assert "Forgotten" in family.text
        assert "What we remember for you" not in family.text
        assert remembered() == []
        assert {need.code for need in bookings()[0].needs} == {"bsl", "loop"}

    @pytest.mark.one_database
    def test_a_stranger_who_types_the_address_neither_sees_nor_overwrites_it(self, family: Family) -> None:
        first = remembering()
        stranger = a_booking(
            an_event(),
            email="sam@example.net",
            needs=(Need("quiet_space"),),
            consents=(ConsentSubject.NEEDS,),
            remember_needs=True,
        )
        assert stranger.family_id == first.family_id
        assert "Hearing loop" not in family.open(page_of(stranger)).text
        family.send(to="/forget")
        assert remembered() == ["bsl", "loop"]
        assert "What we remember for you" in family.open(page_of(first)).text

    def test_the_page_of_needs_keeps_it_unless_the_tick_is_taken_away(self, family: Family) -> None:
        first = remembering()
        family.open(page_of(first, "/needs")).send(needs=["loop"], consent_needs="y")
        assert remembered() == ["loop"]
