"""What is kept of people, why, on which lawful basis, who sees it and for how long: one table for notice and sweep.

`services/sweep_old.py` carries out the rows that have an end, `/privacy` is written from those about families, so what
the notice promises is what happens. Bases and times: the privacy notes of the project, article by article. Each row
names the columns that hold the thing; a sealed column in no row fails `tests/guards/test_kept_columns.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from booking.clock import start_of_day
from booking.locality.kinds import N_
from booking.rules.engagement.facts import months_before


class Kept(StrEnum):
    """One kind of thing that is kept."""

    DRAFT = "draft"
    CONTACT = "contact"
    NEED_DETAIL = "need_detail"
    DIET = "diet"
    REMEMBERED = "remembered"
    QUESTION = "question"
    PROFILE = "profile"
    FAMILY_CODE = "family_code"
    MESSAGE = "message"
    CALL = "call"
    WRITTEN = "written"
    WISH_TEXT = "wish_text"
    PLACE_REPORT = "place_report"
    DOOR_WORDS = "door_words"
    FEEDBACK_LINK = "feedback_link"
    FEEDBACK_WORDS = "feedback_words"
    ISSUE = "issue"
    SAID = "said"
    QUOTE = "quote"
    HEARD = "heard"
    NEWS_ASKED = "news_asked"
    NEWS = "news"
    VIEWS = "views"
    CHANGES = "changes"
    AGREED = "agreed"
    COMPLAINT = "complaint"
    ERASED = "erased"
    STAFF_TYPED = "staff_typed"
    FILE_GIVEN = "file_given"
    LIST_ASKED = "list_asked"
    DOOR_KEY = "door_key"
    STAFF = "staff"
    STAFF_LEFT = "staff_left"
    PARTNERS = "partners"
    WAY_IN = "way_in"
    FROZEN = "frozen"


class Whose(StrEnum):
    """Whose it is: a family's, or of our own people and of those we work with."""

    FAMILY = "family"
    OURS = "ours"


class Since(StrEnum):
    """From when the time counts."""

    BEGUN = "begun"
    SESSION = "session"
    LAST_SESSION = "last_session"
    LAST_BOOKING = "last_booking"
    WRITTEN = "written"
    LEFT = "left"
    ANSWERED = "answered"


class Basis(StrEnum):
    """Why the law allows it (UK GDPR; the second name adds the condition of article 9)."""

    INTERESTS = "6(1)(f)"
    CONSENT = "6(1)(f) and 9(2)(a)"
    ASKED_FOR = "6(1)(a), 9(2)(a) and PECR 22"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """One row. `what`, `why` and `seen_by` are sentences a parent reads; no `hours`, `days` or `months`: no end.

    What goes by itself when they say so, and not before, is kept `until_stopped`. `columns` hold it (`table.column`).
    """

    kept: Kept
    what: str
    why: str
    seen_by: str
    basis: Basis
    columns: tuple[str, ...]
    whose: Whose = Whose.FAMILY
    since: Since | None = None
    hours: int = 0
    days: int = 0
    months: int = 0
    until_stopped: bool = False

    @property
    def has_end(self) -> bool:
        """Whether it goes by itself."""
        return bool(self.hours or self.days or self.months)


OUR_STAFF = N_("Our staff, and whoever runs the session")
NOBODY = N_("Nobody reads it. The computer uses it to count.")

RETENTION = (
    Retention(
        kept=Kept.DRAFT,
        what=N_("What you type while you book"),
        why=N_("So that nothing is lost if you stop for a while"),
        seen_by=N_("Nobody but you"),
        basis=Basis.INTERESTS,
        columns=("draft.answers",),
        since=Since.BEGUN,
        hours=24,
    ),
    Retention(
        kept=Kept.CONTACT,
        what=N_("Your name, how to reach you, and the first part of your postcode"),
        why=N_("To keep your place, and to tell you if something changes"),
        seen_by=OUR_STAFF,
        basis=Basis.INTERESTS,
        columns=(
            "booking.email",
            "booking.phone",
            "booking.ical_address",
            "booking.helper_name",
            "booking.outcode",
            "adult.name",
        ),
        since=Since.LAST_SESSION,
        months=6,
    ),
    Retention(
        kept=Kept.NEED_DETAIL,
        what=N_("What you write about what would make it easier to come"),
        why=N_("To get things ready for you"),
        seen_by=N_("Whoever arranges it, and whoever leads the session"),
        basis=Basis.CONSENT,
        columns=("need_request.detail", "need_request.reason_words"),
        since=Since.SESSION,
        days=30,
    ),
    Retention(
        kept=Kept.DIET,
        what=N_("What you write about food and allergies"),
        why=N_("To keep you safe"),
        seen_by=N_("Whoever leads the session"),
        basis=Basis.CONSENT,
        columns=("need_request.detail", "need_request.reason_words"),
        since=Since.SESSION,
        days=7,
    ),
    Retention(
        kept=Kept.REMEMBERED,
        what=N_("What you asked us to remember for next time"),
        why=N_("So that you do not have to tell us again"),
        seen_by=N_("You, through your link"),
        basis=Basis.CONSENT,
        columns=("remembered_need.code", "remembered_need.detail"),
        since=Since.LAST_BOOKING,
        months=24,
    ),
    Retention(
        kept=Kept.QUESTION,
        what=N_("Your question for the session"),
        why=N_("To have it answered there, without your name"),
        seen_by=OUR_STAFF,
        basis=Basis.INTERESTS,
        columns=("booking.question",),
        since=Since.SESSION,
        days=30,
    ),
    Retention(
        kept=Kept.PROFILE,
        what=N_("That somebody from your area booked and came, and the answers about your child if you gave any"),
        why=N_("To see which families we reach, and where sessions are missing"),
        seen_by=N_("Only as numbers for many families together"),
        basis=Basis.CONSENT,
        columns=(
            "booking.district",
            "booking.profile",
            "booking.lang",
            "need_request.code",
            "need_request.family_outcome",
            "place.outcome",
            "booking_change.facts",
        ),
    ),
    Retention(
        kept=Kept.FAMILY_CODE,
        what=N_("A code made from your email or phone number. Nobody can turn it back."),
        why=N_("To count a family once, even if they come often"),
        seen_by=NOBODY,
        basis=Basis.INTERESTS,
        columns=(
            "family.email_hash",
            "family.phone_hash",
            "family.import_hash",
            "family.calendar_digest",
            "adult.import_hash",
        ),
        since=Since.LAST_SESSION,
        months=24,
    ),
    Retention(
        kept=Kept.MESSAGE,
        what=N_("Which messages we sent you, and where to"),
        why=N_("To know that they reached you"),
        seen_by=N_("Our staff"),
        basis=Basis.INTERESTS,
        columns=("message.address", "message.address_hash", "message.facts", "message.rendered"),
        since=Since.SESSION,
        days=90,
    ),
    Retention(
        kept=Kept.CALL,
        what=N_("When we rang you, how it went, and what we noted about your booking"),
        why=N_("So that nobody rings you twice, and you are not forgotten"),
        seen_by=N_("Our staff"),
        basis=Basis.INTERESTS,
        columns=("call.note", "note.text"),
        since=Since.SESSION,
        days=90,
    ),
    Retention(
        kept=Kept.WRITTEN,
        what=N_("What you write to us by email"),
        why=N_("To answer you"),
        seen_by=N_("Our staff"),
        basis=Basis.INTERESTS,
        columns=("inbound.sender", "inbound.subject", "inbound.text", "inbound.message_hash"),
        since=Since.SESSION,
        days=90,
    ),
    Retention(
        kept=Kept.WISH_TEXT,
        what=N_("What you write when no session suits you. We do not ask who you are."),
        why=N_("To plan new sessions"),
        seen_by=N_("Our staff"),
        basis=Basis.INTERESTS,
        columns=("wish.text",),
        since=Since.WRITTEN,
        months=24,
    ),
    Retention(
        kept=Kept.PLACE_REPORT,
        what=N_("What you write when a place has changed. We do not ask who you are."),
        why=N_("To check it, and to tell other families"),
        seen_by=N_("Our staff"),
        basis=Basis.INTERESTS,
        columns=("place_report.text",),
        since=Since.WRITTEN,
        months=24,
    ),
    Retention(
        kept=Kept.DOOR_WORDS,
        what=N_("Your name, if you came without booking and a phone at the door could not add you by itself"),
        why=N_("So that somebody can add you by hand"),
        seen_by=OUR_STAFF,
        basis=Basis.INTERESTS,
        columns=("door_event.words",),
        since=Since.SESSION,
        days=30,
    ),
    Retention(
        kept=Kept.FEEDBACK_LINK,
        what=N_("Which booking your answers about a session belong to. The answers stay, without it."),
        why=N_("To see what changed for you from before the session to after it"),
        seen_by=NOBODY,
        basis=Basis.INTERESTS,
        columns=("feedback.booking_id", "feedback.link_digest", "feedback.sent_once"),
        since=Since.SESSION,
        days=60,
    ),
    Retention(
        kept=Kept.FEEDBACK_WORDS,
        what=N_("What you write when you tell us how a session was. We keep it without your name."),
        why=N_("To make sessions better"),
        seen_by=N_("The few people who look at how sessions went"),
        basis=Basis.INTERESTS,
        columns=("feedback.change",),
        since=Since.WRITTEN,
        months=24,
    ),
    Retention(
        kept=Kept.ISSUE,
        what=N_("What families raise at a session, as we write it down there, without names"),
        why=N_("To take it to those who can change it, and to tell you what came of it"),
        seen_by=N_("Whoever runs the session, and the few people who see to an answer"),
        basis=Basis.INTERESTS,
        columns=("issue.text",),
        since=Since.WRITTEN,
        months=24,
    ),
    Retention(
        kept=Kept.SAID,
        what=N_("What stands on the page “You said, we did”: what families said, without names, and what came of it"),
        why=N_("So that everybody can see what was answered, and what was not"),
        seen_by=N_("Everybody"),
        basis=Basis.INTERESTS,
        columns=("issue.published_text", "issue.reason", "issue_update.text"),
    ),
    Retention(
        kept=Kept.QUOTE,
        what=N_("What you wrote of a session, if you said that we may quote it: as an editor wrote it, without names"),
        why=N_("So that others hear it in families’ words"),
        seen_by=N_("Everybody"),
        basis=Basis.INTERESTS,
        columns=("feedback.quote",),
    ),
    Retention(
        kept=Kept.HEARD,
        what=N_("What we wrote about a session for the families who came, without names"),
        why=N_("To tell you what we heard there"),
        seen_by=N_("Families who came, and whoever runs the session"),
        basis=Basis.INTERESTS,
        columns=("heard.text", "heard.nothing_because", "heard_file.name", "heard_file.content"),
        since=Since.SESSION,
        months=24,
    ),
    Retention(
        kept=Kept.NEWS_ASKED,
        what=N_("An email address that somebody asked to have news of new sessions, until its owner says yes"),
        why=N_("To ask whether they really want it"),
        seen_by=N_("Our staff"),
        basis=Basis.ASKED_FOR,
        columns=("subscription.email", "subscription.email_hash", "subscription.needs"),
        since=Since.WRITTEN,
        days=7,
    ),
    Retention(
        kept=Kept.NEWS,
        what=N_("Your email address, and which new sessions you want to hear about"),
        why=N_("To tell you about them, at most once a day"),
        seen_by=N_("Our staff"),
        basis=Basis.ASKED_FOR,
        columns=("subscription.email", "subscription.email_hash", "subscription.needs"),
        until_stopped=True,
    ),
    Retention(
        kept=Kept.VIEWS,
        what=N_("Which member of staff looked at bookings"),
        why=N_("So that we can answer for it"),
        seen_by=N_("Whoever looks after privacy"),
        basis=Basis.INTERESTS,
        columns=("audit_entry.action",),
        since=Since.WRITTEN,
        months=12,
    ),
    Retention(
        kept=Kept.CHANGES,
        what=N_("Which member of staff changed something"),
        why=N_("So that we can answer for it"),
        seen_by=N_("Whoever looks after privacy"),
        basis=Basis.INTERESTS,
        columns=("audit_entry.action",),
        since=Since.WRITTEN,
        months=24,
    ),
    Retention(
        kept=Kept.AGREED,
        what=N_("What you said yes or no to, and when"),
        why=N_("To show that we asked you first"),
        seen_by=N_("Whoever looks after privacy"),
        basis=Basis.INTERESTS,
        columns=("consent.subject", "consent.given", "consent.wording_version"),
    ),
    Retention(
        kept=Kept.COMPLAINT,
        what=N_("What you write if you complain, and how to answer you"),
        why=N_("To look into it, and to show that we answered"),
        seen_by=N_("Whoever looks after privacy"),
        basis=Basis.INTERESTS,
        columns=(
            "complaint.name",
            "complaint.email",
            "complaint.email_hash",
            "complaint.phone",
            "complaint.about_booking",
            "complaint.text",
            "complaint_note.text",
        ),
        since=Since.ANSWERED,
        months=24,
    ),
    Retention(
        kept=Kept.ERASED,
        what=N_("A code that says that you were forgotten. Nobody can turn it back."),
        why=N_("So that you stay forgotten, even if we have to use a copy for emergencies"),
        seen_by=N_("Nobody reads it."),
        basis=Basis.INTERESTS,
        columns=("erasure.family_hash", "erasure.email_hash"),
        since=Since.WRITTEN,
        days=40,
    ),
    Retention(
        kept=Kept.STAFF_TYPED,
        what="What a member of staff had typed when their sign-in ended",
        why="So that nothing typed is lost",
        seen_by="Whoever typed it",
        basis=Basis.INTERESTS,
        columns=("held_form.fields",),
        whose=Whose.OURS,
        since=Since.BEGUN,
        hours=24,
    ),
    Retention(
        kept=Kept.FILE_GIVEN,
        what="A file of past attendance that somebody brings in on the page, and what we found in it",
        why="To look at it before it is brought in; it goes as soon as it is",
        seen_by="Whoever brings it in",
        basis=Basis.INTERESTS,
        columns=("attendance_import.content", "attendance_import.found"),
        whose=Whose.OURS,
        since=Since.WRITTEN,
        hours=24,
    ),
    Retention(
        kept=Kept.LIST_ASKED,
        what="Who asked for an attendance list of many sessions, and why; the list itself is not kept",
        why="To give it once, and to say that it was given",
        seen_by="Whoever asked for it",
        basis=Basis.INTERESTS,
        columns=("attendance_list.reason",),
        whose=Whose.OURS,
        since=Since.WRITTEN,
        days=30,
    ),
    Retention(
        kept=Kept.DOOR_KEY,
        what="Keys with which a phone at the door seals what it records",
        why="To read what it sends when it has a signal again",
        seen_by="Nobody",
        basis=Basis.INTERESTS,
        columns=("door_device.private_key",),
        whose=Whose.OURS,
        since=Since.SESSION,
        days=30,
    ),
    Retention(
        kept=Kept.STAFF,
        what="Names, addresses and sign-ins of the people who run sessions",
        why="To let them in, and to know who did what",
        seen_by="Admins",
        basis=Basis.INTERESTS,
        columns=("staff.email", "staff.name", "staff.password", "staff.tf_totp_secret", "sign_in.browser"),
        whose=Whose.OURS,
        until_stopped=True,
    ),
    Retention(
        kept=Kept.STAFF_LEFT,
        what="Name and address of somebody who left",
        why="To know who did what, as long as that is kept",
        seen_by="Admins, and whoever looks after privacy",
        basis=Basis.INTERESTS,
        columns=("staff.email", "staff.name"),
        whose=Whose.OURS,
        since=Since.LEFT,
        months=24,
    ),
    Retention(
        kept=Kept.PARTNERS,
        what="Whom to ask for keys of venues, and whom to ring at suppliers",
        why="To open the door, and to arrange what families need",
        seen_by="Staff who arrange it",
        basis=Basis.INTERESTS,
        columns=(
            "venue_hire.keyholder",
            "venue_hire.phone",
            "venue_hire.cost",
            "venue_hire.way_in",
            "supplier.contact",
        ),
        whose=Whose.OURS,
        until_stopped=True,
    ),
    Retention(
        kept=Kept.WAY_IN,
        what="The link and the phone number of an online session. They say nothing of any person.",
        why="Only those who booked may come in",
        seen_by="Our staff, and families who have a place",
        basis=Basis.INTERESTS,
        columns=("event.join_url", "event.dial_in"),
        whose=Whose.OURS,
        until_stopped=True,
    ),
    Retention(
        kept=Kept.FROZEN,
        what="The figures of a quarter as they were frozen, and the files that were given out. They name nobody.",
        why="So that what we reported can be shown again, and nobody changes it afterwards",
        seen_by="Staff who see figures",
        basis=Basis.INTERESTS,
        columns=("snapshot.figures", "snapshot_bundle.content", "snapshot_bundle.hidden"),
        whose=Whose.OURS,
    ),
)
FOOD = ("diet",)
"""The needs that are about food and allergies."""


def of_families() -> tuple[Retention, ...]:
    """Return the rows that the privacy notice shows."""
    return tuple(row for row in RETENTION if row.whose == Whose.FAMILY)


def retention_of(kept: Kept) -> Retention:
    """Return the row of one kind of thing."""
    return next(row for row in RETENTION if row.kept == kept)


def gone_before(kept: Kept, *, today: date) -> datetime:
    """Return the moment before which a thing of this kind must have begun its time to be gone today.

    Days and months are counted on London's calendar. Raise ValueError for what has no end by itself and for what
    is counted in hours: that carries its own end.
    """
    row = retention_of(kept)
    if not (row.days or row.months):
        raise ValueError(f"{kept} does not go by the calendar")
    day = months_before(today, row.months) if row.months else date.fromordinal(today.toordinal() - row.days)
    return start_of_day(day)
