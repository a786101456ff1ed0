"""The attendance file that goes out and comes in again: its columns, and one place as one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from booking.clock import in_london
from booking.locality.kinds import Locality
from booking.rules.attendance_row import PlaceRow, PlaceSession
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


def to_values(rows: Iterable[PlaceRow], locality: Locality) -> Iterator[list[str | int | None]]:
    """Say places in the file's words; nothing in it is personal. A session's words are found once.

    Districts have their names of the day of the session, as whoever reads the file in again needs them.
    """
    session, about = None, list[str | int | None]()
    then, names = locality, _district_names(locality)
    for row in rows:
        if row.session is not session:
            session, on_day = row.session, locality.on(in_london(row.session.starts_at).date())
            if on_day is not then:
                then, names = on_day, _district_names(on_day)
            about = _of_session(row.session, then)
        yield [
            *about,
            row.booking_id,
            row.family_id,
            names[row.family_district],
            row.adult_id,
            row.origin,
            booking_status(row.status, row.cancelled_by),
            moment(row.booked_at),
            moment(row.cancelled_at) if row.cancelled_at else "",
            _outcome(row),
        ]


def _of_session(session: PlaceSession, locality: Locality) -> list[str | int | None]:
    return [
        session.session_id,
        session.title,
        session.kind,
        session.delivery,
        session.venue,
        _district(session.venue_district, locality),
        moment(session.starts_at),
        moment(session.ends_at),
        session.capacity,
        CANCELLED if session.is_cancelled else HELD,
    ]


def moment(at: datetime) -> str:
    """Write a moment as London's clock shows it, with its offset, to the second."""
    return in_london(at).isoformat(timespec="seconds")


def booking_status(status: BookingStatus, cancelled_by: CancelledBy | None) -> str:
    """Say a booking's status in the file's words: an offer not yet answered is still waiting."""
    if status == BookingStatus.CANCELLED:
        return CANCELLED_BY[cancelled_by or CancelledBy.US]
    return "confirmed" if status == BookingStatus.CONFIRMED else "waiting"


def _outcome(row: PlaceRow) -> str:
    """Leave the outcome empty where none was to be expected."""
    was_due = row.status == BookingStatus.CONFIRMED and not row.session.is_cancelled
    return row.outcome.value if was_due or row.outcome != Outcome.NOT_RECORDED else ""


def _district_names(locality: Locality) -> dict[str, str]:
    """Say every code as the district of the day that it leads to."""
    return {code: _district(code, locality) for code in locality.register} | {"": ""}


def _district(code: str, locality: Locality) -> str:
    if code in ("", "unknown"):
        return ""
    return code if code == "outside" else locality.get_district(code).name
