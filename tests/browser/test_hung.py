"""A test that hangs in the browser says where: name, file and line."""

from __future__ import annotations

import os
import time

from greenlet import getcurrent, greenlet

from tests.browser.hung import watched


def written_while_waiting(seconds: float) -> str:
    """Wait as Playwright does, in a greenlet beside ours, and read what was written meanwhile."""
    reader, writer = os.pipe()
    test = getcurrent()

    def wait_for_a_browser() -> None:
        time.sleep(seconds)
        test.switch()

    with watched("test_of_a_page", seconds=0.2, output=writer):
        greenlet(wait_for_a_browser).switch()
    os.close(writer)
    with os.fdopen(reader) as pipe:
        return pipe.read()


def test_says_where_it_waits() -> None:
    said = written_while_waiting(1)
    assert "test_of_a_page hangs here:" in said
    assert "greenlet(wait_for_a_browser).switch()" in said


def test_says_nothing_of_what_ends_in_time() -> None:
    assert written_while_waiting(0) == ""
