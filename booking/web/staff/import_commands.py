"""The commands that bring in venues and sessions; they are here because the rows go through the forms of staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

import click

from booking.services.import_rows import Done
from booking.web.staff.blueprint import staff
from booking.web.staff.import_files import Result, take_sessions, take_venues


@staff.cli.command("import-venues")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def _import_venues(file: BinaryIO, dry_run: bool) -> None:
    """Bring in venues; a second run of the same file changes nothing."""
    _report(take_venues, file, dry_run)


@staff.cli.command("import-sessions")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def _import_sessions(file: BinaryIO, dry_run: bool) -> None:
    """Bring in sessions as drafts; a second run of the same file changes nothing."""
    _report(take_sessions, file, dry_run)


def _report(take: Callable[..., Result], file: BinaryIO, dry_run: bool) -> None:
    result = take(file.read(), dry_run=dry_run, screen="command")
    for sentence in (*result.notes, *map(str, result.problems)):
        click.echo(sentence, err=True)
    for outcome in result.outcomes:
        told = f": {', '.join(outcome.changed)}" if outcome.changed else f" ({outcome.about})" if outcome.about else ""
        click.echo(f"line {outcome.line}: {outcome.done.value}: {outcome.name}{told}")
    counts = {done: sum(outcome.done == done for outcome in result.outcomes) for done in Done}
    verb = "Imported" if result.is_written else "To import"
    click.echo(f"{verb}: {counts[Done.MADE]} new, {counts[Done.CHANGED]} changed, {counts[Done.SAME]} as they were.")
    if result.problems:
        raise click.ClickException(f"{len(result.problems)} problems, so nothing was imported.")
