"""Decide what a calendar's answer means for a booking."""

from __future__ import annotations

from booking.formats.incoming import IncomingMail
from booking.models import Inbound


def note_reply(mail: IncomingMail, inbound: Inbound) -> str:
    """Return the verdict on a calendar's answer. The answer itself is kept with the row, and changes nothing."""
    if mail.calendar:
        inbound.facts = {"method": mail.calendar.method[:20], "answer": mail.calendar.partstat[:20]}
    return ""
