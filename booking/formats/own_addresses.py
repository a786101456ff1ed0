"""The addresses that mail comes back to: one for each booking and one for each message, all in one mailbox.

`bookings+b12.<proof>@…` takes answers about booking 12, `bookings+m34.<proof>@…` takes message 34 if it bounces
(VERP). The numbers are no secrets: the proof tells that we made the address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from flask import current_app

from booking.formats.sender import our_sender
from booking.formats.tokens import is_mail_proof, mail_proof
from booking.models import Booking, Message
from booking.rules.words import Channel

if TYPE_CHECKING:
    from config import Config

BOOKING, MESSAGE = "b", "m"


def answers_to(booking: Booking) -> str | None:
    """Return where an answer about a booking goes, or None where nobody reads a mailbox: then it goes to help."""
    if not _config().imap_is_on:
        return None
    return _address(BOOKING, booking.id)


def bounces_to(message: Message) -> str:
    """Return where a message goes that cannot be delivered."""
    if not _config().imap_is_on or message.channel != Channel.EMAIL:
        return our_sender().address
    return _address(MESSAGE, message.id)


def booking_in(addresses: Iterable[str]) -> int | None:
    """Return the number of the booking that one of these addresses proves to be about."""
    return _number_in(BOOKING, addresses)


def message_in(addresses: Iterable[str]) -> int | None:
    """Return the number of the message that one of these addresses proves to be about."""
    return _number_in(MESSAGE, addresses)


def _address(kind: str, number: int) -> str:
    address = our_sender().address
    if not _config().mail_plus_addresses:
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}+{kind}{number}.{mail_proof(kind, number)}@{domain}"


def _number_in(kind: str, addresses: Iterable[str]) -> int | None:
    local, _, domain = our_sender().address.lower().rpartition("@")
    ours = re.compile(rf"{re.escape(local)}\+{kind}(\d{{1,15}})\.([a-z2-7]+)@{re.escape(domain)}", re.ASCII)
    for address in addresses:
        found = ours.fullmatch(address.strip().lower())
        if found and is_mail_proof(found.group(2), kind, int(found.group(1))):
            return int(found.group(1))
    return None


def _config() -> Config:
    return cast("Config", current_app.extensions["config"])
