"""The units of docs/systemd are right, and what they start does start and ends when told."""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import ENVIRONMENT, ROOT
from tests.postgres import free_port

UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))
THERE = "/srv/booking"
PATIENCE = 60

pytestmark = pytest.mark.one_database


def unit(name: str) -> configparser.SectionProxy:
    """Return what a unit says of its service."""
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(ROOT / "docs" / "systemd" / name)
    return parser["Service"]


@pytest.fixture
def env(app: Flask, tmp_path: Path) -> dict[str, str]:
    """Settings as /etc/booking.env would hold them."""
    database = {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "JOBS_URL": f"sqlite:///{tmp_path / 'jobs.db'}"}
    return {**os.environ, **ENVIRONMENT, **database}


def start(name: str, env: dict[str, str], **instead: str) -> subprocess.Popen[bytes]:
    """Start what a unit starts, from here instead of from where it expects to be."""
    command = unit(name)["ExecStart"].replace(f"{THERE}/.venv/bin/python", sys.executable)
    for old, new in instead.items():
        assert old in command
        command = command.replace(old, new)
    return subprocess.Popen(shlex.split(command), cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.fixture
def ending() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Programs that are ended whatever happens."""
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for process in running:
        process.kill()
        process.communicate()


def test_there_is_one_for_each_process() -> None:
    assert [path.name for path in UNITS] == ["booking-web.service", "booking-worker.service"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this computer has no systemd to judge them")
def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    for path in UNITS:
        here = path.read_text().replace(f"{THERE}/.venv/bin/python", sys.executable).replace(THERE, str(ROOT))
        (tmp_path / path.name).write_text(here)
        judged = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / path.name)],
            check=False,
            capture_output=True,
            text=True,
        )
        said = [line for line in judged.stderr.splitlines() if path.name in line]
        assert said == []
        assert judged.returncode == 0, judged.stderr


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_they_come_back_by_themselves_and_may_do_little(path: Path) -> None:
    service = unit(path.name)
    assert service["Restart"] == "always"
    assert service["User"] == "booking"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == f"{THERE}/instance"
    assert service["NoNewPrivileges"] == "yes"
    assert service["CapabilityBoundingSet"] == ""


def test_the_web_starts_and_ends(env: dict[str, str], ending: list[subprocess.Popen[bytes]]) -> None:
    port = str(free_port())
    process = start("booking-web.service", env, **{"127.0.0.1:8000": f"127.0.0.1:{port}"})
    ending.append(process)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None
        assert time.monotonic() < deadline
        try:
            with opener.open(f"http://127.0.0.1:{port}/healthz/web", timeout=5) as answer:
                assert answer.status == 200
            break
        except (urllib.error.URLError, ConnectionError, TimeoutError):  # a busy computer answers late
            time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=int(unit("booking-web.service")["TimeoutStopSec"])) == 0


def test_the_worker_starts_and_ends(env: dict[str, str], ending: list[subprocess.Popen[bytes]]) -> None:
    process = start("booking-worker.service", env)
    ending.append(process)
    assert process.stdout
    for line in process.stdout:
        if b"consumer started" in line:
            break
    time.sleep(0.5)  # its signal handlers are set right after it said so
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=int(unit("booking-worker.service")["TimeoutStopSec"])) == 0


def test_the_document_leads_to_both() -> None:
    running = (ROOT / "docs" / "running.md").read_text()
    for path in UNITS:
        assert f"(systemd/{path.name})" in running
