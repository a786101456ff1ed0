"""The overview of the figures: what they say in charts, a page a theme, for one period and the sessions one chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from booking.formats.figures_words import sign_meanings
from booking.locality.kinds import Locality
from booking.rules.engagement.narrowing import Narrowing
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One page of the overview: how it is called, how it is counted, and what is shown of it."""

    title: str
    count: Callable[[Asked, Locality], Counted]
    blocks: Callable[[Counted, Asked, Locality], list[Block]]
    is_of_people: bool = True


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
    area = locality()
    asked = read_asked("", area)
    return _page(asked, area, title=f"{NINE_QUARTERS}, up to", blocks=overview_trends.blocks(asked, area))


@staff.get("/figures/overview/<theme>")
def overview_theme(theme: str) -> ResponseReturnValue:
    """Show one theme. Of one small session alone nothing is broken down."""
    found = THEMES.get(theme)
    if found is None:
        raise NotFound
    area = locality()
    asked = read_asked(theme, area)
    counted = found.count(asked, area)
    if found.is_of_people and counted.is_small:
        return _page(asked, area, title=f"{found.title},", blocks=[], is_small=True)
    return _page(asked, area, title=f"{found.title},", blocks=found.blocks(counted, asked, area))


def _page(asked: Asked, area: Locality, *, title: str, blocks: list[Block], is_small: bool = False) -> str:
    pages = {"": NINE_QUARTERS} | {name: theme.title for name, theme in THEMES.items()}
    return render_template(
        "staff/overview.html",
        title=title,
        asked=asked,
        blocks=blocks,
        is_small=is_small,
        shown=shown_in_words(asked, area),
        ways=ways(asked, area),
        all_url=replace(asked, only=Narrowing()).url() if asked.only.is_any else "",
        pages=[Link(text=text, url=asked.url(name), is_here=name == asked.theme) for name, text in pages.items()],
        signs=sign_meanings(),
    )
