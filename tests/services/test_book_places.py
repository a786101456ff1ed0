"""Booking places: who gets one, what is written down, and what is refused."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from booking import clock
from booking.cipher import token_digest
from booking.errors import Conflict, NotFound, Refusal, SessionFull
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.models import Booking, BookingChange, Consent, Event, Family, Message, RememberedNeed
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    ChangeKind,
    ConsentSubject,
    EventStatus,
    MessageKind,
    PersonKind,
)
from booking.services.book_places import BookingRequest, Need, Person, book_places
from tests.cast import a_booking, an_event, slots_for

pytestmark = pytest.mark.usefixtures("in_app")


def taken(event: Event) -> int:
    db.session.refresh(event)
    return event.places_taken


def kinds_of(booking: Booking) -> list[ChangeKind]:
    statement = select(BookingChange.kind).where(BookingChange.booking_id == booking.id).order_by(BookingChange.id)
    return list(db.session.scalars(statement))


def messages_of(booking: Booking) -> list[MessageKind]:
    return list(db.session.scalars(select(Message.kind).where(Message.booking_id == booking.id).order_by(Message.id)))


class TestAPlace:
    def test_it_is_confirmed_counted_and_told(self) -> None:
        event = an_event()
        noise = an_event()
        booking = a_booking(event, adults=2, children=3, email="sam@example.net")
        assert booking.status == BookingStatus.CONFIRMED
        assert (taken(event), taken(noise)) == (2, 0)
        assert kinds_of(booking) == [ChangeKind.BOOKED]
        assert messages_of(booking) == [MessageKind.CONFIRMED]

    def test_it_has_a_reference_a_link_and_a_calendar_id_of_our_own(self) -> None:
        booking = a_booking(an_event())
        assert len(booking.reference) == 6
        assert booking.link_digest == token_digest(booking_token(booking))
        assert booking.ical_uid.endswith("@pact.example.org")

    def test_supporters_and_children_take_none(self) -> None:
        event = an_event(capacity=1)
        a_booking(event, children=4)
        with transaction():
            helper = Person("Ash", PersonKind.SUPPORTER)
            book_places(BookingRequest(event_id=event.id, adults=(helper,), email="i@example.net"))
        assert taken(event) == 1

    def test_no_limit_is_no_limit(self) -> None:
        event = an_event(capacity=None)
        a_booking(event, adults=6)
        a_booking(event, adults=6)
        assert taken(event) == 12

    def test_the_same_draft_twice_is_one_booking(self) -> None:
        event = an_event()
        first = a_booking(event, draft_id=7)
        again = a_booking(event, draft_id=7)
        assert first.id == again.id
        assert taken(event) == 1


class TestTheLastPlace:
    def test_a_family_that_does_not_fit_is_told_how_many_are_left(self) -> None:
        event = an_event(capacity=2)
        a_booking(event)
        with pytest.raises(SessionFull) as refused:
            a_booking(event, adults=2, accept_waiting_list=False)
        assert refused.value.places_left == 1
        assert "1 place left" in refused.value.sentence
        assert taken(event) == 1

    def test_nothing_is_left_behind_by_a_refusal(self) -> None:
        event = an_event(capacity=0)
        with pytest.raises(SessionFull):
            a_booking(event, accept_waiting_list=False)
        db.session.rollback()
        assert db.session.scalar(select(func.count(Family.id))) == 0

    def test_who_accepts_the_list_waits(self) -> None:
        event = an_event(capacity=1)
        a_booking(event)
        waiting = a_booking(event)
        assert waiting.status == BookingStatus.WAITING
        assert waiting.queued_at is not None
        assert messages_of(waiting) == [MessageKind.WAITING]
        assert taken(event) == 1

    def test_while_anyone_waits_a_newcomer_joins_the_queue_and_may_be_offered_at_once(self) -> None:
        event = an_event(capacity=3)
        a_booking(event, adults=2)
        large = a_booking(event, adults=2)
        with pytest.raises(SessionFull):
            a_booking(event, accept_waiting_list=False)
        db.session.rollback()
        small = a_booking(event)
        db.session.refresh(large)
        assert (large.status, small.status) == (BookingStatus.WAITING, BookingStatus.OFFERED)
        assert messages_of(small) == [MessageKind.OFFER]
        assert taken(event) == 3


class TestAClosedSession:
    def test_a_draft_is_not_there(self) -> None:
        with pytest.raises(NotFound):
            a_booking(an_event(status=EventStatus.DRAFT))

    @pytest.mark.parametrize(
        "values",
        [{"status": EventStatus.CANCELLED}, {"new_date_pending": True}, {"booking_mode": BookingMode.OPEN}],
    )
    def test_it_is_a_conflict(self, values: dict[str, object]) -> None:
        with pytest.raises(Conflict):
            a_booking(an_event(**values))

    def test_so_is_one_that_has_begun(self) -> None:
        with pytest.raises(Conflict, match="begun"):
            a_booking(an_event(starts_at=clock.now() - timedelta(minutes=1)))


class TestTimes:
    def test_a_booking_takes_one_appointment(self) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS, capacity=None)
        slot = slots_for(event)[0]
        a_booking(event, adults=2, slot_id=slot.id)
        db.session.refresh(slot)
        assert (slot.places_taken, taken(event)) == (1, 1)

    def test_a_time_must_be_one_of_the_session(self) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        slots_for(event)
        stranger = slots_for(an_event(booking_mode=BookingMode.SLOTS))[0]
        for slot_id in (None, stranger.id):
            with pytest.raises(Refusal) as refused:
                a_booking(event, slot_id=slot_id)
            assert refused.value.field == "slot"

    def test_a_time_just_gone_asks_for_another(self) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        slot = slots_for(event)[0]
        a_booking(event, slot_id=slot.id)
        with pytest.raises(Conflict, match="just gone"):
            a_booking(event, slot_id=slot.id, accept_waiting_list=False)

    def test_one_time_with_each_professional_until_two_days_before(self, summer: time_machine.Traveller) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        first, second, third = slots_for(event)
        nurse = slots_for(event, role="Health visitor")[0]
        a_booking(event, slot_id=first.id, email="sam@example.net")
        a_booking(event, slot_id=nurse.id, email="sam@example.net")
        with pytest.raises(Conflict, match="already have a time"):
            a_booking(event, slot_id=second.id, email="sam@example.net")
        db.session.rollback()
        summer.move_to(event.starts_at - timedelta(hours=47))
        assert a_booking(event, slot_id=second.id, email="sam@example.net").status == BookingStatus.CONFIRMED
        with pytest.raises(Conflict, match="2 times"):
            a_booking(event, slot_id=third.id, email="sam@example.net")


class TestTheFamily:
    def test_it_is_joined_by_email_however_it_is_written(self) -> None:
        event = an_event()
        assert (
            a_booking(event, email="Sam@Example.net").family_id == a_booking(event, email="sam@example.NET").family_id
        )

    def test_else_by_phone(self) -> None:
        event = an_event()
        first = a_booking(event, email=None, phone="01632 960123")
        second = a_booking(event, email="new@example.net", phone="+44 1632 960123")
        assert first.family_id == second.family_id
        assert a_booking(event, email="new@example.net").family_id == first.family_id

    def test_an_address_and_a_number_of_two_families_make_a_third_and_a_question(self) -> None:
        event = an_event()
        one = a_booking(event, email="one@example.net")
        two = a_booking(event, email=None, phone="01632 960123")
        both = a_booking(event, email="one@example.net", phone="01632 960123")
        assert len({one.family_id, two.family_id, both.family_id}) == 3
        assert both.family is not None
        assert both.family.merge_question
        again = a_booking(event, email="one@example.net", phone="01632 960123")
        assert again.family_id == both.family_id

    def test_without_contact_every_booking_is_a_family_of_its_own(self) -> None:
        event = an_event()
        assert a_booking(event, email=None).family_id != a_booking(event, email=None).family_id

    def test_adults_are_known_by_name(self) -> None:
        event = an_event()
        first = a_booking(event, adults=2, email="sam@example.net")
        with transaction():
            people = (Person(" adult  2 "), Person("Grandma Ë"), Person(None))
            second = book_places(BookingRequest(event_id=event.id, adults=people, email="sam@example.net"))
        adults = [place.adult_id for place in second.places]
        assert adults[0] == first.places[1].adult_id
        assert set(adults[1:]).isdisjoint({place.adult_id for place in first.places})
        assert len({*adults}) == 3

    def test_adults_without_a_name_are_the_same_ones_next_time(self) -> None:
        event = an_event()
        ids = []
        for _ in range(2):
            with transaction():
                request = BookingRequest(event_id=event.id, adults=(Person(), Person()), email="sam@example.net")
                ids.append([place.adult_id for place in book_places(request).places])
        assert ids[0] == ids[1]
        assert len(set(ids[0])) == 2


class TestNeeds:
    def test_they_are_kept_with_the_day_they_are_due(self) -> None:
        event = an_event()  # Tuesday 30 June 2026
        booking = a_booking(
            event,
            needs=(Need("bsl", "British Sign Language please"), Need("loop")),
            consents=(ConsentSubject.NEEDS,),
        )
        by_code = {need.code: need for need in booking.needs}
        assert by_code["bsl"].detail == "British Sign Language please"
        assert not by_code["bsl"].lead_ok
        assert by_code["loop"].lead_ok
        assert by_code["bsl"].due_on == date(2026, 6, 18), "late for an interpreter: two working days"
        assert by_code["loop"].due_on == date(2026, 6, 26)

    def test_nothing_is_kept_without_consent(self) -> None:
        event = an_event()
        with pytest.raises(Refusal) as refused:
            a_booking(event, needs=(Need("bsl"),))
        assert refused.value.field == "consent_needs"
        with pytest.raises(Refusal) as refused:
            a_booking(event, profile={"support": ["ehcp"]})
        assert refused.value.field == "consent_profile"

    def test_consent_is_written_down_with_its_wording(self) -> None:
        booking = a_booking(
            an_event(),
            needs=(Need("bsl"),),
            profile={"support": ["ehcp"]},
            consents=(ConsentSubject.NEEDS, ConsentSubject.PROFILE),
            remember_needs=True,
        )
        rows = db.session.scalars(select(Consent).where(Consent.family_id == booking.family_id)).all()
        assert {row.subject for row in rows} == set(ConsentSubject) - {ConsentSubject.HELPER}
        assert all(row.given and row.wording_version and row.channel == "web" for row in rows)
        assert [row.code for row in db.session.scalars(select(RememberedNeed))] == ["bsl"]

    def test_a_code_we_do_not_have_is_refused(self) -> None:
        with pytest.raises(Refusal) as refused:
            a_booking(an_event(), needs=(Need("moon"),), consents=(ConsentSubject.NEEDS,))
        assert refused.value.field == "needs"

    def test_nothing_personal_is_readable_at_rest(self) -> None:
        a_booking(
            an_event(),
            email="secret@example.net",
            phone="01632 960123",
            question="Why is it so?",
            needs=(Need("bsl", "quiet words"),),
            profile={"support": ["ehcp"]},
            consents=tuple(ConsentSubject),
        )
        with db.engine.connect() as connection:
            tables = ("booking", "adult", "need_request", "message", "family")
            text = " ".join(str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in tables)
        # Four letters and fewer turn up by chance in what is sealed: such codes are looked for as words of their own.
        for secret in ("secret@", "960123", "Why is it", "quiet words", r"['\"]bsl\b", r"['\"]ehcp\b", "Adult 1"):
            assert not re.search(secret, text), secret
