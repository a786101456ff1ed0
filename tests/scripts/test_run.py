"""`make run` takes its settings in one order, starts its programs together and ends them together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import processes
import pytest
import run
from processes import Running
from steps import StepFailed

SLEEP = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)",
]


def started(name: str, command: list[str], folder: Path) -> Running:
    """Start a program and wait until it has said something."""
    one = processes.start(name, command, env=os.environ, logs=folder / "logs with a space")
    deadline = time.monotonic() + 20
    while not one.last_lines() and one.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    return one


class TestSettings:
    @pytest.fixture(autouse=True)
    def checkout(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(run, "ROOT", tmp_path)
        for name in ("PORT", "PUBLIC_URL", "MAIL_SERVER", "DATABASE_URL"):
            monkeypatch.delenv(name, raising=False)
        return tmp_path

    def test_the_environment_wins_over_the_file(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (checkout / ".env").write_text("DATABASE_URL=sqlite:///file.db\nHELP_PHONE=1\n")
        monkeypatch.setenv("DATABASE_URL", "sqlite:///environment.db")
        env = run.environment()
        assert env["DATABASE_URL"] == "sqlite:///environment.db"
        assert env["HELP_PHONE"] == "1"

    def test_the_public_address_follows_the_port_unless_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert run.environment()["PUBLIC_URL"] == "http://127.0.0.1:8000"
        monkeypatch.setenv("PORT", "8123")
        assert run.environment()["PUBLIC_URL"] == "http://127.0.0.1:8123"
        monkeypatch.setenv("PUBLIC_URL", "https://bookings.example.org")
        assert run.environment()["PUBLIC_URL"] == "https://bookings.example.org"

    @pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "8000.5", "²"])
    def test_a_port_that_is_none_is_a_sentence(self, port: str) -> None:
        with pytest.raises(StepFailed, match="PORT must be a number"):
            run.chosen_port({"PORT": port})

    def test_a_busy_port_is_a_sentence(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            with pytest.raises(StepFailed, match="is in use by another program"):
                run.chosen_port({"PORT": str(other.getsockname()[1])})

    def test_a_mail_server_of_your_own_replaces_the_mailbox(self) -> None:
        env = {"MAIL_SERVER": "mail.example.org", "MAIL_PORT": "587"}
        programs: list[Running] = []
        assert run.start_mailbox(env, programs, after=20800) is None
        assert not programs
        assert env == {"MAIL_SERVER": "mail.example.org", "MAIL_PORT": "587"}


class TestPrograms:
    def test_end_together_even_when_one_does_not_listen(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(processes, "SECONDS_TO_END", 1)
        running = [started("polite", SLEEP, tmp_path), started("deaf", DEAF, tmp_path)]
        assert processes.first_ended(running) is None
        processes.end_all(running)
        assert [one.process.returncode for one in running] == [-signal.SIGTERM, -signal.SIGKILL]

    def test_one_that_ends_by_itself_is_named_with_its_last_words(self, tmp_path: Path) -> None:
        running = [
            started("going on", SLEEP, tmp_path),
            started("failing", [sys.executable, "-c", "print('no database here')"], tmp_path),
        ]
        running[1].process.wait(timeout=20)
        with pytest.raises(StepFailed, match=r"no database here\n\nThe failing ended by itself"):
            run.check_all(running)
        processes.end_all(running)


def test_a_python_too_old_is_a_sentence(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    shell = ["/bin/sh", str(root / "scripts" / "find_python.sh"), "-c", ""]
    done = subprocess.run(shell, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or newer is needed and was not found")
    assert len(done.stderr.splitlines()) == 1
