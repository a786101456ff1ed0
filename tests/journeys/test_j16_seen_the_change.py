"""J16: after a change staff see who has seen it and whom to ring; looking at a page changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.models import Booking, BookingChange, Event
from booking.queries.seen_changes import seen_change
from booking.rules.words import CallOutcome, CancelledBy, ChangeKind, StaffRole
from booking.services.cancel_booking import cancel_booking
from booking.services.change_booking import change_adults
from booking.services.move_session import move_session
from booking.services.record_call import record_call
from booking.services.save_session import plan_of
from booking.services.see_change import see_change
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.public.conftest import family
from tests.public.family import Family, page_of

__all__ = ["family"]

pytestmark = pytest.mark.usefixtures("in_app")


def later(event: Event) -> None:
    """Move a session by an hour."""
    with transaction():
        plan = plan_of(db.session.get_one(Event, event.id))
        hour = timedelta(hours=1)
        move_session(event.id, replace(plan, starts_at=plan.starts_at + hour, ends_at=plan.ends_at + hour))


def counts(event: Event) -> tuple[int, int, int] | None:
    db.session.rollback()
    found = seen_change(event.id)
    return (found.told, found.seen, len(found.unseen)) if found else None


def seen_rows() -> int:
    db.session.rollback()
    statement = select(func.count(BookingChange.id)).where(BookingChange.kind == ChangeKind.CHANGE_SEEN)
    return db.session.scalar(statement) or 0


class TestTheFamily:
    def test_is_asked_after_a_change_and_not_before(self, family: Family) -> None:
        booking = a_booking(an_event())
        assert "I have seen this" not in family.open(page_of(booking)).text
        later(booking.event)
        assert "I have seen this" in family.open(page_of(booking)).text

    def test_says_it_once_with_a_button(self, family: Family) -> None:
        booking = a_booking(an_event())
        later(booking.event)
        family.open(page_of(booking))
        assert seen_rows() == 0, "opening the page says nothing: mail scanners do it, too"
        family.send(to="/seen")
        assert "Now we know that you have seen it." in family.text
        assert "I have seen this" not in family.text
        assert counts(booking.event) == (1, 1, 0)
        with transaction():
            see_change(booking.id)
        assert seen_rows() == 1

    def test_is_asked_again_after_the_next_change(self, family: Family) -> None:
        booking = a_booking(an_event())
        later(booking.event)
        with transaction():
            see_change(booking.id)
        later(booking.event)
        assert "I have seen this" in family.open(page_of(booking)).text
        assert counts(booking.event) == (1, 0, 1)


class TestTheCount:
    def test_is_none_while_nothing_changed(self) -> None:
        assert counts(a_booking(an_event()).event) is None

    def test_takes_anything_the_family_does_and_a_call_that_reached_it(self) -> None:
        event = an_event(capacity=20)
        acted, called, not_reached, calendar, quiet, gone = (a_booking(event) for _each in range(6))
        later(event)
        a_booking(event)
        with transaction():
            change_adults(acted.id, adults=2)
            cancel_booking(gone.id, by=CancelledBy.FAMILY)
            record_call(called.id, CallOutcome.SPOKE)
            record_call(not_reached.id, CallOutcome.LEFT_WORD)
            db.session.get_one(Booking, calendar.id).reply_stamped_at = clock.now()
        assert counts(event) == (5, 3, 2)
        found = seen_change(event.id)
        assert found is not None
        assert {each.id for each in found.unseen} == {not_reached.id, quiet.id}

    def test_stands_on_the_page_of_the_session_for_who_sees_families(self, app: Flask, client: FlaskClient) -> None:
        event = an_event()
        booking = a_booking(event, email=None, phone="07700 900982")
        a_booking(event)
        later(event)
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        page = f"/staff/sessions/{event.id}"
        shown = client.get(page).text
        assert "Told 2, seen 0, to ring 2." in shown
        assert "07700 900982" in shown.split('id="seen"')[1].split("<h2")[0]
        with transaction():
            see_change(booking.id)
        assert "Told 2, seen 1, to ring 1." in client.get(page).text
