"""`flask` commands, each a thin door to one service."""

from __future__ import annotations

import logging
import time

import click
from flask import Flask, current_app

from booking import clock, jobs
from booking.errors import Refusal
from booking.extensions import init_migrations, transaction
from booking.formats.invitations import invitation_token
from booking.locality import get_locality
from booking.rules.words import StaffRole
from booking.services.invite_staff import invite_staff
from booking.services.make_demo import make_demo
from config import Config


def init_app(app: Flask) -> None:
    """Register the commands."""
    init_migrations(app)
    app.cli.add_command(_demo)
    app.cli.add_command(_staff)
    app.cli.add_command(_worker)
    app.cli.add_command(_tick)


@click.command("demo")
def _demo() -> None:
    """Fill an empty database with the demonstration data."""
    config = _config()
    began = time.monotonic()
    with transaction():
        made = make_demo(
            locality=get_locality(config.locality),
            domain=config.mail_sender.partition("@")[2],
            say=lambda sentence: click.echo(f"  {sentence}"),
        )
    if made is None:
        click.echo("There are venues already, so the demonstration data was left alone.")
    else:
        click.echo(f"The demonstration data is there, after {time.monotonic() - began:.0f} seconds.")


@click.group("staff")
def _staff() -> None:
    """The people who run the sessions."""


@_staff.command("add")
@click.argument("email")
@click.option("--name", help="What the others call this person.")
@click.option("--role", type=click.Choice([role.value for role in StaffRole]), help="What this person may do.")
def _add_staff(email: str, name: str | None, role: str | None) -> None:
    """Make a member of staff, or give a known one a new link; older links are void then."""
    try:
        with transaction():
            member = invite_staff(email, name=name, role=StaffRole(role) if role else None)
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


def _config() -> Config:
    config: Config = current_app.extensions["config"]
    return config
