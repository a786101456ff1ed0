"""Keep how many pupils with SEN each district has: what figures are set in proportion to."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.formats.pupils_file import read_pupils
from booking.locality.kinds import Locality
from booking.models import PupilCount
from booking.rules.engagement.facts import Pupils
from booking.services.brought_in import BroughtIn
from booking.services.record_audit import record_audit


def import_pupils(content: bytes, *, locality: Locality, screen: str, dry_run: bool = False) -> BroughtIn:
    """Bring in a file whole, or not at all. A second run of the same file changes nothing."""
    file = read_pupils(content, locality, today=clock.today())
    if file.problems:
        return BroughtIn(problems=file.problems, notes=file.notes)
    there = {(row.district, row.year): row for row in db.session.scalars(select(PupilCount))}
    new = changed = 0
    for pupils in file.rows:
        row = there.get((pupils.district, pupils.year))
        new += row is None
        changed += row is not None and _differs(row, pupils)
        if not dry_run:
            _write(row, pupils)
    if not dry_run and new + changed:
        record_audit("import_pupils", screen=screen, subject_type="figures", facts={"new": new, "changed": changed})
    return BroughtIn(new=new, changed=changed, same=len(file.rows) - new - changed, notes=file.notes)


def _differs(row: PupilCount, pupils: Pupils) -> bool:
    return any(getattr(row, name) != getattr(pupils, name) for name in _VALUES)


def _write(row: PupilCount | None, pupils: Pupils) -> None:
    if row is None:
        row = PupilCount(district=pupils.district, year=pupils.year)
        db.session.add(row)
    for name in _VALUES:
        setattr(row, name, getattr(pupils, name))


_VALUES = ("sen_support", "ehcp", "source", "published_on")
