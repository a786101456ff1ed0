"""Run everything that must be green: the checks, then every test on SQLite, PostgreSQL and a real browser."""

from __future__ import annotations

import os
import subprocess
import sys

import check
import install_system
from steps import ROOT, StepFailed, run_or_exit
from system_parts import COMMAND, find_browser, may_install, missing_packages

NO_BROWSER = f"No browser was found, so browser tests cannot run: `sudo {COMMAND}` installs chromium (Debian)."


def main() -> None:
    """Run them, and end with the tests' own exit code."""
    left_out = [] if _browser_is_here() else ["-m", "not browser"]
    failed_checks = check.main()
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", *_shared_out(), *left_out, *sys.argv[1:]],
        cwd=ROOT,
        env=_with_compiled_code_kept(),
        check=False,
    )
    if left_out:
        print(NO_BROWSER)
    if failed_checks:
        print("A check above is not good: `make check` shows it again.")
    sys.exit(tests.returncode or failed_checks)


def _shared_out() -> list[str]:
    """Let every core take tests, each with databases of its own; one given database cannot be shared.

    A few tests are handed out at a time, so that no worker sits on a heap of long ones when the others are done.
    """
    if "TEST_POSTGRES_URL" in os.environ:
        return []
    return ["-n", "logical", "--maxprocesses", "4", "--maxschedchunk", "24"]


def _with_compiled_code_kept() -> dict[str, str]:
    """Tests start the system dozens of times: compiling all of it each time is a second a start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _browser_is_here() -> bool:
    """Install what is missing where that is allowed. Without a browser, CI fails and a developer goes on."""
    if missing_packages() and may_install():
        _install()
    if find_browser():
        return True
    if os.environ.get("CI") == "true":
        raise StepFailed(NO_BROWSER)
    print(NO_BROWSER)
    return False


def _install() -> None:
    """Install the system parts; without a network a developer goes on without them."""
    try:
        install_system.main()
    except StepFailed as failure:
        if os.environ.get("CI") == "true":
            raise
        print(failure)


if __name__ == "__main__":
    run_or_exit(main)
