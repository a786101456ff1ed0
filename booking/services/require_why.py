"""Ask for the reason of whatever is changed in a register that is closed."""

from __future__ import annotations

from booking.errors import Refusal
from booking.models import Event
from booking.rules.words import CorrectionReason


class AsksWhy(Refusal):
    """The register is closed: a correction is kept with its reason, and there is none yet."""


def require_why(event: Event, why: CorrectionReason | None) -> CorrectionReason | None:
    """Return the reason to keep: none while the register is open. Raise AsksWhy when it is closed and nobody says why.

    The session is locked.
    """
    if event.register_closed_at is None:
        return None
    if why is None:
        raise AsksWhy("Say why you correct the register. It is closed.")
    return why
