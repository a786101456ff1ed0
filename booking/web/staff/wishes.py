"""What families looked for and did not find, for those who plan sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.extensions import transaction
from booking.queries.subscriptions import count_active_by_district
from booking.queries.wishes import wishes_by_district, wishes_in_words
from booking.rules.news import ONLINE
from booking.rules.permissions import Action
from booking.rules.words import WishReason
from booking.services.record_audit import record_view
from booking.web.shared.access import may_now
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

FEWEST_TOLD = 5
SPANS = (30, 90, 365)
"""The numbers of days one can look back."""


@staff.get("/wishes")
def wishes() -> ResponseReturnValue:
    """Count wishes by district and reason; what was written is for those who see bookings, and the look is kept."""
    asked = request.args.get("days", "")
    days = next((span for span in SPANS if str(span) == asked), SPANS[0])
    since = clock.now() - timedelta(days=days)
    sees_words = may_now(Action.SEE_BOOKINGS)
    if sees_words:
        with transaction():
            record_view(screen="staff.wishes", subject_type="wish")
    return render_template(
        "staff/wishes.html",
        days=days,
        spans=SPANS,
        reasons=list(WishReason),
        districts=wishes_by_district(since=since),
        in_words=wishes_in_words(since=since) if sees_words else [],
        sees_words=sees_words,
        news=news_wanted(count_active_by_district()),
        name_of=locality().district_names,
    )


def news_wanted(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Say how many addresses want news of which district; small numbers are not told: they could point to somebody."""
    names = {each.code: each.name for each in locality().inside_districts}
    names |= {ONLINE: _("Online only"), "": _("Near a place, or anywhere")}
    few = _("fewer than %(number)d", number=FEWEST_TOLD)
    return [
        (name, str(counts[code]) if counts[code] >= FEWEST_TOLD else few)
        for code, name in names.items()
        if counts.get(code)
    ]
