"""Open a family's own calendar by its secret address."""

from __future__ import annotations

from booking.formats.tokens import calendar_token
from booking.models import Family
from booking.queries.family_calendar import find_family_by_calendar


def family_of_calendar(token: str) -> Family | None:
    """Return the family, or None. An address given out before the family's e-mail changed is void."""
    family = find_family_by_calendar(token)
    is_today = family is not None and family.email_hash is not None and calendar_token(family) == token.strip().lower()
    return family if is_today else None
