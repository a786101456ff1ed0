"""The sentences with which a booking is refused, each with what to do instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock
from booking.errors import Conflict, Moved, NotFound, Refusal, SessionFull
from booking.formats import words_for
from booking.models import Event
from booking.rules.places import Closed
from booking.rules.words import ConsentSubject


def closed(why: Closed, *, opens_at: datetime | None = None) -> Refusal:
    """Return the refusal of a session that takes no bookings; `opens_at` is when it will, if that is why."""
    if why == Closed.NOT_PUBLISHED:
        return NotFound(_("We cannot find that session."))
    if why == Closed.NOT_YET and opens_at is not None:
        return Conflict(_("You can book this session from %(day)s.", day=words_for.long_date(opens_at)))
    sentences = {
        Closed.ENDED: _("Booking for this session has ended. Please ring us: we may still have a place."),
        Closed.CANCELLED: _("This session has been cancelled. We are sorry."),
        Closed.NOT_BOOKED: _("You do not need to book this session. Just turn up."),
        Closed.POSTPONED: _("This session is put off. You can book when it has a new date."),
        Closed.STARTED: _("This session has already begun, so it cannot be booked any more."),
    }
    return Conflict(sentences[why])


def moved(event: Event) -> Moved:
    """Return what is said before booking a session that has another time or place than the family saw."""
    sentence = _(
        "This session has a new time or place: %(when)s, %(where)s. If it still suits you, press the button again.",
        when=words_for.when(event.starts_at, event.ends_at),
        where=words_for.where(event),
    )
    return Moved(sentence)


def full(left: int) -> SessionFull:
    """Return the refusal of a session with too few places for a family."""
    if left <= 0:
        return SessionFull(_("All the places are taken. You can join the waiting list."), places_left=0)
    sentence = ngettext(
        "There is only %(num)d place left, and your family needs more. You can join the waiting list.",
        "There are only %(num)d places left, and your family needs more. You can join the waiting list.",
        left,
    )
    return SessionFull(sentence, places_left=left)


def others_wait() -> SessionFull:
    """Return the refusal of a place that belongs to the families on the waiting list."""
    return SessionFull(_("Other families are waiting for a place. You can join the waiting list."), places_left=0)


def date_full(starts_at: datetime, *, left: int) -> SessionFull:
    """Return the refusal of one date of a course that has too few places."""
    day = words_for.long_date(starts_at)
    sentence = _(
        "There are not enough places for you on %(day)s. You can join the waiting list for that date.", day=day
    )
    return SessionFull(sentence, places_left=left)


def date_closed(starts_at: datetime) -> Conflict:
    """Return the refusal of one date of a course that cannot be booked any more."""
    day = words_for.long_date(starts_at)
    return Conflict(_("%(day)s cannot be booked any more. Nothing was booked yet. Please look again.", day=day))


def no_dates() -> Refusal:
    """Return the refusal of a course without a date to book."""
    return Refusal(_("Choose at least one date."), field="dates")


def some_dates_full(days: Sequence[datetime], *, others: int, left: int) -> SessionFull:
    """Return what is said of a course when some of its chosen dates have too few places for a family."""
    named = ", ".join(words_for.day_and_month(clock.in_london(day).date()) for day in days)
    if not others:
        return SessionFull(
            _("There are not enough places for you on any of these dates. You can join the waiting lists."),
            places_left=left,
        )
    return SessionFull(
        _(
            "There are not enough places for you on: %(days)s. You can join the waiting list there. "
            "You get a place on the other dates.",
            days=named,
        ),
        places_left=left,
    )


def not_open() -> Conflict:
    """Return the refusal of "we may come" for a session that is not open to just turn up (any more)."""
    return Conflict(_("This session is over, was called off, or needs a booking. Please look at its page again."))


def time_gone() -> Conflict:
    """Return the refusal of a time that somebody else has just taken while others are free."""
    return Conflict(_("That time has just gone. Please choose another one."), field="slot")


def take_another(starts: Sequence[datetime]) -> Conflict:
    """Return the refusal of two times in a row where the second is taken, with where there are two."""
    times = ", ".join(words_for.clock_time(start) for start in starts)
    sentence = _(
        "There are not two free times in a row from then. You can have two in a row from: %(times)s.", times=times
    )
    return Conflict(sentence, field="slot")


def no_two_in_a_row() -> SessionFull:
    """Return the refusal of two times in a row where no two are free; a family can wait for them."""
    return SessionFull(
        _("There are no two free times in a row with this person. You can join the waiting list."), places_left=0
    )


def never_two_in_a_row() -> Conflict:
    """Return the refusal of two times in a row with somebody who has single times only."""
    return Conflict(
        _("This person has no two times in a row. Take one time, or ring us and we will look together."), field="slot"
    )


def no_such_time() -> Refusal:
    """Return the refusal of a booking without a time, or with one of another session."""
    return Refusal(_("Choose a time."), field="slot")


def too_many_times(allowed: int) -> Refusal:
    """Return the refusal of one more time with the same professional."""
    sentence = ngettext(
        "You already have a time with this person. Two days before the session you can book one more.",
        "You already have %(num)d times with this person. Please leave the others for other families.",
        allowed,
    )
    return Conflict(sentence, field="slot")


def too_few_for_more(left: int) -> SessionFull:
    """Return the refusal of more adults than there are places for."""
    if left <= 0:
        return SessionFull(_("There are no more places. Nothing was changed."), places_left=0)
    sentence = ngettext(
        "There is only %(num)d more place. Nothing was changed.",
        "There are only %(num)d more places. Nothing was changed.",
        left,
    )
    return SessionFull(sentence, places_left=left)


def waits_already(more: int) -> Conflict:
    """Return the refusal of more adults for a family that waits for more."""
    sentence = ngettext(
        "You wait for %(num)d more place already. Nothing was changed.",
        "You wait for %(num)d more places already. Nothing was changed.",
        more,
    )
    return Conflict(sentence, field="adults")


def more_gone() -> Conflict:
    """Return the refusal of more places that were offered and are not any more."""
    return Conflict(_("This offer has ended. The places you have stay yours."))


def consent_missing(subject: ConsentSubject) -> Refusal:
    """Return the refusal of answers nobody agreed to keep."""
    if subject == ConsentSubject.PROFILE:
        return Refusal(
            _("Tick the box to let us use these answers, or take the answers away."), field="consent_profile"
        )
    return Refusal(
        _("Tick the box to let us use this to get ready, or ring us instead."),
        field="consent_needs",
    )


def wrong_number_of_adults(most: int) -> Refusal:
    """Return the refusal of fewer than one adult or more than a form takes."""
    return Refusal(_("Tell us how many adults are coming: a number from 1 to %(most)d.", most=most), field="adults")


def unknown_need() -> Refusal:
    """Return the refusal of a need that is not on our list."""
    return Refusal(_("Choose from the list, or tell us in your own words."), field="needs")


def no_longer_booked() -> Conflict:
    """Return the refusal to change a booking that is cancelled."""
    return Conflict(_("This booking is cancelled, so it cannot be changed. You can book again."))


def already_begun() -> Conflict:
    """Return the refusal to change a booking of a session that has begun."""
    return Conflict(_("This session has already begun, so the booking cannot be changed any more."))


def offer_gone() -> Conflict:
    """Return the refusal of an offer that ran out or was passed on."""
    return Conflict(_("This offer has ended. You are still on the waiting list."))
