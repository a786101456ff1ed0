"""The addresses of the staff and door pages, by the part of the house they belong to."""

from __future__ import annotations

from collections.abc import Callable

from booking import clock
from booking.rules.calendar_periods import period_of, previous_period
from booking.web.staff.overview import THEMES
from booking.web.staff.sheet_kinds import SHEETS
from tests.browser.world import World


def _about_us(_world: World) -> list[str]:
    return ["/staff/", "/staff/account", "/staff/password", "/staff/two-step", "/staff/recovery-codes"]


def _people(world: World) -> list[str]:
    person = f"/staff/people/{world.colleague}"
    return ["/staff/people", "/staff/people/new", person, f"{person}/remove", "/staff/who-looked", world.staff_link]


def _sessions(world: World) -> list[str]:
    forum, course = f"/staff/sessions/{world.ids['forum']}", f"/staff/sessions/{world.ids['course']}"
    return [
        "/staff/sessions", "/staff/sessions/new",
        *(f"{forum}{part}" for part in ("", "/edit", "/move", "/cancel", "/postpone", "/book")),
        *(f"/staff/sessions/{world.ids[name]}" for name in ("draft", "full", "cancelled", "put off", "over")),
        f"/staff/sessions/{world.ids['draft']}/publish", f"/staff/sessions/{world.ids['times']}/slots",
        course, f"{course}/course?dates=6", "/staff/courses/1",
        "/staff/closures", "/staff/closures/notice?sessions=1,2,3", "/staff/sessions/999999",
    ]  # fmt: skip


def _on_paper(world: World) -> list[str]:
    session = f"/staff/sessions/{world.ids['forum']}"
    sheets = [f"{session}/print/{sheet.name}" for sheet in SHEETS]
    lists = [
        f"{session}/attendance-list",
        f"{session}/attendance-list?columns=name&columns=email",
        "/staff/attendance-lists",
    ]
    return [f"{session}/print", f"{session}/share", *sheets, f"{session}/print/door-sign?arrow=left", *lists]


def _from_files(world: World) -> list[str]:
    given = [f"/staff/import/attendance/{number}" for number in world.files]
    return ["/staff/import/venues", "/staff/import/sessions", "/staff/import/attendance", *given]


def _privacy(world: World) -> list[str]:
    pages = ["/staff/privacy", "/staff/privacy/kept", "/staff/privacy/family", "/staff/complaints"]
    return [*pages, f"/staff/complaints/{world.complaint}"]


def _terms(world: World) -> list[str]:
    forum, course = f"/staff/sessions/{world.ids['forum']}", f"/staff/sessions/{world.ids['course']}"
    repeats = [f"{course}/repeat", f"{forum}/repeat?every=month&number=500", f"{course}/dates"]
    return [*repeats, "/staff/sessions/copy-term", "/staff/sessions/copy-term?source=dates", "/staff/sessions/drafts"]


def _venues(world: World) -> list[str]:
    venue = f"/staff/venues/{world.venue_id}"
    parts = ("", "/facts", "/visit-sheet", "/calendar", "/rooms", "/hire", "/hire/edit", "/photos")
    pages = ["/staff/venues", "/staff/venues/new", "/staff/venues/to-check", f"{venue}/photos/{world.photo_id}"]
    return [*pages, *(f"{venue}{part}" for part in parts)]


def _promises(world: World) -> list[str]:
    forum = f"/staff/sessions/{world.ids['forum']}"
    board = ["/staff/promises", "/staff/promises?state=all", "/staff/promises/1", "/staff/promises/1/cannot"]
    sheets = [f"{forum}/day-sheet", f"{forum}/outcomes", f"/staff/sessions/{world.ids['more kept']}/day-sheet"]
    return [*board, "/staff/suppliers", "/staff/suppliers/new", *sheets]


def _families(world: World) -> list[str]:
    booking = f"/staff/bookings/{world.booking_id}"
    parts = ("", "/change", "/move", "/cancel", "/letter", "/same-family")
    return ["/staff/find-booking", "/staff/calls", *(f"{booking}{part}" for part in parts)]


def _messages(_world: World) -> list[str]:
    samples = ["/staff/messages/samples", "/staff/messages/samples/changed?lang=pl"]
    return ["/staff/messages", "/staff/messages/1", *samples, "/staff/inbox", "/staff/inbox?seen=yes"]


def _figures(world: World) -> list[str]:
    said = [f"/staff/sessions/{world.ids[name]}/feedback" for name in ("over", "today", "forum")]
    raised = [f"/staff/sessions/{world.ids[name]}/issues" for name in ("over", "forum")]
    return [
        "/staff/wishes",
        "/staff/figures",
        "/staff/figures/pupils",
        f"/staff/figures/rows?period={period_of(clock.today()).code}&metric=M15&by=K&category=forum",
        "/staff/figures/words",
        f"/staff/figures/words/{world.words}",
        "/staff/figures/returns",
        *(f"/staff/figures/returns/{_last_quarter()}{part}" for part in ("", "/freeze")),
        "/staff/figures/targets",
        "/staff/figures/overview",
        *(f"/staff/figures/overview/{theme}" for theme in THEMES),
        *said,
        *(f"{page}/card" for page in said),
        *raised,
        *(f"/staff/sessions/{world.ids[name]}/what-we-heard" for name in ("over", "forum")),
        "/staff/issues?state=all",
        *(f"/staff/issues/{world.issue}{part}" for part in ("", "/publish", "/update", "/answer")),
    ]


def _last_quarter() -> str:
    return previous_period(period_of(clock.today())).code


def _door(world: World) -> list[str]:
    registers = [f"/door/{world.ids[name]}" for name in ("today", "over", "forum", "cancelled")]
    today, times = f"/door/{world.ids['today']}", f"/door/{world.ids['times today']}"
    of_today = [f"{today}/{page}" for page in ("close", "counts", "paper", "phones")]
    return ["/door/", *registers, *of_today, times, f"{times}/board", f"{times}/waiting-room"]


PARTS: dict[str, Callable[[World], list[str]]] = {
    "about us": _about_us,
    "people": _people,
    "sessions": _sessions,
    "on paper": _on_paper,
    "from files": _from_files,
    "terms": _terms,
    "venues": _venues,
    "privacy": _privacy,
    "promises": _promises,
    "families": _families,
    "messages": _messages,
    "figures": _figures,
    "the door": _door,
}
