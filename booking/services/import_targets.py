"""Keep what figures are meant to come to, as somebody agreed it."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.formats.targets_file import read_targets
from booking.locality.kinds import Locality
from booking.models import TargetValue
from booking.rules.targets import Target
from booking.services.brought_in import BroughtIn
from booking.services.record_audit import record_audit


def import_targets(content: bytes, *, locality: Locality, screen: str, dry_run: bool = False) -> BroughtIn:
    """Bring in a file whole, or not at all. A second run of the same file changes nothing."""
    file = read_targets(content, locality, today=clock.today())
    if file.problems:
        return BroughtIn(problems=file.problems, notes=file.notes)
    rows = db.session.scalars(select(TargetValue))
    there = {(row.metric, row.breakdown, row.category, row.agreed_on): row for row in rows}
    new = changed = 0
    for target in file.rows:
        row = there.get((*target.of, target.agreed_on))
        new += row is None
        changed += row is not None and (row.hundredths, row.agreed_by) != (_hundredths(target), target.agreed_by)
        if not dry_run:
            _write(row, target)
    if not dry_run and new + changed:
        record_audit("import_targets", screen=screen, subject_type="figures", facts={"new": new, "changed": changed})
    return BroughtIn(new=new, changed=changed, same=len(file.rows) - new - changed, notes=file.notes)


def _write(row: TargetValue | None, target: Target) -> None:
    if row is None:
        row = TargetValue(
            metric=target.metric,
            breakdown=target.breakdown,
            category=target.category,
            agreed_on=target.agreed_on,
        )
        db.session.add(row)
    row.hundredths, row.agreed_by = _hundredths(target), target.agreed_by


def _hundredths(target: Target) -> int:
    return int(target.value * 100)
