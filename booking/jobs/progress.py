"""How far long work is, for pages to say: noted in the jobs' database, by numbers alone.

Not in our own, whose one writer on SQLite may be busy with that very work, or keep a download waiting.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from flask import current_app

from booking import clock

MARK = "how far "
"""How the names of these notes begin."""
_LOOK_UP_EVERY = 500
"""Pieces of work, after which the clock is asked."""


class Progress(NamedTuple):
    """What is done with something, of how many pieces how many are, and when that was noted."""

    what: str
    done: int
    total: int
    noted_at: datetime


class Stopped(Exception):
    """The process is to end: what was begun is given back."""


class Teller:
    """Says how far one thing is, so often that who waits sees it move, and no more often."""

    def __init__(self, thing: str, *, every: float, is_stopping: Callable[[], bool] = lambda: False) -> None:
        self._engine = current_app.extensions["jobs"]  # a stream is told of when no app is at hand any more
        self._thing = thing
        self._every = every
        self._is_stopping = is_stopping
        self._said_at = 0.0

    def of(self, what: str, total: int) -> Callable[[int], None]:
        """Return what hears how many more of so many are done. Raise `Stopped` there, if the process is to end."""
        done = heard = 0

        def step(more: int) -> None:
            nonlocal done, heard
            done += more
            if done - heard >= _LOOK_UP_EVERY:
                heard = done
                self._look_up(what, done, total)

        return step

    def tell(self, what: str, done: int, total: int) -> None:
        """Say it now."""
        self._said_at = time.monotonic()
        self._engine.tell_progress(self._thing, what=what, done=done, total=total)

    def _look_up(self, what: str, done: int, total: int) -> None:
        if self._is_stopping():
            raise Stopped
        if time.monotonic() - self._said_at >= self._every:
            self.tell(what, done, total)


def import_of(number: int) -> str:
    """Return what an import is called here."""
    return f"attendance import {number}"


def list_of(number: int) -> str:
    """Return what a list that is fetched is called here."""
    return f"attendance list {number}"


def to_note(what: str, done: int, total: int) -> bytes:
    """Write a note that is made now."""
    return json.dumps([what, done, total, int(clock.now().timestamp())]).encode()


def from_note(note: bytes) -> Progress:
    """Read one. A note of an earlier version has no time, and is an old one."""
    what, done, total, *at = json.loads(note)
    return Progress(what, min(done, total), total, datetime.fromtimestamp(at[0] if at else 0, UTC))
