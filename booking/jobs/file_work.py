"""The thread of a worker that works on long files, so that mails leave meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType

from flask import Flask

from booking.jobs.bring_in import bring_in_files
from booking.jobs.error_place import kind_and_place

log = logging.getLogger(__name__)
SECONDS_TO_END = 12
"""As long as the worker lets a mail end. Whoever is ended in the middle has written nothing, and the file is taken
again when its lease is over."""


class FileWork:
    """Works on all files that wait whenever it is woken: one file after the other, beside whatever else goes on."""

    def __init__(self, app: Flask, *, is_stopping: Callable[[], bool]) -> None:
        self._app = app
        self._is_stopping = is_stopping
        self._woken = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._work, name="files", daemon=True)

    def __enter__(self) -> FileWork:
        self._thread.start()
        self.wake()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        """Let it give back what it began."""
        self._ended = True
        self.wake()
        self._thread.join(SECONDS_TO_END)

    def wake(self) -> int:
        """Say that a file may wait. It is not waited for, so nothing is done yet."""
        self._woken.set()
        return 0

    def _work(self) -> None:
        while not self._is_over():
            self._woken.wait()
            self._woken.clear()
            try:
                with self._app.app_context():
                    bring_in_files(is_stopping=self._is_over)
            except Exception as error:  # the database was away; the next tick wakes it again
                log.error("files could not be worked on: %s", kind_and_place(error))

    def _is_over(self) -> bool:
        return self._ended or self._is_stopping()
