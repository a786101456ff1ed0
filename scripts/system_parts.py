"""The parts that only the system's own packages bring, which of them are missing, and the one command for that."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
IMAP_SERVER = "dovecot-imapd"
CALENDAR_JUDGE = "gir1.2-ical-3.0"
"""It brings libical under whatever name this release gives it."""
POSTGRES = Path("/usr/lib/postgresql")
COMMAND = "make system"


def find_browser() -> str | None:
    """Return the path of a browser that tests can drive."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def may_install() -> bool:
    """Say whether this is root on Debian, or a system that keeps its packages the same way."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def missing_packages() -> list[str]:
    """Return the system packages to install; PostgreSQL's only when no version of it is here."""
    wanted = [] if find_browser() else ["chromium"]
    wanted += [name for name in (*PANGO, IMAP_SERVER, CALENDAR_JUDGE) if not _is_installed(name)]
    return wanted if POSTGRES.exists() else [*wanted, "postgresql"]


def _is_installed(package: str) -> bool:
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout == "installed"
