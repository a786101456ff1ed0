"""Freeze the return of a quarter: its numbers and the files of each reader as they are today, for good.

What takes long (counting, drawing PDFs) is done before anything is locked; then all of it is written in one go, so
that a process that is killed leaves nothing half, and of two people who freeze at once the second is told.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db
from booking.formats.district_words import became
from booking.formats.figures_file import figures_csv, lines_in
from booking.formats.spreadsheets import Value
from booking.formats.words_for import short_date
from booking.locality.kinds import District, Locality
from booking.models import Snapshot, SnapshotBundle, Staff
from booking.queries.snapshots import (
    OpenRegister,
    frozen_figures,
    frozen_file,
    frozen_zip,
    get_bundle,
    latest_of,
    open_registers,
    versions_of,
)
from booking.rules.calendar_periods import Period, freeze_date
from booking.rules.disclosure import Profile
from booking.rules.engagement.catalogue import BREAKDOWNS
from booking.rules.engagement.counting import Counted
from booking.rules.engagement.metric import Cell
from booking.rules.frozen_figures import Change, Line, canonical, changes, is_same, read, sha256, with_that_day, written
from booking.rules.linked_versions import GivenOut, hidden_beside
from booking.rules.permissions import Action, may
from booking.services.make_bundle import About, app_version, make_files
from booking.services.make_return import (
    MadeReturn,
    count_all,
    lines_before,
    lines_given,
    note_leaving,
    rows_from,
    said_in,
)
from booking.services.record_audit import actor_id, record_audit


class NothingChanged(Refusal):
    """The latest version says all there is to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyToFreeze:
    """Everything that a new version holds; `after` is the version it follows, 0 for the first."""

    period: Period
    after: int
    figures: bytes
    registers: Sequence[OpenRegister]
    reason: str
    frozen_at: datetime
    role: str
    bundles: Sequence[tuple[Profile, str, bytes, frozenset[Cell]]]


def prepare_freeze(period: Period, *, reason: str = "", after: int | None = None, locality: Locality) -> ReadyToFreeze:
    """Count a quarter and make the files of a new version; nothing is written. Raise Refusal when it may not be.

    `after` is the latest version that whoever asks has seen.
    """
    check_day(period, locality)
    versions, registers = versions_of(period.code), open_registers(period)
    _check_after(period, len(versions) if after is None else after)
    _check_districts(period, versions, locality)
    counted = _counted_beside(period, versions, locality)
    said = said_in(period, locality)
    facts = _facts(period, counted, registers, said)
    _check_changed(versions, facts)
    _check_reason(versions, registers, reason.strip())
    frozen_at, role = clock.now().replace(microsecond=0), _role()
    about = About(
        period=period,
        profile=Profile.INTERNAL,
        version=len(versions) + 1,
        registers=registers,
        frozen_at=frozen_at,
        frozen_role=role,
        reason=reason.strip(),
    )
    return ReadyToFreeze(
        period=period,
        after=len(versions),
        figures=canonical(facts),
        registers=registers,
        reason=reason.strip(),
        frozen_at=frozen_at,
        role=role,
        bundles=[_bundle(replace(about, profile=each), counted, versions, said, locality) for each in Profile],
    )


def freeze_return(ready: ReadyToFreeze, *, screen: str) -> Snapshot:
    """Keep what was made as the next version. Raise Conflict when somebody was quicker, or a register has opened."""
    _check_after(ready.period, ready.after)
    if [each.event_id for each in open_registers(ready.period)] != [each.event_id for each in ready.registers]:
        raise Conflict("A register was opened or closed just now. Look again, then freeze.")
    snapshot = Snapshot(
        period=ready.period.code,
        version=ready.after + 1,
        figures=ready.figures,
        sha256=sha256(ready.figures),
        frozen_at=ready.frozen_at,
        frozen_by_id=actor_id(),
        frozen_role=ready.role,
        reason=ready.reason,
        open_registers=[_as_row(each) for each in ready.registers],
        app_version=app_version(),
    )
    snapshot.bundles = [
        SnapshotBundle(
            profile=profile,
            name=name,
            size=len(content),
            sha256=sha256(content),
            content=content,
            hidden={"cells": sorted(map(list, hidden))},
        )
        for profile, name, content, hidden in ready.bundles
    ]
    db.session.add(snapshot)
    try:
        db.session.flush()
    except IntegrityError as error:  # the other one has committed while we waited for the same version
        raise Conflict(_QUICKER) from error
    facts = {"period": snapshot.period, "version": snapshot.version}
    record_audit("freeze_figures", screen=screen, subject_type="period", reason=snapshot.reason, facts=facts)
    return snapshot


def give_out(snapshot: Snapshot, period: Period, *, profile: Profile, reason: str = "", screen: str) -> MadeReturn:
    """Give out the zip of a frozen version, to the last byte, and write it down. Raise Refusal."""
    note_leaving(period, profile=profile, reason=reason, screen=screen, version=snapshot.version)
    bundle = get_bundle(snapshot, profile)
    return MadeReturn(bundle.name, frozen_zip(bundle), bundle.sha256)


def give_out_file(snapshot: Snapshot, period: Period, name: str, *, profile: Profile, screen: str) -> bytes:
    """Give out one file of it, and write it down."""
    note_leaving(period, profile=profile, reason="", screen=screen, version=snapshot.version)
    return frozen_file(get_bundle(snapshot, profile), name)


def check_day(period: Period, locality: Locality) -> None:
    """Raise Refusal for what is no quarter, and before its day has come."""
    if not period.is_quarter:
        raise Refusal("Only a quarter is frozen: it is what readers outside get.")
    day = freeze_date(period, locality.bank_holidays)
    if clock.today() < day:
        raise Refusal(
            f"This quarter can be frozen from {short_date(day)}: ten working days after its end, "
            "so that registers are closed first."
        )


def changes_since(period: Period, versions: Sequence[Snapshot], locality: Locality) -> list[Change]:
    """List what is different today from the latest version, in true numbers, for those who may see them."""
    rows = rows_from(period, _counted_beside(period, versions, locality), profile=Profile.INTERNAL, locality=locality)
    return changes(_lines_of(versions[-1]), lines_in(figures_csv(rows)))


def changes_between(before: Snapshot, after: Snapshot) -> list[Change]:
    """List what differs between two versions, in true numbers."""
    return changes(_lines_of(before), _lines_of(after))


_QUICKER = "Somebody has just frozen this quarter. Look at that version first."


def _check_after(period: Period, after: int) -> None:
    latest = latest_of(period.code)
    if (latest.version if latest else 0) != after:
        raise Conflict(_QUICKER)


def _check_districts(period: Period, versions: Sequence[Snapshot], locality: Locality) -> None:
    """Refuse a version by other districts than those of the one that is out: the two could be subtracted."""
    area = locality.on(period.end)
    of_then = read(json.loads(frozen_figures(versions[0]))).numbers if versions else ()
    ended = {cell.category for cell in of_then if cell.breakdown in ("D", "V") and cell.category in area.register}
    if lost := [area.register[code] for code in sorted(ended) if area.code_of(code) != code]:
        raise Refusal(
            f"{_what_happened(lost[0], area)}, and this quarter was frozen before that was entered here. Readers have "
            "its figures by the districts of then: by others beside them, small numbers could be worked out. So the "
            "frozen version stays as it is."
        )


def _what_happened(district: District, area: Locality) -> str:
    return became(district, area) if district.became else f"{district.name} begins after this quarter"


def _check_changed(versions: Sequence[Snapshot], facts: dict[str, Any]) -> None:
    if versions and is_same(json.loads(frozen_figures(versions[-1])), json.loads(canonical(facts))):
        raise NothingChanged(
            f"Nothing has changed since version {versions[-1].version}, so there is nothing to freeze."
        )


def _check_reason(versions: Sequence[Snapshot], registers: Sequence[OpenRegister], reason: str) -> None:
    if reason:
        return
    if registers:
        open_ones = "One register is" if len(registers) == 1 else f"{len(registers)} registers are"
        raise Refusal(
            f"{open_ones} still open. Close what can be closed, or say why the quarter is frozen all the same.",
            field="reason",
        )
    if versions:
        raise Refusal(f"Say why the figures changed since version {versions[-1].version}.", field="reason")


def _counted_beside(period: Period, versions: Sequence[Snapshot], locality: Locality) -> Counted:
    """Count the quarter; what only the day of the first version could say stays as it was."""
    counted = count_all(period, locality)
    return with_that_day(counted, read(json.loads(frozen_figures(versions[0])))) if versions else counted


def _facts(
    period: Period, counted: Counted, registers: Sequence[OpenRegister], said: Sequence[Sequence[Value]]
) -> dict[str, Any]:
    return written(counted) | {
        "period": period.code,
        "open_registers": [_as_row(each) for each in registers],
        "said": [list(row) for row in said],
    }


def _bundle(
    about: About,
    counted: Counted,
    versions: Sequence[Snapshot],
    said: Sequence[Sequence[Value]],
    locality: Locality,
) -> tuple[Profile, str, bytes, frozenset[Cell]]:
    """Make what one reader gets; what differs is told from the files that this reader has."""
    profile = about.profile
    out = [_given_out(version, profile) for version in versions]
    hidden = hidden_beside(counted.numbers, out, profile=profile, breakdowns=tuple(BREAKDOWNS))
    rows = rows_from(about.period, counted, profile=profile, locality=locality, hidden=hidden)
    differ = changes(lines_given(versions[-1], profile), lines_in(figures_csv(rows))) if versions else []
    of_this = replace(about, changes=differ, before=lines_before(about.period, profile))
    return profile, file_name(of_this), make_files(of_this, rows, said, locality=locality), hidden


def file_name(about: About) -> str:
    """Return what a frozen zip is called; what is for everybody has the plain name."""
    whose = "" if about.profile == Profile.PUBLIC else f"-{about.profile.value}"
    return f"return-{about.period.code}-v{about.version}{whose}.zip"


def _given_out(snapshot: Snapshot, profile: Profile) -> GivenOut:
    counted = read(json.loads(frozen_figures(snapshot)))
    hidden = get_bundle(snapshot, profile).hidden["cells"]
    return GivenOut(counted.numbers, frozenset(Cell(*cell) for cell in hidden))


def _as_row(register: OpenRegister) -> list[Any]:
    return [register.event_id, register.title, clock.in_london(register.starts_at).date().isoformat()]


def _role() -> str:
    """Say what gives whoever acts the right to it."""
    who = db.session.get(Staff, number) if (number := actor_id()) is not None else None
    if who is None:
        return "command"
    return ", ".join(sorted(role.name for role in who.roles if may([role.name], Action.SEE_FIGURES)))


def _lines_of(snapshot: Snapshot) -> list[Line]:
    return lines_given(snapshot, Profile.INTERNAL)
