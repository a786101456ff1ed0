"""Privacy: where whoever looks after it begins, and what is kept, for how long, and what was swept."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from booking.extensions import transaction
from booking.queries.complaints import count_complaints
from booking.queries.sweeps import is_late, last_runs
from booking.rules.retention import RETENTION, Retention, Whose
from booking.services.sweep_old import sweep_old
from booking.web.shared.kept import how_long
from booking.web.staff.blueprint import staff


@staff.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Say what can be done here, and how it stands."""
    runs = last_runs(most=1)
    return render_template(
        "staff/privacy.html",
        last_run=runs[0] if runs else None,
        is_late=is_late(runs),
        complaints=count_complaints(),
    )


@staff.route("/privacy/kept", methods=["GET", "POST"])
def privacy_kept() -> ResponseReturnValue:
    """Show the table of what is kept and the last runs; the button counts what would go now, and changes nothing."""
    due = None
    if request.method == "POST" and FlaskForm().validate_on_submit():
        with transaction():
            due = sweep_old(dry_run=True)
    runs = last_runs()
    return render_template(
        "staff/privacy_kept.html",
        groups=[(whose, [row for row in RETENTION if row.whose == whose]) for whose in Whose],
        how_long=_how_long,
        due=due,
        runs=runs,
        is_late=is_late(runs),
        names={row.kept.value: row.what for row in RETENTION},
    )


def _how_long(row: Retention) -> str:
    """Say when it goes; the notice's words where they are about a family."""
    if row.whose == Whose.OURS and row.until_stopped:
        return "Until somebody here changes it or takes it away"
    return how_long(row)
