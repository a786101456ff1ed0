"""Take away what has been kept long enough, as `rules/retention.py` says. The figures stay: they know no names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update

from booking import clock
from booking.extensions import db
from booking.models import (
    Adult,
    AttendanceImport,
    AttendanceList,
    AuditEntry,
    Base,
    Booking,
    Call,
    Complaint,
    ComplaintNote,
    DoorDevice,
    DoorEvent,
    Draft,
    Erasure,
    Event,
    Family,
    Feedback,
    Heard,
    HeardFile,
    HeldForm,
    Inbound,
    Issue,
    Message,
    NeedRequest,
    Note,
    PlaceReport,
    RememberedNeed,
    Staff,
    Subscription,
    Wish,
)
from booking.queries.sweeps import SWEPT
from booking.rules.retention import FOOD, Kept, gone_before, retention_of
from booking.rules.words import LIVE, UNFINISHED, EventStatus, SubscriptionStatus
from booking.services.drop_lost_parts import drop_lost_parts
from booking.services.index_names import index_names
from booking.services.record_audit import VIEW, record_audit
from booking.services.stop_subscription import drop_subscriptions

BATCH = 500
NO_CONTACT: dict[str, Any] = {
    "email": None,
    "phone": None,
    "ical_address": None,
    "helper_name": None,
    "may_text": False,
    "wants_morning_text": False,
    "outcode": "",
}
NO_CODE: dict[str, Any] = {"email_hash": None, "phone_hash": None, "import_hash": None, "calendar_digest": None}
NO_LINK: dict[str, Any] = {"booking_id": None, "link_digest": None, "sent_once": None}
NO_FEEDBACK_WORDS: dict[str, Any] = {"change": None, "may_quote": False}
NO_DOOR_WORDS: dict[str, Any] = {"words": None}
NO_DOOR_KEYS: dict[str, Any] = {"private_key": None, "link_digest": None, "send_digest": None, "read_digest": None}
NO_DETAIL: dict[str, Any] = {"detail": None, "reason_words": None}


@dataclass(frozen=True, kw_only=True, eq=False)
class Broom:
    """One row of the table, put to work: which rows of which table, and what becomes of them.

    They are emptied (`leave`), given to `drop` where other rows hang on them, or else deleted.
    """

    kept: Kept
    model: type[Base]
    find: Callable[[datetime], Sequence[int]]
    leave: dict[str, Any] | None = field(default=None)
    drop: Callable[[Sequence[int]], None] | None = None


def sweep_old(*, dry_run: bool = False) -> dict[str, int]:
    """Return how many rows of each kind are (or, on a dry run, would be) swept. A second run finds nothing.

    It locks no session and touches none that is still to come: bookings go on meanwhile.
    """
    today = clock.today()
    found = {broom: broom.find(_before(broom.kept, today=today)) for broom in _BROOMS}
    if not dry_run:
        for broom, ids in found.items():
            _sweep(broom, ids)
        drop_lost_parts()
        index_names()
        db.session.expire_all()
    counts: dict[str, int] = {}
    for broom, ids in found.items():
        counts[broom.kept.value] = counts.get(broom.kept.value, 0) + len(ids)
    if not dry_run:
        record_audit(SWEPT, screen="sweep", facts=counts)
    return counts


def _before(kept: Kept, *, today: date) -> datetime:
    """Return the moment to sweep by. What is counted in hours carries its own end: that one must be past."""
    return clock.now() if retention_of(kept).hours else gone_before(kept, today=today)


def _sweep(broom: Broom, ids: Sequence[int]) -> None:
    key: Any = broom.model.__table__.c.id
    for start in range(0, len(ids), BATCH):
        if broom.drop:
            broom.drop(ids[start : start + BATCH])
            continue
        rows = key.in_(ids[start : start + BATCH])
        deed = delete(broom.model).where(rows) if broom.leave is None else _leave(broom, rows)
        db.session.execute(deed.execution_options(synchronize_session=False))


def _leave(broom: Broom, rows: Any) -> Any:
    return update(broom.model).where(rows).values(**(broom.leave or {}))


def _is_over(before: datetime) -> Any:
    """A session that ended before then. One that waits for its new date is still to come."""
    return and_(Event.ends_at < before, ~_waits_for_a_date())


def _waits_for_a_date() -> Any:
    return and_(Event.new_date_pending.is_(True), Event.status == EventStatus.PUBLISHED)


def _idle_families(before: datetime) -> Sequence[int]:
    """Families whose last booking, and whose last session, were before then; locked, so that none books meanwhile."""
    still_here = (
        select(Booking.family_id)
        .join(Event, Event.id == Booking.event_id)
        .where(
            Booking.family_id.is_not(None),
            or_(
                Event.ends_at >= before,
                Booking.created_at >= before,
                and_(_waits_for_a_date(), Booking.status.in_(LIVE)),
            ),
        )
    )
    itself = func.coalesce(Family.joined_id, Family.id)
    is_idle = and_(Family.created_at < before, itself.not_in(still_here))
    locked = list(db.session.scalars(select(Family.id).where(is_idle).order_by(Family.id).with_for_update()))
    # On PostgreSQL a booking may have been committed while the locks were waited for: look again.
    return [row for row in db.session.scalars(select(Family.id).where(is_idle)) if row in set(locked)]


def _need_details(before: datetime, *, food: bool) -> Sequence[int]:
    rows = db.session.execute(
        select(NeedRequest.id, NeedRequest.code)
        .join(Booking, Booking.id == NeedRequest.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .where(or_(NeedRequest.detail.is_not(None), NeedRequest.reason_words.is_not(None)), _is_over(before))
    )
    return [row.id for row in rows if (row.code in FOOD) == food]


def _questions(before: datetime) -> Sequence[int]:
    statement = select(Booking.id).join(Event, Event.id == Booking.event_id)
    return db.session.scalars(statement.where(Booking.question.is_not(None), _is_over(before))).all()


def _contacts(before: datetime) -> Sequence[int]:
    has_contact = or_(
        Booking.email.is_not(None),
        Booking.phone.is_not(None),
        Booking.ical_address.is_not(None),
        Booking.helper_name.is_not(None),
        Booking.outcode != "",
    )
    idle = set(_idle_families(before))
    rows = db.session.execute(
        select(Booking.id, Booking.family_id)
        .join(Event, Event.id == Booking.event_id)
        .where(has_contact, _is_over(before))
    )
    return [row.id for row in rows if row.family_id is None or row.family_id in idle]


def _names(before: datetime) -> Sequence[int]:
    idle = set(_idle_families(before))
    rows = db.session.execute(select(Adult.id, Adult.family_id).where(Adult.name.is_not(None)))
    return [row.id for row in rows if row.family_id in idle]


def _remembered(before: datetime) -> Sequence[int]:
    idle = set(_idle_families(before))
    rows = db.session.execute(select(RememberedNeed.id, RememberedNeed.family_id))
    return [row.id for row in rows if row.family_id in idle]


def _family_codes(before: datetime) -> Sequence[int]:
    has_code = or_(*(getattr(Family, name).is_not(None) for name in NO_CODE))
    coded = set(db.session.scalars(select(Family.id).where(has_code)))
    return [family for family in _idle_families(before) if family in coded]


def _adult_codes(before: datetime) -> Sequence[int]:
    idle = set(_idle_families(before))
    rows = db.session.execute(select(Adult.id, Adult.family_id).where(Adult.import_hash.is_not(None)))
    return [row.id for row in rows if row.family_id in idle]


def _messages(before: datetime) -> Sequence[int]:
    """Messages that are done with, whose session was before then: until then a cancellation may need them."""
    return db.session.scalars(
        select(Message.id)
        .outerjoin(Booking, Booking.id == Message.booking_id)
        .outerjoin(Event, Event.id == Booking.event_id)
        .where(
            Message.status.not_in(UNFINISHED),
            Message.created_at < before,
            or_(Message.booking_id.is_(None), _is_over(before)),
        )
    ).all()


def _calls(before: datetime) -> Sequence[int]:
    statement = select(Call.id).join(Booking, Booking.id == Call.booking_id).join(Event, Event.id == Booking.event_id)
    return db.session.scalars(statement.where(_is_over(before))).all()


def _notes(before: datetime) -> Sequence[int]:
    statement = select(Note.id).join(Booking, Booking.id == Note.booking_id).join(Event, Event.id == Booking.event_id)
    return db.session.scalars(statement.where(_is_over(before))).all()


def _written(before: datetime) -> Sequence[int]:
    """Mail that came in before then, unless it is about a session that is not over so long."""
    return db.session.scalars(
        select(Inbound.id)
        .outerjoin(Booking, Booking.id == Inbound.booking_id)
        .outerjoin(Event, Event.id == Booking.event_id)
        .where(Inbound.created_at < before, or_(Inbound.booking_id.is_(None), _is_over(before)))
    ).all()


def _wishes(before: datetime) -> Sequence[int]:
    return db.session.scalars(select(Wish.id).where(Wish.text.is_not(None), Wish.created_at < before)).all()


def _place_reports(before: datetime) -> Sequence[int]:
    statement = select(PlaceReport.id).where(PlaceReport.text.is_not(None), PlaceReport.created_at < before)
    return db.session.scalars(statement).all()


def _unsaid(before: datetime) -> Sequence[int]:
    """What was asked of a session and never answered: what was said before it alone tells nothing."""
    statement = select(Feedback.id).join(Event, Event.id == Feedback.event_id)
    return db.session.scalars(statement.where(Feedback.answered_at.is_(None), _is_over(before))).all()


def _feedback_links(before: datetime) -> Sequence[int]:
    has_link = or_(*(getattr(Feedback, name).is_not(None) for name in NO_LINK))
    statement = select(Feedback.id).join(Event, Event.id == Feedback.event_id)
    return db.session.scalars(statement.where(Feedback.answered_at.is_not(None), has_link, _is_over(before))).all()


def _feedback_words(before: datetime) -> Sequence[int]:
    statement = select(Feedback.id).where(Feedback.change.is_not(None), Feedback.answered_at < before)
    return db.session.scalars(statement).all()


def _issues(before: datetime) -> Sequence[int]:
    return db.session.scalars(select(Issue.id).where(Issue.text.is_not(None), Issue.raised_at < before)).all()


def _heard(model: type[Heard | HeardFile], before: datetime) -> Sequence[int]:
    return db.session.scalars(select(model.id).join(Event, Event.id == model.event_id).where(_is_over(before))).all()


def _door_words(before: datetime) -> Sequence[int]:
    statement = select(DoorEvent.id).join(Event, Event.id == DoorEvent.event_id)
    return db.session.scalars(statement.where(DoorEvent.words.is_not(None), _is_over(before))).all()


def _door_keys(before: datetime) -> Sequence[int]:
    has_key = or_(*(getattr(DoorDevice, name).is_not(None) for name in NO_DOOR_KEYS))
    statement = select(DoorDevice.id).join(Event, Event.id == DoorDevice.event_id)
    return db.session.scalars(statement.where(has_key, _is_over(before))).all()


def _unconfirmed(before: datetime) -> Sequence[int]:
    """Wishes for news that nobody has said yes to; locked, so that nobody says it meanwhile."""
    return db.session.scalars(
        select(Subscription.id)
        .where(Subscription.status == SubscriptionStatus.ASKED, Subscription.created_at < before)
        .order_by(Subscription.id)
        .with_for_update()
    ).all()


def _drafts(now: datetime) -> Sequence[int]:
    return db.session.scalars(select(Draft.id).where(Draft.expires_at < now)).all()


def _complaints(before: datetime) -> Sequence[int]:
    return db.session.scalars(select(Complaint.id).where(Complaint.answered_at < before)).all()


def _drop_complaints(ids: Sequence[int]) -> None:
    """Delete them with their notes; the mail that confirmed one is about nothing any more."""
    db.session.execute(update(Message).where(Message.complaint_id.in_(ids)).values(complaint_id=None))
    db.session.execute(delete(ComplaintNote).where(ComplaintNote.complaint_id.in_(ids)))
    db.session.execute(delete(Complaint).where(Complaint.id.in_(ids)))


def _erasures(before: datetime) -> Sequence[int]:
    return db.session.scalars(select(Erasure.id).where(Erasure.at < before)).all()


def _held_forms(now: datetime) -> Sequence[int]:
    return db.session.scalars(select(HeldForm.id).where(HeldForm.expires_at < now)).all()


def _attendance_imports(now: datetime) -> Sequence[int]:
    return db.session.scalars(select(AttendanceImport.id).where(AttendanceImport.expires_at < now)).all()


def _lists_asked(before: datetime) -> Sequence[int]:
    return db.session.scalars(select(AttendanceList.id).where(AttendanceList.created_at < before)).all()


def _who_left(before: datetime) -> Sequence[int]:
    """People who are no staff any more and of whose doings, and of whose leaving, nothing later is kept."""
    did = select(AuditEntry.staff_id).where(AuditEntry.at >= before, AuditEntry.staff_id.is_not(None))
    was = select(AuditEntry.subject_id).where(
        AuditEntry.at >= before, AuditEntry.subject_type == "staff", AuditEntry.subject_id.is_not(None)
    )
    return db.session.scalars(
        select(Staff.id).where(
            Staff.active.is_(False),
            Staff.created_at < before,
            Staff.name != "",
            Staff.id.not_in(did),
            Staff.id.not_in(was),
        )
    ).all()


def _forget_staff(ids: Sequence[int]) -> None:
    """Take away name and address; the address must be there and be nobody else's."""
    for number in ids:
        nobody = {"name": "", "email": f"left-{number}@removed.invalid"}
        db.session.execute(update(Staff).where(Staff.id == number).values(**nobody))


def _entries(before: datetime, *, views: bool) -> Sequence[int]:
    is_view = AuditEntry.action == VIEW
    return db.session.scalars(select(AuditEntry.id).where(AuditEntry.at < before, is_view if views else ~is_view)).all()


_BROOMS = (
    Broom(kept=Kept.DRAFT, model=Draft, find=_drafts),
    Broom(kept=Kept.DOOR_WORDS, model=DoorEvent, find=_door_words, leave=NO_DOOR_WORDS),
    Broom(kept=Kept.DOOR_KEY, model=DoorDevice, find=_door_keys, leave=NO_DOOR_KEYS),
    Broom(
        kept=Kept.NEED_DETAIL,
        model=NeedRequest,
        find=lambda before: _need_details(before, food=False),
        leave=NO_DETAIL,
    ),
    Broom(
        kept=Kept.DIET,
        model=NeedRequest,
        find=lambda before: _need_details(before, food=True),
        leave=NO_DETAIL,
    ),
    Broom(kept=Kept.QUESTION, model=Booking, find=_questions, leave={"question": None}),
    Broom(kept=Kept.CONTACT, model=Booking, find=_contacts, leave=NO_CONTACT),
    Broom(kept=Kept.CONTACT, model=Adult, find=_names, leave={"name": None}),
    Broom(kept=Kept.REMEMBERED, model=RememberedNeed, find=_remembered),
    Broom(kept=Kept.FAMILY_CODE, model=Family, find=_family_codes, leave=NO_CODE),
    Broom(kept=Kept.FAMILY_CODE, model=Adult, find=_adult_codes, leave={"import_hash": None}),
    Broom(kept=Kept.MESSAGE, model=Message, find=_messages),
    Broom(kept=Kept.CALL, model=Call, find=_calls),
    Broom(kept=Kept.CALL, model=Note, find=_notes),
    Broom(kept=Kept.WRITTEN, model=Inbound, find=_written),
    Broom(kept=Kept.WISH_TEXT, model=Wish, find=_wishes, leave={"text": None}),
    Broom(kept=Kept.PLACE_REPORT, model=PlaceReport, find=_place_reports, leave={"text": None}),
    Broom(kept=Kept.FEEDBACK_LINK, model=Feedback, find=_unsaid),
    Broom(kept=Kept.FEEDBACK_LINK, model=Feedback, find=_feedback_links, leave=NO_LINK),
    Broom(kept=Kept.FEEDBACK_WORDS, model=Feedback, find=_feedback_words, leave=NO_FEEDBACK_WORDS),
    Broom(kept=Kept.ISSUE, model=Issue, find=_issues, leave={"text": None}),
    Broom(kept=Kept.HEARD, model=Heard, find=lambda before: _heard(Heard, before)),
    Broom(kept=Kept.HEARD, model=HeardFile, find=lambda before: _heard(HeardFile, before)),
    Broom(kept=Kept.NEWS_ASKED, model=Subscription, find=_unconfirmed, drop=drop_subscriptions),
    Broom(kept=Kept.VIEWS, model=AuditEntry, find=lambda before: _entries(before, views=True)),
    Broom(kept=Kept.CHANGES, model=AuditEntry, find=lambda before: _entries(before, views=False)),
    Broom(kept=Kept.COMPLAINT, model=Complaint, find=_complaints, drop=_drop_complaints),
    Broom(kept=Kept.ERASED, model=Erasure, find=_erasures),
    Broom(kept=Kept.STAFF_TYPED, model=HeldForm, find=_held_forms),
    Broom(kept=Kept.FILE_GIVEN, model=AttendanceImport, find=_attendance_imports),
    Broom(kept=Kept.LIST_ASKED, model=AttendanceList, find=_lists_asked),
    Broom(kept=Kept.STAFF_LEFT, model=Staff, find=_who_left, drop=_forget_staff),
)
SWEPT_KINDS = {broom.kept for broom in _BROOMS}
