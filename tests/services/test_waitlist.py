"""The waiting list, offers, cancelling and changing (J9, J10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from booking import clock
from booking.errors import Conflict, Refusal, SessionFull
from booking.extensions import db, transaction
from booking.models import Booking, BookingChange, Consent, Event, Message, RememberedNeed, Slot
from booking.queries.bookings import waiting_position
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    CancelledBy,
    ChangeKind,
    ConsentSubject,
    FamilyCancelReason,
    MessageKind,
    NeedState,
)
from booking.services.ask_needs import Need
from booking.services.cancel_booking import cancel_booking
from booking.services.change_booking import change_adults, change_needs
from booking.services.locks import lock_event
from booking.services.move_waitlist import accept_offer, lapse_offers, move_waitlist, pass_offer
from tests.cast import a_booking, an_event, slots_for
from tests.services.test_book_places import kinds_of, messages_of, taken

pytestmark = pytest.mark.usefixtures("in_app")


def status(booking: Booking) -> BookingStatus:
    db.session.refresh(booking)
    return booking.status


def cancel(booking: Booking, **values: object) -> None:
    with transaction():
        cancel_booking(booking.id, **{"by": CancelledBy.FAMILY} | values)  # type: ignore[arg-type]


class TestCancelling:
    def test_it_frees_the_places_and_tells(self) -> None:
        event = an_event()
        booking = a_booking(event, adults=3)
        cancel(booking, reason=FamilyCancelReason.CHILD_UNWELL)
        assert status(booking) == BookingStatus.CANCELLED
        assert booking.cancelled_by == CancelledBy.FAMILY
        assert booking.cancel_reason == FamilyCancelReason.CHILD_UNWELL
        assert taken(event) == 0
        assert messages_of(booking) == [MessageKind.CONFIRMED, MessageKind.CANCELLED_BY_FAMILY]

    def test_twice_does_no_harm(self) -> None:
        event = an_event()
        a_booking(event)
        booking = a_booking(event)
        cancel(booking)
        cancel(booking)
        assert taken(event) == 1
        assert kinds_of(booking) == [ChangeKind.BOOKED, ChangeKind.CANCELLED]

    def test_a_family_cannot_after_the_start_but_we_can(self, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        summer.move_to(booking.event.starts_at)
        with pytest.raises(Conflict):
            cancel(booking)
        cancel(booking, by=CancelledBy.US, tell=False)
        assert status(booking) == BookingStatus.CANCELLED
        assert messages_of(booking) == [MessageKind.CONFIRMED]

    def test_who_waits_can_leave_the_list(self) -> None:
        event = an_event(capacity=1)
        a_booking(event)
        waiting = a_booking(event)
        cancel(waiting)
        assert status(waiting) == BookingStatus.CANCELLED
        assert taken(event) == 1

    def test_a_time_is_free_again(self) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        slot = slots_for(event)[0]
        cancel(a_booking(event, slot_id=slot.id))
        db.session.refresh(slot)
        assert (slot.places_taken, taken(event)) == (0, 0)


class TestTheList:
    def test_the_first_family_that_fits_whole_is_offered_and_the_others_keep_their_position(self) -> None:
        event = an_event(capacity=2)
        going, staying = a_booking(event), a_booking(event)
        large, small, last = a_booking(event, adults=2), a_booking(event), a_booking(event)
        cancel(going)
        assert [status(each) for each in (large, small, last)] == [
            BookingStatus.WAITING,
            BookingStatus.OFFERED,
            BookingStatus.WAITING,
        ]
        assert waiting_position(large) == 1
        assert waiting_position(last) == 2
        assert waiting_position(staying) is None
        assert taken(event) == 2

    def test_an_offer_says_until_when(self) -> None:
        event = an_event(capacity=1)
        going, waiting = a_booking(event), a_booking(event)
        cancel(going)
        db.session.refresh(waiting)
        assert waiting.offer_ends_at == clock.london_time(clock.today() + timedelta(days=1), 20)
        assert messages_of(waiting) == [MessageKind.WAITING, MessageKind.OFFER]

    def test_accepting_gives_the_place_and_the_invitation_once(self) -> None:
        event = an_event(capacity=1)
        going, waiting = a_booking(event), a_booking(event)
        cancel(going)
        for _ in range(2):
            with transaction():
                accept_offer(waiting.id)
        assert status(waiting) == BookingStatus.CONFIRMED
        assert messages_of(waiting)[-1] == MessageKind.CONFIRMED
        assert kinds_of(waiting) == [ChangeKind.JOINED_LIST, ChangeKind.OFFERED, ChangeKind.ACCEPTED]
        assert taken(event) == 1

    def test_passing_gives_it_to_the_next_and_keeps_the_position(self) -> None:
        event = an_event(capacity=1)
        going, first, second = a_booking(event), a_booking(event), a_booking(event)
        cancel(going)
        for _ in range(2):
            with transaction():
                pass_offer(first.id)
        assert (status(first), status(second)) == (BookingStatus.WAITING, BookingStatus.OFFERED)
        assert waiting_position(first) == 1
        assert taken(event) == 1

    def test_when_all_have_passed_the_place_is_for_the_next_newcomer(self) -> None:
        event = an_event(capacity=1)
        going, first = a_booking(event), a_booking(event)
        cancel(going)
        with transaction():
            pass_offer(first.id)
        assert (status(first), taken(event)) == (BookingStatus.WAITING, 0)
        assert a_booking(event).status == BookingStatus.OFFERED

    def test_who_passed_is_asked_again_about_another_place(self) -> None:
        event = an_event(capacity=2)
        one, two = a_booking(event), a_booking(event)
        first = a_booking(event)
        cancel(one)
        with transaction():
            pass_offer(first.id)
        cancel(two)
        assert status(first) == BookingStatus.OFFERED

    def test_an_offer_that_runs_out_goes_on(self, summer: time_machine.Traveller) -> None:
        event = an_event(capacity=1)
        going, first, second = a_booking(event), a_booking(event), a_booking(event)
        cancel(going)
        with transaction():
            assert lapse_offers() == 0
        db.session.refresh(first)
        assert first.offer_ends_at is not None
        summer.move_to(first.offer_ends_at)
        with transaction():
            assert lapse_offers() == 1
        with transaction():
            assert lapse_offers() == 0
        assert (status(first), status(second)) == (BookingStatus.WAITING, BookingStatus.OFFERED)
        assert messages_of(first)[-1] == MessageKind.OFFER_LAPSED
        with pytest.raises(Conflict), transaction():
            accept_offer(first.id)

    def test_in_the_last_24_hours_nothing_is_offered(self, summer: time_machine.Traveller) -> None:
        event = an_event(capacity=1)
        going, waiting = a_booking(event), a_booking(event)
        summer.move_to(event.starts_at - timedelta(hours=23))
        cancel(going)
        assert status(waiting) == BookingStatus.WAITING
        assert a_booking(event).status == BookingStatus.WAITING
        assert taken(event) == 0

    def test_more_places_are_offered_when_staff_add_some(self) -> None:
        event = an_event(capacity=1)
        a_booking(event)
        waiting = a_booking(event)
        with transaction():
            locked = lock_event(event.id)
            locked.capacity = 2
            move_waitlist(locked)
        assert status(waiting) == BookingStatus.OFFERED

    def test_a_free_time_with_the_same_professional_will_do(self) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        one, two = slots_for(event, times=2)
        other = slots_for(event, times=1, role="Health visitor")[0]
        a_booking(event, slot_id=one.id)
        going = a_booking(event, slot_id=two.id)
        waiting = a_booking(event, slot_id=one.id)
        cancel(a_booking(event, slot_id=other.id))
        assert status(waiting) == BookingStatus.WAITING
        cancel(going)
        assert status(waiting) == BookingStatus.OFFERED
        assert waiting.slot_id == two.id
        assert [slot.places_taken for slot in db.session.scalars(select(Slot).order_by(Slot.id))] == [1, 1, 0]


class TestMoreOrFewerAdults:
    def test_more_into_free_places(self) -> None:
        event = an_event(capacity=3)
        booking = a_booking(event, adults=2)
        with transaction():
            change_adults(booking.id, adults=3, names=["Gran"])
        db.session.refresh(booking)
        assert [place.adult.name for place in booking.places if place.adult][-1] == "Gran"
        assert taken(event) == 3

    def test_too_many_changes_nothing_and_says_how_many_are_left(self) -> None:
        event = an_event(capacity=3)
        booking = a_booking(event, adults=2)
        with pytest.raises(SessionFull) as refused, transaction():
            change_adults(booking.id, adults=4)
        assert refused.value.places_left == 1
        assert "1 more place" in refused.value.sentence
        db.session.refresh(booking)
        assert len(booking.places) == 2
        assert taken(event) == 2

    def test_fewer_frees_places_for_who_waits(self) -> None:
        event = an_event(capacity=3)
        booking = a_booking(event, adults=3)
        waiting = a_booking(event, adults=2)
        with transaction():
            change_adults(booking.id, adults=1)
        assert status(waiting) == BookingStatus.OFFERED
        assert taken(event) == 3

    def test_a_smaller_family_may_fit_now(self) -> None:
        event = an_event(capacity=2)
        a_booking(event)
        waiting = a_booking(event, adults=2)
        with transaction():
            change_adults(waiting.id, adults=1)
        assert status(waiting) == BookingStatus.OFFERED

    def test_nobody_grows_past_who_waits_when_only_staff_may_offer(self, summer: time_machine.Traveller) -> None:
        event = an_event(capacity=2)
        staying, going = a_booking(event), a_booking(event)
        a_booking(event)
        summer.move_to(event.starts_at - timedelta(hours=20))
        cancel(going)
        with pytest.raises(SessionFull), transaction():
            change_adults(staying.id, adults=2)

    @pytest.mark.parametrize("adults", [0, 7, -1])
    def test_one_to_six(self, adults: int) -> None:
        booking = a_booking(an_event())
        with pytest.raises(Refusal) as refused, transaction():
            change_adults(booking.id, adults=adults)
        assert refused.value.field == "adults"

    def test_an_appointment_stays_one(self) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        slot = slots_for(event)[0]
        booking = a_booking(event, slot_id=slot.id)
        with transaction():
            change_adults(booking.id, adults=3)
        assert taken(event) == 1

    def test_a_cancelled_booking_stays_as_it_is(self) -> None:
        booking = a_booking(an_event())
        cancel(booking)
        with pytest.raises(Conflict), transaction():
            change_adults(booking.id, adults=2)
        with pytest.raises(Conflict), transaction():
            change_needs(booking.id, needs=())


class TestChangingNeeds:
    def needs(self, booking: Booking) -> dict[str, tuple[NeedState, str | None]]:
        db.session.refresh(booking)
        return {need.code: (need.state, need.detail) for need in booking.needs}

    def test_what_is_new_is_added_and_what_is_gone_is_marked(self) -> None:
        booking = a_booking(an_event(), needs=(Need("bsl", "please"), Need("loop")), consents=(ConsentSubject.NEEDS,))
        with transaction():
            change_needs(booking.id, needs=[Need("loop"), Need("quiet_space", "soon")], consents=[ConsentSubject.NEEDS])
        assert self.needs(booking) == {
            "bsl": (NeedState.NO_LONGER_NEEDED, None),
            "loop": (NeedState.REQUESTED, None),
            "quiet_space": (NeedState.REQUESTED, "soon"),
        }
        assert kinds_of(booking)[-1] == ChangeKind.NEEDS_CHANGED

    def test_what_is_arranged_stays_arranged_unless_the_wish_changed(self) -> None:
        booking = a_booking(
            an_event(), needs=(Need("bsl", "please"), Need("loop", "please")), consents=(ConsentSubject.NEEDS,)
        )
        with transaction():
            for need in db.session.get_one(Booking, booking.id).needs:
                need.state = NeedState.ARRANGED
        with transaction():
            change_needs(
                booking.id, needs=[Need("bsl", "please"), Need("loop", "now")], consents=[ConsentSubject.NEEDS]
            )
        assert self.needs(booking) == {
            "bsl": (NeedState.ARRANGED, "please"),
            "loop": (NeedState.REQUESTED, "now"),
        }

    def test_nothing_without_consent_and_taking_all_back_takes_consent_back(self) -> None:
        booking = a_booking(an_event(), needs=(Need("bsl"),), consents=(ConsentSubject.NEEDS,), remember_needs=True)
        with pytest.raises(Refusal), transaction():
            change_needs(booking.id, needs=[Need("loop")])
        with transaction():
            change_needs(booking.id, needs=[])
        given = {row.subject: row.given for row in db.session.scalars(select(Consent).order_by(Consent.id)).all()}
        assert given == {ConsentSubject.NEEDS: False, ConsentSubject.REMEMBER_NEEDS: False}
        assert db.session.scalars(select(RememberedNeed)).all() == []


def test_every_change_says_who_did_it(app: Flask) -> None:
    event: Event = an_event(capacity=1)
    booking = a_booking(event)
    cancel(booking, by=CancelledBy.US, actor="staff:3")
    rows = db.session.scalars(select(BookingChange).order_by(BookingChange.id)).all()
    assert [row.actor for row in rows] == ["family", "staff:3"]
    assert db.session.scalars(select(Message.kind).order_by(Message.id)).all()[-1] == MessageKind.CANCELLED_BY_US
