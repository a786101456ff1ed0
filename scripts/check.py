"""Check how the code reads: lint, format, types, and who may import whom. All run, whatever the first one says."""

from __future__ import annotations

import subprocess
import sys

from steps import ROOT

CHECKS = {
    "Lint": ("-m", "ruff", "check", "--quiet"),
    "Format": ("-m", "ruff", "format", "--check", "--quiet"),
    "Types": ("-m", "mypy", "--no-error-summary"),
    "Imports": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
}


def main() -> int:
    """Run the checks, show what the failed ones say, and return how many failed."""
    return sum(not _passes(name, command) for name, command in CHECKS.items())


def _passes(name: str, command: tuple[str, ...]) -> bool:
    print(f"{name} …", end=" ", flush=True)
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    print("good" if done.returncode == 0 else f"not good\n{done.stdout}{done.stderr}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
