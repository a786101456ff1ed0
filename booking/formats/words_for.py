"""The one way to say a date, a time, a count, a status."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from flask_babel import format_date as _babel_date
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from booking.clock import in_london
from booking.models import Booking, Event
from booking.rules import words as w
from booking.rules.calendar_periods import SchoolTime
from booking.rules.time_bands import TimeBand

_PAIRS: list[tuple[StrEnum, LazyString]] = [
    (w.EventKind.FORUM, _l("Forum")),
    (w.EventKind.DROP_IN, _l("Drop-in")),
    (w.EventKind.COFFEE, _l("Coffee and chat")),
    (w.EventKind.WORKSHOP, _l("Workshop")),
    (w.EventKind.ROADSHOW, _l("Roadshow")),
    (w.EventKind.FOCUS_GROUP, _l("Small group")),
    (w.EventKind.WEBINAR, _l("Online talk")),
    (w.EventKind.SCHOOL_FORUM, _l("School forum")),
    (w.EventKind.PHONE_CLINIC, _l("Phone clinic")),
    (w.Delivery.IN_PERSON, _l("In person")),
    (w.Delivery.ONLINE, _l("Online")),
    (w.Delivery.HYBRID, _l("In person or online")),
    (w.BookingMode.PLACES, _l("Book a place")),
    (w.BookingMode.SLOTS, _l("Book a time")),
    (w.BookingMode.OPEN, _l("Just turn up")),
    (w.EventStatus.DRAFT, _l("Draft")),
    (w.EventStatus.PUBLISHED, _l("Published")),
    (w.EventStatus.CANCELLED, _l("Cancelled")),
    (w.EventCancelReason.WEATHER, _l("Bad weather")),
    (w.EventCancelReason.VENUE, _l("A problem with the place")),
    (w.EventCancelReason.STAFF, _l("Someone who runs it is ill or away")),
    (w.EventCancelReason.LOW_BOOKINGS, _l("Too few people could come")),
    (w.EventCancelReason.OTHER, _l("Another reason")),
    (w.Participation.INFORM, _l("Inform: we share news")),
    (w.Participation.CONSULT, _l("Consult: we ask what you think")),
    (w.Participation.ENGAGE, _l("Engage: we talk it through together")),
    (w.Participation.CO_DESIGN, _l("Co-design: we plan it together")),
    (w.Participation.CO_PRODUCE, _l("Co-produce: we decide together")),
    (w.CoProduction.AGENDA, _l("Parents helped to set the agenda")),
    (w.CoProduction.DECIDER, _l("Somebody who decides is in the room")),
    (w.CoProduction.UNDECIDED, _l("The decision is not taken yet")),
    (w.CoProduction.FED_BACK, _l("Families were told what came of it")),
    (w.BookingStatus.CONFIRMED, _l("You have a place")),
    (w.BookingStatus.WAITING, _l("You are on the waiting list")),
    (w.BookingStatus.OFFERED, _l("A place is being kept for you")),
    (w.BookingStatus.CANCELLED, _l("Cancelled")),
    (w.CancelledBy.FAMILY, _l("Cancelled by the family")),
    (w.CancelledBy.US, _l("Cancelled by us")),
    (w.FamilyCancelReason.CHILD_UNWELL, _l("My child is not well")),
    (w.FamilyCancelReason.SCHOOL_CALLED, _l("School called")),
    (w.FamilyCancelReason.TRANSPORT, _l("I cannot get there")),
    (w.FamilyCancelReason.CHILDCARE, _l("I have no one to look after my child")),
    (w.FamilyCancelReason.ANXIETY, _l("It feels too much today")),
    (w.FamilyCancelReason.FORGOT, _l("I forgot, or something else came up")),
    (w.FamilyCancelReason.GOT_WHAT_I_NEEDED, _l("I got what I needed")),
    (w.FamilyCancelReason.MOVED, _l("The new date or place does not work")),
    (w.FamilyCancelReason.PREFER_NOT, _l("I would rather not say")),
    (w.Origin.WEB, _l("Online")),
    (w.Origin.PHONE, _l("By phone")),
    (w.Origin.STAFF, _l("By staff")),
    (w.Origin.WALK_IN, _l("Walk-in")),
    (w.Origin.TRUSTED_PERSON, _l("By a trusted person")),
    (w.ContactBy.EMAIL, _l("Email")),
    (w.ContactBy.PHONE, _l("Phone or text")),
    (w.ContactBy.RING_ME, _l("Please ring me")),
    (w.PersonKind.PARENT_CARER, _l("Parent or carer")),
    (w.PersonKind.YOUNG_PERSON, _l("Young person aged 16 to 25")),
    (w.PersonKind.SUPPORTER, _l("Supporter")),
    (w.PersonKind.INTERPRETER, _l("Interpreter")),
    (w.PersonKind.PROFESSIONAL, _l("Professional")),
    (w.HelperKind.RELATIVE, _l("A relative or friend")),
    (w.HelperKind.SENCO, _l("Someone from school, such as a SENCO")),
    (w.HelperKind.KEYWORKER, _l("A keyworker or support worker")),
    (w.HelperKind.OTHER, _l("Someone else the family trusts")),
    (w.BookingFor.SELF, _l("Myself. I am a parent or carer")),
    (w.BookingFor.YOUNG_PERSON, _l("Myself. I am 16 to 25")),
    (w.BookingFor.FAMILY, _l("A family. I am helping them to book")),
    (w.ForWhom.ME, _l("Me")),
    (w.ForWhom.OTHER_ADULT, _l("Another adult")),
    (w.ForWhom.CHILD, _l("A child I am bringing")),
    (w.WishReason.NOTHING_NEAR, _l("There is nothing near me")),
    (w.WishReason.WRONG_TIME, _l("The days or times do not work for me")),
    (w.WishReason.TOPIC, _l("I need another kind of session or topic")),
    (w.WishReason.ONLINE, _l("I would like to join online")),
    (w.WishReason.PLACE, _l("The places do not have what I need")),
    (w.Outcome.ATTENDED, _l("Came")),
    (w.Outcome.DID_NOT_COME, _l("Did not come")),
    (w.Outcome.NOT_RECORDED, _l("Not recorded")),
    (w.Turn.LATE, "Comes later"),
    (w.Turn.WITH_DESK, "With the desk"),
    (w.Turn.DONE, "Done"),
    (w.Turn.LEFT, "Did not wait"),
    (w.NeedState.REQUESTED, _l("You asked for this")),
    (w.NeedState.PLANNING, _l("We are working on it")),
    (w.NeedState.ARRANGED, _l("Arranged")),
    (w.NeedState.CONFIRMED_TO_FAMILY, _l("Arranged, and we told you")),
    (w.NeedState.MET, _l("It was there")),
    (w.NeedState.PARTLY_MET, _l("It was partly there")),
    (w.NeedState.NOT_MET, _l("It was not there")),
    (w.NeedState.NO_LONGER_NEEDED, _l("Not needed any more")),
    (w.NeedState.CANNOT_MEET, _l("We cannot do this")),
    (w.CannotReason.NOBODY_FREE, _l("We asked, but nobody can come that day.")),
    (w.CannotReason.PLACE_HAS_NOT, _l("The place does not have it.")),
    (w.CannotReason.TOO_LATE, _l("There is too little time to get it ready.")),
    (w.CannotReason.OTHER, _l("We tell you why.")),
    (w.Alternative.OTHER_SESSION, _l("You can come to another session instead.")),
    (w.Alternative.ONLINE, _l("You can join from home instead.")),
    (w.Alternative.CALL, _l("One of us can ring you instead, and talk with just you.")),
    (w.FamilyChoice.TAKES, _l("You told us that you would like this.")),
    (w.FamilyChoice.DECLINES, _l("You told us that this does not help you.")),
    (w.ToldHow.MESSAGE, _l("By message")),
    (w.ToldHow.CALL, _l("By phone")),
    (w.FactAnswer.YES, _l("Yes")),
    (w.FactAnswer.PARTLY, _l("Partly")),
    (w.FactAnswer.NO, _l("No")),
    (w.FactAnswer.NOT_CHECKED, _l("Not checked")),
    (SchoolTime.TERM, _l("In term time")),
    (SchoolTime.HOLIDAY, _l("In the school holidays")),
    (TimeBand.SCHOOL_RUN_SAFE, _l("Between the school runs")),
    (TimeBand.DAYTIME, _l("In the daytime")),
    (TimeBand.AFTER_SCHOOL, _l("After school")),
    (TimeBand.EVENING, _l("In the evening")),
    (TimeBand.WEEKEND, _l("At the weekend")),
    (w.ConsentSubject.NEEDS, _l("Using what would make it easier to come")),
    (w.ConsentSubject.PROFILE, _l("Using answers about your child for planning")),
    (w.ConsentSubject.REMEMBER_NEEDS, _l("Remembering what would make it easier to come")),
    (w.ConsentSubject.HELPER, _l("A helper booking for the family")),
    (w.ChangeKind.BOOKED, _l("Booked")),
    (w.ChangeKind.JOINED_LIST, _l("Joined the waiting list")),
    (w.ChangeKind.OFFERED, _l("A place was offered")),
    (w.ChangeKind.ACCEPTED, _l("The offer was accepted")),
    (w.ChangeKind.DECLINED, _l("The offer was passed on")),
    (w.ChangeKind.EXPIRED, _l("The offer ran out")),
    (w.ChangeKind.ADULTS_CHANGED, _l("The number of adults changed")),
    (w.ChangeKind.NEEDS_CHANGED, _l("What would help was changed")),
    (w.ChangeKind.CONTACT_CHANGED, _l("The contact was changed")),
    (w.ChangeKind.SLOT_CHANGED, _l("The time was changed")),
    (w.ChangeKind.TITLE_CHANGED, _l("The title in the calendar was changed")),
    (w.ChangeKind.JOINED_UP, _l("More places were added")),
    (w.ChangeKind.SESSION_MOVED, _l("The session moved")),
    (w.ChangeKind.CHANGE_SEEN, _l("The family has seen the change")),
    (w.ChangeKind.CANCELLED, _l("Cancelled")),
    (w.ChangeKind.LINK_RENEWED, _l("A new link was made")),
    (w.ChangeKind.HELPER_REMOVED, _l("The helper's name was taken away")),
    (w.ChangeKind.CALENDAR_DECLINED, _l("The family’s calendar said that they cannot come")),
    (w.ChangeKind.PLACE_KEPT, _l("The family keeps its place")),
    (w.FeedbackOrigin.LINK, _l("By the link in our email")),
    (w.FeedbackOrigin.QR, _l("By the code in the room")),
    (w.FeedbackOrigin.PAPER, _l("On a paper card")),
    (w.TapState.COUNTS, "Counts"),
    (w.TapState.HELD, "Waits for somebody to decide"),
    (w.TapState.LEFT_OUT, "Does not count"),
    (w.CorrectionReason.WRONG_PERSON, "The wrong person was marked"),
    (w.CorrectionReason.TOLD_LATER, "Somebody told us later"),
    (w.CorrectionReason.PAPER_FOUND, "A paper sheet was found"),
    (w.CorrectionReason.OTHER, "Something else"),
    (w.CorrectionReason.PHONE_LATE, "A phone sent it later"),
    (w.HeldReason.NO_PLACE, "Their booking was cancelled meanwhile."),
    (w.HeldReason.HAS_PLACE, "They have a place meanwhile."),
    (w.HeldReason.NOT_THAT_DAY, "The session is at another time now."),
    (w.HeldReason.CALLED_OFF, "The session was called off meanwhile."),
    (w.HeldReason.REVOKED, "It came from a phone that had been shut out."),
    (w.HeldReason.NOT_ON_REGISTER, "This row is not on the register any more."),
    (w.HeldReason.NOT_ALLOWED, "A rule of this session does not allow it."),
    (w.HeldReason.UNREADABLE, "The phone sent something that cannot be read."),
    (w.FeedbackMethod.PAIRED, _l("Asked before the session and after it")),
    (w.FeedbackMethod.RETRO, _l("Both asked after the session")),
    (w.FeedbackMethod.NONE, _l("Asked only after the session")),
    (w.MessageKind.CONFIRMED, _l("Booking confirmed")),
    (w.MessageKind.WAITING, _l("Joined the waiting list")),
    (w.MessageKind.OFFER, _l("Place offered")),
    (w.MessageKind.OFFER_LAPSED, _l("Offer ran out")),
    (w.MessageKind.CHANGED, _l("Session changed")),
    (w.MessageKind.POSTPONED, _l("Session postponed")),
    (w.MessageKind.CANCELLED_BY_US, _l("Session cancelled")),
    (w.MessageKind.CANCELLED_BY_FAMILY, _l("Booking cancelled")),
    (w.MessageKind.REMINDER_7_DAYS, _l("Reminder, a week before")),
    (w.MessageKind.REMINDER_3_DAYS, _l("Reminder, three days before")),
    (w.MessageKind.REMINDER_1_DAY, _l("Reminder, the day before")),
    (w.MessageKind.REMINDER_MORNING, _l("Text on the morning, to who asked for it")),
    (w.MessageKind.LINK, _l("Link sent again")),
    (w.MessageKind.CONTACT_CHANGED, _l("Contact changed, told to the old address")),
    (w.MessageKind.CALENDAR_TITLE, _l("Calendar title changed")),
    (w.MessageKind.PLACES_ADDED, _l("More places confirmed")),
    (w.MessageKind.NO_DATE_YET, _l("Still no new date, taken out of the calendar")),
    (w.MessageKind.CALENDAR_LINK, _l("Link to the family’s own calendar")),
    (w.MessageKind.DECLINE_HEARD, _l("Calendar declined, place kept for a while")),
    (w.MessageKind.DECLINE_ASKED, _l("Asked whether they meant to cancel")),
    (w.MessageKind.THANK_YOU, _l("Thanks for coming, and asked how it was")),
    (w.MessageKind.FEEDBACK_REMINDER, _l("Asked once more how it was")),
    (w.MessageKind.WHAT_WE_HEARD, _l("What we heard, told to who came")),
    (w.MessageKind.YOU_SAID_WE_DID, _l("You said, we did")),
    (w.MessageKind.STAFF_INVITED, "Invited to the staff pages"),
    (w.MessageKind.COMPLAINT_RECEIVED, "Complaint confirmed"),
    (w.MessageKind.NEWS_ASKED, _l("Asked whether they want news")),
    (w.MessageKind.NEWS, _l("News of new sessions")),
    (w.IssueOutcome.DONE, _l("Done")),
    (w.IssueOutcome.PARTLY, _l("Partly done")),
    (w.IssueOutcome.CANNOT_YET, _l("Not possible yet")),
    (w.IssueOutcome.CANNOT, _l("Not possible")),
    (w.Channel.EMAIL, _l("By email")),
    (w.Channel.TEXT, _l("By text")),
    (w.MessageStatus.QUEUED, _l("Waiting to be sent")),
    (w.MessageStatus.SENDING, _l("Being sent")),
    (w.MessageStatus.SENT, _l("Sent")),
    (w.MessageStatus.FAILED, _l("Could not be sent")),
    (w.MessageStatus.STALE, _l("Not sent: no longer true")),
    (w.MessageStatus.UNKNOWN, _l("May have been sent")),
    (w.InboundKind.CALENDAR_REPLY, _l("Answer of a calendar")),
    (w.InboundKind.BOUNCE, _l("Mail that came back")),
    (w.InboundKind.PERSON, _l("Written by a person")),
    (w.InboundKind.MACHINE, _l("Automatic answer")),
    (w.InboundKind.UNREADABLE, _l("Could not be read")),
    (w.ReplyAnswer.ACCEPTED, _l("Said they will come")),
    (w.ReplyAnswer.DECLINED, _l("Said they cannot come")),
    (w.ReplyAnswer.TENTATIVE, _l("Said they may come")),
    (w.CallReason.ASKED, _l("They asked us to ring")),
    (w.CallReason.NO_EMAIL, _l("They have no email")),
    (w.CallReason.REMINDER, _l("Remind them")),
    (w.CallReason.CANCELLED, _l("The session is cancelled")),
    (w.CallReason.OFFER, _l("A place is free for them")),
    (w.CallReason.BOUNCED, _l("Our mail came back")),
    (w.CallReason.NOT_SENT, _l("Our mail could not be sent")),
    (w.CallReason.UNSURE, _l("Our mail may not have arrived")),
    (w.CallOutcome.SPOKE, _l("Spoke to them")),
    (w.CallOutcome.LEFT_WORD, _l("Left a message")),
    (w.CallOutcome.NO_ANSWER, _l("No answer")),
    (w.CallOutcome.WRONG_NUMBER, _l("Wrong number")),
    (w.CallOutcome.CANNOT_COME, _l("They cannot come")),
    (w.SubscriptionStatus.ASKED, _l("Not confirmed yet")),
    (w.SubscriptionStatus.ACTIVE, _l("We tell you about new sessions")),
    (w.AskedBy.EMAIL, "The family asked by email"),
    (w.AskedBy.PHONE, "The family asked by phone, and we rang back on the number we have"),
    (w.AskedBy.LETTER, "The family asked by letter"),
    (w.AskedBy.IN_PERSON, "The family asked in person"),
    (w.AskedBy.FOR_THEM, "Somebody asked for them, and showed that they may"),
    (w.AskedBy.COMPLAINT, "To answer a complaint"),
    (w.ComplaintOutcome.PUT_RIGHT, "We were wrong, and put it right"),
    (w.ComplaintOutcome.PARTLY, "We were partly wrong"),
    (w.ComplaintOutcome.NOTHING_WRONG, "We did nothing wrong, and said why"),
    (w.ComplaintOutcome.TAKEN_BACK, "They took it back"),
    (w.StaffRole.ORGANISER, _l("Organiser")),
    (w.StaffRole.VENUE, "Venue manager"),
    (w.StaffRole.FRONT_DESK, _l("Front desk")),
    (w.StaffRole.ACCESS_LEAD, "Access lead"),
    (w.StaffRole.INSIGHT, _l("Insight")),
    (w.StaffRole.PRIVACY_LEAD, "Privacy lead"),
    (w.StaffRole.ADMIN, _l("Admin")),
]
# Two enums may share a value ("phone"), and StrEnum members with equal values are equal: so look up by type too.
_BY_TYPE = {(type(code), code.value): said for code, said in _PAIRS}
_STAFF_SAY = {
    w.BookingStatus.CONFIRMED: "Has a place",
    w.BookingStatus.WAITING: "On the waiting list",
    w.BookingStatus.OFFERED: "Place offered",
}


def wording(code: StrEnum) -> str:
    """Return how a code is said. Raise KeyError for a code without words (a guard test proves there is none)."""
    return str(_BY_TYPE[type(code), code.value])


def staff_wording(status: w.BookingStatus) -> str:
    """Return how a booking stands, said about its family and not to it."""
    return _STAFF_SAY.get(status) or wording(status)


def long_date(moment: datetime | date) -> str:
    """Return "Tuesday 24 November 2026"."""
    return _babel_date(_london_day(moment), "EEEE d MMMM y", rebase=False)


def short_date(moment: datetime | date) -> str:
    """Return "24 November 2026"."""
    return _babel_date(_london_day(moment), "d MMMM y", rebase=False)


def month_name(month: date) -> str:
    """Return "December 2026"."""
    return _babel_date(month, "LLLL y", rebase=False)


def day_and_month(day: date) -> str:
    """Return "Tuesday 1 December"."""
    return _babel_date(day, "EEEE d MMMM", rebase=False)


def weekday(day: date) -> str:
    """Return "Tuesday"."""
    return _babel_date(day, "EEEE", rebase=False)


def clock_time(moment: datetime) -> str:
    """Return London's time in the way people say it: "10am", "1:30pm", "midday"; by 24 hours in other languages."""
    local = in_london(moment)
    locale = get_locale()
    if locale is not None and locale.language != "en":
        return f"{local.hour}:{local.minute:02d}"
    if (local.hour, local.minute) == (12, 0):
        return _("midday")
    if (local.hour, local.minute) == (0, 0):
        return _("midnight")
    hour = local.hour % 12 or 12
    half = _("am") if local.hour < 12 else _("pm")
    return f"{hour}{half}" if local.minute == 0 else f"{hour}:{local.minute:02d}{half}"


def time_span(starts_at: datetime, ends_at: datetime) -> str:
    """Return "10am to midday", naming the second day if it is another one."""
    if _london_day(starts_at) == _london_day(ends_at):
        return _("%(start)s to %(end)s", start=clock_time(starts_at), end=clock_time(ends_at))
    end = _("%(time)s on %(day)s", time=clock_time(ends_at), day=long_date(ends_at))
    return _("%(start)s to %(end)s", start=clock_time(starts_at), end=end)


def when(starts_at: datetime, ends_at: datetime) -> str:
    """Return "Tuesday 24 November 2026, 10am to midday"."""
    return f"{long_date(starts_at)}, {time_span(starts_at, ends_at)}"


def brief_when(moment: datetime) -> str:
    """Return "Tue 24 November, 10am": short enough for the subject of a mail."""
    day = _babel_date(_london_day(moment), "EEE d MMMM", rebase=False)
    return _("%(day)s, %(time)s", day=day, time=clock_time(moment))


def briefest_when(moment: datetime) -> str:
    """Return "Tue 24 Nov, 10am": short enough for a text, beside a link."""
    day = _babel_date(_london_day(moment), "EEE d MMM", rebase=False)
    return _("%(day)s, %(time)s", day=day, time=clock_time(moment))


def where(event: Event) -> str:
    """Return the place of a session in one line; a confidential place is named only to who has booked."""
    if event.delivery == w.Delivery.ONLINE or event.venue is None:
        return _("Online")
    return _place(event, named=not event.venue.is_confidential)


def where_for_booked(event: Event) -> str:
    """Return the place in one line for somebody who has a place."""
    if event.delivery == w.Delivery.ONLINE or event.venue is None:
        return _("Online")
    return _place(event, named=True)


def time_of_day(code: str) -> str:
    """Return how the code of a time of day is said."""
    return wording(TimeBand(code))


def places_left(left: int | None) -> str:
    """Return places left in words; None means no limit."""
    if left is None:
        return _("Plenty of places")
    if left <= 0:
        return _("Full – you can join the waiting list")
    if left > 5:
        return _("Plenty of places")
    return ngettext("%(num)d place left", "%(num)d places left", left)


def miles(distance: float) -> str:
    """Return a distance in words."""
    if distance < 1:
        return _("less than a mile")
    return ngettext("%(num)d mile", "%(num)d miles", round(distance))


def adults(number: int) -> str:
    """Return "2 adults"."""
    return ngettext("%(num)d adult", "%(num)d adults", number)


def children(number: int) -> str:
    """Return "no children", "1 child", "3 children"."""
    if number == 0:
        return _("no children")
    return ngettext("%(num)d child", "%(num)d children", number)


def who_comes(booking: Booking) -> str:
    """Return who comes with a booking: "2 adults, 1 supporter, no children"; who takes no place only if there are any.

    An interpreter is one a family brings; one that we book is a need.
    """
    kinds = [place.kind for place in booking.places]
    others = {
        w.PersonKind.SUPPORTER: supporters(kinds.count(w.PersonKind.SUPPORTER)),
        w.PersonKind.INTERPRETER: interpreters(kinds.count(w.PersonKind.INTERPRETER)),
    }
    coming = adults(sum(kind in w.PARTICIPANTS for kind in kinds))
    return ", ".join([coming, *(said for kind, said in others.items() if kind in kinds), children(booking.children)])


def supporters(number: int) -> str:
    """Return "1 supporter"."""
    return ngettext("%(num)d supporter", "%(num)d supporters", number)


def interpreters(number: int) -> str:
    """Return "1 interpreter"."""
    return ngettext("%(num)d interpreter", "%(num)d interpreters", number)


def with_whom(booking: Booking) -> str:
    """Return whose time a family has: "EHC plan officer, two times in a row"; nothing where no times are booked."""
    if booking.slot is None:
        return ""
    if booking.second_slot_id is None:
        return booking.slot.role
    return _("%(role)s, two times in a row", role=booking.slot.role)


def spoken_reference(reference: str) -> str:
    """Return a reference in groups, easy to read aloud: "K7M 4PX"."""
    return f"{reference[:3]} {reference[3:]}"


def _place(event: Event, *, named: bool) -> str:
    venue = event.venue
    if venue is None:
        return _("Online")
    if not named:
        return _("%(town)s (we tell you the place when you book)", town=venue.town)
    rest = venue.address or f"{venue.town} {venue.postcode or venue.outcode}"
    lines = [line.strip(" ,\t") for part in (event.room, venue.name, rest) for line in part.splitlines()]
    return ", ".join(line for line in lines if line)


def _london_day(moment: datetime | date) -> date:
    return in_london(moment).date() if isinstance(moment, datetime) else moment
