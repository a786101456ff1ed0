"""Calendars that programs follow: of public sessions, and of one family's bookings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, vCalAddress, vGeo, vText, vUri
from icalendar import Event as VEvent

from booking.clock import in_london
from booking.extensions import locale_of
from booking.formats import words_for
from booking.formats.ical import PRODID, followed_entry, with_london_clock
from booking.formats.sender import Sender, our_sender
from booking.formats.vevent import vevent_of
from booking.models import Booking, Event, Venue
from booking.rules.words import Delivery, EventStatus

LOOK_AGAIN = "PT4H"
"""How often a calendar program should look; Google takes its own time whatever we say."""


def calendar_feed(events: Iterable[Event], *, name: str) -> bytes:
    """Return the feed. Made only of what the rows say, so that two reads of the same rows give the same bytes."""
    sender, calendar = our_sender(), _empty_calendar(name)
    for event in events:
        calendar.add_component(_vevent(event, sender))
    return with_london_clock(calendar.to_ical())


def family_feed(followed: Iterable[tuple[Booking, datetime]], *, name: str) -> bytes:
    """Return the feed of a family's bookings, each with its last change, in its own language. Nobody is named."""
    calendar = _empty_calendar(name)
    for booking, changed_at in followed:
        with force_locale(locale_of(booking.lang)):
            entry = followed_entry(booking, changed_at=changed_at)
        calendar.add_component(vevent_of(entry, our_sender(booking.lang)))
    return with_london_clock(calendar.to_ical())


def _empty_calendar(name: str) -> Calendar:
    calendar = Calendar()
    for key, value in (("prodid", PRODID), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH")):
        calendar.add(key, value)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    refresh = vText(LOOK_AGAIN)
    refresh.params["VALUE"] = "DURATION"
    calendar.add("refresh-interval", refresh, encode=False)
    calendar.add("x-published-ttl", LOOK_AGAIN)
    return calendar


def _vevent(event: Event, sender: Sender) -> VEvent:
    place = _place(event)
    item = VEvent()
    item.add("uid", event.feed_uid)
    item.add("sequence", event.feed_sequence)
    # A feed's DTSTAMP is the last change, or every look at it would seem new.
    item.add("dtstamp", event.changed_at.astimezone(UTC))
    item.add("last-modified", event.changed_at.astimezone(UTC))
    item.add("created", event.created_at.astimezone(UTC))
    item.add("dtstart", in_london(event.starts_at))
    item.add("dtend", in_london(event.ends_at))
    item.add("summary", _title(event))
    item.add("location", words_for.where(event))
    item.add("status", _status(event))
    item.add("transp", "TRANSPARENT")
    item.add("organizer", _organizer(sender))
    item.add("url", vUri(sender.session_link(event)))
    item.add("description", _description(event, sender))
    if place and not place.is_confidential and place.lat is not None and place.lon is not None:
        item.add("geo", vGeo((place.lat, place.lon)))
    return item


def _place(event: Event) -> Venue | None:
    return None if event.delivery == Delivery.ONLINE else event.venue


def _title(event: Event) -> str:
    if event.status == EventStatus.CANCELLED:
        return _("CANCELLED: %(title)s", title=event.title)
    if event.new_date_pending:
        return _("POSTPONED: %(title)s", title=event.title)
    return event.title


def _status(event: Event) -> str:
    if event.status == EventStatus.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if event.new_date_pending else "CONFIRMED"


def _organizer(sender: Sender) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{sender.help_email}")
    organizer.params["CN"] = vText(sender.name)
    return organizer


def _description(event: Event, sender: Sender) -> str:
    more = _("More, and how to book: %(link)s", link=sender.session_link(event))
    return "\n\n".join(part for part in (event.summary, more) if part)
