"""Who of the staff may do what: one table of role and action, and how far each right reaches."""

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
    KEEP_FIGURES = "keep_figures"
    SEE_MESSAGES = "see_messages"
    MANAGE_STAFF = "manage_staff"
    SEE_AUDIT = "see_audit"
    ANSWER_FAMILIES = "answer_families"
    READ_FEEDBACK = "read_feedback"
    FOLLOW_ISSUES = "follow_issues"


class Reach(StrEnum):
    """How far a right reaches: everywhere, to one's own sessions, or to these on their day alone."""

    ALL = "all"
    OWN = "own"
    THAT_DAY = "that_day"


ALLOWED: dict[StaffRole, dict[Action, Reach]] = {
    StaffRole.ORGANISER: {
        Action.SEE_SESSIONS: Reach.ALL,
        Action.EDIT_SESSIONS: Reach.OWN,
        Action.EDIT_VENUES: Reach.ALL,
        Action.SEE_BOOKINGS: Reach.OWN,
        Action.SEE_NEEDS: Reach.OWN,
        Action.RECORD_ATTENDANCE: Reach.OWN,
        Action.EXPORT_ATTENDANCE: Reach.OWN,
        Action.SEE_FIGURES: Reach.ALL,
        Action.SEE_MESSAGES: Reach.OWN,
        Action.FOLLOW_ISSUES: Reach.OWN,
    },
    StaffRole.VENUE: {Action.SEE_SESSIONS: Reach.ALL, Action.EDIT_VENUES: Reach.ALL},
    StaffRole.FRONT_DESK: {Action.SEE_SESSIONS: Reach.ALL, Action.RECORD_ATTENDANCE: Reach.THAT_DAY},
    StaffRole.ACCESS_LEAD: {
        Action.SEE_SESSIONS: Reach.ALL,
        Action.SEE_BOOKINGS: Reach.ALL,
        Action.SEE_NEEDS: Reach.ALL,
        Action.EDIT_VENUES: Reach.ALL,
    },
    StaffRole.INSIGHT: {
        Action.SEE_SESSIONS: Reach.ALL,
        Action.SEE_FIGURES: Reach.ALL,
        Action.KEEP_FIGURES: Reach.ALL,
        Action.READ_FEEDBACK: Reach.ALL,
        Action.FOLLOW_ISSUES: Reach.ALL,
    },
    StaffRole.PRIVACY_LEAD: {
        Action.SEE_SESSIONS: Reach.ALL,
        Action.SEE_AUDIT: Reach.ALL,
        Action.ANSWER_FAMILIES: Reach.ALL,
    },
    StaffRole.ADMIN: {Action.SEE_SESSIONS: Reach.ALL, Action.EDIT_VENUES: Reach.ALL, Action.MANAGE_STAFF: Reach.ALL},
}
"""An admin sees no family: whoever is to see one has the role for it, and that is written down."""

PERSONAL = frozenset(
    {
        Action.EDIT_SESSIONS,
        Action.SEE_BOOKINGS,
        Action.SEE_NEEDS,
        Action.RECORD_ATTENDANCE,
        Action.EXPORT_ATTENDANCE,
        Action.SEE_MESSAGES,
        Action.MANAGE_STAFF,
        Action.SEE_AUDIT,
        Action.ANSWER_FAMILIES,
        Action.READ_FEEDBACK,
    }
)
"""What shows somebody's data, or hands out the right to see it: nobody does it with a password alone."""

HAS_SESSIONS = (StaffRole.ORGANISER, StaffRole.FRONT_DESK)
"""The roles whose rights reach to sessions that are theirs."""


def may(roles: Iterable[str], action: Action) -> bool:
    """Return whether anyone with these roles may do this anywhere. Unknown roles may nothing."""
    return bool(reaches(roles, action))


def reaches(roles: Iterable[str], action: Action) -> frozenset[Reach]:
    """Return how far these roles reach with an action; nothing, if they may not do it at all."""
    known = [StaffRole(role) for role in roles if role in set(StaffRole)]
    return frozenset(ALLOWED[role][action] for role in known if action in ALLOWED[role])


def covers(reach: Iterable[Reach], *, is_own: bool, is_the_day: bool) -> bool:
    """Return whether rights that reach so far cover a session that is one's own or not, on its day or not."""
    found = set(reach)
    return Reach.ALL in found or (is_own and (Reach.OWN in found or (Reach.THAT_DAY in found and is_the_day)))


def needs_second_step(roles: Iterable[str]) -> bool:
    """Return whether somebody with these roles signs in with a code as well."""
    held = list(roles)
    return any(may(held, action) for action in PERSONAL)


def leaves_an_admin(admins: Iterable[int], *, without: int) -> bool:
    """Return whether there still is an admin when this person is none any more."""
    return any(admin != without for admin in admins)
