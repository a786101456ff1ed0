"""What the frame of every staff page needs: the menu, the signed-in name, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_security import current_user

from booking.rules.permissions import needs_second_step
from booking.web.shared.access import may_open
from booking.web.shared.held_forms import is_brought_back
from booking.web.staff.money_field import pounds
from booking.web.staff.need_words import CHOICES, FOR_WHOM, NEED_ANSWERS, NEED_STATES, NEED_TASKS, TOLD_HOW

ABOUT_SESSIONS = (
    *(
        "session",
        "slot",
        "course",
        "dates",
        "copy_term",
        "drafts",
        "closure",
        "book_by_phone",
        "day_sheet",
        "outcomes",
        "issue",
        "heard",
        "attendance_list",
    ),
    *("issue", "staff.print_and_share", "staff.share", "staff.sheet", "register_sheet", "badges"),
)
MENU: tuple[tuple[str, LazyString, tuple[str, ...]], ...] = (
    ("staff.home", _l("Today"), ("staff.home",)),
    ("staff.sessions", _l("Sessions"), ABOUT_SESSIONS),
    ("staff.promises", _l("Promises"), ("promise", "need", "supplier")),
    ("staff.find_booking", _l("Families"), ("find_booking", "staff.booking", "_booking", "families")),
    ("staff.calls", _l("Calls"), ("staff.call",)),
    ("staff.venues", _l("Venues"), ("venue", "facts_to_check", "visit_sheet", "hire", "room", "photo")),
    (
        "staff.figures",
        _l("Figures"),
        (
            *("figures", "wishes", "feedback_words", "quote", "staff.return", "staff.one_return"),
            *("staff.freeze_return", "staff.pupils", "staff.targets"),
            *("import_attendance", "staff.attendance_import", "staff.overview"),
        ),
    ),
    ("staff.messages", _l("Messages"), ("staff.message",)),
    ("staff.inbox", _l("Inbox"), ("staff.inbox",)),
    ("staff.people", _l("People"), ("people", "person")),
    ("staff.privacy", _l("Privacy"), ("privacy", "who_looked", "complaint", "family_held")),
)

SESSION_STATES = {
    "draft": _l("Draft"),
    "published": _l("Published"),
    "cancelled": _l("Cancelled"),
    "postponed": _l("Put off"),
    "held": _l("Over"),
}


@dataclass(frozen=True)
class MenuItem:
    """One way to go, and whether one is there already."""

    text: str
    url: str
    is_here: bool


def init_app(app: Flask) -> None:
    """Give every template the menu and the question "may I open this?"."""
    app.context_processor(_about_staff)


def menu() -> list[MenuItem]:
    """Return the ways this person may go."""
    here = request.endpoint or ""
    return [
        MenuItem(str(text), url_for(endpoint), any(part in here for part in parts))
        for endpoint, text, parts in MENU
        if may_open(endpoint)
    ]


def _second_step_is_compulsory() -> bool:
    return current_user.is_authenticated and needs_second_step(role.name for role in current_user.roles)


def _about_staff() -> dict[str, Any]:
    return {
        "staff_menu": menu,
        "pounds": pounds,
        "may_open": may_open,
        "signed_in": current_user,
        "is_brought_back": is_brought_back,
        "second_step_is_compulsory": _second_step_is_compulsory,
        "need_answers": NEED_ANSWERS,
        "need_words": NEED_STATES,
        "need_tasks": NEED_TASKS,
        "told_words": TOLD_HOW,
        "choice_words": CHOICES,
        "for_whom_words": FOR_WHOM,
        "session_tags": SESSION_STATES,
    }
