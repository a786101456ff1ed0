"""Say to a family, and write for a machine, everything that is kept of it. In English, as staff pages are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from booking.extensions import LANGUAGES
from booking.formats.screen_words import action_in_words, screen_in_words
from booking.formats.words_for import clock_time, short_date, wording
from booking.locality.kinds import Locality

SECTIONS = {
    "bookings": "Bookings",
    "people": "Names",
    "places": "Who came",
    "needs": "What would make it easier to come",
    "remembered": "Remembered for next time",
    "agreed": "What you said yes or no to",
    "messages": "Messages we sent",
    "changes": "What happened to each booking",
    "calls": "Calls to you, and our notes of them",
    "notes": "What we noted about your bookings",
    "feedback": "How you said a session was (1: strongly disagree, 5: strongly agree, 0: does not apply)",
    "written": "What you wrote to us by email",
    "news": "News of new sessions you want",
    "complaints": "Your complaints about your data",
    "looks": "Who of our staff looked, or changed something",
}
LABELS = {
    "about_booking": "About the booking",
    "acknowledged_at": "Confirmed",
    "again": "I would come again",
    "alternative": "What we offer instead",
    "arrived_at": "Arrived",
    "answered_at": "Answered",
    "ask_again_on": "We ask again on",
    "before_confident": "Confident in services, before",
    "before_know_where": "Know where to go for help, before",
    "bounced_at": "Came back",
    "broken_at": "The place stopped having it",
    "family_outcome": "Was it there, as the family says",
    "family_said_at": "When the family said so",
    "by": "By",
    "cancel_reason": "Why cancelled",
    "change": "One thing we should change",
    "choice": "What you say to our offer",
    "code": "What",
    "created_at": "Written down",
    "confident": "Confident in services, after",
    "confirmed_at": "Confirmed",
    "contact_by": "How to reach you",
    "desk": "Whom you came to see",
    "detail": "In your words",
    "due_on": "To be ready by",
    "facts": "More",
    "for_whom": "For whom",
    "had_what_needed": "I had what I needed to take part",
    "helper_kind": "What the helper is to you",
    "helper_name": "Who booked for you",
    "ical_address": "Calendar entry sent to",
    "is_discreet": "Another title in the calendar",
    "kinds": "Kinds of session",
    "know_where": "Know where to go for help, after",
    "lang": "Language",
    "listened": "I felt listened to",
    "may_quote": "May be quoted without your name",
    "may_text": "May be texted",
    "offer_ends_at": "Offer ends",
    "outcode": "First part of the postcode",
    "profile": "Answers about the child",
    "queued_at": "Joined the waiting list",
    "quote": "Quoted on our page, as an editor wrote it",
    "reason": "Why",
    "reason_words": "Why, in our words",
    "recorded_at": "Recorded",
    "release_at": "Kept until",
    "reply_answer": "What your calendar said",
    "screen": "Page",
    "starts_at": "When",
    "tell_by": "To be told by",
    "told_at": "Told",
    "told_how": "How told",
    "turn": "With the desk",
    "turn_at": "With the desk, since",
    "understood": "I understood what was said",
    "wants_morning_text": "Wants a text on the morning",
    "what_next": "I know what will happen next",
    "wording_version": "Version of the words",
}
"""What is not here is called by its own name."""
PROFILE = ("age_phase", "support", "need_area")
AS_TABLE = 7
"""A section whose rows have no more values than this is a table; the others are lists."""


def label_of(name: str) -> str:
    """Return how a value is called."""
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def said(name: str, value: Any, *, locality: Locality) -> str:
    """Return one value in words; nothing for what is empty."""
    if _is_nothing(name, value):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{short_date(value)}, {clock_time(value)}"
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, StrEnum):
        return wording(value)
    if isinstance(value, dict):
        return "; ".join(f"{label_of(key)}: {said(key, each, locality=locality)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(said(name, each, locality=locality) for each in value)
    return _coded(name, str(value), locality)


def held_file(sections: dict[str, list[dict[str, Any]]], *, made_at: datetime) -> bytes:
    """Return it as JSON: codes as they are stored, moments in UTC by ISO 8601."""
    document = {"made_at": made_at, **sections}
    return json.dumps(document, default=_plain, ensure_ascii=False, indent=1).encode()


def names_in(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return the names of values that at least one row has, in order."""
    found: dict[str, None] = {}
    for row in rows:
        found |= {name: None for name, value in row.items() if not _is_nothing(name, value)}
    return list(found)


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _is_nothing(name: str, value: Any) -> bool:
    """Tell whether there is nothing to say; a no that was said is something."""
    return value in (None, "", [], {}, ()) or (value is False and name != "given")


def _answer(question: str, code: str, locality: Locality) -> str:
    """Return an answer about the child as its page says it; one that is offered no more as it is kept."""
    options = locality.get_question(question).options
    return next((option.label for option in options if option.code == code), code)


def _coded(name: str, value: str, locality: Locality) -> str:
    if name in ("code", "needs"):
        return next((need.label for need in locality.needs if need.code == value), value)
    if name in PROFILE:
        return _answer(name, value, locality)
    if name == "district":
        known = locality.find_district(value)
        return known.name if known else value
    if name == "lang":
        return LANGUAGES[value].own_name if value in LANGUAGES else value
    if name == "screen":
        return screen_in_words(value)
    if name in ("what", "by"):
        return action_in_words(value)
    return value
