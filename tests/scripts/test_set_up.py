"""Setting up does a step once, again when its inputs change, and never overwrites secrets."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from dotenv import dotenv_values
from env_file import write_env_once
from steps import StepFailed, run_quietly, run_step

ROOT = Path(__file__).resolve().parents[2]


class TestSecrets:
    def test_are_fresh_long_and_private(self, tmp_path: Path) -> None:
        first, second = tmp_path / "one.env", tmp_path / "two.env"
        assert write_env_once(first)
        assert write_env_once(second)
        values = dotenv_values(first)
        assert set(values) == {"SECRET_KEY", "LINK_KEY", "LOOKUP_KEY", "DATA_KEYS"}
        keys = [str(value).removeprefix("1:") for value in (*values.values(), *dotenv_values(second).values())]
        assert len(set(keys)) == 8
        assert {len(base64.b64decode(key, validate=True)) for key in keys} == {32}
        assert first.stat().st_mode & 0o777 == 0o600

    def test_are_never_overwritten(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("SECRET_KEY=mine\n")
        assert not write_env_once(tmp_path / ".env")
        assert (tmp_path / ".env").read_text() == "SECRET_KEY=mine\n"


class TestSteps:
    def test_run_again_only_when_an_input_changed_or_a_result_is_gone(self, tmp_path: Path) -> None:
        source, result, done = tmp_path / "source", tmp_path / "result", []

        def act() -> None:
            done.append(source.read_text())
            result.write_text("made")

        def step() -> int:
            run_step("Making it", act, stamp=tmp_path / "stamps" / "it", made_from=[source, "1"], makes=[result])
            return len(done)

        source.write_text("a")
        assert (step(), step()) == (1, 1)
        source.write_text("b")
        assert (step(), step()) == (2, 2)
        result.unlink()
        assert (step(), step()) == (3, 3)

    def test_a_failed_step_is_tried_again(self, tmp_path: Path) -> None:
        def fail() -> None:
            raise StepFailed("No.")

        for _ in range(2):
            with pytest.raises(StepFailed):
                run_step("Failing", fail, stamp=tmp_path / "stamp", made_from=[], makes=[])

    def test_a_failed_command_shows_what_it_said(self) -> None:
        with pytest.raises(StepFailed, match="something is wrong"):
            run_quietly(["sh", "-c", "echo something is wrong; exit 3"])


def test_locks_pin_every_package_by_hash_and_name_no_host() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        pins = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith(("#", "--"))]
        assert pins
        assert all(line.endswith("\\") for line in pins)
        assert "://" not in text
        assert "--find-links" not in text


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-node"])
def test_every_direct_pin_is_in_the_lock(name: str) -> None:
    locked = (ROOT / f"{name}.lock").read_text().splitlines()
    asked = [line for line in (ROOT / f"{name}.txt").read_text().splitlines() if "==" in line]
    assert asked
    for line in asked:
        without_extras = re.sub(r"\[.*\]", "", line)
        assert any(one.startswith(f"{without_extras} ") for one in locked), line
