"""The one-time link with which a member of staff sets a password: signed, good for three days, void once used."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta

from booking import cipher
from booking.models import Staff

GOOD_FOR = timedelta(days=3)


def invitation_token(member: Staff, *, now: datetime) -> str:
    """Return the secret part of the link. A new `fs_uniquifier` makes every older link of this person void."""
    ends = int((now + GOOD_FOR).timestamp())
    return f"{member.id}-{ends}-{_signature(member, ends)}"


def invited_id(token: str) -> int | None:
    """Return the number of the person a token speaks of, true or not; None if it cannot be one."""
    number = token.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def is_good(token: str, member: Staff, *, now: datetime) -> bool:
    """Return whether the token was made for this person, has not been used and has not run out."""
    _, _, rest = token.partition("-")
    ends, _, signature = rest.partition("-")
    if not (ends.isascii() and ends.isdigit() and len(ends) < 12):
        return False
    is_ours = hmac.compare_digest(signature.encode(), _signature(member, int(ends)).encode())
    return is_ours and datetime.fromtimestamp(int(ends), UTC) > now


def _signature(member: Staff, ends: int) -> str:
    return cipher.derive_token("staff invitation", member.id, ends, member.fs_uniquifier)
