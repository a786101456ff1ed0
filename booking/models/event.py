"""Sessions (`Event` in code) and the timed slots of some."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedText, UtcDateTime
from booking.models.venue import Venue
from booking.rules.places import BookingWindow
from booking.rules.words import (
    BookingMode,
    Delivery,
    EventCancelReason,
    EventKind,
    EventStatus,
    Participation,
)


class Series(Created, Base):
    """Sessions that belong together: a course of six Tuesdays, or a coffee morning each month.

    A course is `booked_together`: whole or one by one (J8). The dates of any other series are known to staff alone
    as such: they change them in one go.
    """

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(140))
    summary: Mapped[str] = mapped_column(String(300), default="")
    booked_together: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_demo: Mapped[bool] = mapped_column(default=False)

    events: Mapped[list[Event]] = relationship(back_populates="series", order_by="Event.starts_at, Event.id")


class Event(Created, Base):
    """A forum, a drop-in, a webinar … `capacity` None means no limit.

    `places_taken` counts the participants' places of confirmed and offered bookings, or, where slots are
    booked, the appointments; only code holding the row's lock writes it (`services/locks.py`).
    `greeter` says who greets people at the door, and how to know them.
    `agenda` is a list of `{"minutes": int, "what": str}`; `people` a list of role names; `workstreams` of numbers.
    `co_production` lists what is true of it (`CoProduction`).
    Booking opens `opens_days_before` and ends `ends_hours_before` (None: at once, and when it begins).
    `topics` are codes of `locality/`; `busiest` says in words when an open drop-in is full and how long people wait;
    `reminders_off` lists the reminders (`MessageKind`) that are not sent; `postponed_at` is when it was put off
    without a new date.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("places_taken >= 0", name="places_not_negative"),
        CheckConstraint("capacity IS NULL OR places_taken <= capacity", name="never_overbooked"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_event_status_starts_at", "status", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    import_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(140))
    summary: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[EventKind] = mapped_column(Coded(EventKind))
    delivery: Mapped[Delivery] = mapped_column(Coded(Delivery))
    booking_mode: Mapped[BookingMode] = mapped_column(Coded(BookingMode))
    walk_ins_allowed: Mapped[bool] = mapped_column(default=True)
    status: Mapped[EventStatus] = mapped_column(Coded(EventStatus), default=EventStatus.DRAFT)
    cancel_reason: Mapped[EventCancelReason | None] = mapped_column(Coded(EventCancelReason))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    new_date_pending: Mapped[bool] = mapped_column(default=False)
    postponed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"), index=True)
    room: Mapped[str] = mapped_column(String(80), default="")
    join_url: Mapped[str | None] = mapped_column(SealedText("event.join_url"))
    dial_in: Mapped[str | None] = mapped_column(SealedText("event.dial_in"))
    capacity: Mapped[int | None]
    places_taken: Mapped[int] = mapped_column(default=0)
    audience: Mapped[str] = mapped_column(String(120), default="", server_default="")
    host: Mapped[str] = mapped_column(String(80), default="")
    greeter: Mapped[str] = mapped_column(String(200), default="", server_default="")
    people: Mapped[list[str]] = mapped_column(JSON, default=list)
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    participation: Mapped[Participation] = mapped_column(Coded(Participation), default=Participation.CONSULT)
    co_production: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    workstreams: Mapped[list[int]] = mapped_column(JSON, default=list)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    busiest: Mapped[str] = mapped_column(String(120), default="", server_default="")
    opens_days_before: Mapped[int | None]
    ends_hours_before: Mapped[int | None]
    reminders_off: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    feed_uid: Mapped[str] = mapped_column(String(80), unique=True)
    feed_sequence: Mapped[int] = mapped_column(default=0)
    first_published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    register_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

    series: Mapped[Series | None] = relationship(back_populates="events")
    venue: Mapped[Venue | None] = relationship()
    slots: Mapped[list[Slot]] = relationship(
        back_populates="event", order_by="Slot.starts_at, Slot.id", cascade="all, delete-orphan"
    )

    @property
    def window(self) -> BookingWindow:
        """When families can book for themselves."""
        return BookingWindow(
            starts_at=self.starts_at,
            opens_days_before=self.opens_days_before,
            ends_hours_before=self.ends_hours_before,
        )

    @property
    def is_put_off(self) -> bool:
        """Whether families wait for a new date."""
        return self.status == EventStatus.PUBLISHED and self.new_date_pending


class Slot(Base):
    """A time with a professional. `capacity` is appointments at this time (desks of that role)."""

    __tablename__ = "slot"
    __table_args__ = (
        CheckConstraint("places_taken >= 0", name="places_not_negative"),
        CheckConstraint("places_taken <= capacity", name="never_overbooked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    capacity: Mapped[int]
    places_taken: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship(back_populates="slots")


class MayCome(Created, Base):
    """Somebody who may come to an open drop-in: numbers only, so that staff can plan. Never a booking (J4)."""

    __tablename__ = "may_come"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    adults: Mapped[int]
    children: Mapped[int] = mapped_column(default=0)
