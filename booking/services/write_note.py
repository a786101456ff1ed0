"""Write a note about a booking for the next member of staff."""

from __future__ import annotations

from booking.extensions import db
from booking.models import Note
from booking.services.record_audit import actor_id, record_audit


def write_note(booking_id: int, text: str) -> Note:
    """Add one note; its words are sealed and stand in no audit."""
    note = Note(booking_id=booking_id, text=text, staff_id=actor_id())
    db.session.add(note)
    db.session.flush()
    record_audit("note written", screen="staff.booking", subject_type="booking", subject_id=booking_id)
    return note
