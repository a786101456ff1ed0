"""A small world in which every page of the site has something to show, walked once by everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token, calendar_token, feedback_token, subscription_token
from booking.models import Booking, Event, NeedRequest, Supplier
from booking.models import Family as FamilyRow
from booking.rules.words import (
    Alternative,
    BookingMode,
    CannotReason,
    ConsentSubject,
    Delivery,
    EventKind,
    EventStatus,
    HelperKind,
    NeedState,
)
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.ask_needs import Need
from booking.services.book_course import book_course
from booking.services.book_places import BookingRequest, Helper
from booking.services.confirm_news import confirm_news
from booking.services.keep_feedback import open_feedback
from booking.services.keep_place_report import keep_place_report
from booking.services.locks import lock_event
from booking.services.save_room import RoomDetails, save_room
from booking.services.send_calendar_link import send_calendar_link
from booking.services.take_complaint import ComplaintGiven, take_complaint
from booking.services.wait_for_more import wait_for_more
from tests.cast import (
    a_booking,
    a_course,
    a_mail_from,
    a_photo,
    a_venue,
    an_event,
    sign_in,
    slots_for,
    somebody_with_every_role,
)
from tests.conftest import SUMMER, empty
from tests.guards.crawl import Visit, crawl
from tests.public.family import Family

ANYWHERE = NewsWanted()
PAGES_WITHOUT_A_LINK = (
    "/privacy/complaint/sent",
    "/feedback/abc",
    "/bookings/nothing",
    "/book/nothing/contact",
    "/embed",
    "/no-such-page",
)


@pytest.fixture
def world(app: Flask) -> list[str]:
    """Sessions of every sort with bookings on them; returns where a walk begins."""
    return build_world(app)


@dataclass(frozen=True)
class Walks:
    """Every page as it came, to a family and to staff."""

    family: list[Visit]
    staff: list[Visit]


@pytest.fixture(scope="module")
def walks(app_on_database: Flask) -> Walks:
    """Both walks through a world of their own: whoever only reads the pages need not walk again, for it takes long."""
    with time_machine.travel(SUMMER, tick=True):
        world = build_world(app_on_database)
        walks = Walks(family_walk(app_on_database, world), staff_walk(app_on_database, world))
    empty(app_on_database)
    return walks


def build_world(app: Flask) -> list[str]:
    """Make sessions of every sort with bookings on them; return where a walk begins."""
    with app.app_context():
        forum = an_event(title="Forum of the walk", venue_id=_a_place_with_all())
        today = an_event(title="Forum of today", starts_at=clock.now() + timedelta(hours=1))
        drop_in = an_event(title="Drop-in", kind=EventKind.DROP_IN, booking_mode=BookingMode.SLOTS, capacity=3)
        slots = slots_for(drop_in)
        coffee = an_event(title="Coffee", kind=EventKind.COFFEE, booking_mode=BookingMode.OPEN, capacity=None)
        an_event(
            title="Online talk", kind=EventKind.WEBINAR, delivery=Delivery.ONLINE, join_url="https://example.org/x"
        )
        an_event(title="Not yet published", status=EventStatus.DRAFT, first_published_at=None)
        full = an_event(title="Small group", capacity=1)
        bookings = [a_booking(forum, adults=2), a_booking(today), a_booking(full), a_booking(full)]
        helper = Helper("Sam Carer", HelperKind.SENCO)
        bookings += [a_booking(drop_in, slot_id=slots[0].id, longer=True, helper=helper), _a_family_that_asks_for_all()]
        a_booking(forum, email=None, phone="07700 900982")
        bookings += _a_course_booked_together()
        _promises_of_all_sorts(coming=forum, begun=today)
        a_mail_from(bookings[0])
        a_mail_from(None)
        with transaction():
            take_complaint(ComplaintGiven(text="You rang too late.", phone="07700 900982"), lang="en")
        own_pages = [f"/bookings/{booking_token(booking)}" for booking in bookings]
        own_pages += [f"{own_pages[-1]}/needs/details", f"{own_pages[-1]}/cancel"]
        own_pages += [f"/sessions/{bookings[-1].event.slug}", f"/sessions/{coffee.slug}"]
        own_pages += [f"/sessions/{coffee.slug}/may-come/thank-you"]
        own_pages += _pages_that_ask_how(today)
        own_pages += [*_pages_of_news(), *_pages_of_a_calendar(bookings[0]), _page_to_keep_a_place(forum)]
        return ["/", *own_pages, *PAGES_WITHOUT_A_LINK, f"/sessions/{full.slug}", f"/sessions/{drop_in.slug}/book"]


def _pages_that_ask_how(begun: Event) -> list[str]:
    """The page of a family's link, and what is said after it."""
    booking = db.session.scalars(select(Booking).where(Booking.event_id == begun.id)).first()
    assert booking
    with transaction():
        lock_event(begun.id)
        open_feedback(booking)
    return [f"/feedback/{feedback_token(booking)}", f"/sessions/{begun.slug}/feedback/thanks"]


def _a_family_that_asks_for_all() -> Booking:
    """It wants us to remember what would help, and waits for more places than there are."""
    event = an_event(title="Nearly full", capacity=1)
    needs = {"needs": (Need("bsl"),), "consents": (ConsentSubject.NEEDS,), "remember_needs": True}
    booking = a_booking(event, **needs)
    with transaction():
        wait_for_more(booking.id, adults=2)
    return db.session.get_one(Booking, booking.id, populate_existing=True)


def _page_to_keep_a_place(event: Event) -> str:
    """The calendar of this family declined."""
    booking = a_booking(event)
    with transaction():
        db.session.get_one(Booking, booking.id).release_at = clock.now() + timedelta(hours=2)
    return f"/bookings/{booking_token(booking)}/keep"


def _a_course_booked_together() -> list[Booking]:
    """A family booked two of its dates; a third is a draft still. It comes first in the lists."""
    events = a_course(begins_in=2, title="Course of the walk")
    with transaction():
        db.session.get_one(Event, events[2].id).status = EventStatus.DRAFT
    with transaction():
        needs = {"needs": (Need("bsl"),), "consents": (ConsentSubject.NEEDS,)}
        asked = BookingRequest(event_id=events[0].id, email="course@example.net", **needs)
        return list(book_course(asked, [event.id for event in events[:2]]))


def _pages_of_news() -> list[str]:
    """One address that was asked and has not answered, and one that wants two things."""
    with transaction():
        wanted = [(email, ANYWHERE) for email in ("asked@example.net", "yes@example.net", "yes@example.net")]
        rows = [ask_for_news(email, about, lang="en") for email, about in wanted]
        asked, *confirmed = [row for row in rows if row is not None]
        for row in confirmed:
            confirm_news(row.id)
        tokens = [subscription_token(row) for row in (asked, confirmed[0])]
    return [*(f"/news/{token}" for token in tokens), "/news/sent", "/news/nothing"]


def _pages_of_a_calendar(booking: Booking) -> list[str]:
    """A family that follows its bookings, and an address that opens nothing."""
    with transaction():
        send_calendar_link(booking.id)
    token = calendar_token(db.session.get_one(FamilyRow, booking.family_id))
    return [f"/calendars/mine/{token}", f"/calendar/mine/{token}.ics", "/calendars/mine/nothing", "/calendars"]


def _promises_of_all_sorts(*, coming: Event, begun: Event) -> None:
    """What is still to do, what we cannot do, and what is to be said of a session that has begun; and a supplier."""
    asked = {"needs": (Need("bsl"), Need("loop")), "consents": (ConsentSubject.NEEDS,)}
    numbers = [need.id for event in (coming, begun) for need in a_booking(event, **asked).needs]
    with transaction():
        db.session.add(Supplier(name="Signs of Kent", codes=["bsl"], notice_days=10))
        cannot, arranged = (db.session.get_one(NeedRequest, number) for number in numbers[:2])
        cannot.state, cannot.tell_by, cannot.told_at = NeedState.CANNOT_MEET, clock.today(), clock.now()
        cannot.reason, cannot.alternative = CannotReason.NOBODY_FREE, Alternative.CALL
        arranged.state = NeedState.ARRANGED
        db.session.get_one(Event, begun.id).starts_at = clock.now() - timedelta(minutes=30)


def _a_place_with_all() -> int:
    """Somewhere with pictures and a room."""
    venue = a_venue()
    with transaction():
        keep_place_report(venue.id, "The lift is broken")
        save_room(venue.id, RoomDetails(name="Small hall", capacity=20, fire_limit=30))
    for number in (1, 2):
        a_photo(venue, alt=f"Picture {number}", seed=number)
    return venue.id


def family_walk(app: Flask, world: list[str]) -> list[Visit]:
    """What a family sees: every public page, with a booking begun and answered up to the last page."""
    client = app.test_client()
    with app.app_context():
        slug = an_event(title="Forum to book").slug
    family = Family(client).book(slug)
    draft = family.path.rsplit("/", 1)[0]
    family.open(f"{draft}/needs").send(any_needs="yes", needs=["bsl"], consent_needs="y")
    steps = ("who", "contact", "children", "needs", "needs/more", "needs/details", "questions", "check", "district")
    begun, ended = _helpers_drafts(client, slug)
    helped = [f"{begun}/helper", f"{begun}/contact", f"{ended}/helper", f"{ended}/contact", f"{ended}/done"]
    return list(crawl(app, client, [*world, *(f"{draft}/{step}" for step in steps), *helped]))


def _helpers_drafts(client: FlaskClient, slug: str) -> tuple[str, str]:
    """Begin two bookings for families, and finish the second."""
    begun: list[str] = []
    for _each in range(2):
        helper = Family(client).open(f"/sessions/{slug}/book").send(booking_for="family")
        helper.send(helper_name="Sam Carer", helper_kind="senco", helper_permission="y")
        begun.append(helper.path.rsplit("/", 1)[0])
    helper.send(full_name="Sam Carer", contact_by="email", email="sam@example.net")
    while not helper.path.endswith("/done"):
        helper.send()
    return begun[0], begun[1]


def staff_walk(app: Flask, world: list[str]) -> list[Visit]:
    """What an admin sees: every staff and door page."""
    client = app.test_client()
    signed_out = list(crawl(app, client, ["/staff/sign-in"]))
    with app.app_context():
        sign_in(client, somebody_with_every_role())
    return signed_out + list(crawl(app, client, ["/staff/", "/door/", "/staff/account", *world], per_endpoint=8))
