"""Keep what an overview counted for some minutes, and say when it was: nine quarters take long to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import current_app

from booking import clock
from booking.queries.newest import newest_rows
from booking.web.shared.settings import settings
from booking.web.staff.overview_asked import Asked
from booking.web.staff.overview_blocks import Block

AT_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a page shows, and when it was counted; `blocks` is None of one small session, which is not broken down."""

    blocks: list[Block] | None
    at: datetime
    newest: tuple[object, ...]


def made(asked: Asked, make: Callable[[], list[Block] | None], *, anew: bool) -> Made:
    """Give what was made for this, or make it: `anew`, after the minutes of the settings, or once a row was added.

    A row that was changed and none added (a word corrected) shows after these minutes at the latest. What is kept are
    counts: nothing that belongs to anybody.
    """
    kept = cast("dict[Asked, Made]", current_app.extensions.setdefault("overview", {}))
    now, newest, old = clock.now(), newest_rows(), kept.get(asked)
    minutes = timedelta(minutes=settings().figures_kept_minutes)
    if old and not anew and old.newest == newest and timedelta(0) <= now - old.at < minutes:
        return old
    new = Made(blocks=make(), at=now, newest=newest)
    if minutes:
        if len(kept) >= AT_MOST:
            for oldest in list(kept)[: AT_MOST // 4]:
                kept.pop(oldest, None)
        kept.pop(asked, None)
        kept[asked] = new
    return new
