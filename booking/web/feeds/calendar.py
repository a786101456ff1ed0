"""The calendars that programs follow: all sessions, those of one district or one kind, or one family's bookings."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from flask_babel import gettext as _

from booking import clock
from booking.errors import NotFound
from booking.extensions import limiter
from booking.formats.words_for import wording
from booking.locality.changes import parts_of
from booking.locality.kinds import District
from booking.queries.family_calendar import own_calendar
from booking.queries.public_sessions import calendar_changed_at, calendar_events
from booking.rules.words import EventKind
from booking.web.feeds.answers import send_feed
from booking.web.feeds.blueprint import feeds
from booking.web.shared.family_calendar import family_of_calendar
from booking.web.shared.settings import locality

QUARTER_OF_AN_HOUR = 900


def _was_a_guess(response: Response) -> bool:
    return response.status_code == 404


limit_guesses = limiter.shared_limit("60 per 10 minutes", scope="booking links", deduct_when=_was_a_guess)
"""One count with the links of bookings: whoever guesses has no second go."""


@feeds.get("/calendar.ics")
def calendar() -> Response:
    """Give all sessions."""
    return _send(name=_("%(name)s sessions", name=locality().brand.name))


@feeds.get("/calendar/<district>.ics")
def calendar_of_district(district: str) -> Response:
    """Give the sessions in the places of one district."""
    led = locality().code_of(district)  # programs that follow the address of a former district go on without a redirect
    found = next((each for each in locality().inside_districts if each.code == led), None)
    if found is None:
        raise NotFound(_("There is no calendar for that district."))
    name = _("%(name)s sessions in %(district)s", name=locality().brand.name, district=found.name)
    return _send(district=found.code, name=name, since=_since(found))


@feeds.get("/calendar/kind/<kind>.ics")
def calendar_of_kind(kind: str) -> Response:
    """Give the sessions of one kind."""
    if kind not in set(EventKind):
        raise NotFound(_("There is no calendar for that kind of session."))
    name = _("%(name)s sessions: %(kind)s", name=locality().brand.name, kind=wording(EventKind(kind)))
    return _send(kind=EventKind(kind), name=name)


@feeds.get("/calendar/mine/<token>.ics")
@limit_guesses
def calendar_of_family(token: str) -> Response:
    """Give one family's bookings to whoever has its secret address."""
    family = family_of_calendar(token)
    if family is None:
        raise NotFound(_("There is no calendar at this address any more."))
    from booking.formats.feeds import family_feed  # noqa: PLC0415 (most pages need no icalendar)

    own = own_calendar(family, now=clock.now())
    name = _("My %(name)s bookings", name=locality().brand.name)
    return send_feed(
        family_feed(own.entries, name=name),
        mimetype="text/calendar",
        changed_at=own.changed_at,
        max_age=QUARTER_OF_AN_HOUR,
        is_private=True,
    )


def _since(district: District) -> datetime | None:
    """Return since when a calendar is this district's: a former one's address has other sessions from that day."""
    parts = parts_of(locality().register, district.code)
    return clock.start_of_day(district.from_date) if parts and district.from_date else None


def _send(
    *, name: str, district: str | None = None, kind: EventKind | None = None, since: datetime | None = None
) -> Response:
    from booking.formats.feeds import calendar_feed  # noqa: PLC0415 (most pages need no icalendar)

    now = clock.now()
    changed = [moment for moment in (calendar_changed_at(now=now), since) if moment]
    return send_feed(
        calendar_feed(calendar_events(now=now, district=district, kind=kind), name=name),
        mimetype="text/calendar",
        changed_at=max(changed, default=None),
        max_age=QUARTER_OF_AN_HOUR,
    )
