"""The interface for other programs: published sessions that are still to come, as JSON."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime

from flask import Response, jsonify, request
from flask_babel import gettext as _

from booking import clock
from booking.formats.api_session import api_session
from booking.formats.openapi import description
from booking.queries.public_sessions import Cursor, page_of_events
from booking.rules.words import EventKind
from booking.web.feeds.answers import send_feed
from booking.web.feeds.blueprint import feeds
from booking.web.shared.settings import locality, settings

PAGE = 50
HOUR = 3600


class BadQuestion(Exception):
    """Something was asked wrongly; its text is the sentence that says what to change."""


@feeds.get("/api/v1/sessions")
def api_sessions() -> Response | tuple[Response, int]:
    """List sessions by start, a page at a time."""
    try:
        since, until = _days()
        district, kind, after = _district(), _kind(), _cursor()
    except BadQuestion as problem:
        return jsonify(error=str(problem)), 400
    now = clock.now()
    events = page_of_events(
        since=max(since, now) if since else now,
        until=until,
        district=district,
        kind=kind,
        after=after,
        limit=PAGE + 1,
    )
    shown = events[:PAGE]
    last = shown[-1] if len(events) > PAGE else None
    body = {
        "sessions": [api_session(event, public_url=settings().public_url, locality=locality()) for event in shown],
        "next": _encode(Cursor(last.starts_at, last.id)) if last else None,
    }
    # Places go by the minute, so a cache has to ask each time; the ETag makes asking cheap.
    return send_feed(_json(body), mimetype="application/json", changed_at=None, max_age=0)


@feeds.get("/api/v1/openapi.json")
def api_description() -> Response:
    """Describe the interface."""
    document = description(
        title=_("%(name)s sessions", name=locality().brand.name),
        public_url=settings().public_url,
        districts=[district.code for district in locality().inside_districts],
        page_size=PAGE,
    )
    return send_feed(_json(document), mimetype="application/json", changed_at=None, max_age=HOUR)


def _days() -> tuple[datetime | None, datetime | None]:
    first, last = _day("from"), _day("to")
    if first and last and last < first:
        raise BadQuestion(_("“to” is before “from”."))
    return (clock.start_of_day(first) if first else None), (clock.end_of_day(last) if last else None)


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # A century either way is not a question about sessions, and the ends of the calendar have no neighbours.
    if day is None or day.isoformat() != text or not 2000 <= day.year < 2200:
        raise BadQuestion(_("“%(name)s” must be a day, written as 2026-11-24.", name=name))
    return day


def _district() -> str | None:
    text = request.args.get("district", "")
    codes = [district.code for district in locality().inside_districts]
    led = locality().code_of(text)  # a code of before leads on
    if text and led not in codes:
        raise BadQuestion(_("“district” must be one of: %(codes)s.", codes=", ".join(codes)))
    return led if text else None


def _kind() -> EventKind | None:
    text = request.args.get("kind", "")
    if text and text not in set(EventKind):
        raise BadQuestion(_("“kind” must be one of: %(codes)s.", codes=", ".join(EventKind)))
    return EventKind(text) if text else None


def _cursor() -> Cursor | None:
    text = request.args.get("cursor", "")
    return _decode(text) if text else None


def _encode(cursor: Cursor) -> str:
    packed = f"{cursor.starts_at.isoformat()} {cursor.event_id}".encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _decode(text: str) -> Cursor:
    wrong = BadQuestion(_("“cursor” must be the “next” of the page before, exactly as it was given."))
    try:
        packed = base64.b64decode(text[:200] + "=" * (-len(text[:200]) % 4), altchars=b"-_", validate=True).decode()
        moment, _space, number = packed.partition(" ")
        starts_at, event_id = datetime.fromisoformat(moment), int(number)
    except (ValueError, binascii.Error):
        raise wrong from None
    if starts_at.tzinfo is None or not 2000 <= starts_at.year < 2200 or not 0 <= event_id < 2**31:
        raise wrong
    return Cursor(starts_at, event_id)


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
