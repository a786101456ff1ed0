"""When and where: sessions and families by district and time of day, and the families that are not reached."""

from __future__ import annotations

from collections import Counter

from booking.formats.figures_words import category_name, figure
from booking.formats.words_for import wording
from booking.locality.kinds import Locality
from booking.rules.engagement.facts import ONLINE, PlaceFact, WishFact
from booking.rules.engagement.heat import At, HeatCell, heat, times_without
from booking.rules.engagement.metric import UNKNOWN
from booking.rules.engagement.narrowing import FEWEST_PEOPLE
from booking.rules.map_steps import BY_REPRESENTATION, STEPS
from booking.rules.time_bands import TimeBand
from booking.rules.words import WishReason
from booking.web.staff.overview_asked import Asked
from booking.web.staff.overview_blocks import Block, Counted, Heat, HeatShown, Rows, count_for, number_of
from booking.web.staff.overview_reach import PUPILS

METRICS = frozenset({"M06", "M50", "M25"})
KINDS: frozenset[type] = frozenset({PlaceFact, WishFact})
MOST_WISHES = 5
"""So many districts are told of; the page of wishes has the rest."""


def count(asked: Asked, area: Locality) -> Counted:
    """Read and count."""
    return count_for(asked, area, metrics=METRICS, by="D", kinds=KINDS)


def blocks(counted: Counted, asked: Asked, area: Locality) -> list[Block]:
    """Show the heat table, then whom it leaves out."""
    cells = heat(asked.period, counted.facts)
    not_reached = [] if asked.only.district else [_not_reached(counted.rows, area)]
    return [_table(cells, asked, area), *not_reached, _times(cells, asked, area), _wishes(counted, asked, area)]


def _table(cells: dict[At, HeatCell], asked: Asked, area: Locality) -> Block:
    most = max((cell.families or 0 for cell in cells.values()), default=0)
    inside = [asked.only.district] if asked.only.district else [each.code for each in area.inside_districts]
    others = sorted({district for district, _band in cells} - set(inside) - {ONLINE})
    places = [*inside, *others, *([] if asked.only.district else [ONLINE])]
    lines = [
        (category_name("V", place, area), [_shown(cells.get((place, band.value)), most) for band in TimeBand])
        for place in places
    ]
    sessions = sum(cell.sessions for cell in cells.values())
    return Block(
        code="heat",
        metrics=("M53", "M53b"),
        title="Sessions held and families reached, by district and time of day",
        message=_heat_words(cells, sessions, area),
        heat=Heat(head=[category_name("T", band.value, area) for band in TimeBand], lines=lines),
    )


def _shown(cell: HeatCell | None, most: int) -> HeatShown:
    if cell is None:
        return HeatShown(said="none", below="", strength=0)
    if cell.is_small:
        return HeatShown(said="1 session", below=f"fewer than {FEWEST_PEOPLE} people", strength=1)
    families, sessions = cell.families or 0, cell.sessions
    return HeatShown(
        said=f"{families} {'family' if families == 1 else 'families'}",
        below=f"{sessions} session{'' if sessions == 1 else 's'}",
        strength=max(1, -(-STEPS * families // most)) if most else 1,
    )


def _heat_words(cells: dict[At, HeatCell], sessions: int, area: Locality) -> str:
    told = {at: cell.families for at, cell in cells.items() if cell.families}
    if not told:
        return f"{sessions} session{'' if sessions == 1 else 's'} held." if sessions else "Nothing was held."
    (district, band), families = max(told.items(), key=lambda each: each[1])
    where, when = category_name("V", district, area), category_name("T", band, area).lower()
    return f"{sessions} sessions were held. Most families came in one cell: {where}, {when} ({families})."


def _not_reached(rows: Rows, area: Locality) -> Block:
    inside = {district.code: district.name for district in area.inside_districts}
    low = sorted(
        (row.value.value, inside[row.category], number_of(row))
        for row in rows.by("D", "M50")
        if row.category in inside and row.value.value is not None and row.value.value < BY_REPRESENTATION[1]
    )
    has_pupils = any(row.value.value is not None for row in rows.by("D", "M50"))
    message = (
        "Districts that have fewer of the families we reached than of the pupils with SEN, the lowest first."
        if low
        else "No district is far below its share of the families."
        if has_pupils
        else "x: without the number of pupils with SEN in each district nobody can say who is missing."
    )
    return Block(
        code="not-reached",
        title="Families we have not reached",
        message=message,
        items=[
            f"{name}: {families} {'family' if families == 1 else 'families'} reached, {ratio} of its share"
            for ratio, name, families in low
        ],
        link=PUPILS,
    )


def _times(cells: dict[At, HeatCell], asked: Asked, area: Locality) -> Block:
    inside = [asked.only.district] if asked.only.district else [each.code for each in area.inside_districts]
    missing = times_without(cells, districts=inside, bands=[band.value for band in TimeBand])
    items = [
        f"{category_name('T', band, area)}: "
        + (
            "nothing in any district"
            if len(places) == len(inside) > 1
            else f"nothing in {', '.join(category_name('V', place, area) for place in places)}"
        )
        for band, places in missing.items()
    ]
    message = "Times of day at which these sessions were not held." if items else "Something was held at every time."
    return Block(code="times", title="Times nobody was offered", message=message, items=items)


def _wishes(counted: Counted, asked: Asked, area: Locality) -> Block:
    there = [wish for wish in counted.facts.wishes if wish.day in asked.period]
    by_district: dict[str, Counter[str]] = {}
    for wish in there:
        by_district.setdefault(wish.district or UNKNOWN, Counter())[wish.reason] += 1
    most_wished = sorted(by_district.items(), key=lambda each: (-each[1].total(), each[0]))
    items = []
    for district, reasons in most_wished[:MOST_WISHES]:
        reason, often = reasons.most_common(1)[0]
        items.append(
            f"{category_name('D', district, area)}: {reasons.total()} wish{'' if reasons.total() == 1 else 'es'}, "
            f"most often “{wording(WishReason(reason))}” ({often})"
        )
    total = figure(counted.rows.total("M25").value, counted.rows.total("M25").metric)
    message = f"{total} told us what they looked for and did not find."
    if asked.only.delivery:
        message += " A wish does not say how a session is held, so wishes of every kind are counted."
    return Block(
        code="wishes",
        metrics=("M25",),
        title="What people wished for",
        message=message if there else "Nobody told us a wish.",
        items=items,
        link=("staff.wishes", "All wishes"),
    )
