"""A contact changes: the old link and the old calendar entry end, the new ones begin, and no family moves."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from booking.errors import Conflict
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.models import Booking, BookingChange, Family, Message
from booking.queries.bookings import find_booking_by_token
from booking.rules.words import CancelledBy, ChangeKind, ContactBy, MessageKind, MessageStatus
from booking.services.cancel_booking import cancel_booking
from booking.services.change_contact import Contact, change_contact
from booking.services.wait_for_more import wait_for_more
from tests.cast import a_booking, an_event


@pytest.fixture(autouse=True)
def _context(in_app: Flask) -> None:
    """Services need the app."""


def change(booking: Booking, email: str | None = "new@example.net", **values: object) -> Booking:
    with transaction():
        contact = Contact(
            contact_by=ContactBy.EMAIL if email else ContactBy.PHONE, email=email, phone=values.pop("phone", None)
        )  # type: ignore[arg-type]
        change_contact(booking.id, contact, **values)  # type: ignore[arg-type]
    return db.session.get_one(Booking, booking.id, populate_existing=True)


def told(booking: Booking) -> list[tuple[MessageKind, str | None, MessageStatus]]:
    rows = db.session.scalars(select(Message).where(Message.booking_id == booking.id).order_by(Message.id)).all()
    return [(row.kind, row.address, row.status) for row in rows]


class TestTheLink:
    def test_the_old_one_ends_and_the_new_one_opens_the_booking(self) -> None:
        booking = a_booking(an_event())
        old = booking_token(booking)
        booking = change(booking)
        assert find_booking_by_token(old) is None
        assert find_booking_by_token(booking_token(booking)) is booking

    def test_another_number_rotates_it_too_and_the_same_contact_does_not(self) -> None:
        booking = a_booking(an_event(), email="sam@example.net", phone="01632 960001")
        assert change(booking, " Sam@Example.net ", phone="+44 1632 960001").link_version == 1
        booking = change(booking, "sam@example.net", phone="01632 960002")
        assert booking.link_version == 2
        assert told(booking)[-1][:2] == (MessageKind.LINK, "sam@example.net")

    def test_what_is_waited_for_beside_it_goes_along(self) -> None:
        event = an_event(capacity=1)
        booking = a_booking(event)
        with transaction():
            wait_for_more(booking.id, adults=2)
        change(booking)
        more = db.session.scalars(select(Booking).where(Booking.extends_id == booking.id)).one()
        assert (more.email, more.link_version) == ("new@example.net", 2)
        assert MessageKind.CONTACT_CHANGED not in [kind for kind, *_rest in told(more)]

    def test_changed_where_more_is_waited_for_it_is_the_contact_of_both(self) -> None:
        booking = a_booking(an_event(capacity=1))
        with transaction():
            wait_for_more(booking.id, adults=2)
        extension = db.session.scalars(select(Booking).where(Booking.extends_id == booking.id)).one()
        extension = change(extension)
        booking = db.session.get_one(Booking, booking.id, populate_existing=True)
        assert booking.email == extension.email == "new@example.net"
        assert (booking.link_version, extension.link_version) == (2, 2)

    def test_the_other_dates_of_a_course_change_with_it_because_their_pages_lead_to_it(self) -> None:
        one = a_booking(an_event(), email="sam@example.net", group_key="course")
        two = a_booking(an_event(), email="sam@example.net", group_key="course")
        change(one)
        two = db.session.get_one(Booking, two.id, populate_existing=True)
        assert (two.email, two.link_version) == ("new@example.net", 2)


class TestTheMessages:
    def test_the_new_address_gets_an_entry_of_its_own_and_the_old_one_a_notice(self) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        uid = booking.ical_uid
        booking = change(booking)
        assert booking.ical_uid != uid
        assert (booking.ical_sequence, booking.ical_address) == (0, "new@example.net")
        assert told(booking) == [
            (MessageKind.CONFIRMED, "old@example.net", MessageStatus.STALE),
            (MessageKind.CONTACT_CHANGED, "old@example.net", MessageStatus.QUEUED),
            (MessageKind.CONFIRMED, "new@example.net", MessageStatus.QUEUED),
        ]

    def test_back_to_the_first_address_is_an_entry_of_its_own_again(self) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        change(booking)
        change(booking, "old@example.net")
        assert [kind for kind, address, status in told(booking) if status == MessageStatus.QUEUED] == [
            MessageKind.CONTACT_CHANGED,
            MessageKind.CONTACT_CHANGED,
            MessageKind.CONFIRMED,
        ]

    def test_a_family_that_waits_is_told_that_it_waits(self) -> None:
        event = an_event(capacity=1)
        a_booking(event)
        waiting = change(a_booking(event))
        assert told(waiting)[-1][:2] == (MessageKind.WAITING, "new@example.net")

    def test_a_family_that_gives_up_its_address_leaves_nothing_on_its_way(self) -> None:
        booking = change(a_booking(an_event(), email="old@example.net"), None, phone="01632 960001")
        assert (booking.email, booking.phone) == (None, "01632 960001")
        assert [kind for kind, _address, status in told(booking) if status == MessageStatus.QUEUED] == [
            MessageKind.CONTACT_CHANGED
        ]


class TestTheFamily:
    def test_stays_and_is_found_by_the_new_address(self) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        change(booking)
        again = a_booking(an_event(), email="new@example.net")
        assert again.family_id == booking.family_id
        assert a_booking(an_event(), email="old@example.net").family_id != booking.family_id

    def test_is_never_merged_with_the_family_whose_address_it_is_and_staff_are_asked(self) -> None:
        theirs = a_booking(an_event(), email="new@example.net")
        booking = change(a_booking(an_event(), email="old@example.net"))
        assert booking.family_id != theirs.family_id
        assert db.session.get_one(Family, booking.family_id).merge_question
        assert not db.session.get_one(Family, theirs.family_id).merge_question

    def test_does_not_move_with_one_who_only_typed_its_address(self) -> None:
        mine = a_booking(an_event(), email="old@example.net")
        change(a_booking(an_event(), email="old@example.net"), "somebody@example.net")
        assert a_booking(an_event(), email="old@example.net").family_id == mine.family_id
        assert a_booking(an_event(), email="somebody@example.net").family_id != mine.family_id


class TestTheOtherBookings:
    def test_change_with_it_if_asked(self) -> None:
        first = a_booking(an_event(), email="old@example.net")
        second = a_booking(an_event(), email="old@example.net", root_id=first.id)
        stranger = a_booking(an_event(), email="old@example.net")
        change(second, with_others=True)
        emails = {
            row.id: row.email for row in db.session.scalars(select(Booking).execution_options(populate_existing=True))
        }
        assert emails == {first.id: "new@example.net", second.id: "new@example.net", stranger.id: "old@example.net"}

    def test_stay_as_they_are_if_not(self) -> None:
        first = a_booking(an_event(), email="old@example.net")
        change(a_booking(an_event(), email="old@example.net", root_id=first.id))
        assert db.session.get_one(Booking, first.id, populate_existing=True).email == "old@example.net"


def test_a_cancelled_booking_is_not_changed() -> None:
    booking = a_booking(an_event())
    with transaction():
        cancel_booking(booking.id, by=CancelledBy.US)
    with pytest.raises(Conflict):
        change(booking)


def test_it_is_written_down_without_saying_what_it_is() -> None:
    booking = change(a_booking(an_event()))
    row = db.session.scalars(select(BookingChange).where(BookingChange.kind == ChangeKind.CONTACT_CHANGED)).one()
    assert (row.booking_id, row.facts) == (booking.id, {"email": True, "phone": False})
