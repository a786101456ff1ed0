"""The attendance file that goes out and comes in again: its columns, and one place as one row."""

from __future__ import annotations

from datetime import datetime

from booking.clock import in_london
from booking.locality.kinds import Locality
from booking.rules.attendance_row import PlaceRow
from booking.rules.words import BookingStatus, CancelledBy, Outcome

COLUMNS = (
    "session_id",
    "title",
    "kind",
    "delivery",
    "venue",
    "venue_district",
    "starts_at",
    "ends_at",
    "capacity",
    "session_status",
    "booking_id",
    "family_id",
    "family_district",
    "adult_id",
    "origin",
    "booking_status",
    "booked_at",
    "cancelled_at",
    "outcome",
)
HELD, CANCELLED = "held", "cancelled"
CANCELLED_BY = {CancelledBy.FAMILY: "cancelled_by_family", CancelledBy.US: "cancelled_by_us"}


def to_values(row: PlaceRow, locality: Locality) -> list[str | int | None]:
    """Say one place in the file's words; nothing in it is personal."""
    return [
        row.session_id,
        row.title,
        row.kind,
        row.delivery,
        row.venue,
        _district(row.venue_district, locality),
        moment(row.starts_at),
        moment(row.ends_at),
        row.capacity,
        CANCELLED if row.is_cancelled else HELD,
        row.booking_id,
        row.family_id,
        _district(row.family_district, locality),
        row.adult_id,
        row.origin,
        booking_status(row.status, row.cancelled_by),
        moment(row.booked_at),
        moment(row.cancelled_at) if row.cancelled_at else "",
        _outcome(row),
    ]


def moment(at: datetime) -> str:
    """Write a moment as London's clock shows it, with its offset, to the second."""
    return in_london(at).replace(microsecond=0).isoformat()


def booking_status(status: BookingStatus, cancelled_by: CancelledBy | None) -> str:
    """Say a booking's status in the file's words: an offer not yet answered is still waiting."""
    if status == BookingStatus.CANCELLED:
        return CANCELLED_BY[cancelled_by or CancelledBy.US]
    return "confirmed" if status == BookingStatus.CONFIRMED else "waiting"


def _outcome(row: PlaceRow) -> str:
    """Leave the outcome empty where none was to be expected."""
    was_due = row.status == BookingStatus.CONFIRMED and not row.is_cancelled
    return row.outcome.value if was_due or row.outcome != Outcome.NOT_RECORDED else ""


def _district(code: str, locality: Locality) -> str:
    if code in ("", "unknown"):
        return ""
    return code if code == "outside" else locality.get_district(code).name
