"""The cast of the tests: venues, sessions and families, made as simply as a test can say it."""

from __future__ import annotations

import time
import uuid
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.pictures import save_small
from booking.models import Booking, Event, Inbound, Issue, IssueUpdate, Photo, Role, Series, Slot, Staff, Venue
from booking.rules.words import BookingMode, Delivery, EventKind, EventStatus, InboundKind, StaffRole
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.save_photo import add_photo
from booking.services.sign_ins import begin_sign_in

_count = 0


def a_venue(**values: Any) -> Venue:
    """Save a venue in Ashford."""
    defaults: dict[str, Any] = {
        "code": f"V{_next()}",
        "name": "Oast Meadow Community Centre",
        "town": "Ashford",
        "outcode": "TN23",
        "district": "ashford",
        "easting": 600600,
        "northing": 142600,
        "lat": 51.146,
        "lon": 0.868,
        "capacity": 40,
        "fire_limit": 60,
    }
    return _save(Venue(**defaults | values))


def a_photo(venue: Venue, *, alt: str = "The front door. It is yellow.", seed: int = 1, fact_code: str = "") -> Photo:
    """Save a picture of a venue, in a colour of its own for each seed."""
    with transaction():
        picture = save_small(Image.new("RGB", (400, 300), (seed * 37 % 256, 90, 120)))
        photo = add_photo(venue.id, picture, alt=alt, fact_code=fact_code)
    db.session.refresh(photo)
    return photo


def an_event(*, starts_at: datetime | None = None, hours: float = 2, **values: Any) -> Event:
    """Save a published forum with 10 places, two weeks from now at 10am in London, at a venue of its own."""
    number = _next()
    if starts_at is None:
        starts_at = clock.london_time(clock.today() + timedelta(days=14), 10)
    defaults: dict[str, Any] = {
        "slug": f"forum-{number}",
        "title": f"Parent and carer forum {number}",
        "kind": EventKind.FORUM,
        "delivery": Delivery.IN_PERSON,
        "booking_mode": BookingMode.PLACES,
        "status": EventStatus.PUBLISHED,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "capacity": 10,
        "feed_uid": f"event-{number}@pact.example.org",
        "first_published_at": clock.now(),
        "changed_at": clock.now(),
    }
    if "venue_id" not in values and values.get("delivery") != Delivery.ONLINE:
        values["venue_id"] = a_venue().id
    return _save(Event(**defaults | values))


def a_course(*, dates: int = 3, begins_in: int = 14, title: str = "Sleep, step by step", **values: Any) -> list[Event]:
    """Save a course of so many weekly sessions at one venue; return its dates."""
    series = _save(Series(slug=f"course-{_next()}", title=title, summary="One small change a week."))
    first = clock.today() + timedelta(days=begins_in)
    venue_id = None if values.get("delivery") == Delivery.ONLINE else a_venue().id
    return [
        an_event(
            starts_at=clock.london_time(first + timedelta(weeks=week), 10),
            **{"series_id": series.id, "title": title, "kind": EventKind.WORKSHOP, "venue_id": venue_id} | values,
        )
        for week in range(dates)
    ]


def slots_for(
    event: Event, *, times: int = 3, minutes: int = 20, capacity: int = 1, role: str = "EHC plan officer"
) -> list[Slot]:
    """Save a row of slots from the start of a session."""
    rows = [
        Slot(
            event_id=event.id,
            role=role,
            starts_at=event.starts_at + timedelta(minutes=minutes * n),
            ends_at=event.starts_at + timedelta(minutes=minutes * (n + 1)),
            capacity=capacity,
        )
        for n in range(times)
    ]
    return [_save(row) for row in rows]


def a_member_of_staff(*roles: StaffRole, **values: Any) -> Staff:
    """Save a member of staff with roles (an organiser's, if none is said), every session theirs, and a code app.

    There is no usable password.
    """
    number = _next()
    defaults: dict[str, Any] = {
        "email": f"staff{number}@pact.example.org",
        "name": f"Robin Staff {number}",
        "fs_uniquifier": uuid.uuid4().hex,
        "all_sessions": True,
        "tf_primary_method": "authenticator",
        "tf_totp_secret": "no code fits",
    }
    with transaction():
        member = Staff(**defaults | values, roles=[_a_role(role) for role in roles or (StaffRole.ORGANISER,)])
        db.session.add(member)
    db.session.refresh(member)
    return member


def somebody_with_every_role(**values: Any) -> Staff:
    """Save a member of staff who may open every page: in a small group one person does it all."""
    return a_member_of_staff(*StaffRole, **values)


def sign_in(client: FlaskClient, member: Staff) -> None:
    """Let a client be signed in as somebody, without the sign-in page."""
    number, mark = member.id, member.fs_uniquifier
    with nullcontext() if has_app_context() else client.application.app_context(), transaction():
        secret = begin_sign_in(number, browser="Firefox on Windows")
    with client.session_transaction() as session:
        session["sign_in"] = secret
        session["seen"] = int(clock.now().timestamp())
        session["_user_id"] = mark
        session["_fresh"] = True
        session["fs_cc"] = "set"
        session["fs_paa"] = time.time()


def come_back(client: FlaskClient) -> None:
    """Let somebody who is signed in have used the site until just now, after the clock was moved on."""
    with client.session_transaction() as session:
        session["seen"] = int(clock.now().timestamp())


def a_booking(event: Event, *, adults: int | tuple[str, ...] = 1, email: str | None = "", **values: Any) -> Booking:
    """Book this session for a family of its own, so many or by name; it joins the waiting list if it is full."""
    names = adults if isinstance(adults, tuple) else tuple(f"Adult {number}" for number in range(1, adults + 1))
    if email == "":
        email = f"parent{_next()}@example.net"
    defaults: dict[str, Any] = {
        "event_id": event.id,
        "adults": tuple(Person(name) for name in names),
        "email": email,
        "accept_waiting_list": True,
    }
    with transaction():
        booking = book_places(BookingRequest(**defaults | values))
    db.session.refresh(booking)
    return booking


def an_issue(event: Event, *, days_ago: int = 0, updates: tuple[str, ...] = (), **values: Any) -> Issue:
    """Save something that families raised at a session and that everybody reads; `published_text=None` hides it."""
    now = clock.now()
    defaults: dict[str, Any] = {
        "event_id": event.id,
        "text": "What was written down at the session",
        "published_text": values.pop("text", "Nobody tells us why the bus is late"),
        "published_at": None if values.get("published_text", "") is None else now,
        "owner": "kcc",
        "raised_at": now - timedelta(days=days_ago),
        "updates": [IssueUpdate(text=text, said_at=now) for text in updates],
    }
    if "outcome" in values:
        defaults |= {"answered_at": now, "outcome_at": now}
    return _save(Issue(**defaults | values))


def a_mail_from(booking: Booking | None, **values: Any) -> Inbound:
    """Save a mail that somebody wrote, about this booking or about none."""
    defaults: dict[str, Any] = {
        "message_hash": uuid.uuid4().hex,
        "kind": InboundKind.PERSON,
        "booking_id": booking.id if booking else None,
        "sender": booking.email if booking else "stranger@example.net",
        "subject": "Re: your place",
        "text": "We come by bus, and may be a little late.",
    }
    return _save(Inbound(**defaults | values))


def _a_role(role: StaffRole) -> Role:
    return db.session.scalar(select(Role).where(Role.name == str(role))) or Role(name=str(role))


def _save(row: Any) -> Any:
    with transaction():
        db.session.add(row)
    db.session.refresh(row)
    return row


def _next() -> int:
    global _count  # noqa: PLW0603
    _count += 1
    return _count
