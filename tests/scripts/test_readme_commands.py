"""The commands of the README and of docs/commands.md are run here, as a newcomer runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.cli import FlaskGroup

from booking import clock, create_app
from booking.formats.pupils_file import COLUMNS
from config import Config
from tests.conftest import ENVIRONMENT, ROOT
from tests.postgres import free_port

pytestmark = [pytest.mark.real_clock, pytest.mark.long]
PATIENCE = 90
ALL_COMMANDS = re.findall(
    r"^\| `flask --app wsgi ([^`]+)`", (ROOT / "docs" / "commands.md").read_text(), flags=re.MULTILINE
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of this checkout, somewhere else, with this checkout's packages and built files."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    folder = tmp_path / "a clone"
    for name in filter(None, names.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for built in (".venv", "node_modules"):
        if (ROOT / built).exists():
            (folder / built).symlink_to(ROOT / built)
    shutil.copytree(ROOT / "static" / "built", folder / "static" / "built")
    (folder / "instance").mkdir()
    shutil.copy2(ROOT / "instance" / "postcodes.sqlite", folder / "instance")
    return folder


def settings(**more: str) -> dict[str, str]:
    ours = {"MAIL_SERVER", "MAIL_PORT", "DATABASE_URL", "PUBLIC_URL", *ENVIRONMENT}
    return {name: value for name, value in os.environ.items() if name not in ours} | more


class TestMakeRun:
    @pytest.fixture
    def running(self, checkout: Path) -> Iterator[tuple[str, subprocess.Popen[str], Path]]:
        port = free_port()
        log = checkout / "run.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                ["make", "run"],
                cwd=checkout,
                env=settings(PORT=str(port), DEMO="0"),
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        yield f"http://127.0.0.1:{port}", process, log
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def test_starts_site_and_mailbox_says_where_and_ends_cleanly(
        self, running: tuple[str, subprocess.Popen[str], Path]
    ) -> None:
        url, process, log = running
        self._wait_for_the_end_of_the_announcement(process, log)
        said = log.read_text()
        assert url in said
        with urllib.request.urlopen(f"{url}/healthz") as answer:
            assert json.load(answer)["ok"] is True
        with urllib.request.urlopen(f"{url}/") as answer:
            assert b"<h1" in answer.read()
        mailbox = re.search(r"Mail:\s+(\S+)", said)
        assert mailbox
        with urllib.request.urlopen(mailbox.group(1)) as answer:
            assert b"mailbox" in answer.read()
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"{url}/healthz")

    def _wait_for_the_end_of_the_announcement(self, process: subprocess.Popen[str], log: Path) -> None:
        end = time.monotonic() + PATIENCE
        while "Ctrl-C" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.2)


class TestCommands:
    """The table's commands, in the order of a system's life. The first as it is typed; the others in this process."""

    def test_each_one_runs(self, tmp_path: Path) -> None:
        environment = ENVIRONMENT | {"DATABASE_URL": f"sqlite:///{tmp_path / 'booking.db'}"}
        app = create_app(Config.from_env(environment))
        flask, runner = FlaskGroup(create_app=lambda: app, load_dotenv=False), app.test_cli_runner()
        history = tmp_path / "FILE.csv"
        given = {"EMAIL": "gwen@example.org", "EMAIL_OR_PHONE": "zoe@example.org"}
        first, *others = sorted(ALL_COMMANDS, key=_when)
        _run_as_typed(first, settings(**environment))
        for command in others:
            if command == "worker":
                continue  # it never ends: tests/mail/test_workers.py runs and ends it
            given["FILE.csv"], given["DIR"] = str(_a_file_for(command, tmp_path) or history), str(tmp_path / "out")
            words = [given.get(word, word) for word in command.split()]
            if words[:2] == ["staff", "add"]:
                words += ["--name", "Gwen", "--role", "admin"]
            done = runner.invoke(flask, words)
            is_stranger = words[0] == "forget" and "No family is known by this" in done.output
            assert done.exit_code == 0 or is_stranger, f"{command}: {done.output}{done.exception!r}"
            if words[0] == "demo":
                assert re.search(r"the return of \d{4}-\d\d Q\d \(.+\), frozen", done.output)
            if words[0] == "export-attendance":
                history.write_text(done.stdout)


def _run_as_typed(command: str, environment: dict[str, str]) -> None:
    whole = [sys.executable, "-m", "flask", "--app", "wsgi", *command.split()]
    done = subprocess.run(whole, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def _a_file_for(command: str, folder: Path) -> Path | None:
    """Write what staff would bring in, for the commands that take a file of theirs."""
    day = clock.today() + timedelta(days=30)
    files = {
        "import-venues": "name,town,postcode\nReadme Hall,Ashford,TN23\n",
        "import-pupils": f"{','.join(COLUMNS)}\nDover,{clock.today().year},2000,900,A source,{clock.today()}\n",
        "import-targets": f"metric_id,value,agreed_by,agreed_on\nM15,85,The steering group,{clock.today()}\n",
        "import-sessions": f"title,kind,date,starts,ends,venue\nForum,Forum,{day},10:00,11:30,Readme Hall\n",
    }
    content = files.get(command.split(maxsplit=1)[0])
    if content is None:
        return None
    path = folder / f"{command.split(maxsplit=1)[0]}.csv"
    path.write_text(content)
    return path


ORDER = ["db", "demo", "tick", "export-attendance", "import-attendance", "import-venues", "import-sessions"]
ORDER += ["return", "staff", "keys", "forget", "check"]


def _when(command: str) -> int:
    word = command.split(maxsplit=1)[0]
    return ORDER.index(word) if word in ORDER else len(ORDER)
