"""All that families raised, across sessions: what waits for an answer, by when, and one issue with its history."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.extensions import transaction
from booking.queries.districts import district_today
from booking.queries.issues import ONLINE, WantedIssues, find_issues, followed, get_issue
from booking.rules.issues import IssueState, owner_name, owners
from booking.rules.permissions import Action
from booking.services.record_audit import record_view
from booking.web.shared.access import sessions_within
from booking.web.shared.pages import page_asked, pages_of
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

ON_ONE_PAGE = 40
Choices = list[tuple[str, str, list[tuple[str, str]]]]
STATES = {
    IssueState.OPEN: "Waiting for an answer",
    IssueState.DUE_SOON: "Due within 7 days",
    IssueState.LATE: "Late",
    IssueState.ANSWERED: "Answered",
}


@staff.get("/issues", endpoint="issues")
def show_issues() -> ResponseReturnValue:
    """List what waits for an answer, the longest first; or another part."""
    choices = _choices()
    asked = _asked(choices)
    wanted = _wanted(asked)
    with transaction():
        record_view(screen="staff.issues", subject_type="issue")
    found, total = find_issues(wanted, start=(page_asked() - 1) * ON_ONE_PAGE, limit=ON_ONE_PAGE)
    return render_template(
        "staff/issue_board.html",
        found=found,
        total=total,
        cut=pages_of(total, on_each=ON_ONE_PAGE, page=page_asked()),
        page_link=partial(url_for, "staff.issues", **asked),
        asked=asked,
        choices=choices,
        filter_link=partial(_filter_link, asked),
        **issue_words(),
    )


@staff.get("/issues/<int:issue_id>")
def issue(issue_id: int) -> ResponseReturnValue:
    """Show one: what was raised, what everybody reads of it, how far it is, and what came of it."""
    event_id = get_issue(issue_id).event_id
    with transaction():
        record_view(screen="staff.issue", subject_type="event", subject_id=event_id)
    found = get_issue(issue_id)
    return render_template("staff/issue_history.html", issue=found, days=followed(found), **issue_words())


def issue_words() -> dict[str, Any]:
    """Return how the codes of an issue are said."""
    area = locality()
    return {
        "themes": {each.code: each.label for each in area.topics},
        "workstreams": {each.number: each.name for each in area.workstreams},
        "weaknesses": {each.number: each.name for each in area.weaknesses},
        "district_names": {ONLINE: _("Online"), **area.district_names},
        "owner_of": lambda code: owner_name(code, area),
        "states": STATES,
    }


def _asked(choices: Choices) -> dict[str, Any]:
    """Return what part is asked for; what makes no sense is not asked for."""
    known = {name: {code for code, _text in answers} for name, _heading, answers in choices}
    known["state"] = {"all", *IssueState}
    given = {name: request.args.get(name, "") for name in known}
    given["district"] = district_today(given["district"])
    return {name: value for name, value in given.items() if value in known[name]}


def _wanted(asked: dict[str, Any]) -> WantedIssues:
    state = asked.get("state", IssueState.OPEN)
    return WantedIssues(
        state=None if state == "all" else IssueState(state),
        owner=asked.get("owner", ""),
        theme=asked.get("theme", ""),
        workstream=int(asked["workstream"]) if "workstream" in asked else None,
        district=asked.get("district", ""),
        among=sessions_within(Action.FOLLOW_ISSUES),
    )


def _choices() -> Choices:
    """Return by what one can choose: its name in the address, its heading, and its answers."""
    area = locality()
    bodies = [(each.code, _(each.name)) for each in owners(area, today=clock.today())]
    return [
        ("owner", _("Who answers"), [("nobody", _("Nobody yet")), *bodies]),
        ("theme", _("Theme"), [*((each.code, _(each.label)) for each in area.topics), ("none", _("No theme"))]),
        ("workstream", _("Workstream"), [(str(each.number), _(each.name)) for each in area.workstreams]),
        ("district", _("District"), [*((each.code, _(each.name)) for each in area.districts), (ONLINE, _("Online"))]),
    ]


def _filter_link(asked: dict[str, Any], name: str, value: str) -> str:
    """Return the address of the list with one filter set another way."""
    return url_for("staff.issues", **{key: each for key, each in {**asked, name: value}.items() if each})
