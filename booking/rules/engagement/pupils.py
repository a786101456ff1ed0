"""How many pupils with SEN a district has, whatever it was called when somebody published their number."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from booking.locality.changes import parts_of
from booking.locality.kinds import Locality
from booking.rules.engagement.facts import Pupils


def newest_of_districts(known: Collection[Pupils], area: Locality) -> list[Pupils]:
    """Give the newest number of each district of the area's day.

    One that others became has their sum for a year in which nobody published its own number, when all of theirs are
    known; with one of them missing it has none, for that would be a guess.
    """
    of = {(pupils.district, pupils.year): pupils for pupils in known}
    years = sorted({pupils.year for pupils in known}, reverse=True)
    found = (
        next((number for year in years if (number := _number(district.code, year, of, area))), None)
        for district in area.districts
    )
    return [pupils for pupils in found if pupils is not None]


def _number(code: str, year: int, of: Mapping[tuple[str, int], Pupils], area: Locality) -> Pupils | None:
    if own := of.get((code, year)):
        return own
    parts = [_number(part.code, year, of, area) for part in parts_of(area.register, code)]
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts):
        return None
    return Pupils(
        district=code,
        year=year,
        sen_support=sum(part.sen_support for part in known),
        ehcp=sum(part.ehcp for part in known),
        source="; ".join(dict.fromkeys(part.source for part in known)),
        published_on=max(part.published_on for part in known),
    )
