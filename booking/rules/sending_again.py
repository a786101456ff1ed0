"""Decide which messages a member of staff may have sent once more (`calendar-and-mail.md` section 1.1)."""

from __future__ import annotations

from booking.rules.words import Channel, MessageKind

SENT_AGAIN = (
    MessageKind.CONFIRMED,
    MessageKind.WAITING,
    MessageKind.OFFER,
    MessageKind.CHANGED,
    MessageKind.POSTPONED,
    MessageKind.CANCELLED_BY_US,
    MessageKind.CANCELLED_BY_FAMILY,
    MessageKind.LINK,
    MessageKind.CALENDAR_TITLE,
    MessageKind.PLACES_ADDED,
)
"""Reminders and news are said once; so is what asks a family something, or tells an address that it is left."""

SAID_ANEW_BY = {
    MessageKind.CHANGED: (MessageKind.CHANGED, MessageKind.POSTPONED),
    MessageKind.POSTPONED: (MessageKind.CHANGED, MessageKind.POSTPONED),
}
"""What a later message of these kinds makes untrue: it tells how things were before it."""


def is_sent_again(kind: MessageKind, channel: Channel) -> bool:
    """Return whether a message of this kind is ever sent again on request. A text is not: it makes a noise."""
    return channel == Channel.EMAIL and kind in SENT_AGAIN
