"""A message to a member of staff: whether its link still opens, and its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking.extensions import db
from booking.formats.invitations import GOOD_FOR, invitation_token
from booking.formats.mime import Envelope, write_mail
from booking.formats.sender import our_sender
from booking.formats.staff_words import invitation_in_words
from booking.models import Message, Staff
from booking.rules.words import MessageStatus
from booking.services.message_subject import About, End


def about_staff(messages: Sequence[Message]) -> dict[int, About]:
    """Return what each message is about: its reader, as they stand now."""
    ids = [message.staff_id for message in messages]
    found = db.session.scalars(select(Staff).where(Staff.id.in_(ids)).execution_options(populate_existing=True))
    people = {member.id: member for member in found} if ids else {}
    return {each.id: AboutStaff(message=each, member=people[each.staff_id or 0]) for each in messages}


@dataclass(frozen=True, kw_only=True)
class AboutStaff:
    """A message, and the member of staff it goes to."""

    message: Message
    member: Staff
    is_demo: bool = False
    gave_up: str = "It could not be sent in time. Send a new link from the person's page."

    def give_up_at(self) -> datetime:
        """Return when its link ends."""
        return self._made_at + GOOD_FOR

    def is_still_their_number(self) -> bool:
        """Tell that it is never texted."""
        return False

    def no_longer_true(self) -> End | None:
        """Return why it is not to be sent: the person left, or the link was used or made anew."""
        if self.member.active and self.member.fs_uniquifier == (self.message.facts or {}).get("mark"):
            return None
        return MessageStatus.STALE, "The link was used, or there is a newer one."

    def hand_on(self) -> None:
        """Hand on nothing: a newer link has a mail of its own."""

    def write(self) -> bytes:
        """Return the mail. The link is made when it is written: it stands in no table."""
        sender = our_sender()
        token = invitation_token(self.member, now=self._made_at)
        link = f"{sender.public_url}/staff/set-password/{token}"
        words = invitation_in_words(self.member, link=link, ends_at=self.give_up_at())
        envelope = Envelope(to=self.message.address or "", message_id=self.message.message_id)
        return write_mail(words, envelope, sender=sender)

    @property
    def _made_at(self) -> datetime:
        return datetime.fromisoformat(str((self.message.facts or {})["from"]))
