"""The overview of the figures: what they say in charts, a page a theme, for one period and the sessions one chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from booking.formats.district_words import counted_across
from booking.formats.figures_words import sign_meanings
from booking.locality.kinds import Locality
from booking.queries.targets import targets_at
from booking.rules.engagement.narrowing import Narrowing
from booking.rules.targets import of_districts
from booking.web.shared.settings import locality
from booking.web.staff import (
    overview_access,
    overview_changed,
    overview_confidence,
    overview_reach,
    overview_trends,
    overview_waits,
    overview_when,
)
from booking.web.staff.blueprint import staff
from booking.web.staff.overview_asked import Asked, Link, read_asked, shown_in_words, ways
from booking.web.staff.overview_blocks import Block, Counted
from booking.web.staff.overview_kept import made
from booking.web.staff.targets import ended_in_words, target_in_words, what_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One page of the overview: how it is called, how it is counted, and what is shown of it."""

    title: str
    count: Callable[[Asked, Locality], Counted]
    blocks: Callable[[Counted, Asked, Locality], list[Block]]
    is_of_people: bool = True


ANEW = "again"
NINE_QUARTERS = "Figures over nine quarters"
THEMES = {
    "reach": Theme(title="Who we reach", count=overview_reach.count, blocks=overview_reach.blocks),
    "when": Theme(title="When and where", count=overview_when.count, blocks=overview_when.blocks),
    "waits": Theme(title="Who waits", count=overview_waits.count, blocks=overview_waits.blocks),
    "access": Theme(title="Access", count=overview_access.count, blocks=overview_access.blocks),
    "confidence": Theme(title="Confidence", count=overview_confidence.count, blocks=overview_confidence.blocks),
    "changed": Theme(
        title="What changed", count=overview_changed.count, blocks=overview_changed.blocks, is_of_people=False
    ),
}


@staff.get("/figures/overview")
def overview() -> ResponseReturnValue:
    """Show how it went over nine quarters, and lead to the themes."""
    asked = read_asked("", locality())
    area = locality().on(asked.day)
    return _page(asked, area, title=f"{NINE_QUARTERS}, up to", make=lambda: overview_trends.blocks(asked, area))


@staff.get("/figures/overview/<theme>")
def overview_theme(theme: str) -> ResponseReturnValue:
    """Show one theme. Of one small session alone nothing is broken down."""
    found = THEMES.get(theme)
    if found is None:
        raise NotFound
    asked = read_asked(theme, locality())
    area = locality().on(asked.day)
    return _page(asked, area, title=f"{found.title},", make=lambda: _theme(found, asked, area))


def _theme(theme: Theme, asked: Asked, area: Locality) -> list[Block] | None:
    counted = theme.count(asked, area)
    return None if theme.is_of_people and counted.is_small else theme.blocks(counted, asked, area)


def _district_changes(asked: Asked, area: Locality) -> list[str]:
    """Say how districts are counted that changed in what is shown."""
    quarters = overview_trends.quarters_of(asked)
    first = quarters[0].start if not asked.theme else asked.period.start
    return counted_across(area, first, max(asked.day, quarters[-1].end) if not asked.theme else asked.day)


def _targets(asked: Asked, area: Locality) -> dict[str, list[str]]:
    """Say by figure what is agreed; a target is for all sessions, so beside a part of them it would mislead."""
    said: dict[str, list[str]] = {}
    if asked.only.is_any:
        return said
    agreed = of_districts(targets_at(asked.period.end), area)
    for of, target in agreed.of.items():
        said.setdefault(target.metric, []).append(f"{what_for(of, area)}: {target_in_words(target)}")
    for of, sentences in ended_in_words(agreed, area).items():
        said.setdefault(of[0], []).extend(f"{what_for(of, area)}: {words}" for words in sentences)
    return said


def _page(asked: Asked, area: Locality, *, title: str, make: Callable[[], list[Block] | None]) -> str:
    pages = {"": NINE_QUARTERS} | {name: theme.title for name, theme in THEMES.items()}
    shown = made(asked, make, anew=request.args.get("count") == ANEW)
    return render_template(
        "staff/overview.html",
        title=title,
        asked=asked,
        blocks=shown.blocks or [],
        is_small=shown.blocks is None,
        counted_at=shown.at,
        targets=_targets(asked, area),
        again_url=asked.url(count=ANEW),
        shown=shown_in_words(asked, area),
        district_changes=_district_changes(asked, area),
        ways=ways(asked, area),
        all_url=replace(asked, only=Narrowing()).url() if asked.only.is_any else "",
        pages=[Link(text=text, url=asked.url(name), is_here=name == asked.theme) for name, text in pages.items()],
        signs=sign_meanings(),
    )
