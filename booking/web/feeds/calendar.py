"""The calendar that programs follow: all sessions, or those of one district."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from booking import clock
from booking.errors import NotFound
from booking.queries.public_sessions import calendar_events
from booking.web.feeds.answers import last_change, send_feed
from booking.web.feeds.blueprint import feeds
from booking.web.shared.settings import locality

QUARTER_OF_AN_HOUR = 900


@feeds.get("/calendar.ics")
def calendar() -> Response:
    """Give all sessions."""
    return _send(district=None, name=_("%(name)s sessions", name=locality().brand.name))


@feeds.get("/calendar/<district>.ics")
def calendar_of_district(district: str) -> Response:
    """Give the sessions in the places of one district."""
    found = next((each for each in locality().inside_districts if each.code == district), None)
    if found is None:
        raise NotFound(_("There is no calendar for that district."))
    name = _("%(name)s sessions in %(district)s", name=locality().brand.name, district=found.name)
    return _send(district=district, name=name)


def _send(*, district: str | None, name: str) -> Response:
    from booking.formats.feeds import calendar_feed  # noqa: PLC0415 (most pages need no icalendar)

    events = calendar_events(now=clock.now(), district=district)
    return send_feed(
        calendar_feed(events, name=name),
        mimetype="text/calendar",
        changed_at=last_change(events),
        max_age=QUARTER_OF_AN_HOUR,
    )
