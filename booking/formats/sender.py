"""Who speaks in mails and calendar files: our name, our one mailbox, help, and our own addresses on the web."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, cast

from flask import current_app

from booking.extensions import language_of
from booking.formats.tokens import booking_link, calendar_token, feedback_token, subscription_token
from booking.locality import get_locality
from booking.models import Booking, Event, Family, Subscription
from booking.rules.languages import DEFAULT

if TYPE_CHECKING:
    from config import Config


@dataclass(frozen=True, kw_only=True)
class Sender:
    """This installation as a family sees it in a mail."""

    name: str
    address: str
    help_email: str
    help_phone: str
    public_url: str
    lang: str = DEFAULT

    @property
    def pages_url(self) -> str:
        """Return what the addresses of public pages begin with, in the language that is spoken."""
        return f"{self.public_url}{language_of(self.lang).prefix}"

    def session_link(self, event: Event) -> str:
        """Return the address of a session's public page."""
        return f"{self.pages_url}/sessions/{event.slug}"

    def booking_link(self, booking: Booking) -> str:
        """Return the address of the family's own page, in the booking's language; `/cancel` may be put under it."""
        return booking_link(booking, public_url=f"{self.public_url}{language_of(booking.lang).prefix}")

    def feedback_link(self, booking: Booking) -> str:
        """Return the address where a family says how the session was, in the booking's language."""
        return f"{self.public_url}{language_of(booking.lang).prefix}/feedback/{feedback_token(booking)}"

    def session_feedback_link(self, event: Event) -> str:
        """Return the address where anybody who was there says how it was."""
        return f"{self.session_link(event)}/feedback"

    def answer_link(self, issue_id: int) -> str:
        """Return the address that leads to one issue on the public board."""
        return f"{self.pages_url}/you-said-we-did/{issue_id}"

    def news_link(self, subscription: Subscription) -> str:
        """Return the address of the page where news is confirmed, changed and, with `/stop` under it, stopped."""
        return f"{self.public_url}{language_of(subscription.lang).prefix}/news/{subscription_token(subscription)}"

    def calendar_link(self, family: Family) -> str:
        """Return the address of a family's own calendar, which its calendar program asks for again and again."""
        return f"{self.public_url}/calendar/mine/{calendar_token(family)}.ics"

    def calendar_page_link(self, family: Family) -> str:
        """Return the page that tells how to use that calendar, and stops it."""
        return f"{self.pages_url}/calendars/mine/{calendar_token(family)}"


def our_sender(lang: str = DEFAULT) -> Sender:
    """Return who speaks, and in which language, from the settings of the current app."""
    config = cast("Config", current_app.extensions["config"])
    return Sender(
        name=get_locality(config.locality).brand.name,
        address=parseaddr(config.mail_sender)[1],
        help_email=config.help_email,
        help_phone=config.help_phone,
        public_url=config.public_url,
        lang=lang,
    )
