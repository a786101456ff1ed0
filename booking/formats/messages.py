"""Say a message in words: its subject, its text and its page, in the booking's own language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from booking.extensions import language_of, locale_of
from booking.formats import words_for
from booking.formats.ical import calendar_title, entry_title
from booking.formats.place_words import getting_in
from booking.formats.plain_blocks import Block, plain_blocks
from booking.formats.sender import Sender, our_sender
from booking.models import Booking, Event
from booking.rules.languages import EASY
from booking.rules.said import SaidIssue
from booking.rules.words import (
    PARTICIPANTS,
    BookingStatus,
    Delivery,
    EventCancelReason,
    EventStatus,
    MessageKind,
    NeedState,
)

END_OF_IDEA = re.compile(r"(?<=[a-z”][.!?]) (?=[A-Z“])")
"""Between two sentences of ours: Easy Read gives each a line of its own. Never inside an address or a number."""
SAID = frozenset(EventCancelReason) - {EventCancelReason.OTHER}
"""The reasons for a cancelled session that say something."""
READY = (NeedState.ARRANGED, NeedState.CONFIRMED_TO_FAMILY, NeedState.MET, NeedState.NO_LONGER_NEEDED)
IN_HAND = (NeedState.REQUESTED, NeedState.PLANNING)


@dataclass(frozen=True, kw_only=True)
class Words:
    """A message in words."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """A session as the family knows it, or knew it. `label` names it in a subject, which others may see (J21)."""

    title: str
    label: str
    starts_at: datetime
    ends_at: datetime
    where: str
    is_put_off: bool = False

    @property
    def brief_when(self) -> str:
        """Return when it is, for a subject."""
        return _("no new date yet") if self.is_put_off else words_for.brief_when(self.starts_at)

    @property
    def when(self) -> str:
        return words_for.when(self.starts_at, self.ends_at)


@dataclass(frozen=True, kw_only=True)
class Mine:
    """One booking among several that a family has at one session."""

    when: str
    brief_when: str
    who: str
    with_whom: str
    reference: str
    link: str


@dataclass(frozen=True, kw_only=True)
class HeardNote:
    """What staff heard at a session, in their own words; files are on the family's page alone."""

    text: str
    has_files: bool

    @property
    def blocks(self) -> list[Block]:
        """Return its paragraphs and lists."""
        return plain_blocks(self.text)


def in_words(
    kind: MessageKind,
    booking: Booking,
    *,
    facts: dict[str, Any] | None,
    has_calendar: bool,
    waiting: int = 0,
    course: tuple[int, int] | None = None,
    others: Sequence[Booking] = (),
    answers: Sequence[SaidIssue] = (),
    heard: HeardNote | None = None,
) -> Words:
    """Render the three templates of a message.

    `waiting` is how many families wait for a place; `course` says that this is date so of so many of a course;
    `others` are further bookings of the family at the same session, which a reminder tells of, too; `answers` are what
    came of what families raised; `heard` is what staff heard at the session.
    """
    with force_locale(locale_of(booking.lang)):
        values = _values(booking, facts or {}) | {"has_calendar": has_calendar, "waiting": waiting, "course": course}
        values |= {"answers": answers, "heard": heard}
        if others:
            values["several"] = [_mine(each) for each in sorted((booking, *others), key=lambda each: each.starts_at)]
        return fill_in(kind, booking.lang, values)


def fill_in(kind: MessageKind, lang: str, values: dict[str, Any]) -> Words:
    """Render the three templates with their values, in the language that is in force."""
    subject, text, html = (_render(kind, part, values) for part in ("subject.txt", "body.txt", "body.html"))
    if lang == EASY:
        text, html = END_OF_IDEA.sub("\n", text), _in_lines(html)
    return Words(subject=" ".join(subject.split()), text=_without_gaps(text), html=html)


def _render(kind: MessageKind, part: str, values: dict[str, Any]) -> str:
    return current_app.jinja_env.get_template(f"messages/{kind.value}/{part}").render(values)


def _in_lines(html: str) -> str:
    head, end, body = html.partition("</head>")
    return head + end + END_OF_IDEA.sub("<br>\n", body)


def _without_gaps(text: str) -> str:
    """Leave one empty line where a template's empty blocks leave several."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _values(booking: Booking, facts: dict[str, Any]) -> dict[str, Any]:
    event = booking.event
    sender = our_sender(booking.lang)
    has_place = booking.status == BookingStatus.CONFIRMED or bool(facts.get("had_place"))
    needs = booking.needs if has_place else []
    link = sender.booking_link(booking)
    return {
        "lang": language_of(booking.lang).html,
        "language": language_of(booking.lang),
        "sender": sender,
        "booking": booking,
        "reference": words_for.spoken_reference(booking.reference),
        "several": [],
        "now": _now_known(booking, has_place=has_place),
        "was": _was_known(booking, facts["was"], has_place=has_place) if "was" in facts else None,
        "getting_in": getting_in(event) if has_place else [],
        "is_new_place": _is_new_place(event, facts.get("was", {})),
        "with_whom": words_for.with_whom(booking),
        "is_new_way_to_join": has_place and _is_new_way_to_join(event, facts.get("was", {})),
        "join_url": event.join_url if has_place else None,
        "dial_in": event.dial_in if has_place else None,
        "is_online": event.delivery in (Delivery.ONLINE, Delivery.HYBRID),
        "is_confirmed": booking.status == BookingStatus.CONFIRMED,
        "is_waiting": booking.status == BookingStatus.WAITING,
        "is_put_off": event.is_put_off,
        "session_is_off": event.status == EventStatus.CANCELLED,
        "why": words_for.wording(event.cancel_reason) if event.cancel_reason in SAID else "",
        "asked_for_help": bool(needs),
        "help_is_ready": all(need.state in READY for need in needs),
        "help_in_hand": any(need.state in IN_HAND for need in needs),
        "offer_ends_at": booking.offer_ends_at,
        "waits_for_more": len(booking.places) if booking.extends_id is not None else 0,
        "entry_title": entry_title(event, is_discreet=booking.is_discreet),
        "asked_for": bool(facts.get("asked_for")),
        "more": facts.get("more", 0),
        "release_at": booking.release_at,
        "by_calendar": bool(facts.get("by_calendar")),
        "coming": sum(place.kind in PARTICIPANTS for place in booking.places),
        "session_link": sender.session_link(event),
        "place_link": _place_link(event, sender) if has_place else None,
        "calendar_link": sender.calendar_link(booking.family) if booking.family else None,
        "calendar_page_link": sender.calendar_page_link(booking.family) if booking.family else None,
        "link": link,
        "cancel_link": f"{link}/cancel",
        "keep_link": f"{link}/keep",
        "feedback_link": sender.feedback_link(booking),
    }


def _mine(booking: Booking) -> Mine:
    return Mine(
        when=words_for.when(booking.starts_at, booking.ends_at),
        brief_when=words_for.brief_when(booking.starts_at),
        who=words_for.who_comes(booking),
        with_whom=words_for.with_whom(booking),
        reference=words_for.spoken_reference(booking.reference),
        link=our_sender(booking.lang).booking_link(booking),
    )


def _place_link(event: Event, sender: Sender) -> str | None:
    """Return where a place is shown to everybody; of a confidential one only the family's own page tells."""
    if event.venue is None or event.delivery == Delivery.ONLINE or event.venue.is_confidential:
        return None
    return f"{sender.session_link(event)}/place"


def _is_new_way_to_join(event: Event, was: dict[str, Any]) -> bool:
    """Tell whether the link or the number to join with is another one than the family was told."""
    if event.delivery == Delivery.IN_PERSON or "join_url" not in was:
        return False
    return (was["join_url"], was["dial_in"]) != (event.join_url, event.dial_in)


def _is_new_place(event: Event, was: dict[str, Any]) -> bool:
    """Tell whether people come to another place than they were told: what was arranged, was arranged at the old one."""
    if event.delivery == Delivery.ONLINE or "where_public" not in was:
        return False
    return bool(was["online"]) or was["where_public"] != words_for.where(event)


def _now_known(booking: Booking, *, has_place: bool) -> Known:
    event = booking.event
    return Known(
        title=calendar_title(event),
        label=entry_title(event, is_discreet=booking.is_discreet),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        where=words_for.where_for_booked(event) if has_place else words_for.where(event),
        is_put_off=event.is_put_off,
    )


def _was_known(booking: Booking, was: dict[str, Any], *, has_place: bool) -> Known:
    event, where = booking.event, was["where"] if has_place else was["where_public"]
    return Known(
        title=calendar_title(event, title=was["title"]),
        label=entry_title(event, title=was["title"], is_discreet=booking.is_discreet),
        starts_at=datetime.fromisoformat(was["starts_at"]),
        ends_at=datetime.fromisoformat(was["ends_at"]),
        where=_("Online") if was["online"] else where,  # it was written down in the language of whoever changed it
    )
