"""Decide what a call has done: which outcomes take a family off the list of calls to make."""

from __future__ import annotations

from booking.rules.words import CallOutcome

SETTLED = frozenset(CallOutcome) - {CallOutcome.NO_ANSWER}
"""Whoever was not reached is tried again; a wrong number is no use to ring twice."""
