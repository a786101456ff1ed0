"""Note that a phone at the door has wiped the list."""

from __future__ import annotations

from booking import clock
from booking.extensions import db
from booking.models import DoorDevice
from booking.services.record_audit import record_audit


def note_wiped(device_id: int) -> None:
    """Write down when a phone said so first."""
    device = db.session.get_one(DoorDevice, device_id)
    if device.wiped_at is not None:
        return
    device.wiped_at = clock.now()
    facts = {"phone": device.number}
    record_audit("wipe door phone", screen="door.phone", subject_type="event", subject_id=device.event_id, facts=facts)
