"""Write down that somebody of the team has seen a mail that came in."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Inbound
from booking.services.record_audit import actor_id, record_audit


def see_inbound(inbound_id: int) -> Inbound:
    """Note who saw it first, and when. Raise NotFound."""
    statement = select(Inbound).where(Inbound.id == inbound_id)
    inbound = db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if inbound is None:
        raise NotFound("This mail is not there any more.")
    if inbound.seen_at is None:
        inbound.seen_at, inbound.seen_by = clock.now(), actor_id()
        record_audit("saw mail", screen="staff.inbox", subject_type="inbound", subject_id=inbound_id)
    return inbound
