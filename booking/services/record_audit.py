"""Write down who did or saw what, on which screen: rows are only ever added and hold nothing personal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import has_request_context
from flask_security import current_user

from booking import clock
from booking.extensions import db
from booking.models import AuditEntry
from booking.queries.who_looked import SHOWN

VIEW = "view"


def record_audit(
    action: str,
    *,
    screen: str,
    subject_type: str = "",
    subject_id: int | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    for_staff: int | None = None,
) -> AuditEntry:
    """Add one entry for the person who is signed in, or whose deed a worker carries out, or else for the system."""
    entry = AuditEntry(
        at=clock.now(),
        staff_id=for_staff if for_staff is not None else actor_id(),
        action=action,
        screen=screen,
        subject_type=subject_type,
        subject_id=subject_id,
        reason=reason,
        facts=facts or {},
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def record_view(
    *, screen: str, subject_type: str, subject_id: int | None = None, shown: Iterable[int | None] = (), via: str = ""
) -> AuditEntry:
    """Add the entry of a look at personal data: committed before the page is sent, or there is no page.

    `shown` are the numbers of the bookings on a page that lists several, so that a family can be told who saw it.
    `via` names a phone at the door, where nobody is signed in.
    """
    numbers = sorted({number for number in shown if number is not None})
    facts: dict[str, Any] = ({SHOWN: numbers} if numbers else {}) | ({"via": via} if via else {})
    return record_audit(VIEW, screen=screen, subject_type=subject_type, subject_id=subject_id, facts=facts or None)


def actor() -> str:
    """Return who acts, as a `BookingChange` names it: `staff:<id>`, or `system` when nobody is signed in."""
    who = actor_id()
    return f"staff:{who}" if who is not None else "system"


def actor_id() -> int | None:
    """Return the number of the member of staff who acts, if one is signed in."""
    if has_request_context() and current_user.is_authenticated:
        return int(current_user.id)
    return None
