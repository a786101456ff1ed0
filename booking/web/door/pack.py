"""What a phone at the door carries for one day: first names and an initial, what to do for whom, and no more.

No contact, no full name, no name of a need, no reference but for people who gave no name. Who came without booking has
what was said of them at the door, for every phone there: the first part of a postcode or a district, children, whether
it is their first time, and when they came, by which two who gave no name are told apart. Moments are milliseconds since
1970, by our clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from booking.formats.words_for import clock_time, spoken_reference, time_span, when, where_for_booked
from booking.models import DoorDevice
from booking.queries.register import Entry, Person, Register
from booking.rules.taps import MOST_ADULTS, MOST_CHILDREN, About, subject_of
from booking.rules.words import PARTICIPANTS, BookingStatus, PersonKind


def door_pack(
    register: Register,
    device: DoorDevice,
    *,
    near: Iterable[str],
    districts: Iterable[tuple[str, str]],
    now: datetime,
    until: datetime,
) -> dict[str, Any]:
    """Return the pack of a session as it stands. After `until` the phone wipes it."""
    event = register.event
    return {
        "phone": device.number,
        "leads": device.leads,
        "title": event.title,
        "when": when(event.starts_at, event.ends_at),
        "where": where_for_booked(event),
        "walk_ins_allowed": event.walk_ins_allowed,
        "fire_limit": register.room.fire_limit,
        "closed": event.register_closed_at is not None,
        "most": [MOST_ADULTS, MOST_CHILDREN],
        "booked": [_booked(entry) for entry in register.booked],
        "walk_ins": [_walk_in(entry) for entry in register.walk_ins],
        "others": [_other(entry) for entry in register.others],
        "near": list(near),
        "districts": [list(each) for each in districts],
        "now": milliseconds(now),
        "until": milliseconds(until),
    }


def milliseconds(moment: datetime) -> int:
    """Return a moment as browsers count it."""
    return round(moment.timestamp() * 1000)


def _booked(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": entry.booking_id,
        "children": entry.children,
        "people": [_person(entry, person) for person in entry.people],
    }
    if entry.slot_at:
        at = time_span(entry.slot_at, entry.slot_ends_at) if entry.slot_ends_at else clock_time(entry.slot_at)
        row["slot"] = f"{at}, {entry.slot_role}"
        row["turn"] = entry.turn
    if entry.to_do:
        row["to_do"] = list(entry.to_do)
    if entry.is_new:
        row["new"] = True
    return row


def _person(entry: Entry, person: Person) -> dict[str, Any]:
    number = entry.people.index(person) + 1
    nobody = _("Adult %(number)s, %(reference)s", number=number, reference=spoken_reference(entry.reference))
    told: dict[str, Any] = {"id": person.place_id, "name": person.name or nobody, "outcome": person.outcome.value}
    if person.kind != PersonKind.PARENT_CARER:
        told["kind"] = person.kind.value
    if person.kind not in PARTICIPANTS:
        told["helps"] = True
    if person.arrived_at:
        told["at"] = clock_time(person.arrived_at)
    return told


def _walk_in(entry: Entry) -> dict[str, Any]:
    names = ", ".join(person.name for person in entry.people if person.name)
    came_at = min((person.arrived_at for person in entry.people if person.arrived_at), default=None)
    return {
        "subject": entry.subject,
        "name": names,
        "at": clock_time(came_at) if came_at else "",
        "since": milliseconds(came_at) if came_at else 0,
        "adults": len(entry.people),
        "children": entry.children,
        "where": entry.where,
        "first_time": entry.first_time,
    }


def _other(entry: Entry) -> dict[str, Any]:
    names = ", ".join(person.name for person in entry.people if person.name)
    why = _("no place") if entry.status == BookingStatus.CANCELLED else _("waiting list")
    return {
        "subject": subject_of(About.CAME, entry.booking_id),
        "name": names or spoken_reference(entry.reference),
        "adults": len(entry.people),
        "children": entry.children,
        "why": why,
    }
