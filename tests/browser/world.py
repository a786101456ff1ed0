"""A site with something to see on every page: sessions of every sort, and a booking in each state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.invitations import invitation_token
from booking.formats.tokens import booking_token, calendar_token
from booking.models import AttendanceImport, Booking, Event, Family, Feedback, Staff, VenueFact
from booking.rules.import_states import ImportState
from booking.rules.words import (
    BookingMode,
    CancelledBy,
    ConsentSubject,
    Delivery,
    EventCancelReason,
    EventKind,
    EventStatus,
    FactAnswer,
    FeedbackOrigin,
    InboundKind,
    IssueOutcome,
    StaffRole,
    Turn,
)
from booking.services.add_walk_in import WalkIn, add_walk_in
from booking.services.ask_needs import Need
from booking.services.cancel_booking import cancel_booking
from booking.services.cancel_session import cancel_session
from booking.services.invite_staff import invite_staff
from booking.services.record_turn import record_turn
from booking.services.send_calendar_link import send_calendar_link
from booking.services.take_complaint import ComplaintGiven, take_complaint
from booking.services.wait_for_more import wait_for_more
from tests.browser.conftest import Site
from tests.cast import a_booking, a_course, a_mail_from, a_photo, a_venue, an_event, an_issue, slots_for

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitän"

REMEMBERS: dict[str, Any] = {
    "needs": (Need("bsl", "On my left"),),
    "consents": (ConsentSubject.NEEDS,),
    "remember_needs": True,
}


@dataclass(frozen=True, kw_only=True)
class World:
    """Where to look. `own_pages` go by the state they show; sessions go by what is special about them."""

    own_pages: dict[str, str]
    slugs: dict[str, str]
    ids: dict[str, int]
    venue_id: int
    photo_id: int
    staff_link: str
    calendar: str
    colleague: int
    email: str
    booking_id: int
    other_reference: str
    complaint: int
    issue: int
    words: int
    files: list[int]


def build_world(site: Site) -> World:
    """Make it in the running site's database."""
    with site.app.app_context():
        venue, photo = _a_place_with_facts()
        events = _sessions(venue)
        own = _bookings(events)
        a_mail_from(own["confirmed"], text=f"We come by bus to the {LONG_WORD}.", sender="another@example.net")
        a_mail_from(None, kind=InboundKind.UNREADABLE, text=None, sender=None, subject=None)
        with transaction():
            wrong = ComplaintGiven(text=f"You told my neighbour. {LONG_WORD}", phone="07700 900982", name=LONG_WORD)
            complaint = take_complaint(wrong, lang="en").id
        with transaction():
            member = invite_staff("look@pact.example.org", name="Olive Hop", roles=list(StaffRole))
            link = invitation_token(member, now=clock.now())
            colleague = invite_staff(f"{LONG_WORD.lower()}@pact.example.org", name=LONG_WORD, role=StaffRole.ORGANISER)
            db.session.get_one(Event, events["forum"].id).organiser_id = colleague.id
        return World(
            own_pages={state: f"/bookings/{booking_token(booking)}" for state, booking in own.items()},
            slugs={name: event.slug for name, event in events.items()},
            ids={name: event.id for name, event in events.items()},
            venue_id=venue,
            photo_id=photo,
            staff_link=f"/staff/set-password/{link}",
            calendar=_a_calendar_of(own["confirmed"]),
            colleague=db.session.scalars(select(Staff.id).where(Staff.name == LONG_WORD)).one(),
            complaint=complaint,
            issue=_an_issue(events["over"]),
            words=_some_words(events["over"]),
            email=own["confirmed"].email or "",
            booking_id=own["confirmed"].id,
            other_reference=own["today"].reference,
            files=_files_of_past_attendance(member.id),
        )


def _files_of_past_attendance(staff_id: int) -> list[int]:
    """Give one file in each state, so that no worker takes them; return their numbers."""
    problems = [[2, "kind", f"“{LONG_WORD}” is not one of forum, drop_in."], [3, "", "There are 2 values here."]]
    summary = "40,000 places in 30,000 bookings; new are 200 sessions, 12 venues and 9,000 families."
    bad = {"notes": ["The file is not in UTF-8."], "problems": problems, "all_problems": 412, "places": 7}
    good = {"notes": [], "problems": [], "all_problems": 0, "places": 40_000, "summary": f"To import: {summary}"}
    found: list[tuple[ImportState, dict[str, Any]]] = [
        *((state, {}) for state in (ImportState.LOOK, ImportState.WRITE, ImportState.FAILED)),
        (ImportState.LOOKED, bad),
        (ImportState.LOOKED, good),
        (ImportState.LOOKED, good | {"places": 0}),
        (ImportState.WRITTEN, good),
    ]
    name, ends = f"{LONG_WORD}-{LONG_WORD}.csv", clock.now() + timedelta(days=1)
    with transaction():
        rows = [
            AttendanceImport(
                staff_id=staff_id,
                state=state,
                found={"name": name, **what},
                expires_at=ends,
                leased_until=ends,
                tries=2,
            )
            for state, what in found
        ]
        db.session.add_all(rows)
        db.session.flush()
        return [row.id for row in rows]


def _an_issue(event: Event) -> int:
    """Publish two things that families raised, one of them late; return the number of the late one."""
    late = an_issue(event, days_ago=50, updates=(f"We asked. {LONG_WORD}",), text=f"The {LONG_WORD} is late.")
    an_issue(event, outcome=IssueOutcome.CANNOT_YET, reason=f"No money for a {LONG_WORD} this year.")
    return late.id


def _some_words(event: Event) -> int:
    """Let a family write what should change and show it to everybody; return its number."""
    with transaction():
        said = Feedback(event_id=event.id, origin=FeedbackOrigin.QR, change=f"More {LONG_WORD}.", may_quote=True)
        said.quote = f"More {LONG_WORD}, please."
        said.answered_at = said.quoted_at = clock.now()
        db.session.add(said)
        db.session.flush()
    return said.id


def _a_place_with_facts() -> tuple[int, int]:
    venue = a_venue(
        name="Willow Stour Family Hub",
        directions=f"Past the mill, beside {LONG_WORD}.",
        arrival_steps=[f"Ring the bell of the {LONG_WORD}.", "The room is the first on the left."],
        leaving="Go out as you came in.",
        fire_limit=3,
    )
    photos = [a_photo(venue, alt=f"Picture {number} of the {LONG_WORD}.", seed=number) for number in range(3)]
    facts = {"step_free_route": FactAnswer.YES, "quiet_room": FactAnswer.NO, "hearing_loop": FactAnswer.PARTLY}
    with transaction():
        for code, answer in facts.items():
            today = clock.today()
            db.session.add(
                VenueFact(venue_id=venue.id, code=code, answer=answer, checked_on=today, checked_by="PACT", note="")
            )
    return venue.id, photos[0].id


def _a_calendar_of(booking: Booking) -> str:
    with transaction():
        send_calendar_link(booking.id)
    return f"/calendars/mine/{calendar_token(db.session.get_one(Family, booking.family_id))}"


def _sessions(venue_id: int) -> dict[str, Event]:
    agenda = [{"what": "Welcome", "minutes": 10}, {"what": "Answers to your questions", "minutes": 110}]
    soon = clock.now().replace(second=0, microsecond=0) + timedelta(hours=1)
    events = {
        "forum": an_event(title=f"Forum: {LONG_WORD}", venue_id=venue_id, agenda=agenda, people=["Teacher", "Nurse"]),
        "same title": an_event(title="Coffee and chat", kind=EventKind.COFFEE),
        "same title again": an_event(title="Coffee and chat", kind=EventKind.COFFEE, venue_id=venue_id),
        "times": an_event(kind=EventKind.DROP_IN, booking_mode=BookingMode.SLOTS, capacity=3),
        "open": an_event(kind=EventKind.COFFEE, booking_mode=BookingMode.OPEN, capacity=None),
        "online": an_event(kind=EventKind.WEBINAR, delivery=Delivery.ONLINE, join_url="https://example.org/x"),
        "draft": an_event(status=EventStatus.DRAFT, first_published_at=None),
        "full": an_event(capacity=1),
        "offered": an_event(capacity=1),
        "nearly full": an_event(capacity=1),
        "more kept": an_event(capacity=2),
        "put off": an_event(),
        "cancelled": an_event(),
        "over": an_event(),
        "course": a_course(title="Sleep, step by step")[0],
        "today": an_event(starts_at=soon, venue_id=venue_id),
        "times today": an_event(starts_at=soon, booking_mode=BookingMode.SLOTS, capacity=9, title=LONG_WORD),
    }
    slots_for(events["times"])
    slots_for(events["times today"], times=6)
    slots_for(events["times today"], role=f"Adviser for {LONG_WORD}")
    return events


def _at_the_desks(event: Event) -> None:
    """Somebody is with a desk, done, gone, late or not here yet; and two walked in."""
    times = [slot.id for slot in event.slots if slot.role == "EHC plan officer"]
    ids = [a_booking(event, slot_id=slot_id).id for slot_id in times[:5]]
    with transaction():
        for booking_id, turn in zip(ids, Turn, strict=False):
            record_turn(booking_id, turn, by=None)
        for name in (LONG_WORD, "Olive"):
            add_walk_in(WalkIn(event_id=event.id, names=(name,), desk="EHC plan officer"), by=None)


def _bookings(events: dict[str, Event]) -> dict[str, Booking]:
    first = a_booking(events["offered"])
    own = {
        "confirmed": a_booking(events["forum"], adults=2, question="Why?"),
        "online": a_booking(events["online"], email=None, phone="07700 900321"),
        "taken": a_booking(events["full"]),
        "waiting": a_booking(events["full"]),
        "offered": a_booking(events["offered"]),
        "cancelled by us": a_booking(events["cancelled"]),
        "cancelled by the family": a_booking(events["forum"]),
        "over": a_booking(events["over"]),
        "today": a_booking(events["today"], adults=2, children=1),
        "put off": a_booking(events["put off"]),
        "a time": a_booking(events["times"], slot_id=events["times"].slots[0].id),
        "waits for more": a_booking(events["nearly full"]),
        "more is kept": a_booking(events["more kept"], **REMEMBERS),
        "calendar declined": a_booking(events["forum"]),
    }
    _at_the_desks(events["times today"])
    ending = a_booking(events["more kept"])
    with transaction():
        wait_for_more(own["waits for more"].id, adults=3)
        wait_for_more(own["more is kept"].id, adults=2)
        cancel_booking(ending.id, by=CancelledBy.FAMILY)
    with transaction():
        cancel_booking(first.id, by=CancelledBy.FAMILY)
        declined = db.session.get_one(Booking, own["calendar declined"].id)
        declined.release_at = clock.now() + timedelta(hours=2)
        cancel_booking(own["cancelled by the family"].id, by=CancelledBy.FAMILY)
        cancel_session(events["cancelled"].id, EventCancelReason.WEATHER)
        db.session.get_one(Event, events["put off"].id).new_date_pending = True
        over = db.session.get_one(Event, events["over"].id)
        over.starts_at, over.ends_at = clock.now() - timedelta(days=2), clock.now() - timedelta(days=2, hours=-2)
    return own
