"""A phone at the door, as the server meets it: it seals, numbers and sends what was tapped."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from booking import clock
from booking.cipher import random_token
from booking.extensions import transaction
from booking.formats.sealed_taps import seal_tap
from booking.models import Event
from booking.services.enrol_phone import Enrolled, enrol_phone, make_phone_link
from booking.services.take_taps import SealedTap, take_taps


@dataclass
class Phone:
    """A phone that was opened for a session. `slow_by` is how much its clock is wrong, which it has found out."""

    enrolled: Enrolled
    taps: list[SealedTap] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.enrolled.device.id

    def tap(self, subject: str, *, at: datetime | None = None, tap: str = "", **value: Any) -> str:
        """Record something without a signal; return the tap's id."""
        tap = tap or random_token()
        moment = round((at or clock.now()).timestamp() * 1000)
        told = {"seq": len(self.taps) + 1, "at": moment, "subject": subject, "value": value}
        sealed = seal_tap(told, public_key=self.enrolled.public_key, tap=tap, nonce=os.urandom(12))
        self.taps.append(SealedTap(tap=tap, sealed=sealed))
        return tap

    def walk_in(self, *, at: datetime | None = None, **value: Any) -> str:
        """Let somebody in; return the subject."""
        tap = random_token()
        self.tap(f"walk_in:{tap}", at=at, tap=tap, **{"here": True, "adults": 1} | value)
        return f"walk_in:{tap}"

    def send(self, taps: list[SealedTap] | None = None, *, ahead: timedelta = timedelta()) -> None:
        """Send some taps, or all."""
        with transaction():
            batch = self.taps if taps is None else taps
            take_taps(self.id, batch, phone_clock=clock.now() + ahead, lives_in=lives_in)


def a_phone(event: Event, **values: Any) -> Phone:
    """Open a phone for a session that is on today."""
    with transaction():
        _device, token = make_phone_link(event.id, by=None, **values)
    with transaction():
        return Phone(enrol_phone(token))


def lives_in(where: str) -> tuple[str, str]:
    """Know one outcode and no more."""
    return (where, "ashford") if where == "TN23" else ("", where or "unknown")
