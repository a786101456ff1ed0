"""Phones at a session's door: what was made, what was heard of them, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from booking.cipher import token_digest
from booking.extensions import db
from booking.models import Adult, DoorDevice, DoorEvent, Place
from booking.rules.door import short_name
from booking.rules.taps import About
from booking.rules.words import TapState


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRow:
    """One phone, with how many taps reached us and how many we know to be missing."""

    device: DoorDevice
    taps: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTap:
    """A decision that waits for a person, and whom it is about (first name and initial), as far as we know."""

    row: DoorEvent
    who: str


def phone_that_sends(secret: str) -> DoorDevice | None:
    """Find a phone by the secret it sends with."""
    return db.session.scalar(select(DoorDevice).where(DoorDevice.send_digest == token_digest(secret)))


def phone_that_reads(secret: str) -> DoorDevice | None:
    """Find a phone by the secret it fetches the list with."""
    return db.session.scalar(select(DoorDevice).where(DoorDevice.read_digest == token_digest(secret)))


def phones_of(event_id: int) -> list[PhoneRow]:
    """List the phones of a session."""
    devices = db.session.scalars(
        select(DoorDevice)
        .where(DoorDevice.event_id == event_id)
        .options(joinedload(DoorDevice.maker))
        .order_by(DoorDevice.number)
    ).all()
    counts = db.session.execute(
        select(DoorEvent.device_id, func.count(DoorEvent.id), func.max(DoorEvent.seq))
        .where(DoorEvent.event_id == event_id, DoorEvent.device_id.is_not(None))
        .group_by(DoorEvent.device_id)
    )
    told = {device: (taps, max(highest - taps, 0)) for device, taps, highest in counts}
    rows = ((each, *told.get(each.id, (0, 0))) for each in devices)
    return [PhoneRow(device=each, taps=taps, missing=missing) for each, taps, missing in rows]


def phones_out(event_id: int) -> list[PhoneRow]:
    """List the phones that were opened and may still hold something: neither wiped nor shut out."""
    return [
        row
        for row in phones_of(event_id)
        if row.device.opened_at and not row.device.wiped_at and not row.device.revoked_at
    ]


def held_taps(event_id: int) -> list[HeldTap]:
    """List what waits for a person, in the order it was decided."""
    rows = db.session.scalars(
        select(DoorEvent)
        .where(DoorEvent.event_id == event_id, DoorEvent.state == TapState.HELD)
        .order_by(DoorEvent.at, DoorEvent.id)
    ).all()
    return [HeldTap(row=row, who=_who(row)) for row in rows]


def _who(row: DoorEvent) -> str:
    about, _colon, key = row.subject.partition(":")
    if about == About.WALK_IN:
        return ", ".join(short_name(name) for name in (row.words or {}).get("names", ()))
    adults = select(Adult.name).join(Place, Place.adult_id == Adult.id)
    if about == About.PLACE:
        adults = adults.where(Place.id == int(key))
    elif about in (About.CAME, About.CHILDREN, About.TURN):
        adults = adults.where(Place.booking_id == int(key))
    else:
        return ""
    return ", ".join(short_name(name) for name in db.session.scalars(adults) if name)
