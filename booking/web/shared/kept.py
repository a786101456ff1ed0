"""The table of the privacy page, from the table that the sweep carries out."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from booking.rules.retention import Basis, Retention, Since, of_families


def headings() -> list[str]:
    """Give the headings of the table."""
    return [_("What"), _("Why"), _("Who sees it"), _("How long"), _("Why the law allows it")]


def kept() -> list[tuple[str, ...]]:
    """Give one row for each kind of thing that is kept."""
    return [(_(row.what), _(row.why), _(row.seen_by), how_long(row), _basis(row.basis)) for row in of_families()]


def how_long(row: Retention) -> str:
    """Say when it goes."""
    if row.until_stopped:
        return _("Until you tell us to stop")
    if not row.has_end or row.since is None:
        return _("It stays. When your name and the code are gone, nothing leads from it to you.")
    time = _time(row)
    said = {
        Since.BEGUN: _("%(time)s after you begin", time=time),
        Since.SESSION: _("%(time)s after the session", time=time),
        Since.LAST_SESSION: _("%(time)s after your last session", time=time),
        Since.LAST_BOOKING: _("Until you tell us to forget it, or %(time)s after your last booking", time=time),
        Since.WRITTEN: time,
        Since.ANSWERED: _("%(time)s after our answer", time=time),
        Since.LEFT: time,
    }[row.since]
    return said[:1].upper() + said[1:]


def _time(row: Retention) -> str:
    if row.hours:
        return ngettext("%(num)d hour", "%(num)d hours", row.hours)
    if row.days:
        return ngettext("%(num)d day", "%(num)d days", row.days)
    return ngettext("%(num)d month", "%(num)d months", row.months)


def _basis(basis: Basis) -> str:
    if basis in (Basis.CONSENT, Basis.ASKED_FOR):
        return _("Your consent")
    return _("Legitimate interests")
