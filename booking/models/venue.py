"""Places where sessions happen, and what is known of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedText, UtcDateTime
from booking.rules.words import FactAnswer


class Venue(Created, Base):
    """A place. `easting` and `northing` are OS grid metres; `fire_limit` is people in the building.

    `arrival_steps` are sentences in order, from the street to the room; `leaving` says how to leave, at any time.
    """

    __tablename__ = "venue"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(Text, default="")
    town: Mapped[str] = mapped_column(String(80))
    outcode: Mapped[str] = mapped_column(String(4))
    postcode: Mapped[str] = mapped_column(String(8), default="")
    district: Mapped[str] = mapped_column(String(40), index=True)
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    capacity: Mapped[int | None]
    fire_limit: Mapped[int | None]
    directions: Mapped[str] = mapped_column(Text, default="")
    arrival_steps: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    leaving: Mapped[str] = mapped_column(Text, default="", server_default="")
    last_bus: Mapped[str] = mapped_column(String(120), default="", server_default="")
    is_confidential: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False, index=True)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    photos: Mapped[list[Photo]] = relationship(
        back_populates="venue", order_by="Photo.position, Photo.id", cascade="all, delete-orphan"
    )
    facts: Mapped[list[VenueFact]] = relationship(back_populates="venue", cascade="all, delete-orphan")
    rooms: Mapped[list[Room]] = relationship(
        back_populates="venue", order_by="Room.key, Room.id", cascade="all, delete-orphan"
    )


class Room(Created, Base):
    """A room of a place. `capacity` is how many we book, `fire_limit` how many may be inside.

    `key` is the name as two spellings share it: a session names its room in words (`Event.room`), and is held in this
    one when the words are the same.
    """

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("venue_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(240))
    capacity: Mapped[int | None]
    fire_limit: Mapped[int | None]

    venue: Mapped[Venue] = relationship(back_populates="rooms")


class VenueHire(Created, Base):
    """Whom to ask for the key and what the hire costs: for staff alone, so it is no part of the place that pages load.

    The code of an alarm is never here: `has_alarm` says that it lies in the safe.
    """

    __tablename__ = "venue_hire"

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), unique=True)
    keyholder: Mapped[str | None] = mapped_column(SealedText("venue_hire.keyholder"))
    phone: Mapped[str | None] = mapped_column(SealedText("venue_hire.phone"))
    cost: Mapped[str | None] = mapped_column(SealedText("venue_hire.cost"))
    way_in: Mapped[str | None] = mapped_column(SealedText("venue_hire.way_in"))
    has_alarm: Mapped[bool] = mapped_column(default=False)


class VenueFact(Base):
    """One checked fact about a place, by whom and when. `code` is a fact kind of the locality."""

    __tablename__ = "venue_fact"
    __table_args__ = (UniqueConstraint("venue_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40), index=True)
    answer: Mapped[FactAnswer] = mapped_column(Coded(FactAnswer))
    note: Mapped[str] = mapped_column(Text, default="")
    checked_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(String(80), default="")

    venue: Mapped[Venue] = relationship(back_populates="facts")


class Photo(Created, Base):
    """A picture of a place, made small and stripped of what cameras add. `digest` is the SHA-256 of `image`.

    `alt` says in words what it shows; `fact_code` is the fact that it shows, empty for the place in general; `width`
    and `height` are pixels.
    """

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("venue_id", "digest"),
        CheckConstraint("alt <> ''", name="has_alternative_text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(String(300))
    fact_code: Mapped[str] = mapped_column(String(40), default="", server_default="")
    digest: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    image: Mapped[bytes] = mapped_column(LargeBinary)

    venue: Mapped[Venue] = relationship(back_populates="photos")
