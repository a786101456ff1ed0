"""Queue the mail with which somebody becomes a member of staff, in the deed's own transaction."""

from __future__ import annotations

from booking import clock
from booking.cipher import lookup_hash, random_token
from booking.extensions import db
from booking.formats.invitations import GOOD_FOR
from booking.models import Message, Staff
from booking.queries.installation import own_domain
from booking.rules.contact import normal_email
from booking.rules.words import MessageKind


def tell_invited(member: Staff) -> Message:
    """Queue the mail with the one-time link; a later link makes it untrue."""
    now = clock.now()
    message = Message(
        kind=MessageKind.STAFF_INVITED,
        staff_id=member.id,
        dedupe_key=f"staff:{member.id}:{member.fs_uniquifier}",
        message_id=f"{random_token()}@{own_domain()}",
        address=member.email,
        address_hash=lookup_hash("email", normal_email(member.email)),
        facts={"mark": member.fs_uniquifier, "from": now.isoformat()},
        not_before=now,
        next_attempt_at=now,
        not_after=now + GOOD_FOR,
    )
    db.session.add(message)
    db.session.flush()
    return message
