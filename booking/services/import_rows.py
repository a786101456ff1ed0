"""Carry out the rows of a file: all of them or none, each refusal with its line."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from booking.errors import Refusal
from booking.extensions import db
from booking.formats.csv_input import Problem


class Done(StrEnum):
    """What became, or would become, of a row."""

    MADE = "made"
    CHANGED = "changed"
    SAME = "same"


class Row(Protocol):
    """A row with its place in the file."""

    @property
    def line(self) -> int: ...


_Row = TypeVar("_Row", bound=Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row: its name, what happens, and the names of the parts that change."""

    line: int
    name: str
    done: Done
    about: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What the rows came to. In a problem, `column` is the name of a form's field."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    is_written: bool

    def count(self, done: Done) -> int:
        """Return how many rows came to this."""
        return sum(outcome.done == done for outcome in self.outcomes)


def carry_out(rows: Collection[_Row], deed: Callable[[_Row], Outcome], *, dry_run: bool) -> Imported:
    """Do the deed with every row. After a problem, and on a dry run, the database is as it was.

    A dry run does the deeds and takes them back, so that it finds all that an import would: also two rows of the
    file that are in each other's way.
    """
    outcomes: list[Outcome] = []
    problems: list[Problem] = []
    whole = db.session.begin_nested()
    for row in rows:
        try:
            with db.session.begin_nested():
                outcomes.append(deed(row))
        except Refusal as refusal:
            problems.append(Problem(row.line, refusal.field or "", refusal.sentence))
    is_written = not problems and not dry_run
    if is_written:
        whole.commit()
    else:
        whole.rollback()
    return Imported(outcomes=tuple(outcomes), problems=tuple(problems), is_written=is_written)
