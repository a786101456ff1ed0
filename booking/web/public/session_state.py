"""What can be done about a session at this moment, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from booking.clock import in_london
from booking.formats import words_for
from booking.queries.session_page import ShownSession
from booking.rules.clock_changes import clock_change_near
from booking.rules.places import BookingWindow, Closed
from booking.rules.words import BookingMode, Delivery, EventStatus


@dataclass(frozen=True, slots=True)
class SessionState:
    """`code` picks the look; `button` is what the booking button says, empty when there is nothing to book."""

    code: str
    sentence: str
    button: str = ""
    note: str = ""


def state_of(event: ShownSession, *, now: datetime) -> SessionState:
    """Decide what the page says about having a place. Cancelled comes before over, over before everything else."""
    if event.status == EventStatus.CANCELLED:
        return SessionState("cancelled", _("This session is cancelled."), note=_("Everyone who had a place was told."))
    if event.ends_at <= now:
        return SessionState("past", _("This session is over."))
    if event.new_date_pending:
        return SessionState(
            "postponed",
            _("This session is put off. We do not know the new date yet."),
            note=_(
                "Please do not come on the day below. We will show the new date here and tell everyone who has a place."
            ),
        )
    if event.booking_mode == BookingMode.OPEN:
        return _open(event)
    if event.starts_at <= now:
        walk_in = _walk_in() if event.walk_ins_allowed and event.delivery != Delivery.ONLINE else ""
        return SessionState("started", _("This session has started."), note=walk_in)
    return _not_now(event, now=now) or _to_book(event)


def words_about_clocks(starts_at: datetime) -> str:
    """Say that the clocks change near this session; empty when they do not."""
    change = clock_change_near(in_london(starts_at).date())
    if change is None:
        return ""
    day = words_for.long_date(change.day)
    if change.forward:
        return _(
            "The clocks go forward one hour on %(day)s. The time here is what the clock shows on the day.", day=day
        )
    return _("The clocks go back one hour on %(day)s. The time here is what the clock shows on the day.", day=day)


def _open(event: ShownSession) -> SessionState:
    note = _(
        "You do not need to book. Come at any time between %(start)s and %(end)s.",
        start=words_for.clock_time(event.starts_at),
        end=words_for.clock_time(event.ends_at),
    )
    if event.delivery == Delivery.ONLINE:
        note = _("You do not need to book. Ring or email us and we will send you the link.")
    return SessionState("open", words_for.wording(BookingMode.OPEN), note=note)


def _not_now(event: ShownSession, *, now: datetime) -> SessionState | None:
    """Say when booking opens, or that it has ended; None while families can book for themselves."""
    window = BookingWindow(
        starts_at=event.starts_at,
        opens_days_before=event.opens_days_before,
        ends_hours_before=event.ends_hours_before,
    )
    why = window.why_closed(now=now)
    if why == Closed.NOT_YET and window.opens_at is not None:
        said = _("You can book this session from %(day)s.", day=words_for.long_date(window.opens_at))
        return SessionState("not-yet", said)
    if why == Closed.ENDED:
        note = _walk_in() if event.walk_ins_allowed and event.delivery != Delivery.ONLINE else ""
        said = _("Booking for this session has ended. Please ring us: we may still have a place.")
        return SessionState("ended", said, note=note)
    return None


def _to_book(event: ShownSession) -> SessionState:
    left = None if event.capacity is None else event.capacity - event.places_taken
    if event.booking_mode == BookingMode.SLOTS and event.slots:
        left = sum(slot.capacity - slot.places_taken for slot in event.slots)
    words = words_for.places_left(left)
    if left is not None and left <= 0:
        note = _(
            "We offer free places in the order families joined the list, to the first family we have enough places for."
        )
        return SessionState("full", words, button=_("Join the waiting list"), note=note)
    button = _("Book a time") if event.booking_mode == BookingMode.SLOTS else _("Book a place")
    may_walk_in = event.walk_ins_allowed and event.delivery != Delivery.ONLINE
    note = _("It is free.") + (f" {_walk_in()}" if may_walk_in else "")
    return SessionState("few" if left is not None and left <= 5 else "plenty", words, button=button, note=note)


def _walk_in() -> str:
    return _("You can also come without booking, if there is room.")
