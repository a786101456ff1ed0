"""Ask for an attendance list of many sessions: a reason, and a link that works once within a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from booking import clock
from booking.cipher import random_token, token_digest
from booking.extensions import db
from booking.models import AttendanceList
from booking.rules.attendance_lists import KEPT_FOR, ListColumn, Scope
from booking.services.record_audit import record_audit

SCREEN = "staff.attendance_lists"


def ask_attendance_list(scope: Scope, columns: Sequence[ListColumn], *, reason: str, staff_id: int) -> str:
    """Write down who asks for what and why; return the token of the link. The database keeps its digest alone."""
    token, now = random_token(), clock.now()
    asked = AttendanceList(
        staff_id=staff_id,
        link_digest=token_digest(token),
        reason=reason,
        scope=_plain(scope),
        columns=[column.value for column in columns],
        created_at=now,
        expires_at=now + KEPT_FOR,
    )
    db.session.add(asked)
    db.session.flush()
    record_audit(
        "ask_attendance_list",
        screen=SCREEN,
        subject_type="attendance_list",
        subject_id=asked.id,
        reason=reason,
        facts={"scope": asked.scope, "columns": asked.columns},
    )
    return token


def _plain(scope: Scope) -> dict[str, Any]:
    """Return a scope as it is kept; what was not chosen is left out."""
    chosen = {"venue_id": scope.venue_id, "district": scope.district, "kinds": [kind.value for kind in scope.kinds]}
    days = {"first": scope.first.isoformat(), "last": scope.last.isoformat()}
    return days | {name: value for name, value in chosen.items() if value}
