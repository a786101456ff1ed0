"""J12: a trusted person books for a family that agreed; the family gets the link, the helper sees nothing later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.formats.messages import in_words
from booking.formats.tokens import booking_token
from booking.models import Booking, BookingChange, Consent, Event, Message
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    CancelledBy,
    ChangeKind,
    ConsentSubject,
    HelperKind,
    MessageKind,
    Origin,
)
from booking.services.cancel_booking import cancel_booking
from tests.cast import a_booking, an_event, slots_for
from tests.public.family import Family

HELPER = {"helper_name": "Jo Teal", "helper_kind": "senco", "helper_permission": "y"}
CONTACT = {"full_name": "Kim Parent", "contact_by": "email", "email": "kim@example.net"}


@pytest.fixture
def helper(client: FlaskClient) -> Family:
    return Family(client)


@pytest.fixture
def forum(app: Flask) -> Iterator[Event]:
    with app.app_context():
        yield an_event(slug="forum", capacity=3)


def to_check(helper: Family, slug: str = "forum", **contact: object) -> Family:
    helper.open(f"/sessions/{slug}/book").send(booking_for="family", adults=1)
    helper.send(HELPER).send(CONTACT | contact)
    while not helper.path.endswith("/check"):
        assert helper.status == 200, helper.text
        helper.send()
    return helper


def read(statement: Any) -> Any:
    """Ask the database as it stands now."""
    db.session.rollback()
    return db.session.scalars(statement)


def the_booking() -> Booking:
    return read(select(Booking)).one()


class TestBooking:
    def test_it_takes_no_more_pages_than_for_a_family(self, helper: Family, forum: Event) -> None:
        pages = [helper.open("/sessions/forum/book").path]
        for given in ({"booking_for": "family"}, HELPER, CONTACT, {}, {}, {}):
            helper.send(given)
            pages.append(helper.path)
        assert [path.rsplit("/")[-1] for path in pages] == [
            "book",
            "helper",
            "contact",
            "needs",
            "questions",
            "check",
            "done",
        ]

    def test_the_booking_is_the_familys_and_says_who_helped(self, helper: Family, forum: Event) -> None:
        to_check(helper).send()
        booking = the_booking()
        assert (booking.origin, booking.status) == (Origin.TRUSTED_PERSON, BookingStatus.CONFIRMED)
        assert (booking.helper_name, booking.helper_kind) == ("Jo Teal", HelperKind.SENCO)
        assert booking.email == "kim@example.net"
        assert [place.adult.name for place in booking.places if place.adult] == ["Kim Parent"]

    def test_it_is_kept_that_the_permission_was_stated(self, helper: Family, forum: Event) -> None:
        to_check(helper).send()
        consent = read(select(Consent)).one()
        assert (consent.subject, consent.given, consent.channel) == (ConsentSubject.HELPER, True, "trusted_person")

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"helper_permission": []}, "Ask the family first"),
            ({"helper_name": ""}, "Tell us your own name"),
            ({"helper_name": "Free money at www.example.com"}, "not a web address"),
            ({"helper_name": "x" * 10_000}, "120 characters or fewer"),
            ({"helper_kind": "king"}, "Choose who you are"),
            ({"helper_kind": []}, "Choose who you are"),
        ],
    )
    def test_each_wrong_answer_says_how_to_mend_it(
        self, helper: Family, forum: Event, given: dict[str, object], sentence: str
    ) -> None:
        helper.open("/sessions/forum/book").send(booking_for="family").send(HELPER | given)
        assert helper.status == 422
        assert sentence in helper.text

    @pytest.mark.one_database
    def test_no_page_can_be_reached_without_the_permission(self, helper: Family, forum: Event) -> None:
        helper.open("/sessions/forum/book").send(booking_for="family")
        draft = helper.path.split("/")[2]
        for page in ("contact", "needs", "questions", "check"):
            assert helper.open(f"/book/{draft}/{page}").path == f"/book/{draft}/helper"

    @pytest.mark.one_database
    def test_the_contact_is_asked_anew_when_it_turns_out_that_somebody_helps(
        self, helper: Family, forum: Event
    ) -> None:
        helper.book("forum", email="helper@example.net")
        who = helper.path.replace("check", "who?to=check")
        helper.open(who).send(booking_for="family")
        assert helper.path.endswith("/helper")
        helper.send(HELPER)
        assert helper.path.endswith("/contact")
        assert "helper@example.net" not in helper.text

    @pytest.mark.one_database
    def test_nothing_about_the_children_is_asked_or_kept(self, helper: Family, forum: Event) -> None:
        to_check(helper)
        assert "About your child" not in helper.text
        draft = helper.path.split("/")[2]
        assert not helper.open(f"/book/{draft}/children").path.endswith("/children")

    @pytest.mark.one_database
    def test_nothing_a_known_family_said_before_shows(self, helper: Family, forum: Event) -> None:
        a_booking(an_event(), email="kim@example.net", phone="01632 960123", adults=2)
        to_check(helper)
        for page in (helper.text, helper.send().text):
            for secret in ("960123", "Adult 1", "Adult 2"):
                assert secret not in page


class TestAfterwards:
    def test_the_helper_sees_no_link_no_reference_and_no_needs(self, helper: Family, forum: Event) -> None:
        to_check(helper).send()
        booking = the_booking()
        assert "Booked" in helper.text
        assert "We have sent the family their link" in helper.text
        for secret in (booking_token(booking), booking.reference[:3] + " ", "Kim", "kim@", "/bookings/"):
            assert secret not in helper.text

    def test_a_family_with_only_a_phone_is_given_the_reference(self, helper: Family, forum: Event) -> None:
        to_check(helper, contact_by="phone", email="", phone="01632 960123").send()
        booking = the_booking()
        assert "Give the family this reference" in helper.text
        assert f"{booking.reference[:3]} {booking.reference[3:]}" in helper.text
        assert booking_token(booking) not in helper.text

    def test_every_old_page_leads_to_done_and_sent_twice_it_is_one_booking(self, helper: Family, forum: Event) -> None:
        check = to_check(helper).path
        token = helper.csrf
        helper.send()
        for page in ("who", "helper", "contact", "needs", "check"):
            assert helper.open(check.replace("check", page)).path.endswith("/done")
        again = helper.post(check, data={"csrf_token": token})
        assert again.headers["Location"].endswith("/done")
        assert the_booking().status == BookingStatus.CONFIRMED

    def test_another_browser_sees_nothing(self, app: Flask, helper: Family, forum: Event) -> None:
        to_check(helper).send()
        assert Family(app.test_client()).open(helper.path).status == 404

    def test_the_page_does_not_tell_what_the_family_did_later(self, helper: Family, forum: Event) -> None:
        to_check(helper).send()
        before = helper.text.split("<main")[1].split("</main>")[0]
        with transaction():
            cancel_booking(the_booking().id, by=CancelledBy.FAMILY)
        assert before in helper.open(helper.path).text

    def test_on_the_waiting_list_it_says_so(self, helper: Family, forum: Event) -> None:
        a_booking(forum, adults=3)
        to_check(helper).send()
        assert "They are on the waiting list" in helper.text

    @pytest.mark.one_database
    def test_done_for_a_familys_own_booking_is_the_familys_page(self, helper: Family, forum: Event) -> None:
        done = helper.book("forum").path.replace("check", "done")
        helper.send()
        assert helper.open(done).path.startswith("/bookings/")


class TestTheFamily:
    @pytest.mark.parametrize("full", [False, True])
    def test_its_mail_says_who_booked(self, helper: Family, forum: Event, full: bool) -> None:
        if full:
            a_booking(forum, adults=3)
        to_check(helper).send()
        booking = read(select(Booking).where(Booking.helper_kind.is_not(None))).one()
        kind = MessageKind.WAITING if full else MessageKind.CONFIRMED
        assert read(select(Message).where(Message.booking_id == booking.id, Message.kind == kind)).one().address == (
            "kim@example.net"
        )
        words = in_words(kind, booking, facts=None, has_calendar=False)
        for part in (words.text, words.html):
            assert "Jo Teal booked this for you." in part
            assert "Someone from school" in part

    def test_its_page_says_who_booked_and_takes_the_name_away(self, app: Flask, helper: Family, forum: Event) -> None:
        done = to_check(helper).send().path
        family = Family(app.test_client()).open(f"/bookings/{booking_token(the_booking())}")
        assert "Jo Teal" in family.text
        family.send(to="/helper/remove")
        assert "Jo Teal" not in family.text
        booking = the_booking()
        assert (booking.helper_name, booking.helper_kind, booking.status) == (None, None, BookingStatus.CONFIRMED)
        given = read(select(Consent.given).order_by(Consent.id)).all()
        assert given == [True, False]
        kinds = read(select(BookingChange.kind).order_by(BookingChange.id)).all()
        assert kinds[-1] == ChangeKind.HELPER_REMOVED
        assert helper.open(done).status == 404

    @pytest.mark.one_database
    def test_taking_the_name_away_twice_does_no_harm(self, app: Flask, helper: Family, forum: Event) -> None:
        to_check(helper).send()
        address = f"/bookings/{booking_token(the_booking())}"
        family = Family(app.test_client()).open(address)
        token = family.csrf
        for _twice in range(2):
            assert family.post(f"{address}/helper/remove", data={"csrf_token": token}).status_code == 303
        assert len(read(select(Consent)).all()) == 2

    def test_a_time_can_be_booked_for_it_too(self, helper: Family, app: Flask, forum: Event) -> None:
        event = an_event(slug="drop-in", booking_mode=BookingMode.SLOTS, capacity=3)
        first = slots_for(event)[0]
        helper.open("/sessions/drop-in/book").send(booking_for="family", slot=first.id)
        helper.send(HELPER).send(CONTACT).send().send()
        while not helper.path.endswith("/done"):
            helper.send()
        assert the_booking().slot_id == first.id
