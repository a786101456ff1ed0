"""Install the system parts that tests need, such as chromium, Dovecot and libical. Debian, as root."""

from __future__ import annotations

import os

from steps import StepFailed, announced, run_or_exit, run_quietly
from system_parts import COMMAND, may_install, missing_packages


def main() -> None:
    """Install what is missing; do nothing when nothing is."""
    if not may_install():
        raise StepFailed(f"Installing system parts needs root on Debian: run `sudo {COMMAND}` there.")
    missing = missing_packages()
    if not missing:
        return
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with announced(f"Installing {', '.join(missing)}"):
        run_quietly(["apt-get", "update", "-qq"], env=env)
        run_quietly(["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *missing], env=env)


if __name__ == "__main__":
    run_or_exit(main)
