"""Run the whole system on this computer: web, worker and, without a mail server of your own, a local mailbox."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from dotenv import dotenv_values
from processes import LOOPBACK, Running, end_all, first_ended, free_port, is_free, start
from steps import ROOT, StepFailed, announced, run_or_exit, run_quietly

INSTANCE = ROOT / "instance"
LOGS = INSTANCE / "logs"
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
DEMO_ROLES = ("admin", "organiser", "venue", "access_lead", "insight", "privacy_lead")
DEMO_ORGANISER = ("organiser@demo.example", "--name", "Demo organiser", *(f"--role={role}" for role in DEMO_ROLES))
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_START = 60


class ToldToStop(Exception):
    """Ctrl-C, a closed terminal or a polite kill."""


def main() -> None:
    """Prepare the database, start everything, say where to look, and end everything together."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    env = environment()
    port = chosen_port(env)
    running: list[Running] = []
    try:
        mailbox = start_mailbox(env, running, after=port)
        _prepare_database(env)
        running.append(start("worker", [*FLASK, "worker"], env=env, logs=LOGS))
        running.append(start("web", _gunicorn(port), env=env, logs=LOGS))
        sign_in = _staff_link(env) if _is_demo(env) else _how_to_add_staff(env)
        _wait_for_answer(port, running)
        _say_where(env, port, mailbox=mailbox, sign_in=sign_in)
        _watch(running)
    except ToldToStop:
        print("\nStopping …", flush=True)
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        end_all(running)


def environment() -> dict[str, str]:
    """Return the settings for every part: .env first, the environment over it, then what is left to decide."""
    written = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    env = written | dict(os.environ)
    env["PUBLIC_URL"] = env.get("PUBLIC_URL") or f"http://{LOOPBACK}:{env.get('PORT') or '8000'}"
    env["PYTHONUNBUFFERED"] = "1"
    return env


def chosen_port(env: dict[str, str]) -> int:
    """Return the port to listen on. Raise StepFailed when it is none, or taken."""
    text = env.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise StepFailed(f"PORT must be a number from 1 to 65535, not {text!r}.")
    if not is_free(int(text)):
        raise StepFailed(
            f"Port {text} is in use by another program: end it, or choose another, such as make run PORT=8010."
        )
    return int(text)


def start_mailbox(env: dict[str, str], running: list[Running], *, after: int) -> str | None:
    """Start the local mailbox unless a mail server is named; point the settings at it and return its page's address."""
    if env.get("MAIL_SERVER"):
        return None
    page = free_port(after + 1)
    smtp = free_port(page + 1)
    env |= {
        "MAIL_SERVER": LOOPBACK,
        "MAIL_PORT": str(smtp),
        "MAIL_USE_TLS": "0",
        "MAIL_USERNAME": "",
        "MAIL_PASSWORD": "",
    }
    program = str(ROOT / "scripts" / "local_mailbox.py")
    command = [sys.executable, program, "--port", str(page), "--smtp-port", str(smtp)]
    running.append(start("mailbox", command, env=env, logs=LOGS))
    return f"http://{LOOPBACK}:{page}/"


def check_all(running: list[Running]) -> None:
    """Raise StepFailed, with its last lines, when a program has ended by itself."""
    if one := first_ended(running):
        raise StepFailed(f"{one.last_lines()}\n\nThe {one.name} ended by itself, so everything was ended.")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise ToldToStop


def _prepare_database(env: dict[str, str]) -> None:
    with announced("Bringing the database up to date"):
        run_quietly([*FLASK, "db", "upgrade"], env=env)
    if _is_demo(env):
        with announced("Looking after the demonstration data"):
            run_quietly([*FLASK, "demo"], env=env)


def _is_demo(env: dict[str, str]) -> bool:
    return env.get("DEMO", "1").lower() not in ("0", "no", "false", "off")


def _gunicorn(port: int) -> list[str]:
    worker = ["--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "5"]
    return [sys.executable, "-m", "gunicorn", *worker, "--bind", f"{LOOPBACK}:{port}", "wsgi:app"]


def _wait_for_answer(port: int, running: list[Running]) -> None:
    """Return when the web answers. Raise StepFailed when something ends first, or it takes too long."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        check_all(running)
        try:
            with opener.open(f"http://{LOOPBACK}:{port}/healthz/web", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise StepFailed(f"The web did not answer within {SECONDS_TO_START} seconds; its log is {LOGS / 'web.log'}.")


def _say_where(env: dict[str, str], port: int, *, mailbox: str | None, sign_in: str) -> None:
    site = f"http://{LOOPBACK}:{port}/"
    print(f"\nThe site:       {site}")
    print(f"Staff sign-in:  {site}staff/")
    print(f"Mail:           {mailbox or 'sent through ' + env['MAIL_SERVER']}")
    print(f"Logs:           {LOGS.relative_to(ROOT)}/")
    print(f"\n{sign_in}\n\nPress Ctrl-C to end.", flush=True)


def _staff_link(env: dict[str, str]) -> str:
    """Ask for the demonstration organiser's one-time link; the command refuses when there is such a person already."""
    command = [*FLASK, "staff", "add", *DEMO_ORGANISER]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return f"A first sign-in for staff:\n{done.stdout.strip()}"
    return "\n".join([*done.stderr.strip().splitlines()[-1:], _how_to_add_staff(env)])


def _how_to_add_staff(env: dict[str, str]) -> str:
    command = ".venv/bin/python -m flask --app wsgi staff add EMAIL --name NAME --role admin --role organiser"
    return f"For a sign-in link for staff:\nPUBLIC_URL={env['PUBLIC_URL']} {command}"


def _watch(running: list[Running]) -> None:
    while True:
        check_all(running)
        time.sleep(0.5)


if __name__ == "__main__":
    run_or_exit(main)
