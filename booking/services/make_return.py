"""Make the figures of a period for one reader: a table to download, or a draft of a return as a zip."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from booking.errors import Refusal
from booking.formats.figures_file import lines_in
from booking.formats.figures_words import categories
from booking.formats.said_file import said_row
from booking.formats.spreadsheets import Value
from booking.locality.kinds import Locality
from booking.models import Snapshot
from booking.queries.facts.read import get_facts
from booking.queries.issues import WantedIssues
from booking.queries.said_and_did import find_said
from booking.queries.snapshots import frozen_file, get_bundle, latest_of, open_registers
from booking.rules.calendar_periods import Period, previous_period
from booking.rules.disclosure import Profile
from booking.rules.engagement.catalogue import BREAKDOWNS
from booking.rules.engagement.counting import Counted, count
from booking.rules.engagement.metric import Cell
from booking.rules.figures import Row, rows_of
from booking.rules.frozen_figures import Line, sha256
from booking.services.make_bundle import About, make_files
from booking.services.record_audit import record_audit


@dataclass(frozen=True, slots=True)
class MadeReturn:
    """A return: its file name and its bytes."""

    name: str
    content: bytes
    sha256: str


def figures_for(period: Period, *, profile: Profile, locality: Locality, reason: str = "", screen: str) -> list[Row]:
    """Count a period for one reader and write down that it left the house. Raise Refusal when it may not.

    Internal figures need a reason. Figures of a whole year could be subtracted from its quarters, so only
    quarters are made for readers outside; and once one is frozen, they get that and nothing newer beside it.
    """
    note_leaving(period, profile=profile, reason=reason, screen=screen)
    if profile != Profile.INTERNAL and latest_of(period.code) is not None:
        raise Refusal("This quarter is frozen: readers outside get what was frozen, and nothing else beside it.")
    return rows_for(period, profile=profile, locality=locality)


def note_leaving(period: Period, *, profile: Profile, reason: str, screen: str, version: int = 0) -> None:
    """Write down that figures left the house, and of which frozen version. Raise Refusal when they may not."""
    if profile == Profile.INTERNAL and not reason.strip():
        raise Refusal("Say why you need the internal figures: true counts can point to families.", field="reason")
    if profile != Profile.INTERNAL and not period.is_quarter:
        raise Refusal("Figures for readers outside are made by the quarter, so that no two can be subtracted.")
    facts = {"period": period.code, "profile": profile.value} | ({"version": version} if version else {})
    record_audit("export_figures", screen=screen, subject_type="period", reason=reason.strip(), facts=facts)


def rows_for(period: Period, *, profile: Profile, locality: Locality) -> list[Row]:
    """Count a period with every permitted breakdown and protect it for one reader."""
    return rows_from(period, count_all(period, locality), profile=profile, locality=locality)


def rows_from(
    period: Period,
    counted: Counted,
    *,
    profile: Profile,
    locality: Locality,
    hidden: frozenset[Cell] | None = None,
) -> list[Row]:
    """Lay out what was counted, protected for one reader."""
    return rows_of(
        period,
        counted,
        profile=profile,
        breakdowns=tuple(BREAKDOWNS),
        categories=categories(locality.on(period.end)),
        hidden=hidden,
    )


def count_all(period: Period, locality: Locality) -> Counted:
    """Count a period with every permitted breakdown."""
    return count(period, get_facts(period, locality=locality), breakdowns=tuple(BREAKDOWNS))


def said_in(period: Period, locality: Locality) -> list[list[Value]]:
    """Return what everybody may read of what families raised, or were answered, in a period."""
    return [
        said_row(issue)
        for issue in find_said(WantedIssues(), area=locality.on(period.end)).issues
        if issue.raised_on in period or (issue.answered_on is not None and issue.answered_on in period)
    ]


def lines_before(period: Period, profile: Profile) -> list[Line]:
    """Return what a reader was given last of the quarter before; nothing when it is not frozen, or no quarter."""
    latest = latest_of(previous_period(period).code) if period.is_quarter else None
    return lines_given(latest, profile) if latest else []


def lines_given(snapshot: Snapshot, profile: Profile) -> list[Line]:
    """Return what a frozen version shows one reader."""
    return lines_in(frozen_file(get_bundle(snapshot, profile), "metrics.csv"))


def make_return(
    period: Period,
    *,
    profile: Profile,
    locality: Locality,
    reason: str = "",
    kept: Callable[[str], bytes | None] = lambda _name: None,
) -> MadeReturn:
    """Make a draft of a return: its files as they would be if it were frozen now.

    `kept` gives the bytes of a draft that is there already under a name: one that says something else is
    never replaced, the next number is taken instead.
    """
    rows = figures_for(period, profile=profile, locality=locality, reason=reason, screen="command")
    said, registers, before = said_in(period, locality), open_registers(period), lines_before(period, profile)
    for number in itertools.count(1):
        name = f"return-{period.code}-draft{number}.zip"
        about = About(period=period, profile=profile, version=number, registers=registers, before=before)
        content = make_files(about, rows, said, locality=locality)
        if kept(name) in (None, content):
            return MadeReturn(name, content, sha256(content))
    raise AssertionError("numbers do not run out")
