"""What has been kept long enough goes, whole and once; what is to come is never touched; figures stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import tick
from booking.locality import get_locality
from booking.models import (
    Adult,
    AuditEntry,
    Booking,
    Draft,
    Family,
    HeldForm,
    Message,
    NeedRequest,
    RememberedNeed,
    Staff,
    Wish,
)
from booking.queries.facts.read import get_facts
from booking.queries.sealed_columns import sealed_columns, sealed_values
from booking.queries.sweeps import SWEPT, is_late, is_swept, last_runs
from booking.rules.calendar_periods import parse_period
from booking.rules.retention import RETENTION, Kept
from booking.rules.words import ConsentSubject, Outcome, StaffRole, WishReason
from booking.services.book_places import Need
from booking.services.check_counters import find_problems
from booking.services.export_attendance import file_rows
from booking.services.postpone_session import postpone_session
from booking.services.record_audit import record_audit, record_view
from booking.services.remove_person import remove_person
from booking.services.sweep_old import sweep_old
from tests.cast import a_booking, a_member_of_staff, an_event

AGREED = (ConsentSubject.NEEDS, ConsentSubject.PROFILE, ConsentSubject.REMEMBER_NEEDS)
PROFILE = {"age_phase": ["primary"], "support": ["ehcp"], "need_area": ["asd"]}


def a_full_booking(**values: Any) -> Booking:
    """Book for a family that tells us all that can be told."""
    return a_booking(
        an_event(),
        email="sam@example.net",
        phone="01632 960123",
        outcode="TN23",
        district="ashford",
        question="How long does it take?",
        needs=(Need("diet", "no nuts"), Need("wheelchair_space", "two chairs")),
        consents=AGREED,
        remember_needs=True,
        profile=PROFILE,
        **values,
    )


def came(booking: Booking) -> None:
    with transaction():
        for place in db.session.get_one(Booking, booking.id).places:
            place.outcome = Outcome.ATTENDED


def sweep(*, dry_run: bool = False) -> dict[str, int]:
    """Sweep, and return what was found."""
    with transaction():
        counts = sweep_old(dry_run=dry_run)
    return {kept: number for kept, number in counts.items() if number}


def after(booking: Booking, **time: int) -> time_machine.travel:
    """Go to so long after the end of a booking's session, a little past midnight's edge."""
    return time_machine.travel(booking.event.ends_at + timedelta(**time), tick=True)


def again(booking: Booking) -> Booking:
    return db.session.scalars(
        select(Booking).where(Booking.id == booking.id).execution_options(populate_existing=True)
    ).one()


def details(booking: Booking) -> dict[str, str | None]:
    return {need.code: need.detail for need in again(booking).needs}


class TestWhatGoes:
    def test_nothing_while_the_session_is_to_come_or_was_yesterday(self, in_app: Flask) -> None:
        booking = a_full_booking()
        assert sweep() == {}
        with after(booking, days=1):
            assert sweep() == {}

    def test_words_about_food_after_7_days_and_the_others_after_30(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with after(booking, days=6):
            assert sweep() == {}
        with after(booking, days=9):
            assert sweep() == {"diet": 1}
        assert details(booking) == {"diet": None, "wheelchair_space": "two chairs"}
        with after(booking, days=29):
            assert sweep() == {}
        with after(booking, days=32):
            assert sweep() == {"need_detail": 1, "question": 1}
        assert details(booking) == {"diet": None, "wheelchair_space": None}
        assert again(booking).question is None

    def test_why_a_need_could_not_be_met_goes_with_the_words_about_it(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with transaction():
            for need in db.session.scalars(select(NeedRequest)):
                need.detail, need.reason_words = None, "No nut-free kitchen for Sam"
        with after(booking, days=9):
            assert sweep() == {"diet": 1}
        with after(booking, days=32):
            assert sweep()["need_detail"] == 1
        assert set(db.session.scalars(select(NeedRequest.reason_words))) == {None}

    def test_unfinished_forms_of_families_and_of_staff_after_their_day(self, in_app: Flask) -> None:
        event, member = an_event(), a_member_of_staff()
        ends = clock.now() + timedelta(hours=24)
        with transaction():
            db.session.add(Draft(event_id=event.id, token_digest="t", browser_digest="b", answers={}, expires_at=ends))
            db.session.add(HeldForm(staff_id=member.id, token_digest="t", path="/staff/", fields={}, expires_at=ends))
        with time_machine.travel(ends - timedelta(minutes=1), tick=True):
            assert sweep() == {}
        with time_machine.travel(ends + timedelta(minutes=1), tick=True):
            assert sweep() == {"draft": 1, "staff_typed": 1}

    def test_the_code_that_an_import_found_them_by_goes_with_the_others(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with transaction():
            db.session.scalars(select(Family)).one().import_hash = "a" * 64
            db.session.scalars(select(Adult)).one().import_hash = "b" * 64
        with after(booking, days=732):
            assert sweep()["family_code"] == 2
        assert db.session.scalars(select(Family.import_hash)).all() == [None]
        assert db.session.scalars(select(Adult.import_hash)).all() == [None]

    def test_who_left_is_nobody_once_nothing_is_kept_of_what_they_did(self, in_app: Flask) -> None:
        admin, gone = a_member_of_staff(StaffRole.ADMIN), a_member_of_staff(StaffRole.VENUE)
        number = gone.id
        with transaction():
            remove_person(number, hand_on_to=None)
        left = clock.now()
        with time_machine.travel(left + timedelta(days=720), tick=True):
            assert sweep() == {}
        with time_machine.travel(left + timedelta(days=732), tick=True):
            assert sweep() == {"changes": 1, "staff_left": 1}
            assert "staff_left" not in sweep()
        nobody = db.session.get_one(Staff, number, populate_existing=True)
        assert (nobody.name, nobody.email) == ("", f"left-{number}@removed.invalid")
        assert db.session.get_one(Staff, admin.id).name

    def test_messages_after_90_days(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with transaction():
            for message in db.session.scalars(select(Message)):
                message.status = "sent"
        with after(booking, days=89):
            sweep()
            assert db.session.scalar(select(func.count(Message.id))) == 1
        with after(booking, days=92):
            assert sweep() == {"message": 1}
        assert db.session.scalar(select(func.count(Message.id))) == 0

    def test_who_they_are_after_6_months(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with after(booking, days=180):
            assert "contact" not in sweep()
        with after(booking, days=186):
            assert sweep()["contact"] == 2  # the booking's contact and the adult's name
        booking = again(booking)
        assert (booking.email, booking.phone, booking.ical_address, booking.outcode) == (None, None, None, "")
        assert db.session.scalars(select(Adult.name)).all() == [None]
        assert booking.family is not None
        assert booking.family.email_hash

    def test_the_code_and_what_is_remembered_after_24_months(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with after(booking, days=720):
            sweep()
            assert db.session.scalar(select(func.count(RememberedNeed.id))) == 2
        with after(booking, days=732):
            found = sweep()
        assert (found["family_code"], found["remembered"]) == (1, 2)
        family = db.session.scalars(select(Family)).one()
        assert (family.email_hash, family.phone_hash) == (None, None)
        assert family.key

    def test_looks_after_12_months_changes_and_wishes_after_24(self, in_app: Flask) -> None:
        with transaction():
            record_view(screen="staff.session", subject_type="event", subject_id=1)
            record_audit("moved session", screen="staff.move")
            db.session.add(Wish(reason=WishReason.TOPIC, text="on a Sunday, ring Sam"))
        begin = clock.now()
        with time_machine.travel(begin + timedelta(days=360), tick=True):
            assert sweep() == {}
        with time_machine.travel(begin + timedelta(days=367), tick=True):
            assert sweep() == {"views": 1}
        with time_machine.travel(begin + timedelta(days=732), tick=True):
            assert sweep() == {"changes": 1, "wish_text": 1}
        assert db.session.scalars(select(Wish.text)).all() == [None]

    def test_after_it_all_nothing_that_was_sealed_but_the_anonymous_is_left(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with transaction():
            for message in db.session.scalars(select(Message)):
                message.status = "sent"
        with after(booking, days=800):
            sweep()
        left = {str(column) for column in sealed_columns() if list(sealed_values(column))}
        assert left == {"booking.profile", "need_request.code"}
        assert list(find_problems()) == []


class TestWhatStays:
    def test_a_family_with_a_session_to_come_keeps_its_contact_everywhere(self, in_app: Flask) -> None:
        old = a_full_booking()
        with after(old, days=200):
            new = a_booking(an_event(), email="sam@example.net")
            assert "contact" not in sweep()
        assert again(old).email == again(new).email == "sam@example.net"

    def test_a_booking_made_today_for_a_session_long_ago_is_not_old(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with after(booking, days=400), transaction():
            db.session.get_one(Booking, booking.id).created_at = clock.now()
        with after(booking, days=400):
            assert "contact" not in sweep()

    def test_a_session_that_waits_for_its_new_date_is_to_come(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with transaction():
            postpone_session(booking.event_id)
        with after(booking, days=800):
            assert not {"contact", "need_detail", "diet", "question", "family_code"} & set(sweep())
        assert again(booking).email == "sam@example.net"

    def test_messages_of_a_session_far_away_stay_for_its_cancellation(self, in_app: Flask) -> None:
        far = an_event(starts_at=clock.london_time(clock.today() + timedelta(days=200), 10))
        a_booking(far)
        with transaction():
            for message in db.session.scalars(select(Message)):
                message.status = "sent"
        with time_machine.travel(clock.now() + timedelta(days=150), tick=True):
            assert sweep() == {}

    def test_another_family_keeps_all_it_has(self, in_app: Flask) -> None:
        old = a_full_booking()
        with after(old, days=190):
            other = a_booking(an_event(), email="lee@example.net", phone="01632 960555")
            sweep()
        kept = again(other)
        assert (kept.email, kept.phone) == ("lee@example.net", "01632 960555")
        assert [place.adult.name for place in kept.places if place.adult] == ["Adult 1"]

    def test_the_figures_and_the_export_are_the_same_before_and_after(self, in_app: Flask) -> None:
        booking = a_full_booking()
        came(booking)
        kent, quarter = get_locality("kent"), parse_period("2026-27-Q2")
        with after(booking, days=800):
            before = (get_facts(quarter, locality=kent, with_profile=True), list(file_rows(kent)))
            sweep()
            db.session.rollback()
            assert before[1]
            assert (get_facts(quarter, locality=kent, with_profile=True), list(file_rows(kent))) == before


class TestARun:
    def test_twice_changes_nothing_more(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with after(booking, days=400):
            assert sweep()
            assert sweep() == {}

    def test_a_dry_run_counts_the_same_and_changes_nothing(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with after(booking, days=400):
            found = sweep(dry_run=True)
            assert again(booking).email == "sam@example.net"
            assert db.session.scalars(select(AuditEntry)).all() == []
            assert sweep() == found

    def test_is_in_the_audit_with_counts_alone(self, in_app: Flask) -> None:
        booking = a_full_booking()
        with after(booking, days=400):
            sweep()
        [entry] = db.session.scalars(select(AuditEntry)).all()
        assert (entry.action, entry.screen, entry.staff_id) == (SWEPT, "sweep", None)
        assert set(entry.facts) == {row.kept for row in RETENTION if row.has_end}
        assert all(isinstance(number, int) for number in entry.facts.values())

    def test_is_listed_with_what_it_swept_and_nights_left_out_are_seen(self, in_app: Flask) -> None:
        booking = a_full_booking()
        assert not is_late(last_runs())
        with after(booking, days=32):
            sweep()
            sweep(dry_run=True)
            [run] = last_runs()
            assert run.counts == {"diet": 1, "need_detail": 1, "question": 1}
            assert run.total == 3
            assert not is_late(last_runs())
        with after(booking, days=34):
            assert is_late(last_runs())

    def test_the_worker_does_it_once_a_day_and_not_before_3am(self, in_app: Flask) -> None:
        booking = a_full_booking()
        day = clock.in_london(booking.event.ends_at + timedelta(days=400)).date()
        with time_machine.travel(clock.london_time(day, 2), tick=True):
            assert tick().swept == 0
            assert not is_swept(day)
        with time_machine.travel(clock.london_time(day, 3, 1), tick=True):
            assert tick().swept > 0
            assert is_swept(day)
            assert tick().swept == 0
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 1

    @pytest.mark.one_database
    def test_the_command_says_what_it_would_do(self, app: Flask) -> None:
        with app.app_context():
            booking = a_full_booking()
            moment = booking.event.ends_at + timedelta(days=400)
        with time_machine.travel(moment, tick=True):
            dry = app.test_cli_runner().invoke(args=["sweep", "--dry-run"])
            wet = app.test_cli_runner().invoke(args=["sweep"])
            second = app.test_cli_runner().invoke(args=["sweep"])
        assert "contact: 2\n" in dry.output
        assert "Nothing was changed." in dry.output
        assert "contact: 2\n" in wet.output
        assert "contact: 0\n" in second.output
        assert "sam@example.net" not in dry.output + wet.output


@pytest.mark.one_database
def test_a_need_keeps_its_kind_so_that_promises_kept_can_be_counted(in_app: Flask) -> None:
    booking = a_full_booking()
    with after(booking, days=800):
        sweep()
    assert sorted(need.code for need in db.session.scalars(select(NeedRequest))) == ["diet", "wheelchair_space"]
    assert Kept.NEED_DETAIL
