"""`flask` commands, each a thin door to one service."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from booking import clock, jobs
from booking.errors import Refusal
from booking.extensions import init_migrations, transaction
from booking.formats.attendance_file import COLUMNS
from booking.formats.attendance_input import read_attendance
from booking.formats.invitations import invitation_token
from booking.formats.spreadsheets import csv_file
from booking.locality.kinds import Locality
from booking.queries.attendance import count_places
from booking.queries.families import families_with_contact, families_with_reference
from booking.queries.installation import our_locality
from booking.queries.sealed_columns import place_of, sealed_columns
from booking.queries.snapshots import latest_of
from booking.queries.subscriptions import hash_of, subscriptions_of
from booking.rules.calendar_periods import Period
from booking.rules.disclosure import Profile
from booking.rules.other_periods import find_period
from booking.rules.words import StaffRole
from booking.services.brought_in import BroughtIn
from booking.services.check_counters import find_problems
from booking.services.demo.frozen import prepare_demo_return
from booking.services.export_attendance import file_rows, note_export
from booking.services.forget_family import forget_address, forget_family
from booking.services.freeze_return import NothingChanged, freeze_return, give_out, prepare_freeze
from booking.services.import_attendance import import_attendance, import_summary, plan_import
from booking.services.import_pupils import import_pupils
from booking.services.import_targets import import_targets
from booking.services.invite_staff import invite_staff
from booking.services.list_erasure import FILE, read_list, write_list
from booking.services.make_demo import make_demo
from booking.services.make_return import MadeReturn, make_return
from booking.services.replay_erasures import replay_erasures
from booking.services.rotate_keys import Resealed, reseal_some
from booking.services.sweep_old import sweep_old
from config import Config

_Row = TypeVar("_Row")


def init_app(app: Flask) -> None:
    """Register the commands."""
    init_migrations(app)
    app.cli.add_command(_demo)
    app.cli.add_command(_check)
    app.cli.add_command(_keys)
    app.cli.add_command(_forget)
    app.cli.add_command(_replay_erasures)
    app.cli.add_command(_staff)
    app.cli.add_command(_worker)
    app.cli.add_command(_tick)
    app.cli.add_command(_sweep)
    app.cli.add_command(_import_attendance)
    app.cli.add_command(_import_pupils)
    app.cli.add_command(_import_targets)
    app.cli.add_command(_export_attendance)
    app.cli.add_command(_return)


@click.command("demo")
def _demo() -> None:
    """Fill an empty database with the demonstration data."""
    config, area = _config(), our_locality()
    began = time.monotonic()
    with transaction():
        made = make_demo(
            locality=area,
            domain=config.mail_sender.partition("@")[2],
            say=lambda sentence: click.echo(f"  {sentence}"),
        )
        if made is not None:
            frozen = prepare_demo_return(area)
            freeze_return(frozen, screen="command")
            click.echo(f"  the return of {frozen.period.label}, frozen")
    if made is None:
        click.echo("There are venues already, so the demonstration data was left alone.")
    else:
        click.echo(f"The demonstration data is there, after {time.monotonic() - began:.0f} seconds.")


@click.command("check")
def _check() -> None:
    """Prove that counters, links, sealed values and messages are as they should be."""
    problems = list(find_problems())
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"Problems found: {len(problems)}.")
    click.echo("Everything is as it should be.")


@click.group("keys")
def _keys() -> None:
    """The keys that keep personal data unreadable."""


@_keys.command("rotate")
def _rotate_keys() -> None:
    """Seal everything anew with the newest key of DATA_KEYS; it can be stopped and begun again."""
    unreadable = 0
    for column in sealed_columns():
        done, batch = 0, Resealed(resealed=0, unreadable=0, last_id=0)
        while batch.last_id is not None:
            with transaction():
                batch = reseal_some(column, after_id=batch.last_id)
            done += batch.resealed
            unreadable += batch.unreadable
        if done:
            click.echo(f"{place_of(column)}: {done} values sealed anew.")
    if unreadable:
        raise click.ClickException(f"{unreadable} values open with none of the keys and were left as they are.")
    click.echo("Everything is sealed with the newest key. The older ones can be taken out of DATA_KEYS.")


@click.command("forget")
@click.argument("contact", required=False)
@click.option("--reference", help="The reference of one of the family's bookings.")
def _forget(contact: str | None, reference: str | None) -> None:
    """Forget the family with this e-mail address, phone number or reference; the figures stay."""
    if bool(contact) == bool(reference):
        raise click.UsageError("Give an e-mail address, a phone number or --reference.")
    found = families_with_contact(contact) if contact else families_with_reference(reference or "")
    if not found and contact and (news := _stop_news(contact)):
        click.echo(f"Forgotten. There was no booking; news of new sessions stopped: {news}.")
        return
    if len(found) != 1:
        known = "No family is" if not found else "More than one family is"
        raise click.ClickException(f"{known} known by this. Try --reference with the reference of a booking.")
    with transaction():
        forgotten = forget_family(found[0], screen="flask forget")
    write_list(_config().instance_path)
    click.echo(f"Forgotten. Bookings: {forgotten.bookings}, of which cancelled first: {forgotten.cancelled}.")
    if forgotten.news:
        click.echo(f"News of new sessions stopped: {forgotten.news}.")


def _stop_news(contact: str) -> int:
    if not subscriptions_of(hash_of(contact)):
        return 0
    with transaction():
        stopped = forget_address(hash_of(contact), screen="flask forget")
    write_list(_config().instance_path)
    return stopped


@click.command("replay-erasures")
@with_appcontext
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def _replay_erasures(file: Path | None) -> None:
    """After a copy was put back: erase again who was erased since. FILE is instance/erasures.txt, if none is given."""
    folder = _config().instance_path
    try:
        erased = read_list(file or folder / FILE)
    except ValueError as error:
        raise click.ClickException("This is no list of erasures: each line has a moment and two codes.") from error
    with transaction():
        done = replay_erasures(erased, screen="flask replay-erasures")
    write_list(folder)
    click.echo(f"On the list: {len(erased)}. Erased again: families {done.families}, addresses {done.addresses}.")


@click.group("staff")
def _staff() -> None:
    """The people who run the sessions."""


@_staff.command("add")
@click.argument("email")
@click.option("--name", help="What the others call this person.")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in StaffRole]),
    multiple=True,
    help="What this person may do; give it several times for several roles.",
)
def _add_staff(email: str, name: str | None, roles: tuple[str, ...]) -> None:
    """Make a member of staff, or give a known one a new link; older links are void then."""
    try:
        with transaction():
            member = invite_staff(email, name=name, roles=[StaffRole(role) for role in roles])
            token = invitation_token(member, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo("This link sets the password. It works once, for three days:")
    click.echo(f"{_config().public_url}/staff/set-password/{token}")


@click.command("worker")
def _worker() -> None:
    """Send messages and watch deadlines until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    jobs.run_worker(app)


@click.command("tick")
def _tick() -> None:
    """Do once what the worker does every minute: queue reminders, send what is due."""
    done = jobs.tick()
    sent = done.delivered
    click.echo(f"Reminders queued: {done.reminders}. Offers that ran out: {done.offers}. Old drafts: {done.drafts}.")
    click.echo(f"Sent: {sent.sent}. Not needed any more: {sent.not_sent}. Later: {sent.later}. Failed: {sent.failed}.")
    if done.failed:
        raise click.ClickException(f"These steps failed, see the log: {', '.join(done.failed)}.")


@click.command("sweep")
@with_appcontext
@click.option("--dry-run", is_flag=True, help="Only say what would be swept.")
def _sweep(dry_run: bool) -> None:
    """Take away what has been kept long enough; the worker does it once a day by itself."""
    with transaction():
        counts = sweep_old(dry_run=dry_run)
    for kept, number in counts.items():
        click.echo(f"{kept.replace('_', ' ')}: {number}")
    click.echo("Nothing was changed." if dry_run else "Swept.")


@click.command("import-attendance")
@with_appcontext
@click.argument("file", type=click.File("rb"))
@click.option("--skip-bad", is_flag=True, help="Leave bookings with a bad row out, and bring in the rest.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def _import_attendance(file: BinaryIO, skip_bad: bool, dry_run: bool) -> None:
    """Bring in past attendance; a second run of the same file changes nothing."""
    content = file.read()
    lines = content.count(b"\n")
    click.echo(f"Reading {lines:,} lines …")
    area = our_locality()
    with _progress(lines if dry_run else 3 * lines) as bar:
        reading = read_attendance(content, locality=area, now=clock.now(), step=bar.update)
        plan = plan_import(reading, locality=area, to_write=not dry_run and (skip_bad or not reading.problems))
        bar.length = lines if dry_run else lines + plan.count_rows
        with transaction():
            done = import_attendance(
                reading, plan=plan, locality=area, skip_bad=skip_bad, dry_run=dry_run, step=bar.update
            )
    for sentence in (*done.notes, *map(str, done.problems)):
        click.echo(sentence, err=True)
    click.echo(import_summary(done))
    if done.problems and not skip_bad:
        raise click.ClickException(f"{len(done.problems)} problems, so nothing was imported.")


@click.command("import-pupils")
@with_appcontext
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def _import_pupils(file: BinaryIO, dry_run: bool) -> None:
    """Bring in how many pupils with SEN each district has, from a published source."""
    with transaction():
        done = import_pupils(file.read(), locality=our_locality(), screen="flask import-pupils", dry_run=dry_run)
    _say_brought_in(done, dry_run=dry_run)


@click.command("import-targets")
@with_appcontext
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def _import_targets(file: BinaryIO, dry_run: bool) -> None:
    """Bring in what figures are meant to come to, with who agreed it and when."""
    with transaction():
        done = import_targets(file.read(), locality=our_locality(), screen="flask import-targets", dry_run=dry_run)
    _say_brought_in(done, dry_run=dry_run)


def _say_brought_in(done: BroughtIn, *, dry_run: bool) -> None:
    for sentence in (*done.notes, *map(str, done.problems)):
        click.echo(sentence, err=True)
    if done.problems:
        raise click.ClickException(f"{len(done.problems)} problems, so nothing was imported.")
    click.echo(f"{'To import' if dry_run else 'Imported'}: {done.summary}.")


@click.command("export-attendance")
@with_appcontext
@click.option("--out", type=click.File("wb"), default="-", help="Where to write; otherwise to the screen or a pipe.")
def _export_attendance(out: BinaryIO) -> None:
    """Write every place of past sessions as CSV; families are random keys and nothing is personal."""
    with transaction():
        note_export(screen="command", reason="command")
    with _progress(count_places()) as bar:
        for chunk in csv_file(COLUMNS, _counted(file_rows(our_locality()), bar)):
            out.write(chunk)


@click.command("return")
@with_appcontext
@click.option(
    "--period",
    required=True,
    help="A quarter, such as 2026-27-Q3; internal figures of any period.",
)
@click.option("--profile", type=click.Choice([each.value for each in Profile]), default=Profile.PUBLIC.value)
@click.option("--freeze", is_flag=True, help="Freeze the quarter for good, or write what is frozen.")
@click.option(
    "--reason",
    default="",
    help="Why true numbers are needed; with --freeze, why registers are open or figures changed.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to.")
def _return(period: str, profile: str, freeze: bool, reason: str, out: Path) -> None:
    """Write the figures of a quarter as a zip: a draft, or what is frozen."""
    area = our_locality()
    try:
        chosen = find_period(period, area.terms)
        made = (
            _frozen_return(chosen, Profile(profile), reason, area)
            if freeze
            else _draft_return(chosen, Profile(profile), reason, area, out)
        )
    except (Refusal, ValueError) as error:
        raise click.ClickException(str(error)) from error
    out.mkdir(parents=True, exist_ok=True)
    path = out / made.name
    if path.exists() and path.read_bytes() != made.content:
        raise click.ClickException(f"{path} is there and says something else. Choose another folder.")
    path.write_bytes(made.content)
    click.echo(f"{path}\nSHA-256 {made.sha256}")


def _draft_return(period: Period, profile: Profile, reason: str, area: Locality, out: Path) -> MadeReturn:
    with transaction():
        return make_return(
            period,
            profile=profile,
            locality=area,
            reason=reason,
            kept=lambda name: (out / name).read_bytes() if (out / name).exists() else None,
        )


def _frozen_return(period: Period, profile: Profile, reason: str, area: Locality) -> MadeReturn:
    """Freeze what is not frozen, and give out what is.

    A reason makes the next version of what has changed. Not with internal figures: there it says why they are needed.
    """
    latest = latest_of(period.code)
    if latest is None or (reason and profile != Profile.INTERNAL):
        with suppress(NothingChanged):
            ready = prepare_freeze(period, reason=reason, locality=area)
            with transaction():
                freeze_return(ready, screen="command")
    with transaction():
        frozen = latest_of(period.code)
        assert frozen is not None
        return give_out(frozen, period, profile=profile, reason=reason, screen="command")


def _progress(length: int) -> Any:
    """Return a bar for who waits at a terminal; elsewhere it says nothing."""
    return click.progressbar(length=length, file=sys.stderr, hidden=not sys.stderr.isatty(), update_min_steps=500)


def _counted(rows: Iterable[_Row], bar: Any) -> Iterator[_Row]:
    for row in rows:
        bar.update(1)
        yield row


def _config() -> Config:
    config: Config = current_app.extensions["config"]
    return config
