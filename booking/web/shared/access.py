"""Who may open which staff or door page: one table, and the guard that asks it. What is not in the table is refused."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from booking.rules.permissions import Action, may

REQUIRED: dict[str, Action] = {
    "staff.home": Action.SEE_SESSIONS,
    "staff.account": Action.SEE_SESSIONS,
    "staff.sessions": Action.SEE_SESSIONS,
    "staff.session": Action.SEE_SESSIONS,
    "staff.new_session": Action.EDIT_SESSIONS,
    "staff.edit_session": Action.EDIT_SESSIONS,
    "staff.session_slots": Action.EDIT_SESSIONS,
    "staff.remove_slot": Action.EDIT_SESSIONS,
    "staff.publish_session": Action.EDIT_SESSIONS,
    "staff.make_course": Action.EDIT_SESSIONS,
    "staff.course": Action.SEE_SESSIONS,
    "staff.publish_course": Action.EDIT_SESSIONS,
    "staff.copy_session": Action.EDIT_SESSIONS,
    "staff.move_session": Action.EDIT_SESSIONS,
    "staff.postpone_session": Action.EDIT_SESSIONS,
    "staff.cancel_session": Action.EDIT_SESSIONS,
    "staff.closures": Action.EDIT_SESSIONS,
    "staff.closure_notice": Action.EDIT_SESSIONS,
    "staff.book_by_phone": Action.SEE_BOOKINGS,
    "staff.promises": Action.SEE_NEEDS,
    "staff.promise": Action.SEE_NEEDS,
    "staff.change_need": Action.SEE_NEEDS,
    "staff.decline_need": Action.SEE_NEEDS,
    "staff.tell_of_need": Action.SEE_NEEDS,
    "staff.need_choice": Action.SEE_NEEDS,
    "staff.outcomes": Action.SEE_NEEDS,
    "staff.day_sheet": Action.SEE_NEEDS,
    "staff.suppliers": Action.SEE_NEEDS,
    "staff.new_supplier": Action.SEE_NEEDS,
    "staff.edit_supplier": Action.SEE_NEEDS,
    "staff.archive_supplier": Action.SEE_NEEDS,
    "staff.calls": Action.SEE_BOOKINGS,
    "staff.inbox": Action.SEE_BOOKINGS,
    "staff.seen": Action.SEE_BOOKINGS,
    "staff.call": Action.SEE_BOOKINGS,
    "staff.find_booking": Action.SEE_BOOKINGS,
    "staff.new_link": Action.SEE_BOOKINGS,
    "staff.messages": Action.SEE_MESSAGES,
    "staff.message": Action.SEE_MESSAGES,
    "staff.message_samples": Action.SEE_MESSAGES,
    "staff.message_sample": Action.SEE_MESSAGES,
    "staff.message_sample_page": Action.SEE_MESSAGES,
    "staff.send_message_again": Action.SEE_MESSAGES,
    "staff.venues": Action.SEE_SESSIONS,
    "staff.venue_calendar": Action.SEE_SESSIONS,
    "staff.new_venue": Action.EDIT_VENUES,
    "staff.edit_venue": Action.EDIT_VENUES,
    "staff.venue_facts": Action.EDIT_VENUES,
    "staff.facts_to_check": Action.EDIT_VENUES,
    "staff.visit_sheet": Action.EDIT_VENUES,
    "staff.hire": Action.RECORD_ATTENDANCE,
    "staff.edit_hire": Action.EDIT_VENUES,
    "staff.venue_rooms": Action.EDIT_VENUES,
    "staff.venue_room": Action.EDIT_VENUES,
    "staff.remove_room": Action.EDIT_VENUES,
    "staff.archive_venue": Action.EDIT_VENUES,
    "staff.venue_photos": Action.EDIT_VENUES,
    "staff.venue_photo": Action.EDIT_VENUES,
    "staff.move_photo": Action.EDIT_VENUES,
    "staff.remove_photo": Action.EDIT_VENUES,
    "staff.photo_file": Action.EDIT_VENUES,
    "door.index": Action.RECORD_ATTENDANCE,
    "door.register": Action.RECORD_ATTENDANCE,
    "door.record": Action.RECORD_ATTENDANCE,
    "door.children": Action.RECORD_ATTENDANCE,
    "door.walk_in": Action.RECORD_ATTENDANCE,
    "door.came_anyway": Action.RECORD_ATTENDANCE,
    "door.remove_walk_in": Action.RECORD_ATTENDANCE,
    "door.close": Action.RECORD_ATTENDANCE,
    "door.attendance_csv": Action.EXPORT_ATTENDANCE,
    "door.attendance_xlsx": Action.EXPORT_ATTENDANCE,
    "staff.wishes": Action.SEE_FIGURES,
    "staff.figures": Action.SEE_FIGURES,
    "staff.figures_csv": Action.SEE_FIGURES,
    "staff.figures_attendance_csv": Action.EXPORT_ATTENDANCE,
    "staff.figures_attendance_xlsx": Action.EXPORT_ATTENDANCE,
}

OPEN = frozenset({"staff.set_password"})
"""Pages that need no sign-in: the one-time link says who it is."""


def guard(blueprint: Blueprint) -> None:
    """Let only those in who may: others go to sign-in, or are told that their role does not allow it."""
    blueprint.before_request(_let_in)


def may_now(action: Action) -> bool:
    """Return whether the person who is signed in may do this."""
    return current_user.is_authenticated and may((role.name for role in current_user.roles), action)


def may_open(endpoint: str) -> bool:
    """Return whether the page exists and the person who is signed in may open it; menus and buttons ask this."""
    return endpoint in current_app.view_functions and endpoint in REQUIRED and may_now(REQUIRED[endpoint])


def _let_in() -> ResponseReturnValue | None:
    g.is_personal = True
    endpoint = request.endpoint or ""
    if endpoint in OPEN:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=_way_back()), 303)
    if endpoint not in REQUIRED or not may_now(REQUIRED[endpoint]):
        abort(403)
    return None


def _way_back() -> str:
    """Return where to go after sign-in: this page, or the staff's first page when a form was sent."""
    if request.method != "GET":
        return url_for("staff.home")
    return request.full_path.rstrip("?")
