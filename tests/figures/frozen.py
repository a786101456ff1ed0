"""A quarter that can be frozen: the worked quarter of the catalogue tests, and freezing it as staff do."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import Snapshot
from booking.queries.snapshots import frozen_zip, get_bundle
from booking.rules.calendar_periods import Period, parse_period
from booking.rules.disclosure import Profile
from booking.services.freeze_return import freeze_return, prepare_freeze

KENT = get_locality("kent")
Q4 = parse_period("2025-26-Q4")
"""January to March 2026: the clock of the tests stands in June."""


def freeze(period: Period = Q4, **values: Any) -> Snapshot:
    ready = prepare_freeze(period, locality=KENT, **values)
    db.session.rollback()
    with transaction():
        return freeze_return(ready, screen="test")


def files_of(snapshot: Snapshot, profile: Profile = Profile.PUBLIC) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(frozen_zip(get_bundle(snapshot, profile)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
