"""A session's attendance list for who runs it: a page to print, CSV and Excel, each one click."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from booking import clock
from booking.clock import in_london
from booking.extensions import transaction
from booking.formats.attendance_list import HEADINGS, headings, list_cells, watermark
from booking.formats.spreadsheets import Value
from booking.queries.attendance import get_event
from booking.queries.attendance_lists import People, count_people, read_people
from booking.rules.attendance_lists import RUN_THE_SESSION, ListColumn, chosen_columns, columns_for
from booking.rules.permissions import Action
from booking.services.export_attendance import note_export
from booking.web.shared.access import may_now
from booking.web.shared.downloads import send_csv, send_xlsx
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

SCREEN = "staff.attendance_list"
TITLE = "Attendance list"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneList:
    """A list of one session as this person sees it: whom, which columns, how names are written, and for whom it is."""

    event_id: int
    people: People
    allowed: list[ListColumn]
    columns: list[ListColumn]
    full_names: bool
    mark: str

    def header(self) -> list[str]:
        """Return the first line."""
        return headings(self.columns, mark=self.mark)

    def rows(self) -> Iterator[list[Value]]:
        """Return the rows, read while they are sent."""
        read = read_people(self.people, self.columns, locality=locality())
        return list_cells(read, self.columns, mark=self.mark, full_names=self.full_names)


@staff.get("/sessions/<int:event_id>/attendance-list")
def attendance_list(event_id: int) -> ResponseReturnValue:
    """Show who comes to a session, to print; other columns are chosen on the same page."""
    _noted_name(shown := _list_of(event_id))
    read = read_people(shown.people, shown.columns, locality=locality())
    return render_template(
        "staff/attendance_list.html",
        event=get_event(event_id),
        columns=shown.columns,
        allowed=shown.allowed,
        column_names=HEADINGS,
        header=headings(shown.columns),
        rows=list_cells(read, shown.columns, full_names=shown.full_names),
        mark=shown.mark,
    )


@staff.get("/sessions/<int:event_id>/attendance-list.csv")
def attendance_list_csv(event_id: int) -> Response:
    """Send the list as CSV."""
    name = _noted_name(shown := _list_of(event_id))
    return send_csv(name, shown.header(), shown.rows())


@staff.get("/sessions/<int:event_id>/attendance-list.xlsx")
def attendance_list_xlsx(event_id: int) -> Response:
    """Send the list as XLSX."""
    name = _noted_name(shown := _list_of(event_id))
    return send_xlsx(name, TITLE, shown.header(), shown.rows(), footer=shown.mark)


def _list_of(event_id: int) -> OneList:
    """Decide what this person sees of the list. Who only helps at the door sees what the register shows there."""
    sees_bookings = may_now(Action.SEE_BOOKINGS, event_id)
    may = [action for action in (Action.SEE_BOOKINGS, Action.SEE_NEEDS) if may_now(action, event_id)]
    allowed = columns_for(may, many_sessions=False)
    return OneList(
        event_id=event_id,
        people=People(event_ids=(event_id,), asked_at=clock.now(), only_with_place=not sees_bookings),
        allowed=allowed,
        columns=chosen_columns(request.args.getlist("columns"), allowed),
        full_names=sees_bookings,
        mark=watermark(current_user.name or current_user.email, day=clock.today(), reason=RUN_THE_SESSION),
    )


def _noted_name(shown: OneList) -> str:
    """Write the export down and return the file's name: the session and its day, nobody's name."""
    with transaction():
        event = get_event(shown.event_id)
        name = f"attendance-{event.slug}-{in_london(event.starts_at):%Y-%m-%d}"
        facts = {"columns": [column.value for column in shown.columns], "rows": count_people(shown.people)}
        note_export(screen=SCREEN, reason=RUN_THE_SESSION, event_id=event.id, facts=facts)
    return name
