"""Let a phone run the door of one session: a link that works once, and what the phone gets for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from booking import clock
from booking.cipher import random_token, token_digest
from booking.errors import Conflict, NotFound
from booking.extensions import db
from booking.formats.sealed_taps import new_key_pair
from booking.models import DoorDevice, Event
from booking.rules.door import SHUTS_AFTER, RegisterState, register_state
from booking.services.locks import lock_event
from booking.services.record_audit import record_audit

SCREEN = "door.phones"
PACK_LASTS = timedelta(hours=24)
"""How long the list may stay on a phone that hears nothing from us."""


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """What a phone gets, once. The secrets are known to it alone from then on: we keep their digests."""

    device: DoorDevice
    public_key: str
    send_secret: str = field(repr=False)
    read_secret: str = field(repr=False)


def make_phone_link(event_id: int, *, by: int | None, leads: bool = False) -> tuple[DoorDevice, str]:
    """Return a phone that is not opened yet, and the token of its link. `leads`: it may go past the fire limit."""
    event = lock_event(event_id)
    if clock.now() > event.ends_at + SHUTS_AFTER:
        raise Conflict("The day of this session is over.")
    highest = db.session.scalar(select(func.max(DoorDevice.number)).where(DoorDevice.event_id == event_id)) or 0
    token = random_token()
    device = DoorDevice(event_id=event_id, number=highest + 1, leads=leads, made_by=by, link_digest=token_digest(token))
    db.session.add(device)
    db.session.flush()
    _note("make door link", device)
    return device, token


def enrol_phone(token: str) -> Enrolled:
    """Open a phone with its link. Raise NotFound for no link of ours, Conflict for one that cannot be used (any more).

    It opens only while the register is open: from 12 hours before the session.
    """
    found = db.session.scalar(select(DoorDevice).where(DoorDevice.link_digest == token_digest(token)))
    if found is None:
        raise NotFound("This link does not open a door. Ask for a new one.")
    event = lock_event(found.event_id)
    db.session.refresh(found)
    if found.revoked_at is not None:
        raise Conflict("This link was shut out. Ask for a new one.")
    if found.opened_at is not None:
        raise Conflict("This link has been used already, on this phone or on another. Ask for a new one.")
    _require_open(event)
    private_key, public_key = new_key_pair()
    send_secret, read_secret = random_token(), random_token()
    found.private_key = private_key
    found.send_digest, found.read_digest = token_digest(send_secret), token_digest(read_secret)
    found.opened_at = found.heard_at = clock.now()
    db.session.flush()
    _note("open door phone", found)
    return Enrolled(device=found, public_key=public_key, send_secret=send_secret, read_secret=read_secret)


def shut_out_phone(device_id: int, *, event_id: int) -> DoorDevice:
    """Shut a phone out: it wipes itself when it next reaches us, and what it sends then waits for a person."""
    lock_event(event_id)
    device = db.session.get(DoorDevice, device_id)
    if device is None or device.event_id != event_id:
        raise NotFound("There is no such phone.")
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        db.session.flush()
        _note("shut out door phone", device)
    return device


def door_state(event: Event, *, at: datetime) -> RegisterState:
    """Say whether a phone could write in the register at a moment."""
    return register_state(
        status=event.status,
        new_date_pending=event.new_date_pending,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        now=at,
        is_organiser=False,
    )


def _require_open(event: Event) -> None:
    state = door_state(event, at=clock.now())
    if state == RegisterState.TOO_EARLY:
        raise Conflict("The door of this session cannot be opened yet: it opens 12 hours before the session.")
    if state != RegisterState.OPEN:
        raise Conflict("The door of this session cannot be opened any more.")


def _note(action: str, device: DoorDevice) -> None:
    facts = {"phone": device.number, "leads": device.leads}
    record_audit(action, screen=SCREEN, subject_type="event", subject_id=device.event_id, facts=facts)
