"""One return of the demonstration that is frozen, so that the next one has a quarter before it."""

from __future__ import annotations

from booking import clock
from booking.locality.kinds import Locality
from booking.queries.snapshots import open_registers
from booking.rules.calendar_periods import Period, period_of, previous_period
from booking.services.freeze_return import ReadyToFreeze, prepare_freeze

_WHY = "Nobody found the list of a session any more."


def prepare_demo_return(locality: Locality) -> ReadyToFreeze:
    """Make the return of the quarter before last. The last one waits: whoever looks can freeze it."""
    period = _quarter()
    return prepare_freeze(period, reason=_WHY if open_registers(period) else "", locality=locality)


def _quarter() -> Period:
    return previous_period(previous_period(period_of(clock.today())))
