"""New and changed sessions as an Atom feed."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from booking import clock
from booking.formats.atom import atom_feed
from booking.queries.public_sessions import new_events
from booking.web.feeds.answers import last_change, send_feed
from booking.web.feeds.blueprint import feeds
from booking.web.shared.settings import locality, settings

NEWEST = 50
QUARTER_OF_AN_HOUR = 900


@feeds.get("/feed.atom")
def atom() -> Response:
    """Give the sessions that were published or changed last."""
    events = new_events(now=clock.now(), limit=NEWEST)
    name = locality().brand.name
    body = atom_feed(events, title=_("%(name)s sessions", name=name), author=name, public_url=settings().public_url)
    return send_feed(body, mimetype="application/atom+xml", changed_at=last_change(events), max_age=QUARTER_OF_AN_HOUR)
