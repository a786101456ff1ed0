"""Attendance lists of many sessions: asked for with a reason, fetched once within a day by who asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import BadRequest

from booking import clock
from booking.errors import Conflict
from booking.extensions import transaction
from booking.formats.attendance_list import HEADINGS, headings, list_cells
from booking.formats.words_for import short_date, wording
from booking.models import AttendanceList
from booking.queries.attendance_lists import People, count_people, find_own_list, get_list, read_people, sessions_in
from booking.queries.venues import venue_choices
from booking.rules.attendance_lists import ListColumn, Scope, columns_for
from booking.rules.permissions import Action
from booking.services.ask_attendance_list import ask_attendance_list
from booking.services.give_attendance_list import Given, give_attendance_list, scope_of, why_not
from booking.web.shared.access import may_now, sessions_within
from booking.web.shared.downloads import send_csv, send_xlsx
from booking.web.shared.settings import locality
from booking.web.staff.attendance_list_forms import list_form
from booking.web.staff.blueprint import staff
from booking.web.staff.list_progress import ListTeller, how_far

TITLE = "Attendance list"
MOST_ON_PAPER = 2_000
"""More rows than that are no page but a book of 60 leaves: they are for a spreadsheet program."""


@staff.route("/attendance-lists", methods=["GET", "POST"])
def attendance_lists() -> ResponseReturnValue:
    """Ask which sessions, which columns and why; lead to the link that works once."""
    form = list_form(locality(), allowed=_allowed(), like=_asked_before())
    if not form.validate_on_submit():
        page = render_template("staff/attendance_lists.html", form=form, has_errors=bool(form.errors))
        return page, 422 if form.errors else 200
    columns = [ListColumn(each) for each in form.columns.data]
    with transaction():
        token = ask_attendance_list(form.scope, columns, reason=form.reason.data, staff_id=current_user.id)
    return redirect(url_for("staff.attendance_list_ready", token=token), 303)


@staff.get("/attendance-lists/<token>")
def attendance_list_ready(token: str) -> ResponseReturnValue:
    """Say what the list will hold, with the buttons that fetch it. Looking uses nothing up."""
    asked = get_list(token, staff_id=current_user.id)
    return _show(asked, token, problem=why_not(asked))


@staff.post("/attendance-lists/<token>")
def fetch_attendance_list(token: str) -> ResponseReturnValue:
    """Give the list, once."""
    send = _WAYS.get(request.form.get("kind", ""))
    if send is None:
        raise BadRequest
    asked = get_list(token, staff_id=current_user.id)
    if send is _send_page and not why_not(asked) and _counted(asked)[1] > MOST_ON_PAPER:
        problem = "This list is too long for a page. Choose Excel or CSV. The link still works."
        return _show(asked, token, problem=problem, still_works=True), 409
    try:
        with transaction():
            given = give_attendance_list(
                token,
                staff_id=current_user.id,
                who=current_user.name or current_user.email,
                allowed=_allowed(),
                within=_within(asked.columns),
            )
    except Conflict as refusal:
        return _show(get_list(token, staff_id=current_user.id), token, problem=refusal.sentence), refusal.status
    return send(given)


def _asked_before() -> AttendanceList | None:
    """Return the list that is asked for again, if it is one of this person's own."""
    number = request.args.get("again", type=int)
    return find_own_list(number, staff_id=current_user.id) if number else None


def _send_csv(given: Given) -> ResponseReturnValue:
    header = headings(given.columns, mark=given.mark)
    return _watched(given, lambda rows: send_csv(_name(), header, rows))


def _send_xlsx(given: Given) -> ResponseReturnValue:
    header = headings(given.columns, mark=given.mark)
    return _watched(given, lambda rows: send_xlsx(_name(), TITLE, header, rows, footer=given.mark))


def _watched(given: Given, send: Callable[[Iterator[Any]], Response]) -> Response:
    """Make and send a file, and note how far it is, for whoever waits before the page."""
    teller = ListTeller(given.list_id, total=given.rows)
    try:
        return teller.watch(send(teller.counted(_cells(given, mark=given.mark))))
    except Exception:
        teller.broke_off()
        raise


def _send_page(given: Given) -> ResponseReturnValue:
    return render_template(
        "staff/attendance_list_page.html",
        header=headings(given.columns),
        rows=_cells(given),
        number=given.rows,
        mark=given.mark,
    )


_WAYS: dict[str, Callable[[Given], ResponseReturnValue]] = {
    "csv": _send_csv,
    "xlsx": _send_xlsx,
    "page": _send_page,
}


def _cells(given: Given, *, mark: str = "") -> Any:
    return list_cells(read_people(given.people, given.columns, locality=locality()), given.columns, mark=mark)


def _name() -> str:
    return f"attendance-list-{clock.today():%Y-%m-%d}"


def _show(asked: AttendanceList, token: str, *, problem: str, still_works: bool = False) -> str:
    works = still_works or not problem
    sessions, rows = _counted(asked) if works else (0, 0)
    return render_template(
        "staff/attendance_list_ready.html",
        asked=asked,
        token=token,
        about=_in_words(scope_of(asked)),
        columns=[HEADINGS[column] for column in ListColumn if column.value in asked.columns and column in _allowed()],
        sessions=sessions,
        rows=rows,
        problem=problem,
        works=works,
        fits_on_paper=rows <= MOST_ON_PAPER,
        how_far=how_far(asked.id) if asked.used_at else None,
    )


def _counted(asked: AttendanceList) -> tuple[int, int]:
    """Count the sessions and the people whom a list would hold now."""
    events = sessions_in(scope_of(asked), within=_within(asked.columns))
    return len(events), count_people(People(event_ids=events, asked_at=clock.now()))


def _allowed() -> list[ListColumn]:
    """Return the columns that this person sees elsewhere, too."""
    may = [action for action in (Action.SEE_BOOKINGS, Action.SEE_NEEDS) if may_now(action)]
    return columns_for(may, many_sessions=True)


def _within(columns: list[str]) -> frozenset[int] | None:
    """Return the sessions whose families this person may list, and whose needs see, if these are asked for."""
    actions = [Action.EXPORT_ATTENDANCE, Action.SEE_BOOKINGS]
    actions += [Action.SEE_NEEDS] if ListColumn.TO_DO in columns else []
    limits = [found for action in actions if (found := sessions_within(action)) is not None]
    return frozenset.intersection(*limits) if limits else None


def _in_words(scope: Scope) -> list[str]:
    """Say which sessions a list is about."""
    said = [f"{short_date(scope.first)} to {short_date(scope.last)}"]
    if scope.venue_id:
        said.append(dict(venue_choices(keep=scope.venue_id)).get(str(scope.venue_id), "A venue that is gone"))
    if scope.district:
        said.append(locality().get_district(scope.district).name)
    return said + [wording(kind) for kind in scope.kinds]
