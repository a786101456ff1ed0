"""Run the steps of setting up: each only when what it is made from has changed, with a line to say so."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLOW_SECONDS = 2


class StepFailed(Exception):
    """A step could not be done; its text says why and what to do."""


def run_step(
    title: str, action: Callable[[], None], *, stamp: Path, made_from: Iterable[Path | str], makes: Sequence[Path]
) -> None:
    """Do `action` unless `stamp` shows it was done from the same inputs and everything it makes is still there."""
    fingerprint = _fingerprint(made_from)
    if stamp.is_file() and stamp.read_text() == fingerprint and all(path.exists() for path in makes):
        return
    with announced(title):
        action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint)


@contextmanager
def announced(title: str) -> Iterator[None]:
    """Say what is being done while it is done, and the seconds it took when it took long."""
    print(f"{title} …", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    seconds = time.monotonic() - begun
    print(f" {seconds:.0f} s" if seconds > SLOW_SECONDS else "", flush=True)


def run_quietly(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> None:
    """Run a command in the project's folder, showing what it printed only when it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        shown = " ".join(str(part) for part in command)
        raise StepFailed(f"{done.stdout.strip()}\n\nThis command failed: {shown}")


def run_or_exit(main: Callable[[], None]) -> None:
    """Run a script's main function; turn a failed step or Ctrl-C into a sentence and an exit code."""
    try:
        main()
    except StepFailed as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit(130)


def _fingerprint(inputs: Iterable[Path | str]) -> str:
    digest = hashlib.sha256()
    for part in inputs:
        found = part.read_bytes() if isinstance(part, Path) else part.encode()
        digest.update(f"{part if isinstance(part, str) else part.name}:{len(found)}:".encode() + found)
    return digest.hexdigest()
