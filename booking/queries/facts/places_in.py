"""In which district of a day a place counts that was written down under a code, perhaps years ago."""

from __future__ import annotations

from booking.locality.kinds import Locality
from booking.rules.engagement.facts import ONLINE
from booking.rules.engagement.metric import UNKNOWN


def district_in(area: Locality, code: str | None) -> str:
    """Give the district of the area's day that a code leads to; not known where nobody can tell."""
    return ONLINE if code == ONLINE else area.code_of(code or UNKNOWN) or UNKNOWN
