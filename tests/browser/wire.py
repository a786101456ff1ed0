"""A wire between a browser and the site that can be cut: before anything passes, or when the answer is on its way."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.postgres import free_port


class Wire:
    """Carries bytes both ways while it is whole. `answers` False: what is asked arrives, what is answered does not."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.port = free_port()
        self.is_whole = True
        self.answers = True
        self.carried = 0
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """Return the address at which the site answers through this wire."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Let nothing pass, and end what is under way."""
        self.is_whole = False
        for each in list(self._open):
            _end(each)

    def mend(self) -> None:
        """Let everything pass."""
        self.is_whole = self.answers = True

    def close(self) -> None:
        """Take the wire away."""
        self.cut()
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            if not self.is_whole:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.target))
            self._open |= {near, far}
            threading.Thread(target=self._carry, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, True), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        try:
            while data := source.recv(65536):
                if is_answer and not self.answers:
                    break
                sink.sendall(data)
                self.carried += len(data)
        except OSError:
            pass
        _end(source)
        _end(sink)
        self._open -= {source, sink}


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()


@contextmanager
def a_wire(url: str) -> Iterator[Wire]:
    """Lay a wire to a site."""
    wire = Wire(int(url.rsplit(":", 1)[1]))
    try:
        yield wire
    finally:
        wire.close()
