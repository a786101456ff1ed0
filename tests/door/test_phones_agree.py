"""Several phones at one door, each without a signal: the register ends the same whatever arrives first."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, DoorEvent, Event, Place
from booking.queries.register import get_register
from booking.rules.taps import About, subject_of
from booking.rules.words import BookingStatus, CancelledBy, HeldReason, Origin, Outcome, TapState, Turn
from booking.services.cancel_booking import cancel_booking
from booking.services.close_register import close_register
from booking.services.record_attendance import record_outcome
from booking.services.take_taps import SealedTap
from tests.cast import a_booking, an_event
from tests.door.phones import Phone, a_phone


def place_of(booking: Booking, number: int = 0) -> str:
    return subject_of(About.PLACE, booking.places[number].id)


def outcome_now(booking: Booking, number: int = 0) -> Outcome:
    db.session.rollback()
    return db.session.get_one(Booking, booking.id).places[number].outcome


def held() -> list[HeldReason | None]:
    db.session.rollback()
    return list(db.session.scalars(select(DoorEvent.held_for).where(DoorEvent.state == TapState.HELD)))


class TestOnePhone:
    def test_tells_more_of_who_came_without_a_place(self, event: Event) -> None:
        family = a_booking(event, children=1)
        with transaction():
            cancel_booking(family.id, by=CancelledBy.FAMILY)
        phone = a_phone(event)
        subject = subject_of(About.CAME, family.id)
        phone.tap(subject, here=True)
        phone.send()
        assert [each.children for each in get_register(event.id).walk_ins] == [1]
        phone.tap(subject, here=True, children=2, first_time=True)
        phone.send()
        assert [(each.children, each.first_time) for each in get_register(event.id).walk_ins] == [(2, True)]

    def test_tells_who_came_and_how_many_children(self, event: Event) -> None:
        family = a_booking(event, adults=2, children=1)
        phone = a_phone(event)
        arrived = clock.now()
        phone.tap(place_of(family), at=arrived, outcome="attended")
        phone.tap(place_of(family, 1), outcome="did_not_come")
        phone.tap(subject_of(About.CHILDREN, family.id), children=3)
        phone.send()
        assert [outcome_now(family, 0), outcome_now(family, 1)] == [Outcome.ATTENDED, Outcome.DID_NOT_COME]
        here = db.session.get_one(Booking, family.id)
        assert here.children == 3
        assert here.places[0].device == "phone 1"
        assert here.places[0].arrived_at is not None
        assert abs(here.places[0].arrived_at - arrived) < timedelta(milliseconds=1)

    def test_may_send_the_same_batch_three_times(self, event: Event) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(place_of(family), outcome="attended")
        phone.walk_in(adults=2, children=1, names=["Zoë"], where="TN23", first_time=True)
        for _time in range(3):
            phone.send()
        assert db.session.scalar(select(func.count(DoorEvent.id))) == 2
        register = get_register(event.id)
        assert (register.here, register.walked_in, register.room.inside) == (1, 2, 4)
        walked_in = db.session.scalars(select(Booking).where(Booking.origin == Origin.WALK_IN)).one()
        assert (walked_in.outcode, walked_in.district, walked_in.is_first_time) == ("TN23", "ashford", True)
        assert [place.adult.name for place in walked_in.places if place.adult] == ["Zoë", None]

    def test_tells_who_left_before_being_seen(self, event: Event) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(subject_of(About.TURN, family.id), turn="late")
        phone.tap(subject_of(About.TURN, family.id), at=clock.now() + timedelta(milliseconds=5), turn="left")
        phone.send()
        db.session.rollback()
        assert db.session.get_one(Booking, family.id).turn == Turn.LEFT
        acts = select(AuditEntry.facts).where(AuditEntry.action == "record_turn")
        assert [facts["now"] for facts in db.session.scalars(acts)] == ["left"], "the later one of a batch stands"

    def test_keeps_a_name_in_one_place_only(self, event: Event) -> None:
        phone = a_phone(event)
        phone.walk_in(names=["Zoë"])
        phone.send()
        assert db.session.scalars(select(DoorEvent.words)).all() == [None]

    def test_with_its_clock_two_hours_wrong_says_so_and_counts_by_ours(self, event: Event) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(place_of(family), outcome="attended")  # the phone has put its clock right before it wrote this
        phone.send(ahead=timedelta(hours=2))
        place = db.session.get_one(Booking, family.id).places[0]
        assert place.arrived_at is not None
        assert place.arrived_at <= clock.now()
        db.session.refresh(phone.enrolled.device)
        assert phone.enrolled.device.clock_off_s is not None
        assert 7190 < phone.enrolled.device.clock_off_s < 7210

    def test_that_tells_of_the_future_is_believed_as_of_now(self, event: Event) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(place_of(family), at=clock.now() + timedelta(hours=2), outcome="attended")
        phone.send()
        with transaction():
            record_outcome(family.places[0].id, Outcome.DID_NOT_COME, by=None)
        assert outcome_now(family) == Outcome.DID_NOT_COME

    def test_that_sends_rubbish_loses_nothing_else(self, event: Event) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(place_of(family), outcome="attended")
        phone.taps.insert(0, SealedTap(tap="rubbish1", sealed="AAAA"))
        phone.tap("place:1; DROP TABLE place", outcome="attended")
        phone.send()
        assert outcome_now(family) == Outcome.ATTENDED
        assert held() == [HeldReason.UNREADABLE, HeldReason.UNREADABLE]

    def test_cannot_tell_of_another_session(self, event: Event) -> None:
        family = a_booking(an_event(starts_at=event.starts_at))
        phone = a_phone(event)
        phone.tap(place_of(family), outcome="attended")
        phone.tap(subject_of(About.CAME, family.id), here=True)
        phone.send()
        assert outcome_now(family) == Outcome.NOT_RECORDED
        assert held() == [HeldReason.NOT_ON_REGISTER, HeldReason.NOT_ON_REGISTER]


class TestTwoPhones:
    def test_the_latest_decision_wins_whatever_arrives_first(self, event: Event) -> None:
        now = clock.now()
        for order in ("as it was", "the other way round"):
            family = a_booking(event)
            one, other = a_phone(event), a_phone(event)
            one.tap(place_of(family), at=now, outcome="attended")
            other.tap(place_of(family), at=now + timedelta(seconds=1), outcome="did_not_come")
            for phone in (one, other) if order == "as it was" else (other, one):
                phone.send()
            assert outcome_now(family) == Outcome.DID_NOT_COME, order

    def test_a_later_button_of_the_register_wins_over_an_earlier_tap(self, event: Event) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(place_of(family), outcome="attended")
        with transaction():
            record_outcome(family.places[0].id, Outcome.DID_NOT_COME, by=None)
        phone.send()
        assert outcome_now(family) == Outcome.DID_NOT_COME
        told = db.session.scalars(select(DoorEvent.via).order_by(DoorEvent.at)).all()
        assert told == ["phone 1", ""], "both are kept"

    def test_both_let_in_people_without_a_booking(self, event: Event) -> None:
        one, other = a_phone(event), a_phone(event)
        one.walk_in(adults=1)
        other.walk_in(adults=2)
        one.send()
        other.send()
        assert get_register(event.id).walked_in == 3

    def test_the_same_family_of_the_waiting_list_comes_once(self, event: Event) -> None:
        family = a_booking(event)
        with transaction():
            cancel_booking(family.id, by=CancelledBy.FAMILY)
        one, other = a_phone(event), a_phone(event)
        for phone in (one, other):
            phone.tap(subject_of(About.CAME, family.id), here=True)
            phone.send()
        assert get_register(event.id).walked_in == 1

    def test_one_takes_back_whom_the_other_let_in(self, event: Event) -> None:
        one, other = a_phone(event), a_phone(event)
        now = clock.now()
        somebody = one.walk_in(at=now, names=["Zoë"])
        other.tap(somebody, at=now + timedelta(milliseconds=5), here=False)
        other.send()
        assert get_register(event.id).walked_in == 0, "nobody knows yet who that is"
        one.send()
        assert get_register(event.id).walked_in == 0
        one.tap(somebody, here=True)
        one.send()
        assert get_register(event.id).walked_in == 1

    def test_together_past_the_fire_limit_are_counted_and_written_down(self, event: Event) -> None:
        event.venue.fire_limit = 3  # type: ignore[union-attr]
        db.session.commit()
        one, other = a_phone(event), a_phone(event)
        for phone in (one, other):
            phone.walk_in(adults=2)
            phone.send()
        assert get_register(event.id).room.inside == 4
        assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.reason != "")).all() == [
            "override_fire_limit"
        ]


class TestWhatChangedMeanwhile:
    def test_a_cancelled_booking_waits_for_a_person(self, event: Event) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(place_of(family), outcome="attended")
        with transaction():
            cancel_booking(family.id, by=CancelledBy.FAMILY)
        phone.send()
        assert held() == [HeldReason.NO_PLACE]
        assert get_register(event.id).here == 0

    def test_a_family_that_got_a_place_waits_for_a_person(self, event: Event) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(subject_of(About.CAME, family.id), here=True)
        phone.send()
        assert held() == [HeldReason.HAS_PLACE]

    def test_a_session_that_was_called_off_waits_for_a_person_with_the_names(self, event: Event) -> None:
        phone = a_phone(event)
        phone.walk_in(names=["Zoë"])
        event.status = event.status.CANCELLED
        db.session.commit()
        phone.send()
        assert held() == [HeldReason.CALLED_OFF]
        assert db.session.scalars(select(DoorEvent.words)).all() == [{"names": ["Zoë"]}]

    def test_a_session_that_was_moved_waits_for_a_person(self, event: Event) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(place_of(family), outcome="attended")
        event.starts_at += timedelta(days=7)
        event.ends_at += timedelta(days=7)
        db.session.commit()
        phone.send()
        assert held() == [HeldReason.NOT_THAT_DAY]

    def test_a_register_that_was_closed_keeps_the_later_word_of_a_person(self, event: Event) -> None:
        came, gone = a_booking(event), a_booking(event)
        phone = a_phone(event)
        phone.tap(place_of(came), at=event.starts_at, outcome="attended")
        event.starts_at = clock.now() - timedelta(minutes=1)
        db.session.commit()
        answers = {came.places[0].id: Outcome.NOT_RECORDED, gone.places[0].id: Outcome.DID_NOT_COME}
        with transaction():
            close_register(event.id, answers, by=None)
        phone.send()
        assert outcome_now(came) == Outcome.ATTENDED, "nobody had said anything about them"
        assert outcome_now(gone) == Outcome.DID_NOT_COME


class _Door:
    """A session with five phones, whose taps are drawn by lot: the same lot gives the same taps at every session."""

    def __init__(self, event: Event, *, taps: int, seed: int) -> None:
        self.event = event
        lot = random.Random(seed)
        self.start = start = clock.now() - timedelta(minutes=30)
        self.families = [a_booking(event, adults=1 + number % 2, children=number % 3) for number in range(6)]
        self.gone = [a_booking(event) for _each in range(2)]
        for family in self.gone:
            with transaction():
                cancel_booking(family.id, by=CancelledBy.FAMILY)
        self.phones = [a_phone(event) for _each in range(5)]
        self.walk_ins: list[str] = []
        self.sent: list[tuple[Phone, SealedTap]] = []
        for number in range(taps):
            phone = lot.choice(self.phones)
            self._tap(phone, lot, start + timedelta(seconds=lot.randrange(40)), number)
            self.sent.append((phone, phone.taps[-1]))

    def _tap(self, phone: Phone, lot: random.Random, at: datetime, number: int) -> None:
        # The id is drawn, too: at the very same moment it decides.
        tap = f"{lot.randrange(10**6):06}x{number}"
        kind = lot.choice(("place", "place", "place", "children", "came", "walk_in", "again"))
        family = lot.choice(self.families)
        if kind == "place":
            place = lot.choice(family.places)
            subject: str = subject_of(About.PLACE, place.id)
            phone.tap(subject, at=at, tap=tap, outcome=lot.choice(list(Outcome)).value)
        elif kind == "children":
            phone.tap(subject_of(About.CHILDREN, family.id), at=at, tap=tap, children=lot.randrange(5))
        elif kind == "came":
            more: dict[str, Any] = lot.choice(({}, {"children": lot.randrange(5), "first_time": True}))
            gone = subject_of(About.CAME, lot.choice(self.gone).id)
            phone.tap(gone, at=at, tap=tap, here=lot.random() < 0.6, **more)
        elif kind == "walk_in" or not self.walk_ins:
            self.walk_ins.append(f"walk_in:{tap}")
            value: dict[str, Any] = {"adults": lot.randrange(1, 4), "children": lot.randrange(3), "where": "TN23"}
            phone.tap(self.walk_ins[-1], at=at, tap=tap, here=True, names=lot.choice([[], ["Zoë"]]), **value)
        else:
            phone.tap(lot.choice(self.walk_ins), at=at, tap=tap, here=lot.random() < 0.5)

    def send(self, order: random.Random) -> None:
        """Send everything in an order, cut into batches, some of them twice."""
        waiting = self.sent[:]
        order.shuffle(waiting)
        while waiting:
            size = order.randrange(1, 120)
            batch, waiting = waiting[:size], waiting[size:]
            for phone in {id(phone): phone for phone, _tap in batch}.values():
                mine = [tap for sender, tap in batch if sender is phone]
                for _time in range(order.choice((1, 1, 2))):
                    phone.send(mine)

    def register(self) -> list[Any]:
        """Say who is on the register, and what became of them, without numbers that differ between sessions."""
        db.session.rollback()
        numbers = {family.id: n for n, family in enumerate((*self.families, *self.gone))}
        rows = db.session.scalars(select(Booking).where(Booking.event_id == self.event.id)).all()
        return sorted(
            (
                str(numbers.get(row.id, _without_numbers(row.door_subject, numbers))),
                row.status.value,
                row.children,
                [(place.outcome.value, _since(place, self.start), place.device) for place in row.places],
            )
            for row in rows
            if row.status == BookingStatus.CONFIRMED
        )


def _without_numbers(subject: str | None, numbers: dict[int, int]) -> str:
    about, _colon, key = str(subject).partition(":")
    return f"came:{numbers[int(key)]}" if about == "came" else str(subject)


def _since(place: Place, start: datetime) -> float | None:
    return round((place.arrived_at - start).total_seconds()) if place.arrived_at else None


@pytest.mark.long
def test_a_thousand_taps_of_five_phones_end_the_same_in_every_order(in_app: object) -> None:
    ends = []
    for order in range(2):
        door = _Door(an_event(starts_at=clock.now() + timedelta(hours=1), capacity=60), taps=1000, seed=1)
        door.send(random.Random(order))
        ends.append(door.register())
        kept = select(func.count(DoorEvent.id)).where(DoorEvent.event_id == door.event.id)
        assert db.session.scalar(kept) == 1000, "nothing is dropped"
    assert ends[0] == ends[1]
    assert len(ends[0]) > 20


@pytest.mark.one_database
@given(seed=st.integers(0, 10**6), orders=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)))
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
def test_whatever_is_tapped_ends_the_same_in_every_order(in_app: object, seed: int, orders: tuple[int, int]) -> None:
    ends = []
    for order in orders:
        door = _Door(an_event(starts_at=clock.now() + timedelta(hours=1), capacity=60), taps=40, seed=seed)
        door.send(random.Random(order))
        ends.append(door.register())
    assert ends[0] == ends[1]
