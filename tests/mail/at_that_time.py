"""Run a program of the system in a process of its own, with its clock as far ahead as the test's own.

python -m tests.mail.at_that_time SECONDS flask --app wsgi worker
"""

from __future__ import annotations

import sys
import time

import time_machine


def main() -> None:
    """Move the clock, and become `flask` or `gunicorn`."""
    seconds, program, *_arguments = sys.argv[1:]
    time_machine.travel(time.time() + float(seconds), tick=True).start()
    sys.argv = sys.argv[2:]
    if program == "flask":
        from flask.cli import main as run
    else:
        from gunicorn.app.wsgiapp import run
    run()


def ahead() -> str:
    """Return how far this process's clock is ahead of the computer's, in seconds."""
    return str(time.time() - time_machine.escape_hatch.time.time())


if __name__ == "__main__":
    main()
