"""What a family changes from its own page: contact, calendar title, time, more adults than there is room for."""

from __future__ import annotations

import pytest
import time_machine

from booking.extensions import db, transaction
from booking.models import Booking, Event
from booking.queries.extensions import extension_of
from booking.rules.words import BookingMode, BookingStatus, CancelledBy
from booking.services.cancel_booking import cancel_booking
from tests.cast import a_booking, an_event, slots_for
from tests.public.family import Family, now, page_of

pytestmark = pytest.mark.usefixtures("in_app")


def cancelled(booking: Booking) -> None:
    db.session.rollback()
    with transaction():
        cancel_booking(booking.id, by=CancelledBy.US)


class TestTheContact:
    @pytest.mark.one_database
    def test_moves_the_page_to_a_new_link_and_the_old_one_is_answered_kindly(self, family: Family) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        old = page_of(booking)
        family.open(page_of(booking, "/contact"))
        assert "old@example.net" in family.text
        family.send(email="new@example.net")
        assert "This page has a new link now" in family.text
        assert family.path == page_of(now(booking))
        family.open(old)
        assert family.status == 404
        assert "we may have sent you a newer one" in family.text

    @pytest.mark.one_database
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, family: Family) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking, "/contact")).send(email="x@")
        assert family.status == 422
        assert 'value="x@"' in family.text
        family.send(contact_by="phone", email="", phone="")
        assert family.status == 422
        assert now(booking).link_version == 1

    @pytest.mark.one_database
    def test_offers_the_other_bookings_only_where_there_are_some(self, family: Family) -> None:
        first = a_booking(an_event(), email="old@example.net")
        family.open(page_of(first, "/contact"))
        assert "with_others" not in family.text
        second = a_booking(an_event(), email="old@example.net", root_id=first.id)
        family.open(page_of(first, "/contact")).send(email="new@example.net", with_others="y")
        assert now(second).email == "new@example.net"

    @pytest.mark.one_database
    def test_cannot_be_our_own_address(self, family: Family) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking, "/contact")).send(email="bookings@pact.example.org")
        assert family.status == 422

    def test_of_a_booking_that_staff_cancelled_meanwhile_is_refused_calmly(self, family: Family) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking, "/contact"))
        cancelled(booking)
        family.send(email="new@example.net")
        assert family.status == 409
        assert "This booking is cancelled" in family.text


class TestTheCalendarTitle:
    @pytest.mark.one_database
    def test_goes_from_plain_to_discreet_and_back(self, family: Family) -> None:
        booking = a_booking(an_event(title="Autism forum"))
        family.open(page_of(booking)).send(to="/calendar-title")
        assert now(booking).is_discreet
        family.open(page_of(booking, "/calendar.ics"))
        assert "SUMMARY:Kent PACT booking" in family.text
        assert "Autism" not in family.text
        family.open(page_of(booking)).send(to="/calendar-title")
        assert not now(booking).is_discreet

    @pytest.mark.one_database
    def test_what_no_form_sends_is_refused(self, family: Family) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking))
        answer = family.post(page_of(booking, "/calendar-title"), data={"csrf_token": family.csrf, "title": "rude"})
        assert answer.status_code == 422


class TestTheTime:
    @pytest.fixture
    def event(self) -> Event:
        event = an_event(booking_mode=BookingMode.SLOTS, capacity=None)
        slots_for(event, times=3)
        slots_for(event, times=1, role="Health visitor")
        return db.session.get_one(Event, event.id, populate_existing=True)

    def test_moves_to_a_free_one_and_the_old_one_is_free_again(self, family: Family, event: Event) -> None:
        first, second, *_rest = (slot.id for slot in event.slots if slot.role == "EHC plan officer")
        booking = a_booking(event, slot_id=first)
        family.open(page_of(booking, "/time"))
        assert f'value="{first}"' not in family.text
        family.send(slot=second)
        assert "This is your new time" in family.text
        assert "10:20am to 10:40am" in family.text
        taken = {slot.id: slot.places_taken for slot in now(booking).event.slots}
        assert (taken[first], taken[second]) == (0, 1)

    def test_that_has_just_gone_is_said_and_the_old_one_stays(self, family: Family, event: Event) -> None:
        first, second, *_rest = (slot.id for slot in event.slots if slot.role == "EHC plan officer")
        booking = a_booking(event, slot_id=first)
        family.open(page_of(booking, "/time"))
        a_booking(event, slot_id=second)
        family.send(slot=second)
        assert family.status == 409
        assert "That time has just gone" in family.text
        assert now(booking).slot_id == first

    def test_can_be_with_another_professional_unless_somebody_waits_for_that_one(
        self, family: Family, event: Event
    ) -> None:
        officer = next(slot.id for slot in event.slots if slot.role == "EHC plan officer")
        visitor = next(slot.id for slot in event.slots if slot.role == "Health visitor")
        booking = a_booking(event, slot_id=officer)
        taken = a_booking(event, slot_id=visitor)
        waiting = a_booking(event, slot_id=visitor)
        assert waiting.status == BookingStatus.WAITING
        assert "Health visitor" not in family.open(page_of(booking, "/time")).text
        cancelled(waiting)
        cancelled(taken)
        family.open(page_of(booking, "/time")).send(slot=visitor)
        assert now(booking).slot_id == visitor

    @pytest.mark.one_database
    def test_frees_the_old_one_for_whoever_waits(self, family: Family, event: Event) -> None:
        slots = [slot.id for slot in event.slots if slot.role == "EHC plan officer"]
        visitor = next(slot.id for slot in event.slots if slot.role == "Health visitor")
        mine = a_booking(event, slot_id=slots[0])
        for slot in slots[1:]:
            a_booking(event, slot_id=slot)
        waiting = a_booking(event, slot_id=slots[0])
        family.open(page_of(mine, "/time")).send(slot=visitor)
        assert now(waiting).status == BookingStatus.OFFERED
        assert now(waiting).slot_id == slots[0]

    @pytest.mark.one_database
    def test_a_booking_without_a_time_has_no_such_page(self, family: Family) -> None:
        booking = a_booking(an_event())
        family.open(page_of(booking, "/time"))
        assert family.path == page_of(booking)


class TestMoreAdultsThanThereIsRoomFor:
    def full(self) -> tuple[Booking, Booking]:
        event = an_event(capacity=3)
        return a_booking(event, adults=1), a_booking(event, adults=2)

    def test_are_offered_the_list_on_the_same_screen_with_nothing_to_type_again(self, family: Family) -> None:
        mine, other = self.full()
        family.open(page_of(mine)).send(to="/adults", adults=3, other_names="Gran\nUncle Ünï")
        assert family.status == 409
        assert "Keep what I have, and wait for 2 more places" in family.text
        family.send(to="/more")
        assert "You wait for 2 more places" in family.text
        assert "You are number 1 on the list" in family.text
        assert "1 adult" in family.text
        cancelled(other)
        family.open(page_of(mine))
        assert "2 more places are kept for you" in family.text
        family.send(to="/accept")
        assert "3 adults" in family.text
        assert "Uncle Ünï" in family.text

    @pytest.mark.one_database
    def test_can_stop_waiting_and_keep_what_there_is(self, family: Family) -> None:
        mine, _other = self.full()
        family.open(page_of(mine)).send(to="/adults", adults=3).send(to="/more").send(to="/leave")
        assert "You wait for" not in family.text
        assert "1 adult" in family.text

    @pytest.mark.one_database
    def test_a_pass_keeps_the_position(self, family: Family) -> None:
        mine, other = self.full()
        family.open(page_of(mine)).send(to="/adults", adults=3).send(to="/more")
        cancelled(other)
        family.open(page_of(mine)).send(to="/pass")
        assert "You are number 1 on the list" in family.text

    @pytest.mark.one_database
    def test_the_link_of_what_is_waited_for_leads_to_the_booking(self, family: Family) -> None:
        mine, _other = self.full()
        family.open(page_of(mine)).send(to="/adults", adults=2).send(to="/more")
        extension = extension_of(now(mine))
        assert extension is not None
        for more in ("", "/cancel", "/needs"):
            family.open(page_of(extension, more))
            assert family.path == page_of(mine)

    def test_in_two_tabs_waits_once_and_answers_calmly(self, family: Family) -> None:
        mine, other = self.full()
        family.open(page_of(mine)).send(to="/adults", adults=3)
        tab = Family(family.client).open(page_of(mine)).send(to="/adults", adults=2)
        family.send(to="/more")
        tab.send(to="/more")
        assert "You wait for 2 more places" in tab.text
        cancelled(other)
        family.open(page_of(mine))
        tab.open(page_of(mine)).send(to="/pass")
        family.send(to="/accept")
        assert family.status == 409
        assert "still on the waiting list" in family.text


@pytest.mark.one_database
def test_after_the_session_has_begun_nothing_is_offered(family: Family, summer: time_machine.Traveller) -> None:
    booking = a_booking(an_event())
    contact = page_of(booking, "/contact")
    summer.move_to(booking.event.starts_at)
    assert "/contact" not in family.open(page_of(booking)).text
    family.open(contact)
    assert family.status == 409
