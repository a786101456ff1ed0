"""From the answers of a draft to a booking: what is missing, what was said, what is asked of the service."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from booking.rules.times import NEEDS_TWO
from booking.rules.words import BookingFor, ConsentSubject, ContactBy, EventKind, HelperKind, Origin, PersonKind
from booking.services.book_places import BookingRequest, Helper, Person
from booking.web.public.asked_needs import needs_asked

WITH_PANEL = (EventKind.FORUM, EventKind.SCHOOL_FORUM)
STEPS = ("who", "helper", "contact", "children", "needs", "questions", "check")


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
        if not self.has("who"):
            return "who"
        if self.is_helped and not self.has("helper"):
            return "helper"
        return None if self.knows_whose_contact else "contact"

    @property
    def booking_for(self) -> BookingFor:
        """For whom somebody books; a parent or carer, where nobody asked."""
        return BookingFor(self.of("who").get("booking_for") or BookingFor.SELF)

    @property
    def is_helped(self) -> bool:
        """Whether somebody the family trusts books for it (J12)."""
        return self.booking_for == BookingFor.FAMILY

    @property
    def wants_longer(self) -> bool:
        """Whether two times in a row are asked for, or would meet what was asked for."""
        return bool(self.of("who").get("longer")) or NEEDS_TWO in self.needs

    @property
    def knows_whose_contact(self) -> bool:
        """Whether a contact was given, and not the helper's own before it was known that somebody helps."""
        return self.has("contact") and bool(self.of("contact").get("of_family")) == self.is_helped

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

    def steps(self, kind: EventKind) -> tuple[str, ...]:
        """Return the pages in order; only forums ask for a question for the panel, only parents about children."""
        left_out = {
            "helper": not self.is_helped,
            "children": self.booking_for != BookingFor.SELF,
            "questions": kind not in WITH_PANEL,
        }
        return tuple(step for step in STEPS if not left_out.get(step))

    def step_after(self, page: str, kind: EventKind) -> str:
        """Return the page that follows; a page that is left out is followed by what would come after it."""
        after = STEPS[STEPS.index(page) + 1 :]
        return next((step for step in after if step in self.steps(kind)), "check")

    def step_before(self, page: str, kind: EventKind) -> str:
        """Return the page that comes before; the first stays where it is."""
        before = STEPS[: STEPS.index(page)]
        return next((step for step in reversed(before) if step in self.steps(kind)), "who")


def to_request(answers: Answers, *, event_id: int, draft_id: int, lang: str, accept_list: bool) -> BookingRequest:
    """Return what is asked of the booking service. Only a parent answers for the children, or has needs kept."""
    who, contact, needs = answers.of("who"), answers.of("contact"), answers.of("needs")
    consents = [
        subject
        for subject, given in (
            (ConsentSubject.NEEDS, needs.get("consent")),
            (ConsentSubject.PROFILE, answers.booking_for == BookingFor.SELF and answers.of("children").get("consent")),
        )
        if given
    ]
    return BookingRequest(
        event_id=event_id,
        slot_id=who.get("slot"),
        longer=bool(who.get("longer")),
        adults=people(answers),
        children=int(who["children"]),
        contact_by=ContactBy(contact["contact_by"]),
        email=contact.get("email") or None,
        phone=contact.get("phone") or None,
        may_text=bool(contact.get("may_text")),
        wants_morning_text=bool(contact.get("wants_morning_text")),
        outcode=contact.get("outcode") or "",
        district=contact.get("district") or "unknown",
        lang=lang,
        profile=(answers.profile or None) if answers.booking_for == BookingFor.SELF else None,
        question=answers.of("questions").get("question") or None,
        needs=needs_asked(needs),
        consents=tuple(consents),
        remember_needs=bool(needs.get("remember")) and not answers.is_helped,
        origin=Origin.TRUSTED_PERSON if answers.is_helped else Origin.WEB,
        helper=_helper(answers),
        draft_id=draft_id,
        root_id=None if answers.is_helped else answers.of("again").get("root"),
        accept_waiting_list=accept_list,
    )


def people(answers: Answers) -> tuple[Person, ...]:
    """Return everybody who comes, with the names there are: the adults, then who takes no place."""
    who, contact = answers.of("who"), answers.of("contact")
    names = [contact["full_name"], *contact.get("other_names", [])]
    adults = [Person(names[place] if place < len(names) else None) for place in range(int(who["adults"]))]
    if answers.booking_for == BookingFor.YOUNG_PERSON:
        adults[0] = replace(adults[0], kind=PersonKind.YOUNG_PERSON)
    supporters = [Person(kind=PersonKind.SUPPORTER)] * int(who.get("supporters") or 0)
    interpreters = [Person(kind=PersonKind.INTERPRETER)] * int(who.get("interpreters") or 0)
    return (*adults, *supporters, *interpreters)


def _helper(answers: Answers) -> Helper | None:
    helper = answers.of("helper")
    return Helper(helper["name"], HelperKind(helper["kind"])) if answers.is_helped else None
