"""A message about a complaint: that it is here, and by when it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking.extensions import db
from booking.formats.complaint_words import complaint_in_words
from booking.formats.mime import Envelope, write_mail
from booking.formats.sender import our_sender
from booking.models import Complaint, Message
from booking.queries.installation import is_demonstration
from booking.rules.delivery import LONGEST_WAIT
from booking.services.message_subject import About, End


def about_complaint(messages: Sequence[Message]) -> dict[int, About]:
    """Return what each message is about, as it stands now."""
    ids = [message.complaint_id for message in messages]
    found = db.session.scalars(select(Complaint).where(Complaint.id.in_(ids))) if ids else ()
    complaints = {complaint.id: complaint for complaint in found}
    return {each.id: AboutComplaint(message=each, complaint=complaints[each.complaint_id or 0]) for each in messages}


@dataclass(frozen=True, kw_only=True)
class AboutComplaint:
    """A message, and the complaint that it is about."""

    message: Message
    complaint: Complaint
    gave_up: str = "It could not be sent in time. Tell them in another way that their complaint is here."

    @property
    def is_demo(self) -> bool:
        """Tell whether it was made while trying out."""
        return is_demonstration()

    def give_up_at(self) -> datetime:
        """Return when it is pointless."""
        return self.message.created_at + LONGEST_WAIT

    def is_still_their_number(self) -> bool:
        """Tell that it is never texted."""
        return False

    def no_longer_true(self) -> End | None:
        """Return nothing: that a complaint is here stays true."""
        return None

    def hand_on(self) -> None:
        """Hand on nothing."""

    def write(self) -> bytes:
        """Return the mail."""
        envelope = Envelope(to=self.message.address or "", message_id=self.message.message_id)
        return write_mail(complaint_in_words(self.complaint), envelope, sender=our_sender(self.complaint.lang))
