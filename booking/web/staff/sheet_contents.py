"""What stands on the sheets that show more than the session itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from booking.formats.faces import face_source
from booking.formats.feedback_words import asked, scale
from booking.models import Event
from booking.queries.photos import photos_of
from booking.queries.register import Register
from booking.rules.feedback import FIRST
from booking.rules.words import FactAnswer
from booking.web.shared.settings import locality
from booking.web.staff.sheet_kinds import ARROWS

FACES = {
    1: ((74, 48), _l("Very sad face")),
    2: ((70, 58), _l("Sad face")),
    3: ((66, 66), _l("Straight face")),
    4: ((62, 76), _l("Smiling face")),
    5: ((58, 88), _l("Broadly smiling face")),
}
"""How the mouth of each face goes, and what stands for it, by the number that is kept."""
A_PAGE_OF_BADGES = 10
TITLE_SIZES = {"short": 20, "middle": 48, "long": 90, "longest": 140}
"""How many letters a title has at most to be written so large."""
STEP_GROUPS = (("toilets", ("accessible_toilet", "changing_places", "baby_change")), ("quiet", ("quiet_room",)))


@dataclass(frozen=True, kw_only=True)
class Content:
    """The values of a template, and the paths of the pictures in it."""

    values: dict[str, Any]
    pictures: tuple[str, ...] = field(default=())


def door_sign(event: Event, arrow: str) -> Content:
    """Point somewhere, or nowhere."""
    chosen = arrow if arrow in ARROWS else "none"
    return Content(values={"arrow": chosen, "arrows": ARROWS, **large_title(event)})


def large_title(event: Event) -> dict[str, str]:
    """Return how large the title can be written: a longer one smaller, so that it stays on the sheet."""
    length = len(event.title)
    return {"size": next(size for size, most in TITLE_SIZES.items() if length <= most)}


def badges(people: Register | None) -> Content:
    """Give every adult with a place the first name they gave; the rest of the last page is blank."""
    names = [first_name(person.name) for entry in (people.booked if people else ()) for person in entry.people]
    named = [name for name in names if name]
    blank = -len(named) % A_PAGE_OF_BADGES or (0 if named else A_PAGE_OF_BADGES)
    rows = [*named, *[""] * blank]
    pages = [rows[start : start + A_PAGE_OF_BADGES] for start in range(0, len(rows), A_PAGE_OF_BADGES)]
    return Content(values={"pages": pages, "number": len(named), "is_blank": people is None})


def faces() -> Content:
    """Ask the three questions, each with five faces and what they mean."""
    words = {int(number): said for number, said in scale()}
    answers = [(face_source(mouth), alt, words[number]) for number, (mouth, alt) in FACES.items()]
    return Content(values={"questions": list(asked(FIRST, area=locality().name).values()), "faces": answers})


def first_name(name: str) -> str:
    """Return what somebody is called by people they have just met."""
    return next(iter(name.split()), "")


def story(event: Event, path_of: Callable[[Event, str], str]) -> Content:
    """Tell the place in pictures and steps; of its facts, those that one asks on the way."""
    photos = [(photo, path_of(event, photo.digest)) for photo in photos_of(event.venue_id)]
    values = {"photos": photos, **{name: _known(event, codes) for name, codes in STEP_GROUPS}}
    return Content(values=values, pictures=tuple(path for _photo, path in photos))


def _known(event: Event, codes: tuple[str, ...]) -> list[str]:
    facts = {fact.code: fact for fact in event.venue.facts} if event.venue else {}
    lines = []
    for code in codes:
        fact = facts.get(code)
        answer = fact.answer if fact else FactAnswer.NOT_CHECKED
        lines.append(f"{_(locality().get_fact(code).sentence(answer))} {fact.note if fact else ''}".strip())
    return lines
