"""Who of the staff may do what: one table of role and action."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from booking.rules.words import StaffRole


class Action(StrEnum):
    """What a staff page does; every staff and door route names exactly one."""

    SEE_SESSIONS = "see_sessions"
    EDIT_SESSIONS = "edit_sessions"
    EDIT_VENUES = "edit_venues"
    SEE_BOOKINGS = "see_bookings"
    SEE_NEEDS = "see_needs"
    RECORD_ATTENDANCE = "record_attendance"
    EXPORT_ATTENDANCE = "export_attendance"
    SEE_FIGURES = "see_figures"
    SEE_MESSAGES = "see_messages"
    MANAGE_STAFF = "manage_staff"


ALLOWED: dict[StaffRole, frozenset[Action]] = {
    StaffRole.ORGANISER: frozenset(Action) - {Action.MANAGE_STAFF},
    StaffRole.FRONT_DESK: frozenset({Action.SEE_SESSIONS, Action.RECORD_ATTENDANCE}),
    StaffRole.INSIGHT: frozenset({Action.SEE_SESSIONS, Action.SEE_FIGURES}),
    StaffRole.ADMIN: frozenset(Action),
}


def may(roles: Iterable[str], action: Action) -> bool:
    """Return whether anyone with these roles may do this. Unknown roles may nothing."""
    return any(action in ALLOWED[StaffRole(role)] for role in roles if role in set(StaffRole))
