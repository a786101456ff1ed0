"""Whether the person at the door may write in a register now, and what to say if not."""

from __future__ import annotations

from flask_babel import gettext as _

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db
from booking.formats.words_for import clock_time, long_date
from booking.models import Event
from booking.rules.door import OPENS_BEFORE, RegisterState, register_state
from booking.rules.permissions import Action
from booking.web.shared.access import may_now


def why_shut(event: Event) -> str:
    """Return one sentence that says why nothing can be recorded now; empty when it can."""
    state = register_state(
        status=event.status,
        new_date_pending=event.new_date_pending,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        now=clock.now(),
        is_organiser=may_now(Action.EDIT_SESSIONS, event.id),
    )
    opens = event.starts_at - OPENS_BEFORE
    sentences = {
        RegisterState.OPEN: "",
        RegisterState.TOO_EARLY: _(
            "The register opens on %(day)s at %(time)s.", day=long_date(opens), time=clock_time(opens)
        ),
        RegisterState.TOO_LATE: _("The day of this session is over. Ask its organiser to correct the register."),
        RegisterState.NOT_PUBLISHED: _("This session is not published."),
        RegisterState.CANCELLED: _("This session was cancelled. There is nothing to record."),
        RegisterState.POSTPONED: _("This session is waiting for a new date. There is nothing to record yet."),
    }
    return sentences[state]


def require_open(event_id: int) -> None:
    """Refuse with that sentence. Called inside the deed's transaction, so that it judges the session as it stands."""
    event = db.session.get(Event, event_id)
    shut = why_shut(event) if event else _("There is no such session.")
    if shut:
        raise Conflict(shut)


def refuse_override(event_id: int, reason: str) -> None:
    """Refuse a reason for going past the fire limit from somebody who does not lead the session."""
    if reason and not may_now(Action.EDIT_SESSIONS, event_id):
        raise Refusal(_("Only an organiser can let somebody in past the fire limit."))
