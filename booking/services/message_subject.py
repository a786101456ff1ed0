"""What a message may be about: all that the outbox asks of it when the message's turn has come."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from booking.rules.words import MessageStatus

End = tuple[MessageStatus, str]
"""How a message ends that is not to be sent: its state, and why, for staff."""


class About(Protocol):
    """What one message is about, as it stands now."""

    @property
    def is_demo(self) -> bool:
        """Tell whether it is demonstration data: it never leaves the machine."""

    @property
    def gave_up(self) -> str:
        """Say what staff read when it could not be sent in time."""

    def give_up_at(self) -> datetime:
        """Return when the message is pointless."""

    def is_still_their_number(self) -> bool:
        """Tell whether a text may still go to the number that it is addressed to."""

    def no_longer_true(self) -> End | None:
        """Return why a message that has never begun its way is not true any more."""

    def hand_on(self) -> None:
        """Let a later message say what this one, which is not to be sent any more, alone would have told."""

    def write(self) -> bytes:
        """Return what leaves."""
