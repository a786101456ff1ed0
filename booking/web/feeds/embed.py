"""A small list of sessions that schools and charities can show in a frame on their own site."""

from __future__ import annotations

from flask import g, render_template, request

from booking import clock
from booking.queries.public_sessions import coming_events
from booking.web.feeds.blueprint import feeds
from booking.web.shared.settings import locality, settings

SHOWN = 5


@feeds.get("/embed")
def embed() -> str:
    """Show the next sessions, of one district when its code is given; its links open the whole page."""
    g.may_be_framed = True
    district = locality().find_district(request.args.get("district", "")[:60])
    code = district.code if district and district.inside else None
    return render_template(
        "public/embed.html",
        events=coming_events(now=clock.now(), limit=SHOWN, district=code),
        place=district.name if district and code else locality().name,
        public_url=settings().public_url,
    )
