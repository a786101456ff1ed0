"""Reminders as families get them: never twice, never to somebody who cancelled, never for an old time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.sender import our_sender
from booking.formats.words_for import spoken_reference
from booking.jobs import tick
from booking.models import Booking, Event
from booking.rules.words import BookingMode, EventStatus
from booking.services.queue_reminders import queue_reminders
from tests.cast import a_booking, an_event, slots_for
from tests.mail.deeds import cancel, move, outbox
from tests.mail.relay import Relay, page_of, text_of

START = "2026-06-30"


def at(summer: time_machine.Traveller, day: str, hour: int, minute: int = 0) -> None:
    """Let London's clock show this day and time, and the worker tick twice."""
    summer.move_to(clock.london_time(date.fromisoformat(day), hour, minute))
    tick()
    tick()


def reminders(relay: Relay) -> list[str]:
    """Return the subjects of all reminders sent so far, with the day each names."""
    return [
        subject.partition(":")[0]
        for subject in relay.subjects
        if subject.startswith(("Coming up:", "Reminder:", "Tomorrow:"))
    ]


class TestReminders:
    def test_come_three_days_and_one_day_before(self, relay: Relay, summer: time_machine.Traveller) -> None:
        a_booking(an_event())
        seen = []
        for day in (16, 20, 22, *range(24, 31)):
            for hour in (7, 9, 11, 22):
                at(summer, f"2026-06-{day:02d}", hour)
                seen += [f"{day} {hour}" for _ in range(len(reminders(relay)) - len(seen))]
        assert reminders(relay) == ["Reminder", "Tomorrow"]
        assert seen == ["27 9", "29 11"]

    def test_come_only_where_the_session_has_them_on(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event()
        a_booking(event)
        with transaction():
            db.session.get_one(Event, event.id).reminders_off = ["reminder_3_days"]
        at(summer, "2026-06-27", 11)
        at(summer, "2026-06-29", 11)
        assert reminders(relay) == ["Tomorrow"]

    def test_that_wait_to_leave_stay_when_they_are_switched_off(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        event = an_event()
        a_booking(event)
        summer.move_to(clock.london_time(date(2026, 6, 27), 11))
        with transaction():
            assert queue_reminders(event.id) == 1
        with transaction():
            db.session.get_one(Event, event.id).reminders_off = ["reminder_3_days"]
        tick()
        assert reminders(relay) == []

    def test_come_a_week_before_too_if_booked_long_before(self, relay: Relay, summer: time_machine.Traveller) -> None:
        a_booking(an_event(starts_at=clock.london_time(clock.today() + timedelta(days=20), 10)))
        for day in ("2026-06-29", "2026-07-03", "2026-07-05"):
            at(summer, day, 11)
        assert reminders(relay) == ["Coming up", "Reminder", "Tomorrow"]

    def test_carry_no_calendar_part_and_say_where_and_how_to_cancel(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        event = an_event(capacity=1)
        a_booking(event)
        a_booking(event)
        at(summer, "2026-06-27", 11)
        (mail,) = [mail for mail in relay.mails if str(mail["Subject"]).startswith("Reminder")]
        assert mail.get_content_type() == "multipart/alternative"
        assert "Oast Meadow" in text_of(mail)
        assert "1 family is waiting for a place." in text_of(mail)
        assert "/cancel" in text_of(mail)

    def test_do_not_go_to_somebody_who_cancelled(self, relay: Relay, summer: time_machine.Traveller) -> None:
        cancel(a_booking(an_event()))
        at(summer, "2026-06-27", 11)
        assert reminders(relay) == []

    def test_do_not_go_to_somebody_who_has_just_booked(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event()
        at(summer, "2026-06-27", 9)
        a_booking(event)
        at(summer, "2026-06-27", 11)
        assert reminders(relay) == []
        at(summer, "2026-06-29", 11)
        assert reminders(relay) == ["Tomorrow"]

    def test_do_not_go_to_who_waits_or_is_offered_a_place(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event(capacity=1)
        first = a_booking(event)
        a_booking(event)
        at(summer, "2026-06-27", 7)
        cancel(first)
        at(summer, "2026-06-27", 11)
        assert reminders(relay) == []

    @pytest.mark.parametrize("values", [{"status": EventStatus.CANCELLED}, {"new_date_pending": True}])
    def test_do_not_come_for_a_session_that_is_off(
        self, relay: Relay, summer: time_machine.Traveller, values: dict[str, object]
    ) -> None:
        booking = a_booking(an_event())
        with transaction():
            event = db.session.get_one(Event, booking.event_id)
            for name, value in values.items():
                setattr(event, name, value)
        at(summer, "2026-06-27", 11)
        assert reminders(relay) == []

    def test_do_not_come_while_london_sleeps(self, relay: Relay, summer: time_machine.Traveller) -> None:
        a_booking(an_event())
        for hour, minute in ((0, 0), (7, 59)):
            at(summer, "2026-06-27", hour, minute)
        for hour, minute in ((18, 1), (21, 0), (23, 59)):
            at(summer, "2026-06-28", hour, minute)
        assert reminders(relay) == []


class TestASessionThatMoved:
    def test_is_remembered_on_its_new_day_alone(self, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        move(booking, days=7)
        for day in (27, 28, 29):
            at(summer, f"2026-06-{day}", 11)
        assert reminders(relay) == []
        at(summer, "2026-07-04", 11)
        at(summer, "2026-07-06", 11)
        assert reminders(relay) == ["Reminder", "Tomorrow"]
        assert "7 July" in relay.subjects[-1]

    def test_is_remembered_again_if_it_had_been_already(self, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        at(summer, "2026-06-27", 11)
        move(booking, days=7)
        at(summer, "2026-07-04", 11)
        assert reminders(relay) == ["Reminder", "Reminder"]

    def test_drops_a_reminder_that_waits_for_the_old_day(self, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        tick()
        relay.rcpt.append("450 later")
        at(summer, "2026-06-27", 11)
        move(booking, days=7)
        at(summer, "2026-06-27", 12)
        assert reminders(relay) == []
        assert [m.status.value for m in outbox() if "reminder" in m.kind.value] == ["stale"]


class TestTimesOfTheirOwn:
    def test_count_from_their_own_time(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        slot = slots_for(event)[2]
        a_booking(event, slot_id=slot.id)
        at(summer, "2026-06-29", 11)
        assert relay.subjects[-1].endswith("Tue 30 June, 10:40am")


class TestOneFamilyWithSeveralBookings:
    def test_is_reminded_once_of_all_of_them(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        late, early = slots_for(event)[2], slots_for(event, role="Health visitor")[0]
        first = a_booking(event, slot_id=late.id, email="gwen@example.net")
        second = a_booking(event, slot_id=early.id, email="Gwen@example.net")
        at(summer, "2026-06-27", 11)
        at(summer, "2026-06-29", 11)
        assert reminders(relay) == ["Reminder", "Tomorrow"]
        said, page = text_of(relay.mails[-1]), page_of(relay.mails[-1])
        assert "You have 2 bookings at this session" in said
        assert relay.subjects[-1].endswith("Tue 30 June, 10am"), "it names the first of the two"
        for booking in (first, second):
            link = our_sender().booking_link(booking)
            assert f"{link}/cancel" in said
            assert f'href="{link}/cancel"' in page
            assert spoken_reference(booking.reference) in said
        assert said.index("Health visitor") < said.index("EHC plan officer")

    def test_that_cancels_one_hears_of_the_other_alone(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event()
        first, second = (a_booking(event, email="gwen@example.net") for _each in range(2))
        cancel(first)
        at(summer, "2026-06-27", 11)
        assert reminders(relay) == ["Reminder"]
        assert our_sender().booking_link(second) in text_of(relay.mails[-1])
        assert our_sender().booking_link(first) not in text_of(relay.mails[-1])

    def test_that_cancels_one_afterwards_is_not_reminded_again(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        event = an_event()
        first, _second = (a_booking(event, email="gwen@example.net") for _each in range(2))
        at(summer, "2026-06-27", 11)
        cancel(first)
        at(summer, "2026-06-27", 13)
        assert reminders(relay) == ["Reminder"]

    def test_that_cancels_the_one_whose_reminder_waits_is_still_reminded(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        event = an_event()
        first, second = (a_booking(event, email="gwen@example.net") for _each in range(2))
        tick()
        relay.rcpt.append("450 later")
        at(summer, "2026-06-27", 11)
        cancel(first)
        at(summer, "2026-06-27", 13)
        assert reminders(relay) == ["Reminder"]
        assert our_sender().booking_link(second) in text_of(relay.mails[-1])

    def test_at_two_addresses_is_reminded_at_both(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event()
        for email in ("gwen@example.net", "huw@example.net"):
            a_booking(event, email=email, phone="01632 960111")
        assert len(set(db.session.scalars(select(Booking.family_id)))) == 1, "one landline: they are one family to us"
        at(summer, "2026-06-27", 11)
        assert reminders(relay) == ["Reminder", "Reminder"]
        assert "2 bookings" not in "".join(text_of(mail) for mail in relay.mails)

    def test_is_reminded_of_each_session(self, relay: Relay, summer: time_machine.Traveller) -> None:
        for event in (an_event(), an_event()):
            a_booking(event, email="gwen@example.net")
        at(summer, "2026-06-27", 11)
        assert reminders(relay) == ["Reminder", "Reminder"]


def test_a_late_worker_sends_what_is_still_of_use(relay: Relay, summer: time_machine.Traveller) -> None:
    a_booking(an_event())
    tick()
    at(summer, "2026-06-29", 17, 59)
    assert reminders(relay) == ["Tomorrow"]


def test_the_right_family_is_reminded(relay: Relay, summer: time_machine.Traveller) -> None:
    mine, other = a_booking(an_event()), a_booking(an_event(starts_at=clock.now() + timedelta(days=40)))
    at(summer, "2026-06-27", 11)
    assert [str(mail["To"]) for mail in relay.mails if str(mail["Subject"]).startswith("Reminder")] == [mine.email]
    assert db.session.get_one(Booking, other.id).email != mine.email
