"""A copy of the database that is put back forgets again whoever was erased since it was made."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import make_url

from booking import clock
from booking.extensions import db, transaction
from booking.models import Booking, Erasure, Family, Inbound, Subscription
from booking.queries.families import families_with_contact
from booking.queries.sealed_columns import sealed_columns
from booking.queries.subscriptions import hash_of
from booking.rules.words import ConsentSubject
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.ask_needs import Need
from booking.services.check_counters import find_problems
from booking.services.forget_family import forget_address, forget_family
from booking.services.list_erasure import FILE, read_list, write_list
from booking.services.replay_erasures import replay_erasures
from booking.services.sweep_old import sweep_old
from tests.cast import a_booking, a_mail_from, an_event
from tests.conftest import ROOT
from tests.postgres import program

GWEN, NEWS = "gwen.ashdown@example.org", "only.news@example.org"
DOCS = (ROOT / "docs" / "running.md").read_text()


def commands(kind: str) -> list[str]:
    """Return what the documentation says to type for a database: to make a copy, and to put it back."""
    blocks = re.findall(r"```sh\n(.*?)```", DOCS.partition("## Backups")[2].partition("\n## ")[0], re.DOTALL)
    mark = {"sqlite": "python3", "postgresql": "pg_"}[kind]
    return [block.strip() for block in blocks if block.startswith(mark)]


def run(command: str, database_url: str, folder: Path) -> None:
    """Run a line of the documentation with this database in the place of the real one."""
    url = make_url(database_url)
    environment = os.environ | {"DATABASE_URL": database_url}
    if url.get_backend_name() == "sqlite":
        command = command.replace("instance/booking.db", str(url.database))
    else:
        environment["PATH"] = f"{program('pg_dump').parent}:{environment['PATH']}"
    subprocess.run(["sh", "-ec", command], check=True, cwd=folder, env=environment)


@pytest.fixture
def listed(app: Flask) -> Path:
    """The file of erasures, empty."""
    path = Path(app.instance_path) / FILE
    path.unlink(missing_ok=True)
    return path


def gwen_books() -> int:
    booking = a_booking(
        an_event(),
        email=GWEN,
        phone="01632 960123",
        needs=(Need("bsl", "I lipread a little."),),
        consents=(ConsentSubject.NEEDS, ConsentSubject.REMEMBER_NEEDS),
        remember_needs=True,
    )
    with transaction():
        db.session.get_one(Booking, booking.id).places[0].adult.name = "Gwen Ashdown"
    return booking.family_id or 0


def everything_readable() -> str:
    return " ".join(str(value) for column in sealed_columns() for value in db.session.scalars(select(column)) if value)


def test_the_documented_way_ends_with_the_family_gone(
    app: Flask, database_url: str, listed: Path, tmp_path: Path
) -> None:
    copy, put_back = commands(make_url(database_url).get_backend_name())
    with app.app_context():
        family = gwen_books()
        other = a_booking(an_event(), email="tomasz.lisek@example.org").id
        a_mail_from(None, sender=GWEN, text="A letter of Gwen's")
        with transaction():
            ask_for_news(NEWS, NewsWanted(), lang="en")
        db.session.remove()
        run(copy, database_url, tmp_path)
        with transaction():
            forget_family(family, screen="test")
        with transaction():
            forget_address(hash_of(NEWS), screen="test")
        write_list(listed.parent)
        assert "Gwen" not in everything_readable()
        db.session.remove()
        db.engine.dispose()
        run(put_back, database_url, tmp_path)
        assert len(families_with_contact(GWEN)) == 1, "the copy knows the family"
        assert db.session.scalars(select(Erasure)).all() == [], "and of no erasure"
        db.session.remove()
    runner = app.test_cli_runner()
    done = runner.invoke(args=["replay-erasures"])
    assert done.exit_code == 0, done.output
    assert "On the list: 2. Erased again: families 1, addresses 1." in done.output
    assert "Erased again: families 0, addresses 0." in runner.invoke(args=["replay-erasures"]).output
    with app.app_context():
        assert families_with_contact(GWEN) == []
        left = everything_readable()
        assert not any(said in left for said in ("Gwen", GWEN, NEWS, "lipread", "960123"))
        assert db.session.scalars(select(Subscription)).all() == []
        assert len(db.session.scalars(select(Erasure)).all()) == 2
        assert db.session.get_one(Booking, other).email == "tomasz.lisek@example.org"
        assert list(find_problems()) == []


def test_who_came_back_after_the_erasure_stays(in_app: Flask, listed: Path) -> None:
    first = gwen_books()
    with transaction():
        ask_for_news(NEWS, NewsWanted(), lang="en")
    with transaction():
        forget_family(first, screen="test")
        forget_address(hash_of(NEWS), screen="test")
    write_list(listed.parent)
    again = gwen_books()
    with transaction():
        ask_for_news(NEWS, NewsWanted(), lang="en")
    with transaction():
        done = replay_erasures(read_list(listed), screen="test")
    assert (done.families, done.addresses) == (0, 0)
    assert families_with_contact(GWEN) == [again]
    assert len(db.session.scalars(select(Subscription)).all()) == 1


@pytest.mark.one_database
def test_two_families_with_one_phone_are_told_apart(in_app: Flask, listed: Path) -> None:
    first = gwen_books()
    with transaction():
        second = Family(phone_hash=db.session.get_one(Family, first).phone_hash)
        db.session.add(second)
    number, key = second.id, second.key
    with transaction():
        forget_family(first, screen="test")
    with transaction():
        replay_erasures([], screen="test")
    assert db.session.get_one(Family, number).key == key


@pytest.mark.one_database
def test_the_file_keeps_what_only_it_knows_and_lets_go_of_what_is_old(in_app: Flask, listed: Path) -> None:
    with transaction():
        forget_family(gwen_books(), screen="test")
    write_list(listed.parent)
    [known] = read_list(listed)
    with transaction():
        for row in db.session.scalars(select(Erasure)):
            db.session.delete(row)
    write_list(listed.parent)
    assert read_list(listed) == [known]
    with time_machine.travel(clock.now() + timedelta(days=39), tick=True):
        write_list(listed.parent)
        assert read_list(listed) == [known]
    with time_machine.travel(clock.now() + timedelta(days=42), tick=True):
        with transaction():
            sweep_old()
        write_list(listed.parent)
        assert read_list(listed) == []


@pytest.mark.one_database
def test_a_file_that_is_no_list_changes_nothing(app: Flask, tmp_path: Path) -> None:
    wrong = tmp_path / "holiday.txt"
    wrong.write_text("sun and sea\n")
    done = app.test_cli_runner().invoke(args=["replay-erasures", str(wrong)])
    assert done.exit_code == 1
    assert "This is no list of erasures" in done.output


@pytest.mark.one_database
def test_mail_of_who_was_erased_is_emptied_and_later_mail_is_not(in_app: Flask, listed: Path) -> None:
    a_mail_from(None, sender=NEWS, text="before")
    with transaction():
        forget_address(hash_of(NEWS), screen="test", lists=True)
    write_list(listed.parent)
    a_mail_from(None, sender=NEWS, text="after")
    with transaction():
        replay_erasures(read_list(listed), screen="test")
    assert db.session.scalars(select(Inbound.text).order_by(Inbound.id)).all() == [None, "after"]
