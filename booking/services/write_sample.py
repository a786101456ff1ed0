"""Write any message about a made-up family, for staff to read: by the functions that write the real ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from booking import clock
from booking.formats.messages import HeardNote
from booking.formats.sender import our_sender
from booking.formats.text_words import text_in_words
from booking.models import (
    Adult,
    Booking,
    Complaint,
    Event,
    Family,
    Message,
    NeedRequest,
    Place,
    Role,
    Staff,
    Subscription,
    Venue,
    VenueFact,
)
from booking.queries.find_sessions import FoundSession
from booking.queries.news_sessions import News, Upcoming
from booking.rules.complaints import answer_by
from booking.rules.delivery import AFTERWARDS
from booking.rules.issues import IssueState
from booking.rules.said import SaidIssue
from booking.rules.texts import TEXT_ONLY, TEXTED
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    Channel,
    Delivery,
    EventKind,
    EventStatus,
    FactAnswer,
    IssueOutcome,
    MessageKind,
    NeedState,
    PersonKind,
)
from booking.services.about_booking import AboutBooking
from booking.services.about_complaint import AboutComplaint
from booking.services.about_news import AboutNews
from booking.services.about_staff import AboutStaff
from booking.services.message_subject import About
from booking.services.notify import as_it_is
from booking.smtp import own_domain

DAYS = {
    MessageKind.REMINDER_MORNING: 0,
    MessageKind.REMINDER_1_DAY: 1,
    MessageKind.REMINDER_3_DAYS: 3,
    MessageKind.REMINDER_7_DAYS: 7,
}
ADDRESS = "parent@example.org"
PARENT = "Made-up Parent"
REFERENCE = "KT47RM"
SESSION: dict[str, Any] = {
    "slug": "a-made-up-session",
    "title": "Parent forum: school support",
    "summary": "Meet other parents and the people who plan school support.",
    "kind": EventKind.FORUM,
    "delivery": Delivery.IN_PERSON,
    "booking_mode": BookingMode.PLACES,
    "new_date_pending": False,
}
NOTE = "You told us:\n\n- Letters are hard to read.\n- The bus is often late.\n\nWe ask the council about both."
NOBODY = 0
"""No row has this number: the links in a sample lead nowhere."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One message as it arrives. `calendar` is "" where there is none, `texted` where it is never texted.

    All but `texted` is "" where it is only texted.
    """

    subject: str
    sender: str
    text: str
    html: str
    calendar: str
    texted: str


def write_sample(kind: MessageKind, lang: str) -> Sample:
    """Return a message of this kind in this language. Nothing is read from a family, and nothing is written."""
    if kind in (MessageKind.NEWS, MessageKind.NEWS_ASKED):
        return _as_it_arrives(_MadeUpNews(message=_message(kind, {}), subscription=_subscription(lang)))
    if kind == MessageKind.STAFF_INVITED:
        return _as_it_arrives(AboutStaff(message=_message(kind, _invited()), member=_member()))
    if kind == MessageKind.COMPLAINT_RECEIVED:
        return _as_it_arrives(AboutComplaint(message=_message(kind, {}), complaint=_complaint(lang)))
    booking = _booking(lang)
    facts = _happened(kind, booking)
    about = _MadeUpBooking(message=_message(kind, facts), booking=booking, began_with=None, waiting=3)
    texted = text_in_words(kind, booking, facts=facts) if kind in TEXTED else ""
    if kind in TEXT_ONLY:
        return Sample(subject="", sender="", text="", html="", calendar="", texted=texted)
    return replace(_as_it_arrives(about), texted=texted)


def _invited() -> dict[str, Any]:
    return {"mark": "", "from": clock.now().isoformat()}


def _member() -> Staff:
    return Staff(id=NOBODY, email=ADDRESS, name="Made-up Helper", fs_uniquifier="", roles=[Role(name="front_desk")])


def _complaint(lang: str) -> Complaint:
    today = clock.today()
    return Complaint(id=NOBODY, reference=REFERENCE, lang=lang, created_at=clock.now(), answer_by=answer_by(today))


class _MadeUpBooking(AboutBooking):
    def answers(self) -> list[SaidIssue]:
        today = clock.today()
        return [
            SaidIssue(
                id=NOBODY,
                text="Nobody tells us why the bus is late.",
                raised_on=today - timedelta(days=30),
                district="ashford",
                theme="travel",
                workstream=None,
                owner="kcc",
                families=None,
                due_on=today + timedelta(days=12),
                state=IssueState.ANSWERED,
                outcome=IssueOutcome.DONE,
                reason="The council now sends a text when a bus is late.",
                answered_on=today,
                updates=(),
                session=None,
            )
        ]

    def heard(self) -> HeardNote:
        return HeardNote(text=NOTE, has_files=True)

    def had_entry(self) -> bool:
        return True


class _MadeUpNews(AboutNews):
    def _news(self) -> list[News]:
        return [News(session=Upcoming(id=NOBODY, published_at=clock.now(), row=_found()), miles=2.4)]


def _as_it_arrives(about: About) -> Sample:
    mail: EmailMessage = message_from_bytes(about.write(), policy=policy.default)
    parts = {part.get_content_type(): part for part in mail.walk() if not part.is_multipart()}
    calendar = parts.get("text/calendar")
    return Sample(
        subject=str(mail["Subject"]),
        sender=str(mail["From"]),
        text=parts["text/plain"].get_content(),
        html=parts["text/html"].get_content(),
        calendar=calendar.get_content() if calendar else "",
        texted="",
    )


def _message(kind: MessageKind, facts: dict[str, Any]) -> Message:
    return Message(
        id=NOBODY,
        kind=kind,
        channel=Channel.EMAIL,
        address=ADDRESS,
        message_id=f"sample@{own_domain(our_sender().address)}",
        facts=facts,
        created_at=clock.now(),
    )


def _happened(kind: MessageKind, booking: Booking) -> dict[str, Any]:
    """Let happen to the booking what this message tells; return the facts that its row would keep."""
    event = booking.event
    entry = {"uid": booking.ical_uid, "sequence": 1}
    was = {name: value for name, value in as_it_is(event).items() if name != "slots"}
    match kind:
        case MessageKind.WAITING | MessageKind.OFFER_LAPSED:
            booking.status, booking.confirmed_at = BookingStatus.WAITING, None
        case MessageKind.OFFER:
            booking.status, booking.confirmed_at = BookingStatus.OFFERED, None
            booking.offer_ends_at = _at(days=1, hour=20)
        case MessageKind.CHANGED:
            event.starts_at, event.ends_at = _at(days=13), _at(days=13, hour=12)
            event.venue = _venue("St Mary’s Hall", "High Street", "TN23 1AB")
            return {"was": was, **entry}
        case MessageKind.POSTPONED:
            event.new_date_pending = True
            return {"was": was}
        case MessageKind.CANCELLED_BY_US:
            event.status, booking.status = EventStatus.CANCELLED, BookingStatus.CANCELLED
        case MessageKind.CANCELLED_BY_FAMILY:
            booking.status = BookingStatus.CANCELLED
        case MessageKind.NO_DATE_YET:
            event.new_date_pending = True
        case MessageKind.PLACES_ADDED:
            booking.places.append(Place(kind=PersonKind.PARENT_CARER))
            return {"more": 1}
        case MessageKind.CALENDAR_TITLE:
            booking.is_discreet = True
        case kind if kind in DAYS:
            event.starts_at, event.ends_at = _at(days=DAYS[kind]), _at(days=DAYS[kind], hour=12)
        case kind if kind in AFTERWARDS:
            days = 0 if kind == MessageKind.THANK_YOU else -7
            event.starts_at, event.ends_at = _at(days=days), _at(days=days, hour=12)
        case MessageKind.DECLINE_HEARD:
            booking.release_at = _at(days=1, hour=9)
    return {"was": was, "had_place": booking.confirmed_at is not None, "is_discreet": False, **entry}


def _booking(lang: str) -> Booking:
    venue = _venue("Riverside Centre", "Mill Lane", "TN23 1AA")
    event = Event(
        **SESSION,
        id=NOBODY,
        status=EventStatus.PUBLISHED,
        starts_at=_at(days=6),
        ends_at=_at(days=6, hour=12),
        venue=venue,
        room="Garden Room",
        reminders_off=[],
        changed_at=clock.now(),
    )
    return Booking(
        id=NOBODY,
        event_id=NOBODY,
        event=event,
        family=Family(id=NOBODY, calendar_version=1),
        status=BookingStatus.CONFIRMED,
        reference=REFERENCE,
        lang=lang,
        email=ADDRESS,
        children=0,
        places=[Place(kind=PersonKind.PARENT_CARER, adult=Adult(name=PARENT))],
        needs=[NeedRequest(state=NeedState.CONFIRMED_TO_FAMILY)],
        link_version=1,
        is_discreet=False,
        ical_uid=f"sample@{own_domain(our_sender().address)}",
        ical_sequence=0,
        created_at=clock.now(),
        confirmed_at=clock.now(),
    )


def _venue(name: str, street: str, postcode: str) -> Venue:
    step_free = VenueFact(code="step_free_route", answer=FactAnswer.YES, note="Use the door by the car park.")
    return Venue(
        name=name,
        address=f"{street}\nAshford\n{postcode}",
        town="Ashford",
        postcode=postcode,
        outcode=postcode.split(maxsplit=1)[0],
        district="ashford",
        directions="The bus stops outside. The door is on the left.",
        is_confidential=False,
        facts=[step_free],
    )


def _subscription(lang: str) -> Subscription:
    return Subscription(
        id=NOBODY,
        email=ADDRESS,
        lang=lang,
        district="ashford",
        kinds=[EventKind.FORUM.value],
        needs=[],
        link_version=1,
    )


def _found() -> FoundSession:
    return FoundSession(
        **SESSION,
        starts_at=_at(days=9),
        ends_at=_at(days=9, hour=12),
        day=clock.today() + timedelta(days=9),
        capacity=12,
        places_taken=9,
        venue_id=NOBODY,
        venue="Riverside Centre",
        town="Ashford",
        outcode="TN23",
        district="ashford",
        is_confidential=False,
        easting=None,
        northing=None,
        last_bus="",
    )


def _at(*, days: int, hour: int = 10) -> datetime:
    return clock.london_time(clock.today() + timedelta(days=days), hour)
