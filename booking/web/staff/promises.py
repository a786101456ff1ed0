"""The promises board: what was asked for, across sessions, by what is due."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from booking.extensions import transaction
from booking.queries.promise import who_may_own
from booking.queries.promises import Wanted, count_late, kinds_in, promises, sessions_in
from booking.rules.permissions import Action
from booking.rules.words import NeedState
from booking.services.record_audit import record_view
from booking.web.shared.access import is_among, sessions_within
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.need_words import NEED_STATES, OWNER_ROLES

ON_ONE_PAGE = 60


@staff.get("/promises", endpoint="promises")
def show_promises() -> ResponseReturnValue:
    """List what is left to do, late ones first; or another part of the board."""
    mine, wanted = sessions_within(Action.SEE_NEEDS), _wanted()
    rows = [row for row in promises(locality=locality()) if is_among(row.event_id, mine)]
    shown = [row for row in rows if wanted.holds(row)]
    start = max(request.args.get("from", 0, int), 0)
    here = shown[start : start + ON_ONE_PAGE]
    with transaction():
        record_view(screen="staff.promises", subject_type="booking", shown=[row.booking_id for row in here])
    return render_template(
        "staff/promises.html",
        rows=here,
        total=len(shown),
        late=count_late(shown),
        start=start,
        following=start + ON_ONE_PAGE if start + ON_ONE_PAGE < len(shown) else None,
        wanted=wanted,
        asked={key: value for key, value in request.args.items() if key != "from" and value},
        states=[("", _("Still to do")), ("all", _("Everything")), *NEED_STATES.items()],
        owners=_owners(),
        sessions=sessions_in(rows),
        kinds=kinds_in(rows),
        role_names=OWNER_ROLES,
    )


def _wanted() -> Wanted:
    """Read what part is asked for; nonsense in the address shows what is left to do."""
    state = request.args.get("state", "")
    return Wanted(
        state=state if state == "all" or state in set(NeedState) else "",
        owner=request.args.get("owner", "")[:40],
        event_id=request.args.get("session", None, int),
        kind=request.args.get("kind", "")[:40],
    )


def _owners() -> list[tuple[str, str]]:
    me = current_user.id
    people = [(f"staff:{each.id}", each.name or each.email) for each in who_may_own() if each.id != me]
    roles = [(f"role:{role.value}", str(text)) for role, text in OWNER_ROLES.items()]
    return [("", _("Anybody")), (f"staff:{me}", _("Me")), ("nobody", _("Nobody yet")), *roles, *people]
