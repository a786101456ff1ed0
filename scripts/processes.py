"""Start programs together, watch them, and end them together."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps import ROOT

SECONDS_TO_END = 15
LINES_SHOWN = 25
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Running:
    """A program that was started, and where its output goes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_lines(self) -> str:
        """Return the end of what it printed."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LINES_SHOWN:])


def start(name: str, command: Sequence[str | Path], *, env: Mapping[str, str], logs: Path) -> Running:
    """Start a program in a session of its own, so that Ctrl-C reaches only the one who ends them all in order."""
    logs.mkdir(parents=True, exist_ok=True)
    path = logs / f"{name}.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    return Running(name=name, process=process, log=path)


def first_ended(running: Sequence[Running]) -> Running | None:
    """Return one that has ended by itself."""
    return next((one for one in running if one.process.poll() is not None), None)


def end_all(running: Sequence[Running]) -> None:
    """Ask all to end, newest first, wait, and kill what is left after that."""
    for one in reversed(running):
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_END
    for one in reversed(running):
        try:
            one.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            one.process.kill()
            one.process.wait()


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port of this computer now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(first: int) -> int:
    """Return the first free port from `first` on."""
    return next(port for port in range(first, 65536) if is_free(port))
