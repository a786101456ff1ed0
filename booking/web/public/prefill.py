"""Begin a booking from the last one, when the family said so on its page: nothing is asked twice (WCAG 3.3.7).

The browser's signed cookie holds which booking, and the version of its link: a link made void ends this, too.
"""

from __future__ import annotations

from typing import Any

from flask import session

from booking import clock
from booking.models import Booking, Event
from booking.queries.chain import find_with_link
from booking.queries.districts import district_today
from booking.queries.remembered import remembered_for, root_of
from booking.rules.access_needs import needs_for
from booking.rules.words import PARTICIPANTS, BookingFor
from booking.web.shared.settings import locality

KEPT_AS = "again"
ANSWERED_AS = "again"
"""The page of a draft's answers under which it stands from which chain the booking was begun."""


def begin_from(booking: Booking) -> None:
    """Let this browser's next bookings begin from this one."""
    session[KEPT_AS] = [booking.id, booking.link_version]


def start_afresh() -> None:
    """Let this browser's next booking begin from nothing."""
    session.pop(KEPT_AS, None)


def last_booking() -> Booking | None:
    """Return the booking that this browser's next one begins from; None when there is none, or its link is void."""
    kept = session.get(KEPT_AS)
    if not (isinstance(kept, list) and len(kept) == 2 and all(isinstance(each, int) for each in kept)):
        return None
    return find_with_link(kept[0], link_version=kept[1])


def who_before() -> dict[str, Any]:
    """Return what the first page can know: how many adults came the last time."""
    booking = last_booking()
    return {} if booking is None else {"adults": max(len(_adults(booking)), 1)}


def answers_from(who: dict[str, Any], event: Event) -> dict[str, Any]:
    """Return the answers a new draft begins with: who comes, and what the last booking's family told us itself."""
    booking = last_booking()
    if booking is None or who.get("booking_for") == BookingFor.FAMILY:
        return {"who": who}
    answers = {"who": who, ANSWERED_AS: {"root": root_of(booking)}}
    if contact := _contact(booking):
        answers["contact"] = contact
    if needs := _needs(booking, event):
        answers["needs"] = needs
    return answers


def first_page(answers: dict[str, Any]) -> str:
    """Return the page that comes after the first: the check page, when nothing is left that must be asked."""
    if "contact" not in answers:
        return "contact"
    return "needs" if answers.get("needs", {}).get("ask_again") else "check"


def _contact(booking: Booking) -> dict[str, Any] | None:
    names = [place.adult.name or "" for place in _adults(booking) if place.adult is not None]
    if not names or not names[0] or not (booking.email or booking.phone):
        return None
    return {
        "full_name": names[0],
        "other_names": [name for name in names[1:] if name],
        "contact_by": booking.contact_by.value,
        "email": booking.email or "",
        "phone": booking.phone or "",
        "may_text": booking.may_text,
        "wants_morning_text": booking.wants_morning_text,
        "outcode": booking.outcode,
        "district": district_today(booking.district),
        "of_family": False,
    }


def _needs(booking: Booking, event: Event) -> dict[str, Any] | None:
    """Return what is remembered and makes sense here. After a year it is asked whether it is still right."""
    fitting = {need.code for need in needs_for(locality().needs, event.delivery)}
    remembered = [need for need in remembered_for(booking) if need.code in fitting]
    if not remembered:
        return None
    ask_again = any(need.ask_again_on <= clock.today() for need in remembered)
    said = {need.detail or "" for need in remembered}
    return {
        "any": "yes",
        "chosen": [need.code for need in remembered],
        "detail": said.pop() if len(said) == 1 else "",
        "details": {need.code: {"words": need.detail} for need in remembered if need.detail and said},
        "consent": not ask_again,
        "ask_again": ask_again,
    }


def _adults(booking: Booking) -> list[Any]:
    return [place for place in booking.places if place.kind in PARTICIPANTS]
