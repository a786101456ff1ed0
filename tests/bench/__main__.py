"""Measure everything and print one table with ratios; it takes about ten minutes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, update

from booking import clock, create_app
from booking.extensions import db, transaction
from booking.models import Event, VenueFact
from booking.rules.words import EventStatus, FactAnswer
from tests.bench.bookings import race_bookings
from tests.bench.door import FAMILIES, TIMES_SLOWER, time_taps
from tests.bench.figures import PLACES, SESSIONS, fill_two_years, time_overview, time_return
from tests.bench.lists import ROWS, time_lists
from tests.bench.reminders import race_reminders
from tests.bench.servers import Server, memory_of, race, serving, worker
from tests.bench.staff_pages import FULL, TENTH, fill, time_pages
from tests.bench.weight import first_visit
from tests.cast import a_venue, an_event
from tests.conftest import ENVIRONMENT, ROOT, make_config
from tests.postgres import postgres_url

SIZES = (12, 100, 500)
SHOWN_AT_ONCE = 30
REMINDERS = 10_000
BARE = "tests.bench.bare:app"
THREE_FILTERS = "/sessions?place=TN23&time=daytime&with=hearing_loop"
Row = tuple[str, str, str, str, str]
_table: list[Row] = []


def main() -> None:
    """Measure, then print."""
    with tempfile.TemporaryDirectory(prefix="booking-bench-") as folder:
        _demonstration(Path(folder))
        _door(Path(folder))
        _staff("SQLite", lambda size: f"sqlite:///{folder}/staff{size}.db", Path(folder))
        _figures("SQLite", f"sqlite:///{folder}/figures.db", Path(folder))
        _lists("SQLite", f"sqlite:///{folder}/lists.db", Path(folder))
        _database("SQLite", f"sqlite:///{folder}/pages.db", Path(folder))
        with postgres_url() as full, postgres_url() as tenth:
            urls = {FULL.bookings: full, TENTH.bookings: tenth}
            _staff("PostgreSQL", urls.__getitem__, Path(folder))
        with postgres_url() as url:
            _figures("PostgreSQL", url, Path(folder))
        with postgres_url() as url:
            _lists("PostgreSQL", url, Path(folder))
        with postgres_url() as url:
            _database("PostgreSQL", url, Path(folder))
    _print_table()


def _demonstration(folder: Path) -> None:
    env = _env(f"sqlite:///{folder}/demo.db", folder)
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=env, check=True, capture_output=True)
    with _said("Demonstration data"):
        began = time.perf_counter()
        subprocess.run([*flask, "demo"], cwd=ROOT, env=env, check=True, capture_output=True)
        _add("Demonstration data, whole command", f"{time.perf_counter() - began:.1f} s", goal="under 20 s")
    with _said("Start, memory, page weight"), serving("wsgi:app", "/healthz", env=env) as server:
        took, computing = f"{server.first_answer:.2f} s", f"computing {server.computing:.2f} s"
        _add("Start to first answer", took, computing, goal="1 s")
        for path in ("/", "/sessions"):
            weight = first_visit(server, path)
            _add(
                f"First visit of {path}", f"{weight.size / 1024:.1f} KB", f"{weight.requests} requests", goal="30 KB, 4"
            )
        _add("Memory of the web, after a few pages", f"{memory_of(server.process):.0f} MB", goal="130 MB")
    with _said("Memory of the worker"), worker(env=env) as process:
        _add("Memory of the worker, idle", f"{memory_of(process):.0f} MB", goal="130 MB")


def _door(folder: Path) -> None:
    """Tap at the door without a signal, on a slow phone with a long list."""
    app = create_app(make_config(f"sqlite:///{folder}/door.db", folder))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
    for times in TIMES_SLOWER:
        with _said(f"The door without a signal, {times} times slower"):
            found = time_taps(app, times_slower=times)
        others = f"first {found.first:.0f} ms, slowest {found.slowest:.0f} ms, {times} times slower"
        _add("A tap at the door shows", f"{found.usual:.0f} ms", others, goal="100 ms")
    _add(f"List of {FAMILIES} families on a phone", f"{found.pack / 1000:.0f} KB", goal="100 KB")
    _add("Script and style of the door", f"{found.code / 1000:.0f} KB", goal="150 KB")


def _database(name: str, url: str, folder: Path) -> None:
    app = _prepared(url, folder)
    env = _env(url, folder)
    with serving("wsgi:app", "/healthz", env=env) as ours, serving(BARE, "/sessions", env=env) as bare:
        for size in SIZES:
            with _said(f"{name}: {size} upcoming sessions"):
                _publish(app, size)
                _race_lists(name, size, ours, bare)
        with _said(f"{name}: find with three filters"):
            _race_filters(name, ours)
        with _said(f"{name}: one session's page"):
            path = f"/sessions/{_one_slug(app)}"
            our_speed, its_speed = race((ours, path), (bare, path))
            _compare(f"{name}: one session's page", our_speed, its_speed, "pages/s", goal="0.50")
    with _said(f"{name}: bookings"):
        ours_done, leanest = race_bookings(app)
        _compare(f"{name}: bookings", ours_done, leanest, "bookings/s", goal="0.25")
    with _said(f"{name}: {REMINDERS:,} reminders"):
        _race_reminders(name, app)
    with app.app_context():
        db.engine.dispose()


def _staff(name: str, url: Callable[[int], str], folder: Path) -> None:
    """Time the pages of staff on a full house and on a tenth of it."""
    found = []
    for house in (TENTH, FULL):
        with _said(f"{name}: staff pages with {house.bookings:,} bookings"):
            app = _migrated(url(house.bookings), folder)
            found.append(list(time_pages(app, fill(app, house))))
            with app.app_context():
                db.engine.dispose()
    for tenth, full in zip(*found, strict=True):
        _add(
            f"{name}: staff, {full.what}",
            f"{full.seconds * 1000:.0f} ms",
            f"{tenth.seconds * 1000:.0f} ms on a tenth",
            ratio=f"{full.seconds / tenth.seconds:.1f}",
            goal="at most 3",
        )


def _figures(name: str, url: str, folder: Path) -> None:
    """Count a return over two years of Kent."""
    with _said(f"{name}: a return over {SESSIONS:,} sessions, {PLACES:,} places"):
        app = _migrated(url, folder)
        fill_two_years(app)
        made = time_return(_env(url, folder))
    with _said(f"{name}: the overview of the figures"):
        (listing, _searched), *pages = list(time_overview(app))
    with app.app_context():
        db.engine.dispose()
    _add(f"{name}: a whole return, {made.figures:,} figures", f"{made.seconds:.1f} s", goal="5 s")
    _add(f"{name}: … memory of the process", f"{made.memory:.0f} MB", goal="300 MB")
    for counted, kept in pages:
        _add(
            f"{name}: {kept.what}, against past sessions",
            f"{kept.seconds * 1000:.0f} ms",
            f"{listing.seconds * 1000:.0f} ms; when counted {counted.seconds * 1000:.0f}",
            ratio=f"{kept.seconds / listing.seconds:.1f}",
            goal="at most 3",
        )


def _lists(name: str, url: str, folder: Path) -> None:
    """Bring attendance in, and take it out as lists and as the file without names."""
    _migrated(url, folder)
    with _said(f"{name}: {ROWS:,} rows of attendance in and out"):
        taken, given = (time_lists(_env(url, folder), step) for step in ("import", "export"))
    computing = f"{taken['import_computing']:,.0f} for each of computing"
    _add(f"{name}: import of attendance", f"{taken['import']:,.0f} rows/s", computing, goal="5,000")
    _add(f"{name}: … memory of that process", f"{taken['memory']:.0f} MB", f"{taken['before']:.0f} before it")
    for what, said, goal in (
        ("list", "attendance list with names, CSV", "0.45"),
        ("file", "attendance file without names, CSV", "0.45"),
        ("xlsx", "attendance list with names, XLSX", "0.80"),
    ):
        _compare(f"{name}: {said}", given[what], given[f"bare_{what}"], "rows/s", goal=goal)
        ours, bare = given[f"{what}_computing"], given[f"bare_{what}_computing"]
        _compare(f"{name}: … for each second of computing of the process", ours, bare, "rows", goal=goal)
    memory, tenth = f"{given['memory']:.0f} MB", f"{given['tenth']:.0f} after a tenth"
    _add(f"{name}: … memory of the process", memory, tenth, goal="the same")


def _migrated(url: str, folder: Path) -> Flask:
    app = create_app(make_config(url, folder))
    app.config["TESTING"] = True
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
    return app


def _race_reminders(name: str, app: Flask) -> None:
    sent = race_reminders(app, number=REMINDERS)
    _add(f"{name}: {REMINDERS:,} reminders, queued", f"{sent.queued_in:.1f} s", goal="60 s with writing")
    _compare(f"{name}: … written and delivered", sent.ours, sent.smtplib, "mails/s", goal="0.60")
    _add(f"{name}: … memory", f"{sent.memory_after:.0f} MB", f"{sent.memory_before:.0f} after 100", goal="the same")


def _race_lists(name: str, size: int, ours: Server, bare: Server) -> None:
    """Race the list against a bare page of the rows it shows, and against one of all rows where it shows a part."""
    shown = min(size, SHOWN_AT_ONCE)
    same_rows = (bare, f"/sessions?limit={shown}")
    if size == shown:
        our_speed, its_speed = race((ours, "/sessions"), same_rows)
        _compare(f"{name}: list of {size} sessions", our_speed, its_speed, "pages/s", goal="0.50")
        return
    our_speed, its_speed, with_all = race((ours, "/sessions"), same_rows, (bare, "/sessions"))
    _compare(f"{name}: list of {size} sessions, {shown} on each", our_speed, its_speed, "pages/s", goal="0.50")
    _compare(f"{name}: … the bare page with all {size}", our_speed, with_all, "pages/s", goal="0.50")


def _race_filters(name: str, ours: Server) -> None:
    """Race a search with three filters over all sessions against the list without any."""
    filtered, plain = race((ours, THREE_FILTERS), (ours, "/sessions"))
    _add(
        f"{name}: find in {max(SIZES)} with three filters",
        f"{filtered:.0f} pages/s",
        f"{plain:.0f} without",
        ratio=f"{filtered / plain:.2f}",
        goal="0.33",
    )


def _prepared(url: str, folder: Path) -> Flask:
    """Migrate, and make the sessions that are shown."""
    app = create_app(make_config(url, folder))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        venues = [
            a_venue(easting=590_000 + 1_700 * number, northing=160_000 - 1_300 * number).id for number in range(24)
        ]
        _say_what_is_there(venues)
        for number in range(max(SIZES)):
            summary = "Meet other parents and talk with people who run services."
            an_event(venue_id=venues[number % 24], summary=summary, description=f"{summary} You can just listen.")
    return app


def _say_what_is_there(venues: list[int]) -> None:
    answers = list(FactAnswer)
    with transaction():
        db.session.add_all(
            VenueFact(venue_id=venue, code="hearing_loop", answer=answers[number % 4], checked_on=clock.today())
            for number, venue in enumerate(venues)
        )


def _publish(app: Flask, number: int) -> None:
    with app.app_context(), transaction():
        first = select(Event.id).order_by(Event.starts_at, Event.id).limit(number)
        db.session.execute(update(Event).values(status=EventStatus.DRAFT))
        db.session.execute(update(Event).where(Event.id.in_(first)).values(status=EventStatus.PUBLISHED))


def _one_slug(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Event.slug).order_by(Event.id).limit(1)).one()


def _env(url: str, folder: Path) -> dict[str, str]:
    own = {"DATABASE_URL": url, "JOBS_URL": f"sqlite:///{folder}/jobs.db", "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": "1"}
    return dict(os.environ) | ENVIRONMENT | own


@contextmanager
def _said(what: str) -> Iterator[None]:
    print(f"{what} …", end=" ", flush=True)
    began = time.perf_counter()
    yield
    print(f"{time.perf_counter() - began:.0f} s", flush=True)


def _compare(what: str, ours: float, bare: float, unit: str, *, goal: str) -> None:
    _add(what, f"{ours:.0f} {unit}", f"{bare:.0f} {unit}", ratio=f"{ours / bare:.2f}", goal=goal)


def _add(what: str, ours: str, other: str = "", *, ratio: str = "", goal: str = "") -> None:
    _table.append((what, ours, other, ratio, goal))


def _print_table() -> None:
    rows: list[Row] = [("What", "Ours", "Bare", "Ratio", "Goal"), *_table]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    print()
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print("\nBare: Flask + Jinja + one query by the driver, or lock + count + insert; the same rows and servers.")


if __name__ == "__main__":
    main()
