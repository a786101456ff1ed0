"""What must be written down although the database is away for a moment: it restarts, or its line broke."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from booking.extensions import transaction

T = TypeVar("T")
log = logging.getLogger(__name__)

WAITS = (0.1, 0.2, 0.5, 1, 2, 3, 5, 8, 10, 15, 15)
"""Seconds between two tries: a minute in all, well within the lease of a message."""


def patiently(deed: Callable[[], T]) -> T:
    """Do something in a transaction of its own, again and again while the database is away; then raise as it does.

    The deed must bear being done twice: a commit whose answer was lost may have happened.
    """
    for wait in WAITS:
        try:
            with transaction():
                return deed()
        except OperationalError as error:
            log.warning("the database is away, trying again in %s seconds: %s", wait, type(error.orig).__name__)
            time.sleep(wait)
    with transaction():
        return deed()
