"""A mail relay that talks plain SMTP line by line, so that it can misbehave at every step of the talk."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

DROP = "hang up without an answer"
HANG = "say nothing at all"
ANSWER_AND_DROP = " and hang up"
"""Put behind an answer: it is the last one on this line."""
GOOD = {
    "connect": "220 relay",
    "EHLO": "250 relay",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "content": "250 taken",
    "AUTH": "235 welcome",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


class _HungUp(Exception):
    pass


@dataclass
class MoodyRelay:
    """What it is to answer next at each step (`connect`, a command, `content`), and what it took."""

    next: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, str] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    extensions: tuple[str, ...] = ()
    tls: ssl.SSLContext | None = None
    drop_in_content_after: int | None = None
    is_hanging: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    talks: int = 0
    port: int = 0

    def answer(self, step: str) -> str:
        """Return what it says at this step."""
        return self.next[step].popleft() if self.next[step] else self.always.get(step, GOOD.get(step, "502 what?"))


@contextmanager
def moody(relay: MoodyRelay) -> Iterator[MoodyRelay]:
    """Let the relay answer on a free port of this computer."""

    class Talk(_Talk):
        moods = relay

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", relay.port), Talk) as server:
        relay.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield relay
        finally:
            relay.go_on.set()
            server.shutdown()
            thread.join()


class _Talk(socketserver.StreamRequestHandler):
    moods: MoodyRelay

    def handle(self) -> None:
        self.moods.talks += 1
        try:
            self._say("connect")
            while line := self.rfile.readline():
                self._obey(line.decode().strip())
        except (_HungUp, OSError):
            return

    def _obey(self, line: str) -> None:
        verb = line.partition(" ")[0].upper()
        self.moods.lines.append(line)
        if verb == "EHLO" and self.moods.extensions and not self.moods.next[verb]:
            names = ["relay", *self.moods.extensions]
            self._write("".join(f"250{' ' if name is names[-1] else '-'}{name}\r\n" for name in names))
            return
        said = self._say(verb)
        if verb == "RCPT" and said.startswith("250"):
            self.moods.recipients.append(line.partition("<")[2].partition(">")[0])
        elif verb == "DATA" and said.startswith("354"):
            self._take()
        elif verb == "STARTTLS" and said.startswith("220") and self.moods.tls:
            self.connection = self.moods.tls.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")  # type: ignore[assignment]
        elif verb == "QUIT":
            raise _HungUp

    def _take(self) -> None:
        content = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            content += line.removeprefix(b".") if line.startswith(b"..") else line
            if self.moods.drop_in_content_after is not None and len(content) > self.moods.drop_in_content_after:
                self.moods.drop_in_content_after = None
                raise _HungUp
        if line == b"":
            raise _HungUp
        said = self.moods.answer("content")
        if said.startswith("250") or said == DROP:
            self.moods.taken.append(content)
        self._speak(said)

    def _say(self, step: str) -> str:
        said = self.moods.answer(step)
        self._speak(said)
        return said

    def _speak(self, said: str) -> None:
        if said == DROP:
            raise _HungUp
        if said == HANG:
            self.moods.is_hanging.set()
            self.moods.go_on.wait()
            raise _HungUp
        self._write(f"{said.removesuffix(ANSWER_AND_DROP)}\r\n")
        if said.endswith(ANSWER_AND_DROP):
            raise _HungUp

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()
