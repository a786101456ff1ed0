"""Calendar entries of bookings: one VEVENT of our own making, for REQUEST, CANCEL and PUBLISH (RFC 5545, 5546)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from booking import clock
from booking.formats import words_for
from booking.formats.place_words import getting_in
from booking.formats.sender import Sender, our_sender
from booking.models import Booking, Event
from booking.rules.words import BookingStatus, Delivery

PRODID = "-//SEND forum booking//EN"
VTIMEZONE = "\r\n".join(
    (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/London",
        "BEGIN:DAYLIGHT",
        "TZNAME:BST",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "DTSTART:19700329T010000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "TZNAME:GMT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "DTSTART:19701025T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    )
)
"""London's clock as rules, never as dates: desktop Outlook misreads lists of dates."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What one calendar entry says."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    location: str
    created_at: datetime
    changed_at: datetime
    description: str = ""
    url: str = ""
    lat: float | None = None
    lon: float | None = None
    is_cancelled: bool = False
    is_put_off: bool = False
    stamped_at: datetime | None = None
    """When this revision was made, where it is not now: what is read again and again must stay the same."""


def invitation(booking: Booking, facts: dict[str, Any], *, attendee: str) -> bytes:
    """Return the REQUEST that puts or moves the entry in one parent's calendar; `facts` tells which revision it is."""
    sender = our_sender(booking.lang)
    entry = _entry(booking, booking.event, sender, sequence=facts.get("sequence", booking.ical_sequence))
    return _write("REQUEST", _stamped(entry, facts), sender, attendee=attendee)


def cancellation(booking: Booking, facts: dict[str, Any], *, attendee: str) -> bytes:
    """Return the CANCEL that takes the entry away, from what was kept when the booking was cancelled."""
    was = facts["was"]
    starts_at = datetime.fromisoformat(was["starts_at"])
    entry = Entry(
        uid=facts["uid"],
        sequence=facts["sequence"],
        title=entry_title(booking.event, title=was["title"], is_discreet=facts.get("is_discreet", booking.is_discreet)),
        starts_at=starts_at,
        ends_at=datetime.fromisoformat(was["ends_at"]),
        location=was["where_public"],
        created_at=booking.created_at,
        changed_at=booking.cancelled_at or clock.now(),
        is_cancelled=True,
    )
    return _write("CANCEL", _stamped(entry, facts), our_sender(booking.lang), attendee=attendee)


def calendar_file(booking: Booking) -> bytes:
    """Return the file a family downloads: PUBLISH, the same UID and revision, nobody named in it."""
    sender = our_sender(booking.lang)
    entry = _entry(booking, booking.event, sender, sequence=booking.ical_sequence)
    entry = replace(entry, stamped_at=max(entry.changed_at, booking.ical_stamped_at or entry.changed_at))
    return _write("PUBLISH", entry, sender, attendee=None)


def followed_entry(booking: Booking, *, changed_at: datetime) -> Entry:
    """Return the entry of a booking in the calendar that its family follows, as it stood at its last change.

    It has the invitation's UID and revision. How to get in stays out: it may change without a word to anybody.
    """
    event, title = booking.event, entry_title(booking.event, is_discreet=booking.is_discreet)
    entry = _entry(booking, event, our_sender(booking.lang), sequence=booking.ical_sequence, with_way_in=False)
    is_put_off = event.new_date_pending and not entry.is_cancelled
    if entry.is_cancelled:
        title = _("CANCELLED: %(title)s", title=title)
    elif is_put_off:
        title = _("POSTPONED: %(title)s", title=title)
    return replace(entry, title=title, is_put_off=is_put_off, changed_at=changed_at, stamped_at=changed_at)


def entry_title(event: Event, *, is_discreet: bool, title: str | None = None) -> str:
    """Return the title of a family's own entry: it may ask for one that says nothing of what it is (J21)."""
    if is_discreet:
        return _("%(name)s booking", name=our_sender().name)
    return calendar_title(event, title=title)


def calendar_title(event: Event, *, title: str | None = None) -> str:
    """Return the title that others who share the calendar may see; a confidential session says little."""
    if event.venue is not None and event.venue.is_confidential:
        return _("%(name)s session", name=our_sender().name)
    return title or event.title


def with_london_clock(ics: bytes) -> bytes:
    """Put the one VTIMEZONE of all our calendar files before its events, letter by letter as it stands here.

    A library would put the parts of its rules in another order, and this text is known to work.
    """
    follows = b"\r\nBEGIN:VEVENT\r\n" if b"\r\nBEGIN:VEVENT\r\n" in ics else b"\r\nEND:VCALENDAR\r\n"
    before, after = ics.split(follows, 1)
    return before + b"\r\n" + VTIMEZONE.encode() + follows.removeprefix(b"\r\n") + after


def _write(method: str, entry: Entry, sender: Sender, *, attendee: str | None) -> bytes:
    from booking.formats.vevent import write_calendar  # noqa: PLC0415 (most pages need no icalendar)

    return write_calendar(method, entry, sender, attendee=attendee)


def _stamped(entry: Entry, facts: dict[str, Any]) -> Entry:
    """Return an entry as its revision was made: what is written once more is the same."""
    if "stamped_at" not in facts:
        return entry
    stamped_at = datetime.fromisoformat(facts["stamped_at"])
    return replace(entry, stamped_at=stamped_at, changed_at=max(entry.changed_at, stamped_at))


def _entry(booking: Booking, event: Event, sender: Sender, *, sequence: int, with_way_in: bool = True) -> Entry:
    venue = event.venue
    shown = venue is not None and not venue.is_confidential and event.delivery != Delivery.ONLINE
    return Entry(
        uid=booking.ical_uid,
        sequence=sequence,
        title=entry_title(event, is_discreet=booking.is_discreet),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        location=_location(event),
        created_at=booking.created_at,
        changed_at=max(event.changed_at, booking.confirmed_at or booking.created_at),
        description=_description(event, sender, is_discreet=booking.is_discreet, with_way_in=with_way_in),
        url="" if booking.is_discreet else sender.session_link(event),
        lat=venue.lat if venue and shown else None,
        lon=venue.lon if venue and shown else None,
        is_cancelled=booking.status == BookingStatus.CANCELLED,
    )


def _location(event: Event) -> str:
    """Return one line. A shared calendar must not tell a confidential place, nor the link of an online session."""
    if event.delivery == Delivery.ONLINE or event.venue is None:
        return _("Online: the link is in your email")
    if event.venue.is_confidential:
        return _("%(town)s: the place is in your email", town=event.venue.town)
    return words_for.where(event)


def _description(event: Event, sender: Sender, *, is_discreet: bool, with_way_in: bool) -> str:
    is_secret = is_discreet or (event.venue is not None and event.venue.is_confidential)
    parts = [] if is_secret else [event.summary, "\n".join(getting_in(event)) if with_way_in else ""]
    if event.delivery == Delivery.HYBRID:
        parts.append(_("You can also join online: the link is in your email."))
    parts.append(_("To change or cancel, use the link in your email."))
    parts.append(_("Help: ring %(phone)s or email %(email)s.", phone=sender.help_phone, email=sender.help_email))
    return "\n\n".join(part for part in parts if part)
