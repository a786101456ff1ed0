"""How far a file of past attendance is, that somebody gave on the page."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

KEPT = timedelta(hours=24)
"""How long a file waits for whoever gave it, sealed."""
LEASE = timedelta(minutes=3)
"""How long a worker has a file to itself. A hundred thousand rows take a fraction; after it, the worker was ended."""
MOST_TRIES = 3
"""A file that ended as many workers, or failed as often, is not begun again."""


class ImportState(StrEnum):
    """What is to be done with it, or what was done."""

    LOOK = "look"
    LOOKED = "looked"
    WRITE = "write"
    WRITTEN = "written"
    FAILED = "failed"


WORK = (ImportState.LOOK, ImportState.WRITE)
"""What a worker has to do."""
