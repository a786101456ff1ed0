"""The codes the system stores; `formats/words_for.py` holds how each is said."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What sort of session it is (`field.md` 1.5)."""

    FORUM = "forum"
    DROP_IN = "drop_in"
    COFFEE = "coffee"
    WORKSHOP = "workshop"
    ROADSHOW = "roadshow"
    FOCUS_GROUP = "focus_group"
    WEBINAR = "webinar"
    SCHOOL_FORUM = "school_forum"
    PHONE_CLINIC = "phone_clinic"


class Delivery(StrEnum):
    """Where people meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class BookingMode(StrEnum):
    """How a place is had: `open` sessions are not booked, people just turn up."""

    PLACES = "places"
    SLOTS = "slots"
    OPEN = "open"


class EventStatus(StrEnum):
    """The stored states of a session; *held* and *postponed* are derived."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class EventCancelReason(StrEnum):
    """Why we cancelled a session (`workstream-1.md` 2.1)."""

    WEATHER = "weather"
    VENUE = "venue"
    STAFF = "staff"
    LOW_BOOKINGS = "low_bookings"
    OTHER = "other"


class Participation(StrEnum):
    """The level of participation (M46)."""

    INFORM = "inform"
    CONSULT = "consult"
    ENGAGE = "engage"
    CO_DESIGN = "co_design"
    CO_PRODUCE = "co_produce"


class CoProduction(StrEnum):
    """What must be true before a session counts as co-production (M46): all four, so that no talk is called that."""

    AGENDA = "agenda"
    DECIDER = "decider"
    UNDECIDED = "undecided"
    FED_BACK = "fed_back"


class BookingStatus(StrEnum):
    """The stored states of a booking."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"


HOLDS_PLACES = (BookingStatus.CONFIRMED, BookingStatus.OFFERED)
"""The bookings that `places_taken` counts."""

LIVE = (BookingStatus.CONFIRMED, BookingStatus.OFFERED, BookingStatus.WAITING)


class CancelledBy(StrEnum):
    """Who cancelled a booking."""

    FAMILY = "family"
    US = "us"


class FamilyCancelReason(StrEnum):
    """Why a family cannot come; always optional (M20)."""

    CHILD_UNWELL = "child_unwell"
    SCHOOL_CALLED = "school_called"
    TRANSPORT = "transport"
    CHILDCARE = "childcare"
    ANXIETY = "anxiety"
    FORGOT = "forgot"
    GOT_WHAT_I_NEEDED = "got_what_i_needed"
    MOVED = "moved"
    PREFER_NOT = "prefer_not"


class Origin(StrEnum):
    """How a booking reached us."""

    WEB = "web"
    PHONE = "phone"
    STAFF = "staff"
    WALK_IN = "walk_in"
    TRUSTED_PERSON = "trusted_person"


class ContactBy(StrEnum):
    """How a family wants to hear from us."""

    EMAIL = "email"
    PHONE = "phone"
    RING_ME = "ring_me"


class PersonKind(StrEnum):
    """Who a place is for; only the first two are participants."""

    PARENT_CARER = "parent_carer"
    YOUNG_PERSON = "young_person_16_25"
    SUPPORTER = "supporter"
    INTERPRETER = "interpreter"
    PROFESSIONAL = "professional"


class HelperKind(StrEnum):
    """Who books for a family that asked them to (J12)."""

    RELATIVE = "relative"
    SENCO = "senco"
    KEYWORKER = "keyworker"
    OTHER = "other"


class BookingFor(StrEnum):
    """For whom somebody books: a parent for the family, a young person of 16 to 25, or a helper for a family (J12)."""

    SELF = "self"
    YOUNG_PERSON = "young_person"
    FAMILY = "family"


class ForWhom(StrEnum):
    """Whom a need is for, asked when more than one person comes."""

    ME = "me"
    OTHER_ADULT = "other_adult"
    CHILD = "child"


PARTICIPANTS = (PersonKind.PARENT_CARER, PersonKind.YOUNG_PERSON)


class Outcome(StrEnum):
    """What became of a place."""

    ATTENDED = "attended"
    DID_NOT_COME = "did_not_come"
    NOT_RECORDED = "not_recorded"


class Turn(StrEnum):
    """How far a family got with the desk that has a time for it. Nothing is kept of who has not been called yet."""

    LATE = "late"
    WITH_DESK = "with_desk"
    DONE = "done"
    LEFT = "left"


class NeedState(StrEnum):
    """The life of a request (`access-needs.md` 3.4)."""

    REQUESTED = "requested"
    PLANNING = "planning"
    ARRANGED = "arranged"
    CONFIRMED_TO_FAMILY = "confirmed_to_family"
    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NO_LONGER_NEEDED = "no_longer_needed"
    CANNOT_MEET = "cannot_meet"


class CannotReason(StrEnum):
    """Why we cannot do what a family asked for; the family reads it."""

    NOBODY_FREE = "nobody_free"
    PLACE_HAS_NOT = "place_has_not"
    TOO_LATE = "too_late"
    OTHER = "other"


class Alternative(StrEnum):
    """What we offer a family instead of what we cannot do."""

    OTHER_SESSION = "other_session"
    ONLINE = "online"
    CALL = "call"


class FamilyChoice(StrEnum):
    """What a family says to what we offer instead."""

    TAKES = "takes"
    DECLINES = "declines"


class ToldHow(StrEnum):
    """How a family was told what became of something it asked for."""

    MESSAGE = "message"
    CALL = "call"


class FactAnswer(StrEnum):
    """What is known of a fact about a place. No row at all means *not checked*, too: unknown is not no."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_CHECKED = "not_checked"


class ConsentSubject(StrEnum):
    """What a family agreed to."""

    NEEDS = "needs"
    PROFILE = "profile"
    REMEMBER_NEEDS = "remember_needs"
    HELPER = "helper"


class ChangeKind(StrEnum):
    """What happened to a booking; rows are only ever added."""

    BOOKED = "booked"
    JOINED_LIST = "joined_list"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    ADULTS_CHANGED = "adults_changed"
    NEEDS_CHANGED = "needs_changed"
    CONTACT_CHANGED = "contact_changed"
    SLOT_CHANGED = "slot_changed"
    TITLE_CHANGED = "title_changed"
    JOINED_UP = "joined_up"
    SESSION_MOVED = "session_moved"
    CHANGE_SEEN = "change_seen"
    CANCELLED = "cancelled"
    LINK_RENEWED = "link_renewed"
    HELPER_REMOVED = "helper_removed"
    CALENDAR_DECLINED = "calendar_declined"
    PLACE_KEPT = "place_kept"


class MessageKind(StrEnum):
    """What a message says; each has a folder in `templates/messages/`."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFER = "offer"
    OFFER_LAPSED = "offer_lapsed"
    CHANGED = "changed"
    POSTPONED = "postponed"
    CANCELLED_BY_US = "cancelled_by_us"
    CANCELLED_BY_FAMILY = "cancelled_by_family"
    REMINDER_7_DAYS = "reminder_7_days"
    REMINDER_3_DAYS = "reminder_3_days"
    REMINDER_1_DAY = "reminder_1_day"
    REMINDER_MORNING = "reminder_morning"
    LINK = "link"
    CONTACT_CHANGED = "contact_changed"
    CALENDAR_TITLE = "calendar_title"
    PLACES_ADDED = "places_added"
    NO_DATE_YET = "no_date_yet"
    CALENDAR_LINK = "calendar_link"
    DECLINE_HEARD = "decline_heard"
    DECLINE_ASKED = "decline_asked"
    THANK_YOU = "thank_you"
    FEEDBACK_REMINDER = "feedback_reminder"
    WHAT_WE_HEARD = "what_we_heard"
    YOU_SAID_WE_DID = "you_said_we_did"
    NEWS_ASKED = "news_asked"
    NEWS = "news"
    STAFF_INVITED = "staff_invited"
    COMPLAINT_RECEIVED = "complaint_received"


class IssueOutcome(StrEnum):
    """What came of something that families raised. All but `done` need a reason."""

    DONE = "done"
    PARTLY = "partly"
    CANNOT_YET = "cannot_yet"
    CANNOT = "cannot"


class FeedbackOrigin(StrEnum):
    """How somebody came to tell us how a session was."""

    LINK = "link"
    QR = "qr"
    PAPER = "paper"


class FeedbackMethod(StrEnum):
    """How the answers of before and after belong together: the two ways are never counted as one.

    `paired`: "before" was given before the session. `retro`: both were asked side by side, after it.
    """

    PAIRED = "paired"
    RETRO = "retro"
    NONE = "none"


class TapState(StrEnum):
    """Whether what was decided at a door counts. What is held waits for a person."""

    COUNTS = "counts"
    HELD = "held"
    LEFT_OUT = "left_out"


class HeldReason(StrEnum):
    """Why something recorded on a phone cannot count by itself."""

    NO_PLACE = "no_place"
    HAS_PLACE = "has_place"
    NOT_THAT_DAY = "not_that_day"
    CALLED_OFF = "called_off"
    REVOKED = "revoked"
    NOT_ON_REGISTER = "not_on_register"
    NOT_ALLOWED = "not_allowed"
    UNREADABLE = "unreadable"


class CorrectionReason(StrEnum):
    """Why a register was corrected after it had been closed."""

    WRONG_PERSON = "wrong_person"
    TOLD_LATER = "told_later"
    PAPER_FOUND = "paper_found"
    OTHER = "other"
    PHONE_LATE = "phone_late"


REASONS_TO_CORRECT = tuple(reason for reason in CorrectionReason if reason != CorrectionReason.PHONE_LATE)
"""What a person can say; the last one is what a phone sends by itself."""


class InboundKind(StrEnum):
    """What a mail that reached our mailbox is."""

    CALENDAR_REPLY = "calendar_reply"
    BOUNCE = "bounce"
    PERSON = "person"
    MACHINE = "machine"
    UNREADABLE = "unreadable"


class ReplyAnswer(StrEnum):
    """What a family's calendar program answered for them (PARTSTAT)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class CallReason(StrEnum):
    """Why somebody of the team rings a family."""

    ASKED = "asked"
    NO_EMAIL = "no_email"
    REMINDER = "reminder"
    CANCELLED = "cancelled"
    OFFER = "offer"
    BOUNCED = "bounced"
    NOT_SENT = "not_sent"
    UNSURE = "unsure"


class CallOutcome(StrEnum):
    """How a call went."""

    SPOKE = "spoke"
    LEFT_WORD = "left_word"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    CANNOT_COME = "cannot_come"


class SubscriptionStatus(StrEnum):
    """Where a wish to be told about new sessions stands. Who stops is deleted."""

    ASKED = "asked"
    ACTIVE = "active"


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    TEXT = "text"


class MessageStatus(StrEnum):
    """The states of an outbox row (`design.md` rule 3)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    STALE = "stale"
    UNKNOWN = "unknown"


UNFINISHED = (MessageStatus.QUEUED, MessageStatus.SENDING)


class WishReason(StrEnum):
    """What a search did not find (M25)."""

    NOTHING_NEAR = "nothing_near"
    WRONG_TIME = "wrong_time"
    TOPIC = "topic"
    ONLINE = "online"
    PLACE = "place"


class AskedBy(StrEnum):
    """Why the privacy lead opens, copies or erases all that is kept of a family: a code, so that it names nobody."""

    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"
    FOR_THEM = "for_them"
    COMPLAINT = "complaint"


class ComplaintOutcome(StrEnum):
    """What was found when a complaint about data was looked into."""

    PUT_RIGHT = "put_right"
    PARTLY = "partly"
    NOTHING_WRONG = "nothing_wrong"
    TAKEN_BACK = "taken_back"


class StaffRole(StrEnum):
    """What a member of staff may do; `rules/permissions.py` is the table."""

    ORGANISER = "organiser"
    VENUE = "venue"
    FRONT_DESK = "front_desk"
    ACCESS_LEAD = "access_lead"
    INSIGHT = "insight"
    PRIVACY_LEAD = "privacy_lead"
    ADMIN = "admin"
