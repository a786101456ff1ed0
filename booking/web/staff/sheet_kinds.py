"""The sheets that can be printed for a session, and which of them fit it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from booking.models import Event
from booking.rules.words import Delivery, EventStatus

ARROWS = {
    "left": _l("Arrow to the left"),
    "right": _l("Arrow to the right"),
    "ahead": _l("Arrow straight on"),
    "none": _l("No arrow"),
}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: the name in its address, what it is called and for; what it needs of a session."""

    name: str
    title: LazyString
    about: LazyString
    needs_place: bool = False
    is_for_public: bool = False
    shows_families: bool = False
    asks_how: bool = False

    def fits(self, event: Event) -> bool:
        """Return whether this sheet says something true about the session."""
        is_at_place = event.venue is not None and event.delivery != Delivery.ONLINE
        is_published = event.status != EventStatus.DRAFT
        is_on = event.status != EventStatus.CANCELLED or not self.asks_how
        return (is_at_place or not self.needs_place) and (is_published or not self.is_for_public) and is_on


SHEETS = (
    Sheet(
        name="register",
        title=_l("Register on paper"),
        about=_l("Who has booked, with boxes to tick. It shows no needs. Keep it with you and shred it afterwards."),
        is_for_public=True,
        shows_families=True,
    ),
    Sheet(
        name="door-guide",
        title=_l("How to run the door"),
        about=_l("One page for a volunteer who has never done it, with a signal or without."),
        needs_place=True,
    ),
    Sheet(
        name="walk-ins",
        title=_l("Sheet for people without a booking"),
        about=_l("Blank lines. Type them into the register afterwards."),
    ),
    Sheet(
        name="badges",
        title=_l("Badges with first names"),
        about=_l("First names of who has a place, ten a page (80 by 50 mm stickers), or blank ones."),
        is_for_public=True,
        shows_families=True,
    ),
    Sheet(
        name="door-sign",
        title=_l("Door sign"),
        about=_l("Very large, with an arrow to the left, to the right or straight on."),
        needs_place=True,
    ),
    Sheet(
        name="story",
        title=_l("What to expect, with pictures"),
        about=_l("The place step by step, to look at together before coming."),
        needs_place=True,
    ),
    Sheet(
        name="poster",
        title=_l("Poster"),
        about=_l("For a notice board or a school, with a code that opens the session’s page."),
        is_for_public=True,
    ),
    Sheet(
        name="how-it-was",
        title=_l("How was it? Poster"),
        about=_l("For the way out: a code that opens three questions. Nobody is asked who they are."),
        is_for_public=True,
        asks_how=True,
    ),
    Sheet(
        name="how-it-was-cards",
        title=_l("How was it? Cards"),
        about=_l("Two cards a page with faces to tick, to cut apart. Type them in afterwards."),
        is_for_public=True,
        asks_how=True,
    ),
    Sheet(
        name="moved",
        title=_l("“We have moved”, for the old door"),
        about=_l("After a change of venue: where it is now, with a code that opens the session’s page."),
        needs_place=True,
        is_for_public=True,
    ),
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
