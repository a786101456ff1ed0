"""Who may open which staff or door page: one table, and the guard that asks it. What is not in the table is refused."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from booking import clock
from booking.errors import Conflict
from booking.formats.words_for import clock_time, short_date
from booking.queries.installation import is_demonstration
from booking.queries.staff_reach import SUBJECTS, Subject, own_sessions, subjects
from booking.rules.door import OPENS_BEFORE, SHUTS_AFTER, is_the_day
from booking.rules.permissions import Action, Reach, covers, needs_second_step, reaches
from booking.web.shared.held_forms import after_this_page, hold_what_was_typed, take_what_was_typed

REQUIRED: dict[str, Action] = {
    "staff.home": Action.SEE_SESSIONS,
    "staff.account": Action.SEE_SESSIONS,
    "staff.end_sign_in": Action.SEE_SESSIONS,
    "staff.end_other_sign_ins": Action.SEE_SESSIONS,
    "staff.typed": Action.SEE_SESSIONS,
    "staff.people": Action.MANAGE_STAFF,
    "staff.invite_person": Action.MANAGE_STAFF,
    "staff.person": Action.MANAGE_STAFF,
    "staff.invite_person_again": Action.MANAGE_STAFF,
    "staff.remove_person": Action.MANAGE_STAFF,
    "staff.privacy": Action.SEE_AUDIT,
    "staff.privacy_kept": Action.SEE_AUDIT,
    "staff.family_held": Action.ANSWER_FAMILIES,
    "staff.family_file": Action.ANSWER_FAMILIES,
    "staff.forget_family": Action.ANSWER_FAMILIES,
    "staff.complaints": Action.ANSWER_FAMILIES,
    "staff.complaint": Action.ANSWER_FAMILIES,
    "staff.note_complaint": Action.ANSWER_FAMILIES,
    "staff.confirm_complaint": Action.ANSWER_FAMILIES,
    "staff.answer_complaint": Action.ANSWER_FAMILIES,
    "staff.who_looked": Action.SEE_AUDIT,
    "staff.sessions": Action.SEE_SESSIONS,
    "staff.session": Action.SEE_SESSIONS,
    "staff.new_session": Action.EDIT_SESSIONS,
    "staff.edit_session": Action.EDIT_SESSIONS,
    "staff.session_slots": Action.EDIT_SESSIONS,
    "staff.remove_slot": Action.EDIT_SESSIONS,
    "staff.publish_session": Action.EDIT_SESSIONS,
    "staff.make_course": Action.EDIT_SESSIONS,
    "staff.repeat_session": Action.EDIT_SESSIONS,
    "staff.edit_dates": Action.EDIT_SESSIONS,
    "staff.copy_term": Action.EDIT_SESSIONS,
    "staff.drafts": Action.EDIT_SESSIONS,
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
    "staff.session_feedback": Action.SEE_FIGURES,
    "staff.key_feedback": Action.RECORD_ATTENDANCE,
    "staff.feedback_words": Action.READ_FEEDBACK,
    "staff.quote": Action.READ_FEEDBACK,
    "staff.remove_quote": Action.READ_FEEDBACK,
    "staff.session_issues": Action.RECORD_ATTENDANCE,
    "staff.edit_issue": Action.RECORD_ATTENDANCE,
    "staff.remove_issue": Action.RECORD_ATTENDANCE,
    "staff.what_we_heard": Action.RECORD_ATTENDANCE,
    "staff.heard_file": Action.RECORD_ATTENDANCE,
    "staff.issues": Action.FOLLOW_ISSUES,
    "staff.issue": Action.FOLLOW_ISSUES,
    "staff.publish_issue": Action.FOLLOW_ISSUES,
    "staff.withdraw_issue": Action.FOLLOW_ISSUES,
    "staff.update_issue": Action.FOLLOW_ISSUES,
    "staff.take_back_update": Action.FOLLOW_ISSUES,
    "staff.answer_issue": Action.FOLLOW_ISSUES,
    "staff.calls": Action.SEE_BOOKINGS,
    "staff.inbox": Action.SEE_BOOKINGS,
    "staff.seen": Action.SEE_BOOKINGS,
    "staff.call": Action.SEE_BOOKINGS,
    "staff.find_booking": Action.SEE_BOOKINGS,
    "staff.new_link": Action.SEE_BOOKINGS,
    "staff.booking": Action.SEE_BOOKINGS,
    "staff.write_booking_note": Action.SEE_BOOKINGS,
    "staff.change_booking": Action.SEE_BOOKINGS,
    "staff.move_booking": Action.SEE_BOOKINGS,
    "staff.cancel_booking": Action.SEE_BOOKINGS,
    "staff.booking_letter": Action.SEE_BOOKINGS,
    "staff.join_families": Action.SEE_BOOKINGS,
    "staff.answer_two_families": Action.SEE_BOOKINGS,
    "staff.part_families": Action.SEE_BOOKINGS,
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
    "staff.see_report": Action.EDIT_VENUES,
    "staff.visit_sheet": Action.EDIT_VENUES,
    "staff.hire": Action.SEE_SESSIONS,  # and one of two rights more, which the page itself asks for
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
    "staff.import_venues": Action.EDIT_VENUES,
    "staff.venues_template": Action.EDIT_VENUES,
    "staff.import_sessions": Action.EDIT_SESSIONS,
    "staff.sessions_template": Action.EDIT_SESSIONS,
    "staff.print_and_share": Action.SEE_SESSIONS,
    "staff.sheet": Action.SEE_SESSIONS,
    "staff.sheet_pdf": Action.SEE_SESSIONS,
    "staff.sheet_photo": Action.SEE_SESSIONS,
    "staff.share": Action.SEE_SESSIONS,
    "staff.register_sheet": Action.RECORD_ATTENDANCE,
    "staff.register_sheet_pdf": Action.RECORD_ATTENDANCE,
    "staff.badges": Action.RECORD_ATTENDANCE,
    "staff.badges_pdf": Action.RECORD_ATTENDANCE,
    "door.index": Action.RECORD_ATTENDANCE,
    "door.register": Action.RECORD_ATTENDANCE,
    "door.record": Action.RECORD_ATTENDANCE,
    "door.children": Action.RECORD_ATTENDANCE,
    "door.walk_in": Action.RECORD_ATTENDANCE,
    "door.came_anyway": Action.RECORD_ATTENDANCE,
    "door.remove_walk_in": Action.RECORD_ATTENDANCE,
    "door.close": Action.RECORD_ATTENDANCE,
    "door.counts": Action.RECORD_ATTENDANCE,
    "door.paper": Action.RECORD_ATTENDANCE,
    "door.phones": Action.RECORD_ATTENDANCE,
    "door.new_phone": Action.RECORD_ATTENDANCE,
    "door.shut_out": Action.RECORD_ATTENDANCE,
    "door.answer_held": Action.RECORD_ATTENDANCE,
    "door.board": Action.RECORD_ATTENDANCE,
    "door.turn": Action.RECORD_ATTENDANCE,
    "door.waiting_room": Action.SEE_SESSIONS,  # nobody is in it: times alone
    "door.attendance_csv": Action.RECORD_ATTENDANCE,
    "door.attendance_xlsx": Action.RECORD_ATTENDANCE,
    "staff.attendance_list": Action.RECORD_ATTENDANCE,
    "staff.attendance_list_csv": Action.RECORD_ATTENDANCE,
    "staff.attendance_list_xlsx": Action.RECORD_ATTENDANCE,
    "staff.attendance_lists": Action.EXPORT_ATTENDANCE,
    "staff.attendance_list_ready": Action.EXPORT_ATTENDANCE,
    "staff.fetch_attendance_list": Action.EXPORT_ATTENDANCE,
    "staff.wishes": Action.SEE_FIGURES,
    "staff.figures_rows": Action.SEE_FIGURES,
    "staff.figures_bookings": Action.SEE_BOOKINGS,
    "staff.figures": Action.SEE_FIGURES,
    "staff.overview": Action.SEE_FIGURES,
    "staff.overview_theme": Action.SEE_FIGURES,
    "staff.figures_csv": Action.SEE_FIGURES,
    "staff.returns": Action.SEE_FIGURES,
    "staff.one_return": Action.SEE_FIGURES,
    "staff.freeze_return": Action.SEE_FIGURES,
    "staff.return_file": Action.SEE_FIGURES,
    "staff.return_bundle": Action.SEE_FIGURES,
    "staff.pupils": Action.SEE_FIGURES,
    "staff.pupils_template": Action.SEE_FIGURES,
    "staff.bring_in_pupils": Action.KEEP_FIGURES,
    "staff.targets": Action.SEE_FIGURES,
    "staff.targets_template": Action.SEE_FIGURES,
    "staff.bring_in_targets": Action.KEEP_FIGURES,
    "staff.import_attendance": Action.KEEP_FIGURES,
    "staff.attendance_import": Action.KEEP_FIGURES,
    "staff.do_attendance_import": Action.KEEP_FIGURES,
    "staff.attendance_template": Action.KEEP_FIGURES,
    "staff.figures_attendance_csv": Action.EXPORT_ATTENDANCE,
    "staff.figures_attendance_xlsx": Action.EXPORT_ATTENDANCE,
}

OPEN = frozenset({"staff.set_password"})
"""Pages that need no sign-in: the one-time link says who it is."""

EVERYWHERE = frozenset(
    {
        "staff.figures_attendance_csv",
        "staff.figures_attendance_xlsx",
        "staff.join_families",
        "staff.answer_two_families",
        "staff.part_families",
        "staff.publish_issue",
        "staff.withdraw_issue",
        "staff.update_issue",
        "staff.take_back_update",
        "staff.answer_issue",
    }
)
"""Pages about all sessions at once, or that speak to everybody: a right that reaches to one's own is not enough."""

BEFORE_SECOND_STEP = frozenset({"staff.account", "staff.end_sign_in", "staff.end_other_sign_ins"})
"""What shows nothing but one's own account, so that it is there before the code app is."""


def guard(blueprint: Blueprint) -> None:
    """Let only those in who may: others go to sign-in, or are told that their role does not allow it."""
    blueprint.before_request(_let_in)
    blueprint.after_request(after_this_page)


def may_now(action: Action, event_id: int | None = None) -> bool:
    """Return whether the person who is signed in may do this: with this session, or else at all."""
    reach = _reach(action)
    if event_id is None or not reach or Reach.ALL in reach:
        return bool(reach)
    return _covers(reach, subjects("event_id", event_id, staff_id=current_user.id))


def may_open(endpoint: str, event_id: int | None = None) -> bool:
    """Return whether the page exists and this person may open it; menus and buttons ask this."""
    if endpoint not in current_app.view_functions or endpoint not in REQUIRED:
        return False
    if endpoint in EVERYWHERE and Reach.ALL not in _reach(REQUIRED[endpoint]):
        return False
    return may_now(REQUIRED[endpoint], event_id)


def sessions_within(action: Action) -> frozenset[int] | None:
    """Return the sessions that this person may do this with; None for every one. Lists of families ask this."""
    reach = _reach(action)
    if Reach.ALL in reach:
        return None
    if Reach.THAT_DAY in reach and current_user.all_sessions:
        return None
    return own_sessions(current_user.id) if reach else frozenset()


def is_among(event_id: int | None, sessions: frozenset[int] | None) -> bool:
    """Return whether a session is one of these; of every session, if there is no such set."""
    return sessions is None or event_id in sessions


def lacks_second_step() -> bool:
    """Return whether the person who is signed in must set up their code app first."""
    roles = [role.name for role in current_user.roles]
    return needs_second_step(roles) and not (current_user.tf_totp_secret and current_user.tf_primary_method)


def _reach(action: Action) -> frozenset[Reach]:
    """Return how far this person reaches. Who has every session has no others."""
    if not current_user.is_authenticated:
        return frozenset()
    found = reaches((role.name for role in current_user.roles), action)
    return found | {Reach.ALL} if current_user.all_sessions and Reach.OWN in found else found


def _covers(reach: Iterable[Reach], about: Iterable[Subject]) -> bool:
    """Return whether such a reach covers all of these sessions, of which there is one at least."""
    now = clock.now()
    return all(
        covers(
            reach,
            is_own=each.is_own or current_user.all_sessions,
            is_the_day=is_the_day(each.starts_at, each.ends_at, now=now),
        )
        for each in about
    ) and bool(about)


def _let_in() -> ResponseReturnValue | None:
    g.is_personal = True
    endpoint = request.endpoint or ""
    if endpoint in OPEN:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=_way_back()), 303)
    if endpoint not in REQUIRED or not may_open(endpoint):
        abort(403)
    if lacks_second_step() and endpoint not in BEFORE_SECOND_STEP and not is_demonstration():
        flash("You see families' data, so you sign in with a code as well. It takes two minutes, once.")
        return redirect(url_for("security.two_factor_setup"), 303)
    _check_subject(REQUIRED[endpoint])
    take_what_was_typed(current_user.id)
    return None


def _check_subject(action: Action) -> None:
    """Refuse what is about a session that this person's right does not reach to, or not today."""
    reach = _reach(action)
    part = next((name for name in SUBJECTS if name in (request.view_args or {})), None)
    if part is None or Reach.ALL in reach:
        return
    about = subjects(part, (request.view_args or {})[part], staff_id=current_user.id)
    if _covers(reach, about):
        return
    if Reach.THAT_DAY in reach and about and all(each.is_own or current_user.all_sessions for each in about):
        raise Conflict(_not_this_day(about[0]))
    abort(403)


def _not_this_day(session: Subject) -> str:
    opens, shuts = session.starts_at - OPENS_BEFORE, session.ends_at + SHUTS_AFTER
    if clock.now() < opens:
        return f"The register opens on {short_date(opens)} at {clock_time(opens)}."
    shut = f"{short_date(shuts)} at {clock_time(shuts)}"
    return f"The day of this session is over: its register shut on {shut}. Ask its organiser to correct it."


def _way_back() -> str:
    """Return where to go after sign-in: this page, or to what was typed in a form that came too late."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    token = hold_what_was_typed()
    return url_for("staff.typed", token=token) if token else url_for("staff.home")
