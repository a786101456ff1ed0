"""Start gunicorn and the worker as `make run` does, on a database of the bench's own, and measure them from outside."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.conftest import ROOT
from tests.postgres import free_port

SECONDS = 1.0
ROUNDS = 3
WARM_UP = 0.5
THREADS = 4
WORKER = ("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "2")


@dataclass(frozen=True)
class Server:
    """A running gunicorn: where it listens, its process, how long its first answer took, and of that computing."""

    port: int
    process: subprocess.Popen[bytes]
    first_answer: float
    computing: float


@contextmanager
def serving(app: str, path: str, *, env: Mapping[str, str]) -> Iterator[Server]:
    """Serve an app, wait until it answers at `path`, and end it."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *WORKER, "--bind", f"127.0.0.1:{port}", "--log-level", "error", app]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    try:
        _wait_for(port, path, process)
        took = time.perf_counter() - began
        yield Server(port, process, took, sum(_cpu_seconds(pid) for pid in [process.pid, *_children(process.pid)]))
    finally:
        _end(process)


def race(*lanes: tuple[Server, str]) -> list[float]:
    """Measure pages in turns, so that whatever else this computer does slows all alike; return pages a second."""
    for server, path in lanes:
        _load(server, path, WARM_UP)
    rounds = [[_load(server, path, SECONDS) for server, path in lanes] for _ in range(ROUNDS)]
    return [median(lane) for lane in zip(*rounds, strict=True)]


def memory_of(process: subprocess.Popen[bytes]) -> float:
    """Return the memory in MB that a process and its children use, what they share counted once."""
    return sum(_pss(pid) for pid in [process.pid, *_children(process.pid)]) / 1024


@contextmanager
def worker(*, env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the worker until it has settled."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True, stdout=quiet, stderr=quiet)
    try:
        time.sleep(6)
        if process.poll() is not None:
            raise RuntimeError("the worker ended by itself")
        yield process
    finally:
        _end(process)


def _load(server: Server, path: str, seconds: float) -> float:
    command = [sys.executable, "-m", "tests.bench.load", str(server.port), path, str(seconds), str(THREADS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    if seen["failed"]:
        raise RuntimeError(f"{path} failed {seen['failed']} times")
    return float(seen["per_second"])


def _wait_for(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.perf_counter() + 30
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError("gunicorn ended by itself")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
            raise RuntimeError(f"{path} does not answer with 200")
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise RuntimeError(f"no answer from {path} in 30 seconds")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    children = [int(child) for child in listed]
    return children + [each for child in children for each in _children(child)]


def _cpu_seconds(pid: int) -> float:
    """Return the seconds of computing of a process, its own and the system's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> int:
    """Return kilobytes: the share of each page among the processes that have it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
