"""The family's own page: GET changes nothing, POST acts, a wrong link tells nothing."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.models import Booking, BookingChange, Event, Message, VenueFact
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    CancelledBy,
    ConsentSubject,
    Delivery,
    FactAnswer,
    FamilyCancelReason,
    ForWhom,
    MessageKind,
    NeedState,
)
from booking.services.ask_needs import Need
from booking.services.cancel_booking import cancel_booking
from booking.services.send_link import renew_link
from booking.web.public.find_my_booking import TAKES
from tests.cast import a_booking, a_venue, an_event, slots_for
from tests.public.family import Family, now, page_of

pytestmark = pytest.mark.usefixtures("in_app")


def offered() -> tuple[Event, Booking]:
    """A full session whose first family cancelled, and the one that was offered its place."""
    event = an_event(capacity=1)
    going, waiting = a_booking(event), a_booking(event)
    with transaction():
        cancel_booking(going.id, by=CancelledBy.FAMILY)
    return event, now(waiting)


@pytest.mark.one_database
class TestWhatItShows:
    def test_a_place(self, family: Family) -> None:
        booking = a_booking(
            an_event(title="Ashford forum"),
            adults=2,
            needs=(Need("bsl", "On my left"), Need("loop", "On my left")),
            consents=(ConsentSubject.NEEDS,),
        )
        family.open(page_of(booking))
        for words in ("You have a place", "Ashford forum", "Tuesday 30 June 2026, 10am to midday", "2 adults"):
            assert words in family.text
        assert "Hearing loop" in family.text
        assert family.text.count("On my left") == 1
        assert "bookings@pact.example.org to your contacts" in family.text

    def test_a_position_on_the_list(self, family: Family) -> None:
        event = an_event(capacity=1)
        bookings = [a_booking(event) for _ in range(3)]
        family.open(page_of(bookings[2]))
        assert "You are number 2 on the list" in family.text
        assert "first family we have enough places for" in family.text
        assert "calendar.ics" not in family.text

    def test_an_offer_with_its_deadline(self, family: Family) -> None:
        _event, booking = offered()
        family.open(page_of(booking))
        assert "We are keeping it for you until 8pm on Wednesday 17 June 2026" in family.text

    def test_the_join_link_only_with_a_place(self, family: Family) -> None:
        event = an_event(delivery=Delivery.ONLINE, capacity=1, join_url="https://meet.example.org/room")
        mine, waiting = a_booking(event), a_booking(event)
        assert "https://meet.example.org/room" in family.open(page_of(mine)).text
        assert "https://meet.example.org/room" not in family.open(page_of(waiting)).text

    def test_a_confidential_place_only_with_a_place(self, family: Family) -> None:
        venue = a_venue(name="The Quiet House", is_confidential=True)
        event = an_event(venue_id=venue.id, capacity=1)
        mine, waiting = a_booking(event), a_booking(event)
        assert "The Quiet House" in family.open(page_of(mine)).text
        assert "The Quiet House" not in family.open(page_of(waiting)).text
        family.open(f"/sessions/{event.slug}/book")
        assert "The Quiet House" not in family.text

    def test_a_time_of_ones_own(self, family: Family) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        slot = slots_for(event)[1]
        family.open(page_of(a_booking(event, slot_id=slot.id)))
        assert "10:20am to 10:40am" in family.text
        assert "EHC plan officer" in family.text

    def test_it_can_be_printed_large(self, family: Family) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking, "/print"))
        assert f"{booking.reference[:3]} {booking.reference[3:]}" in family.text

    def test_the_calendar_file_is_a_publish_without_anybody_in_it(self, family: Family) -> None:
        booking = a_booking(an_event(), email="sam@example.net")
        family.open(page_of(booking, "/calendar.ics"))
        assert family.page is not None
        assert family.page.mimetype == "text/calendar"
        assert "METHOD:PUBLISH" in family.text
        assert booking.ical_uid in family.text.replace("\r\n ", "")
        assert "ATTENDEE" not in family.text
        assert "sam@example.net" not in family.text


class TestGetChangesNothing:
    def test_scanners_may_open_every_link(self, family: Family) -> None:
        _event, booking = offered()
        before = dump()
        for more in ("", "/cancel", "/needs", "/print"):
            family.open(page_of(booking, more))
            assert family.status == 200
            Family(family.client).client.head(page_of(booking, more))
        for more in ("/accept", "/pass", "/adults"):
            assert family.get(page_of(booking, more)).status_code == 405
        assert dump() == before


class TestWhatCanBeDone:
    def test_cancelling_asks_first_and_is_kind(self, family: Family) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking, "/cancel")).send(reason="child_unwell")
        assert "Thanks for telling us – your place goes to another family." in family.text
        booking = now(booking)
        assert (booking.status, booking.cancel_reason) == (BookingStatus.CANCELLED, FamilyCancelReason.CHILD_UNWELL)
        assert "already" in family.open(page_of(booking, "/cancel")).text

    @pytest.mark.one_database
    def test_no_reason_is_needed_and_a_wrong_one_is_said(self, family: Family) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking, "/cancel")).send(reason="moon")
        assert family.status == 422
        family.open(page_of(booking, "/cancel")).send()
        assert now(booking).status == BookingStatus.CANCELLED

    @pytest.mark.one_database
    def test_cancelling_after_the_start_is_refused(self, family: Family, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking, "/cancel"))
        summer.move_to(booking.event.starts_at)
        family.send()
        assert family.status == 409
        assert "already begun" in family.text

    @pytest.mark.one_database
    def test_an_offer_is_taken(self, family: Family) -> None:
        _event, booking = offered()
        family.open(page_of(booking)).send(to="/accept")
        assert "You have a place" in family.text
        db.session.rollback()
        kinds = db.session.scalars(select(Message.kind).where(Message.booking_id == booking.id)).all()
        assert MessageKind.CONFIRMED in kinds

    @pytest.mark.one_database
    def test_an_offer_is_passed(self, family: Family) -> None:
        _event, booking = offered()
        family.open(page_of(booking)).send(to="/pass")
        assert "You are number 1 on the list" in family.text

    def test_an_offer_taken_too_late_is_said_calmly(self, family: Family) -> None:
        _event, booking = offered()
        family.open(page_of(booking))
        other = Family(family.client.application.test_client()).open(page_of(booking))
        other.send(to="/pass")
        family.send(to="/accept")
        assert family.status == 409
        assert "still on the waiting list" in family.text

    @pytest.mark.one_database
    def test_more_adults_and_fewer(self, family: Family) -> None:
        event = an_event(capacity=3)
        booking = a_booking(event)
        family.open(page_of(booking)).send(to="/adults", adults=3, other_names="Gran\nUncle Ünï")
        assert "3 adults" in family.text
        assert "Uncle Ünï" in family.text
        family.send(to="/adults", adults=4)
        assert family.status == 409
        assert "There are no more places" in family.text
        assert 'value="4"' in family.text
        family.open(page_of(booking)).send(to="/adults", adults="lots")
        assert family.status == 422
        family.open(page_of(booking)).send(to="/adults", adults=1)
        assert len(now(booking).places) == 1

    @pytest.mark.one_database
    def test_needs_are_changed_with_consent(self, family: Family) -> None:
        booking = a_booking(an_event(), needs=(Need("bsl", "Please"),), consents=(ConsentSubject.NEEDS,))
        family.open(page_of(booking, "/needs")).send(needs=["loop", "breaks"])
        assert family.status == 422
        assert 'value="breaks" checked' in family.text
        family.send(consent_needs="y")
        states = {need.code: need.state for need in now(booking).needs}
        assert states == {
            "bsl": NeedState.NO_LONGER_NEEDED,
            "loop": NeedState.REQUESTED,
            "breaks": NeedState.REQUESTED,
        }

    @pytest.mark.one_database
    def test_needs_say_what_the_place_offers(self, family: Family) -> None:
        venue = a_venue()
        with transaction():
            db.session.add(VenueFact(venue_id=venue.id, code="hearing_loop", answer=FactAnswer.YES))
        booking = a_booking(an_event(venue_id=venue.id))
        family.open(page_of(booking, "/needs"))
        assert "house-match__hint--good" in family.text

    def test_each_need_has_words_of_its_own(self, family: Family) -> None:
        booking = a_booking(
            an_event(), adults=2, needs=(Need("bsl", "Please"), Need("loop")), consents=(ConsentSubject.NEEDS,)
        )
        family.open(page_of(booking, "/needs")).send(consent_needs="y", action="details")
        assert family.path.endswith("/needs/details")
        assert ">Please</textarea>" in family.text
        typed = {"detail_loop": "At the front", "for_loop": ForWhom.OTHER_ADULT.value, "detail_bsl": ""}
        family.send(typed)
        assert family.status == 422, "no consent"
        assert ">At the front</textarea>" in family.text
        family.send(consent_needs="y")
        kept = {need.code: (need.detail, need.for_whom) for need in now(booking).needs}
        assert kept == {"bsl": (None, None), "loop": ("At the front", ForWhom.OTHER_ADULT)}
        family.open(page_of(booking, "/needs")).send(needs=["loop"], consent_needs="y")
        (loop,) = (need for need in now(booking).needs if need.code == "loop")
        assert (loop.detail, loop.for_whom) == ("At the front", ForWhom.OTHER_ADULT)

    @pytest.mark.one_database
    def test_nothing_asked_for_has_no_words(self, family: Family) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking, "/needs/details"))
        assert family.path.endswith("/needs")


class TestWrongLinks:
    @pytest.mark.one_database
    @pytest.mark.parametrize("more", ["", "/cancel", "/needs", "/calendar.ics", "/print"])
    def test_unknown_and_spoiled_links_look_the_same(self, family: Family, more: str) -> None:
        token = booking_token(a_booking(an_event()))
        answers = set()
        for wrong in (token[:-1], token + "a", "nonsense", "%00", "é" * 50, "x" * 5000):
            family.open(f"/bookings/{wrong}{more}")
            assert family.status == 404
            answers.add(main_part(family))
        assert len(answers) == 1
        assert "Get a new link" in answers.pop()

    @pytest.mark.one_database
    def test_a_renewed_link_makes_the_old_one_void(self, family: Family) -> None:
        booking = a_booking(an_event())
        old = page_of(booking)
        with transaction():
            renew_link(booking.id, actor="staff:1")
        assert family.open(old).status == 404
        assert family.open(page_of(now(booking))).status == 200

    @pytest.mark.one_database
    def test_a_link_in_capitals_opens_too(self, family: Family) -> None:
        booking = a_booking(an_event())
        assert (
            family.open(page_of(booking).replace(booking_token(booking), booking_token(booking).upper())).status == 200
        )

    @pytest.mark.one_database
    def test_it_is_kept_by_nobody(self, family: Family) -> None:
        family.open(page_of(a_booking(an_event())))
        assert family.page is not None
        assert family.page.headers["Cache-Control"] == "no-store"
        assert "noindex" in family.page.headers["X-Robots-Tag"]

    @pytest.mark.one_database
    def test_guessing_is_slowed_and_good_links_are_not_counted(self, family: Family) -> None:
        booking = a_booking(an_event())
        for number in range(59):
            assert family.get(f"/bookings/guess{number}").status_code == 404
            assert family.get(page_of(booking)).status_code == 200
        family.get("/bookings/the-sixtieth")
        assert family.get("/bookings/one-more").status_code == 429


class TestFindMyBooking:
    def links(self) -> list[Message]:
        db.session.rollback()
        return list(db.session.scalars(select(Message).where(Message.kind == MessageKind.LINK)))

    def ask(self, family: Family, contact: str) -> Family:
        return family.open("/find-my-booking").send(contact=contact)

    def test_the_answer_is_the_same_for_everyone(self, family: Family) -> None:
        a_booking(an_event(), email="sam@example.net")
        known = main_part(self.ask(family, "Sam@Example.net"))
        assert main_part(self.ask(family, "stranger@example.net")) == known
        assert "Check your email" in known

    def test_the_link_goes_to_the_address_of_the_booking(self, family: Family) -> None:
        a_booking(an_event(), email="sam@example.net")
        a_booking(an_event(), email="alex@example.net")
        self.ask(family, "SAM@example.net")
        assert [message.address for message in self.links()] == ["sam@example.net"]

    def test_a_family_joined_by_phone_finds_its_own_address_only(self, family: Family) -> None:
        event = an_event()
        a_booking(event, email="one@example.net", phone="01632 960123")
        a_booking(event, email="two@example.net", phone="01632 960123")
        self.ask(family, "two@example.net")
        assert [message.address for message in self.links()] == ["two@example.net"]

    def test_nothing_is_sent_for_what_is_over_or_cancelled(
        self, family: Family, summer: time_machine.Traveller
    ) -> None:
        booking = a_booking(an_event(), email="sam@example.net")
        with transaction():
            cancel_booking(a_booking(an_event(), email="alex@example.net").id, by=CancelledBy.FAMILY)
        summer.move_to(booking.event.ends_at + timedelta(hours=1))
        self.ask(family, "sam@example.net")
        self.ask(family, "alex@example.net")
        assert self.links() == []

    def test_a_mailbox_is_never_filled(self, family: Family, summer: time_machine.Traveller) -> None:
        a_booking(an_event(), email="sam@example.net")
        for _ in range(9):
            self.ask(family, "sam@example.net")
            summer.shift(1)
        assert len(self.links()) == 5
        summer.shift(timedelta(days=1, hours=1))
        self.ask(family, "sam@example.net")
        assert len(self.links()) == 6

    @pytest.mark.one_database
    def test_the_clock_does_not_tell_who_has_booked(self, family: Family) -> None:
        a_booking(an_event(), email="sam@example.net")
        for contact in ("sam@example.net", "nobody@example.net"):
            began = time.perf_counter()
            self.ask(family, contact)
            assert time.perf_counter() - began >= TAKES

    def test_a_phone_number_says_ring_us(self, family: Family) -> None:
        a_booking(an_event(), phone="01632 960123")
        assert "Please ring us" in self.ask(family, "01632 960123").text
        assert "Please ring us" in self.ask(family, "01632 960999").text
        assert self.links() == []

    @pytest.mark.parametrize("contact", ["", "nonsense", "<script>", "@", "x" * 10_000])
    def test_what_is_neither_is_said(self, family: Family, contact: str) -> None:
        self.ask(family, contact)
        assert family.status == 422
        assert "<script>alert" not in family.text

    def test_the_link_in_the_message_opens_the_booking(self, family: Family) -> None:
        booking = a_booking(an_event(), email="sam@example.net")
        self.ask(family, "sam@example.net")
        assert self.links()[0].booking_id == booking.id
        assert family.open(page_of(now(booking))).status == 200


def main_part(family: Family) -> str:
    """The page without its frame (whose nonce differs each time)."""
    return family.text.split("<main")[1].split("</main>")[0]


def dump() -> str:
    db.session.rollback()
    with db.engine.connect() as connection:
        tables = [table.name for table in db.metadata.sorted_tables]
        assert BookingChange.__tablename__ in tables
        return str([connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in tables])
