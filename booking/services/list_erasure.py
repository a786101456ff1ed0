"""Keep the list of what was erased: in the database, and in a file that no copy of the database replaces."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from booking import clock
from booking.cipher import lookup_hash
from booking.extensions import db
from booking.models import Erasure
from booking.rules.retention import Kept, gone_before

FILE = "erasures.txt"
NOTHING = "-"


@dataclass(frozen=True, order=True, slots=True)
class Erased:
    """One line of the list."""

    at: datetime
    family: str
    email: str


def mark_of_family(key: str) -> str:
    """Return the keyed hash of a family's random key; it stands nowhere else."""
    return lookup_hash("erased family", key)


def mark_of_email(email_hash: str | None) -> str:
    """Return the keyed hash of an address's keyed hash; nothing for none."""
    return lookup_hash("erased email", email_hash) if email_hash else NOTHING


def list_erasure(*, family_key: str | None, email_hash: str | None) -> None:
    """Add one line to the list, in the deed's own transaction."""
    email = mark_of_email(email_hash)
    db.session.add(
        Erasure(
            at=clock.now(),
            family_hash=mark_of_family(family_key) if family_key else None,
            email_hash=None if email == NOTHING else email,
        )
    )
    db.session.flush()


def listed() -> list[Erased]:
    """Return the list as the database has it, in order."""
    return sorted(
        Erased(row.at, row.family_hash or NOTHING, row.email_hash or NOTHING)
        for row in db.session.scalars(select(Erasure))
    )


def write_list(folder: Path) -> None:
    """Write the file anew from the database and from itself, without what is over its time.

    To be called after the commit. What only the file knows (a copy was put back) stays in it.
    """
    path = folder / FILE
    oldest = gone_before(Kept.ERASED, today=clock.today())
    lines = sorted(each for each in {*listed(), *read_list(path)} if each.at >= oldest)
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{_line(each)}\n" for each in lines), encoding="ascii")
    os.replace(fresh, path)


def read_list(path: Path) -> list[Erased]:
    """Return what a file has; nothing if it is not there. Raise ValueError for a line that is not one of ours."""
    if not path.exists():
        return []
    return [_erased(line) for line in path.read_text(encoding="ascii").splitlines() if line.strip()]


def add_missing(erased: Iterable[Erased]) -> None:
    """Put back into the database what a copy of it did not know yet."""
    known = set(listed())
    for each in sorted(set(erased) - known):
        family, email = (None if mark == NOTHING else mark for mark in (each.family, each.email))
        db.session.add(Erasure(at=each.at, family_hash=family, email_hash=email))
    db.session.flush()


def _line(erased: Erased) -> str:
    return f"{erased.at.astimezone(UTC).isoformat()} {erased.family} {erased.email}"


def _erased(line: str) -> Erased:
    at, family, email = line.split()
    return Erased(datetime.fromisoformat(at), family, email)
