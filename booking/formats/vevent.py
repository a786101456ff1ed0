"""One calendar entry as the bytes of a calendar file: what the standard calls its parts (RFC 5545)."""

from __future__ import annotations

from datetime import UTC

from icalendar import Calendar, vCalAddress, vGeo, vText, vUri
from icalendar import Event as VEvent

from booking import clock
from booking.formats.ical import PRODID, Entry, with_london_clock
from booking.formats.sender import Sender

PARTSTAT, RSVP = "ACCEPTED", "FALSE"
"""They have booked, so they have accepted. A few reports say Gmail acts only on NEEDS-ACTION and TRUE."""


def write_calendar(method: str, entry: Entry, sender: Sender, *, attendee: str | None) -> bytes:
    """Return a calendar of one entry; nobody is named in it when there is no attendee."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(vevent_of(entry, sender, attendee=attendee))
    return with_london_clock(calendar.to_ical())


def vevent_of(entry: Entry, sender: Sender, *, attendee: str | None = None) -> VEvent:
    """Return one entry as its part of a calendar."""
    event = VEvent()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", (entry.stamped_at or clock.now()).astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", clock.in_london(entry.starts_at))
    event.add("dtend", clock.in_london(entry.ends_at))
    event.add("summary", entry.title)
    event.add("location", entry.location)
    event.add("status", _status(entry))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("organizer", _organizer(sender))
    event.add("x-microsoft-disallow-counter", "TRUE")
    if attendee:
        event.add("attendee", _attendee(attendee))
    if entry.description:
        event.add("description", entry.description)
    if entry.url:
        event.add("url", vUri(entry.url))
    _add_spot(event, entry)
    return event


def _status(entry: Entry) -> str:
    if entry.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if entry.is_put_off else "CONFIRMED"


def _organizer(sender: Sender) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{sender.address}")
    organizer.params["CN"] = vText(sender.name)
    return organizer


def _attendee(address: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = PARTSTAT
    attendee.params["RSVP"] = RSVP
    return attendee


def _add_spot(event: VEvent, entry: Entry) -> None:
    """Add the spot on the map, for Google and Outlook (GEO) and for Apple's travel time."""
    if entry.lat is None or entry.lon is None:
        return
    event.add("geo", vGeo((entry.lat, entry.lon)))
    spot = vUri(f"geo:{entry.lat},{entry.lon}")
    spot.params["VALUE"] = "URI"
    spot.params["X-ADDRESS"] = entry.location
    spot.params["X-APPLE-RADIUS"] = "70"
    spot.params["X-TITLE"] = entry.location.partition(",")[0]
    event.add("x-apple-structured-location", spot, encode=False)
