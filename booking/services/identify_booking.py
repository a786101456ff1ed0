"""What a new booking is known by: its reference, its calendar id, its link."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from booking.cipher import token_digest
from booking.extensions import db
from booking.formats.tokens import booking_token
from booking.models import Booking
from booking.queries.installation import own_domain
from booking.rules.references import make_reference


def free_reference() -> str:
    """Return a reference that no booking has."""
    while True:
        reference = make_reference()
        if db.session.scalar(select(Booking.id).where(Booking.reference == reference)) is None:
            return reference


def new_calendar_uid() -> str:
    """Return an id for one booking's calendar entry, unguessable and under our own domain."""
    return f"{uuid.uuid4()}@{own_domain()}"


def give_link(booking: Booking) -> None:
    """Let a booking that has its id be found by its link (again, after its `link_version` was raised).

    It is written with whatever the service writes next.
    """
    booking.link_digest = token_digest(booking_token(booking))
