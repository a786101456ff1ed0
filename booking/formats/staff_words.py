"""Say mail to staff in words. Staff read English."""

from __future__ import annotations

from datetime import datetime

from booking.extensions import language_of
from booking.formats import words_for
from booking.formats.messages import Words, fill_in
from booking.formats.sender import our_sender
from booking.models import Staff
from booking.rules.languages import DEFAULT
from booking.rules.words import MessageKind, StaffRole


def invitation_in_words(member: Staff, *, link: str, ends_at: datetime) -> Words:
    """Render the mail with the one-time link."""
    held = {role.name for role in member.roles}
    values = {
        "lang": language_of(DEFAULT).html,
        "language": language_of(DEFAULT),
        "sender": our_sender(),
        "name": member.name,
        "email": member.email,
        "roles": [words_for.wording(role) for role in StaffRole if role.value in held],
        "link": link,
        "ends": f"{words_for.long_date(ends_at)}, {words_for.clock_time(ends_at)}",
    }
    return fill_in(MessageKind.STAFF_INVITED, DEFAULT, values)
