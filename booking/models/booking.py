"""Bookings, their places, and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedJson, SealedText, UtcDateTime
from booking.models.event import Event, Slot
from booking.models.family import Adult, Family
from booking.models.staff import Staff
from booking.models.supplier import Supplier
from booking.rules.words import (
    Alternative,
    BookingStatus,
    CancelledBy,
    CannotReason,
    ChangeKind,
    ContactBy,
    FamilyCancelReason,
    FamilyChoice,
    ForWhom,
    HelperKind,
    NeedState,
    Origin,
    Outcome,
    PersonKind,
    ReplyAnswer,
    StaffRole,
    ToldHow,
    Turn,
)


class Booking(Created, Base):
    """One family's booking of one session. `family` is None for an anonymous walk-in.

    `profile` is the snapshot `{"age_phase": [...], "support": [...], "need_area": [...]}` copied at booking.
    `ical_uid`, `ical_sequence`, `ical_address` and `ical_stamped_at` belong to the calendar entry in the family's own
    calendar: the last is the DTSTAMP of its last revision.
    `queued_at` is when it joined the waiting list and keeps its position; `offer_ends_at` when an offer lapses;
    `passed_at` when it let the places that are free now go to others, until another place becomes free.
    `second_slot_id` is the time right after the first, for who needs longer. `group_key` holds together the
    bookings of one course, which one link opens. `extends_id` is the booking whose family waits here for more
    places; once it has them they move there. `root_id` is the first booking of the chain that was begun from one
    another's pages: what is remembered shows along that chain alone. The helper is who booked for the family.
    `desk` is whom somebody wants to see who walked in and took no time. `turn` is how far a family got with the desk,
    since `turn_at`.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("children >= 0", name="children_not_negative"),
        Index("ix_booking_event_id_status", "event_id", "status"),
        Index("ix_booking_event_id_door_subject", "event_id", "door_subject", unique=True),
        # An id is never used twice: links are derived from it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id"), index=True)
    second_slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id"), index=True)
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), index=True)
    group_key: Mapped[str | None] = mapped_column(String(36), index=True)
    extends_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(unique=True)
    import_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    status: Mapped[BookingStatus] = mapped_column(Coded(BookingStatus))
    origin: Mapped[Origin] = mapped_column(Coded(Origin))
    lang: Mapped[str] = mapped_column(String(12), default="en")
    contact_by: Mapped[ContactBy] = mapped_column(Coded(ContactBy))
    email: Mapped[str | None] = mapped_column(SealedText("booking.email"))
    phone: Mapped[str | None] = mapped_column(SealedText("booking.phone"))
    may_text: Mapped[bool] = mapped_column(default=False, server_default=false())
    wants_morning_text: Mapped[bool] = mapped_column(default=False, server_default=false())
    helper_name: Mapped[str | None] = mapped_column(SealedText("booking.helper_name"))
    helper_kind: Mapped[HelperKind | None] = mapped_column(Coded(HelperKind))
    children: Mapped[int] = mapped_column(default=0)
    outcode: Mapped[str] = mapped_column(String(4), default="")
    district: Mapped[str] = mapped_column(String(40), default="unknown", index=True)
    profile: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("booking.profile"))
    question: Mapped[str | None] = mapped_column(SealedText("booking.question"))
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    offer_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    passed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    cancelled_by: Mapped[CancelledBy | None] = mapped_column(Coded(CancelledBy))
    cancel_reason: Mapped[FamilyCancelReason | None] = mapped_column(Coded(FamilyCancelReason))
    link_version: Mapped[int] = mapped_column(default=1)
    link_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    ical_uid: Mapped[str] = mapped_column(String(80), unique=True)
    ical_sequence: Mapped[int] = mapped_column(default=0)
    ical_address: Mapped[str | None] = mapped_column(SealedText("booking.ical_address"))
    ical_stamped_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    is_discreet: Mapped[bool] = mapped_column(default=False, server_default=false())
    reply_answer: Mapped[ReplyAnswer | None] = mapped_column(Coded(ReplyAnswer))
    reply_stamped_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    release_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    door_subject: Mapped[str | None] = mapped_column(String(40))
    is_first_time: Mapped[bool | None]
    desk: Mapped[str | None] = mapped_column(String(80))
    turn: Mapped[Turn | None] = mapped_column(Coded(Turn))
    turn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    event: Mapped[Event] = relationship()
    slot: Mapped[Slot | None] = relationship(foreign_keys=[slot_id])
    second_slot: Mapped[Slot | None] = relationship(foreign_keys=[second_slot_id])
    family: Mapped[Family | None] = relationship()
    places: Mapped[list[Place]] = relationship(
        back_populates="booking", order_by="Place.id", cascade="all, delete-orphan"
    )
    needs: Mapped[list[NeedRequest]] = relationship(
        back_populates="booking", order_by="NeedRequest.id", cascade="all, delete-orphan"
    )

    @property
    def starts_at(self) -> datetime:
        """When this family is expected: at its own time, where times are booked."""
        return (self.slot or self.event).starts_at

    @property
    def ends_at(self) -> datetime:
        """When this family is done: after the second time, if it has two."""
        return (self.second_slot or self.slot or self.event).ends_at


class Place(Base):
    """One person's place. Children are a number on the booking, never a place."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    adult_id: Mapped[int | None] = mapped_column(ForeignKey("adult.id"), index=True)
    kind: Mapped[PersonKind] = mapped_column(Coded(PersonKind), default=PersonKind.PARENT_CARER)
    outcome: Mapped[Outcome] = mapped_column(Coded(Outcome), default=Outcome.NOT_RECORDED)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    device: Mapped[str] = mapped_column(String(40), default="")

    booking: Mapped[Booking] = relationship(back_populates="places")
    adult: Mapped[Adult | None] = relationship()


class NeedRequest(Created, Base):
    """One thing that would make it easier to come. Which one it is, is sealed; how far it got, is not.

    It is seen to by a member of staff, or by whoever has `owner_role`. `cost_p` is pence. `reason`, `reason_words`,
    `alternative` and `tell_by` are there while we cannot do it, and `choice` is what the family says to what we
    offer. `arranged_at` is since when it is arranged, `told_at` when the family was told how it stands, `broken_at`
    when its place stopped having it. `state` is what staff say, even after the session; `family_outcome` is what the
    family says of it, and counts more.
    """

    __tablename__ = "need_request"
    __table_args__ = (CheckConstraint("cost_p >= 0", name="cost_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    code: Mapped[str] = mapped_column(SealedText("need_request.code"))
    detail: Mapped[str | None] = mapped_column(SealedText("need_request.detail"))
    state: Mapped[NeedState] = mapped_column(Coded(NeedState), default=NeedState.REQUESTED)
    for_whom: Mapped[ForWhom | None] = mapped_column(Coded(ForWhom))
    lead_ok: Mapped[bool]
    due_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    owner_role: Mapped[StaffRole | None] = mapped_column(Coded(StaffRole))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"), index=True)
    cost_p: Mapped[int | None]
    reason: Mapped[CannotReason | None] = mapped_column(Coded(CannotReason))
    reason_words: Mapped[str | None] = mapped_column(SealedText("need_request.reason_words"))
    alternative: Mapped[Alternative | None] = mapped_column(Coded(Alternative))
    choice: Mapped[FamilyChoice | None] = mapped_column(Coded(FamilyChoice))
    tell_by: Mapped[date | None]
    arranged_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    told_how: Mapped[ToldHow | None] = mapped_column(Coded(ToldHow))
    broken_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    family_outcome: Mapped[NeedState | None] = mapped_column(Coded(NeedState))
    family_said_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    booking: Mapped[Booking] = relationship(back_populates="needs")
    owner: Mapped[Staff | None] = relationship()
    supplier: Mapped[Supplier | None] = relationship()


class BookingChange(Base):
    """What happened to a booking, when and by whom (`family`, `system` or `staff:<id>`). Only ever added.

    `facts` holds counts, codes and moments, never anything personal.
    """

    __tablename__ = "booking_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    kind: Mapped[ChangeKind] = mapped_column(Coded(ChangeKind))
    actor: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
