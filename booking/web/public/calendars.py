"""Sessions in people's own calendars: what can be followed and how, and the page of a family's own calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import NotFound
from booking.extensions import transaction
from booking.formats.words_for import wording
from booking.models import Family
from booking.rules.words import EventKind
from booking.services.send_calendar_link import send_calendar_link, stop_calendar
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses
from booking.web.shared.family_calendar import family_of_calendar
from booking.web.shared.settings import locality, settings


class CalendarUnknown(NotFound):
    """No family's calendar has this address (any more)."""


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A calendar that can be followed: its name, its address, and the same for programs that open it at once."""

    name: str
    address: str

    @property
    def webcal(self) -> str:
        """Return the address that calendar programs know as theirs."""
        return "webcal:" + self.address.partition(":")[2]


@public.get("/calendars")
def calendars() -> ResponseReturnValue:
    """List the calendars of sessions, and say how to follow one."""
    districts = [
        Followed(name=each.name, address=_address("feeds.calendar_of_district", district=each.code))
        for each in locality().inside_districts
    ]
    kinds = [
        Followed(name=wording(kind), address=_address("feeds.calendar_of_kind", kind=kind.value)) for kind in EventKind
    ]
    everything = Followed(name=_("All sessions"), address=_address("feeds.calendar"))
    return render_template("public/calendars.html", everything=everything, districts=districts, kinds=kinds)


@public.post("/bookings/<token>/calendar")
@limit_guesses
def send_my_calendar(token: str) -> ResponseReturnValue:
    """Mail the address of the family's own calendar to the booking's own e-mail."""
    booking = booking_of(token)
    with transaction():
        sent = send_calendar_link(booking.id)
    if sent is None:
        return back_to_booking(token, said=_("We have sent it to you several times today. Please look in your email."))
    return back_to_booking(token, said=_("We are sending it to your email."))


@public.get("/calendars/mine/<token>")
@limit_guesses
def my_own_calendar(token: str) -> ResponseReturnValue:
    """Say how to use a family's own calendar; a button stops it."""
    _family_of(token)
    own = Followed(name="", address=_address("feeds.calendar_of_family", token=token))
    return render_template("public/calendar_mine.html", own=own, token=token)


@public.post("/calendars/mine/<token>/stop")
@limit_guesses
def stop_my_own_calendar(token: str) -> ResponseReturnValue:
    """Make the address void."""
    family = _family_of(token)
    with transaction():
        stop_calendar(family.id)
    return render_template("public/calendar_stopped.html")


@public.errorhandler(CalendarUnknown)
def _calendar_unknown(_error: CalendarUnknown) -> ResponseReturnValue:
    return render_template("public/calendar_unknown.html"), 404


def _family_of(token: str) -> Family:
    g.is_personal = True
    family = family_of_calendar(token)
    if family is None:
        raise CalendarUnknown(_("There is no calendar at this address any more."))
    return family


def _address(endpoint: str, **values: Any) -> str:
    return f"{settings().public_url}{url_for(endpoint, **values)}"
