"""You said, we did: what families raised, who has to answer by when, and what came of it, late or not."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import NotFound
from booking.formats.said_file import COLUMNS, said_row
from booking.queries.districts import district_today
from booking.queries.issues import ONLINE, WantedIssues
from booking.queries.said_and_did import find_said, place_on_board, said_districts, said_themes
from booking.rules.issues import IssueState, owner_name
from booking.web.public.blueprint import public
from booking.web.shared.downloads import send_csv
from booking.web.shared.pages import page_asked, pages_of
from booking.web.shared.settings import locality

ON_ONE_PAGE = 20
FILTERS = ("state", "district", "theme")
STATES = (IssueState.OPEN, IssueState.LATE, IssueState.ANSWERED)


@public.get("/you-said-we-did")
def you_said_we_did() -> ResponseReturnValue:
    """Show what is published: what waits longest first, and what was answered last."""
    area, asked = locality(), _asked()
    wanted = _wanted(asked)
    board = find_said(wanted, start=(page_asked() - 1) * ON_ONE_PAGE, limit=ON_ONE_PAGE)
    districts, themes = said_districts(), said_themes()
    return render_template(
        "public/you_said_we_did.html",
        board=board,
        is_empty=not themes,
        cut=pages_of(board.total, on_each=ON_ONE_PAGE, page=page_asked()),
        page_link=partial(url_for, "public.you_said_we_did", **asked),
        asked=asked,
        filter_link=partial(_filter_link, asked),
        states=[(state.value, _state_name(state)) for state in STATES],
        districts=[(code, name) for code, name in _district_names().items() if code in districts],
        themes=[(code, name) for code, name in _theme_names().items() if ("" if code == "none" else code) in themes],
        district_names=_district_names(),
        theme_names=_theme_names(),
        workstreams={each.number: each.name for each in area.workstreams},
        owner_of=lambda code: _(owner_name(code, area)),
    )


@public.get("/you-said-we-did.csv")
def said_csv() -> Response:
    """Send the same as a file, in English: codes are for machines, and machines read one language."""
    rows = [said_row(issue) for issue in find_said(_wanted(_asked())).issues]
    return send_csv("you-said-we-did", COLUMNS, rows)


@public.get("/you-said-we-did/<int:issue_id>")
def said_issue(issue_id: int) -> ResponseReturnValue:
    """Lead to one issue, on whatever page of the board it stands now."""
    before = place_on_board(issue_id)
    if before is None:
        raise NotFound(_("This is not on our page any more."))
    page = before // ON_ONE_PAGE + 1
    more: dict[str, Any] = {"page": page} if page > 1 else {}
    return redirect(url_for("public.you_said_we_did", **more, _anchor=f"issue-{issue_id}"), 302)


def _asked() -> dict[str, Any]:
    """Return what part is asked for; what makes no sense is not asked for."""
    known: dict[str, set[str]] = {
        "state": set(STATES),
        "district": set(_district_names()),
        "theme": set(_theme_names()),
    }
    given = {name: request.args.get(name, "") for name in FILTERS}
    given["district"] = district_today(given["district"])
    return {name: value for name, value in given.items() if value in known[name]}


def _wanted(asked: dict[str, Any]) -> WantedIssues:
    state = asked.get("state")
    return WantedIssues(
        state=IssueState(state) if state else None,
        district=asked.get("district", ""),
        theme=asked.get("theme", ""),
    )


def _filter_link(asked: dict[str, Any], name: str, value: str) -> str:
    """Return the address of the board with one filter set another way."""
    return url_for("public.you_said_we_did", **{key: each for key, each in {**asked, name: value}.items() if each})


def _state_name(state: IssueState) -> str:
    names = {
        IssueState.OPEN: _("Waiting for an answer"),
        IssueState.LATE: _("Late"),
        IssueState.ANSWERED: _("Answered"),
    }
    return names[state]


def _district_names() -> dict[str, str]:
    return {**{each.code: _(each.name) for each in locality().districts}, ONLINE: _("Online")}


def _theme_names() -> dict[str, str]:
    return {**{each.code: _(each.label) for each in locality().topics}, "none": _("Other things")}
