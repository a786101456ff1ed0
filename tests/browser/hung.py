"""Say where a test hangs that waits for a browser.

Playwright waits in a greenlet of its own. What pytest prints of a hung test is that greenlet's stack: the test's own
lies asleep beside it.
"""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from greenlet import getcurrent, greenlet


@contextmanager
def watched(name: str, *, seconds: float, output: int) -> Iterator[None]:
    """Write the stack of what goes on here to a file descriptor if it goes on for longer than this."""
    timer = threading.Timer(seconds, _write_stack, (name, getcurrent(), output))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _write_stack(name: str, test: greenlet, output: int) -> None:
    """A greenlet that runs at this moment has no frame to show, and pytest shows its stack."""
    if test.gr_frame:
        stack = "".join(traceback.format_stack(test.gr_frame))
        os.write(output, f"\n{name} hangs here:\n{stack}\n".encode())
