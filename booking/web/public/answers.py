"""From the answers of a draft to a booking: what is missing, what was said, what is asked of the service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from booking.rules.words import ConsentSubject, ContactBy, EventKind
from booking.services.book_places import BookingRequest, Need, Person

WITH_PANEL = (EventKind.FORUM, EventKind.SCHOOL_FORUM)
STEPS = ("who", "contact", "children", "needs", "questions", "check")
REQUIRED = ("who", "contact")


@dataclass(frozen=True)
class Answers:
    """What a family has said so far: one dictionary a page, under the page's name."""

    pages: dict[str, Any] = field(default_factory=dict)

    def of(self, page: str) -> dict[str, Any]:
        """Return one page's answers; nothing for a page that was skipped."""
        return dict(self.pages.get(page) or {})

    def has(self, page: str) -> bool:
        return page in self.pages

    @property
    def first_missing(self) -> str | None:
        """The first page without which there is no booking."""
        return next((page for page in REQUIRED if not self.has(page)), None)

    @property
    def children(self) -> list[dict[str, list[str]]]:
        """The answers about each child."""
        return list(self.of("children").get("list", []))

    @property
    def profile(self) -> dict[str, list[str]]:
        """The answers about all children as one set a question: no child has a record of its own."""
        names = sorted({name for child in self.children for name in child})
        return {name: sorted({code for child in self.children for code in child.get(name, [])}) for name in names}

    @property
    def needs(self) -> list[str]:
        return list(self.of("needs").get("chosen", []))


def steps_for(kind: EventKind) -> tuple[str, ...]:
    """Return the pages in order; only forums ask for a question for the panel."""
    return STEPS if kind in WITH_PANEL else tuple(step for step in STEPS if step != "questions")


def step_after(page: str, kind: EventKind) -> str:
    """Return the page that follows."""
    steps = steps_for(kind)
    return steps[min(steps.index(page) + 1, len(steps) - 1)]


def step_before(page: str, kind: EventKind) -> str:
    """Return the page that comes before; the first stays where it is."""
    steps = steps_for(kind)
    return steps[max(steps.index(page) - 1, 0)]


def to_request(answers: Answers, *, event_id: int, draft_id: int, lang: str, accept_list: bool) -> BookingRequest:
    """Return what is asked of the booking service."""
    who, contact, needs = answers.of("who"), answers.of("contact"), answers.of("needs")
    consents = [
        subject
        for subject, given in (
            (ConsentSubject.NEEDS, needs.get("consent")),
            (ConsentSubject.PROFILE, answers.of("children").get("consent")),
        )
        if given
    ]
    return BookingRequest(
        event_id=event_id,
        slot_id=who.get("slot"),
        adults=people(int(who["adults"]), [contact["full_name"], *contact.get("other_names", [])]),
        children=int(who["children"]),
        contact_by=ContactBy(contact["contact_by"]),
        email=contact.get("email") or None,
        phone=contact.get("phone") or None,
        may_text=bool(contact.get("may_text")),
        outcode=contact.get("outcode") or "",
        district=contact.get("district") or "unknown",
        lang=lang,
        profile=answers.profile or None,
        question=answers.of("questions").get("question") or None,
        needs=tuple(Need(code, needs.get("detail") or None) for code in answers.needs),
        consents=tuple(consents),
        remember_needs=bool(needs.get("remember")),
        draft_id=draft_id,
        accept_waiting_list=accept_list,
    )


def people(number: int, names: list[str]) -> tuple[Person, ...]:
    """Return so many people with the names there are; the others have none."""
    return tuple(Person(names[place] if place < len(names) else None) for place in range(number))
