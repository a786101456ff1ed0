"""The promises board: what was asked for, across sessions, by what is due."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from booking.extensions import transaction
from booking.queries.promise import who_may_own
from booking.queries.promises import Wanted, find_promises, sessions_with_promises
from booking.rules.permissions import Action
from booking.rules.words import NeedState
from booking.services.record_audit import record_view
from booking.web.shared.access import sessions_within
from booking.web.shared.pages import page_asked, pages_of
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.need_words import NEED_STATES, OWNER_ROLES

ON_ONE_PAGE = 60
FILTERS = ("state", "owner", "session", "kind")


@staff.get("/promises", endpoint="promises")
def show_promises() -> ResponseReturnValue:
    """List what is left to do, late ones first; or another part of the board."""
    here, mine = locality(), sessions_within(Action.SEE_NEEDS)
    wanted = _wanted(mine)
    found = find_promises(wanted, locality=here, start=(page_asked() - 1) * ON_ONE_PAGE, limit=ON_ONE_PAGE)
    cut = pages_of(found.total, on_each=ON_ONE_PAGE, page=page_asked())
    with transaction():
        record_view(screen="staff.promises", subject_type="booking", shown=[row.booking_id for row in found.rows])
    asked: dict[str, Any] = {key: value for key, value in request.args.items() if key in FILTERS and value}
    return render_template(
        "staff/promises.html",
        found=found,
        cut=cut,
        page_link=partial(url_for, "staff.promises", **asked),
        wanted=wanted,
        asked=asked,
        states=[("", _("Still to do")), ("all", _("Everything")), *NEED_STATES.items()],
        owners=_owners(),
        sessions=sessions_with_promises(among=mine),
        kinds=sorted(((need.code, need.label) for need in here.needs), key=itemgetter(1)),
        role_names=OWNER_ROLES,
    )


def _wanted(mine: frozenset[int] | None) -> Wanted:
    """Read what part is asked for; nonsense in the address shows what is left to do."""
    state, session = request.args.get("state", ""), request.args.get("session", "")
    return Wanted(
        state=state if state == "all" or state in set(NeedState) else "",
        owner=request.args.get("owner", "")[:40],
        event_id=int(session) if session.isascii() and session.isdigit() and len(session) < 10 else None,
        kind=request.args.get("kind", "")[:40],
        among=mine,
    )


def _owners() -> list[tuple[str, str]]:
    me = current_user.id
    people = [(f"staff:{each.id}", each.name or each.email) for each in who_may_own() if each.id != me]
    roles = [(f"role:{role.value}", str(text)) for role, text in OWNER_ROLES.items()]
    return [("", _("Anybody")), (f"staff:{me}", _("Me")), ("nobody", _("Nobody yet")), *roles, *people]
