"""Section G of the catalogue: whether what is offered and who is reached is in proportion."""

from __future__ import annotations

from collections.abc import Iterator

from booking.locality.kinds import N_
from booking.rules.engagement.facts import PlaceFact, Pupils, SessionFact, came
from booking.rules.engagement.metric import Cell, Measures, Metric, Rest, Shape, once
from booking.rules.words import Delivery

METRICS = (
    Metric(
        id="M48",
        name=N_("Sessions per 1,000 pupils with SEN"),
        definition=N_(
            "Sessions held in a room for each 1,000 pupils with SEN who go to school in the district. "
            "Pupils of special schools travel: they are counted where the school is."
        ),
        formula=N_("In-person sessions held ÷ pupils with SEN × 1,000, by venue district"),
        numerator="held_in_a_room",
        denominator="pupils",
        shape=Shape.PER_1000,
        by="V",
        is_personal=False,
    ),
    Metric(
        id="M49",
        name=N_("Families reached per 1,000 pupils with SEN"),
        definition=N_(
            "Families reached for each 1,000 pupils with SEN who go to school in the district. "
            "Families are counted where they live, pupils where they go to school."
        ),
        formula=N_("Families reached ÷ pupils with SEN × 1,000, by residence district"),
        numerator="families",
        denominator="pupils",
        shape=Shape.PER_1000,
        by="D",
    ),
    Metric(
        id="M50",
        name=N_("Representation"),
        definition=N_(
            "The district’s share of the families reached, divided by its share of the pupils with SEN. "
            "1 is in proportion; 0.5 is half as many as there should be."
        ),
        formula=N_("(Families ÷ all families reached) ÷ (pupils with SEN ÷ all pupils with SEN)"),
        numerator="families",
        denominator="pupils",
        shape=Shape.RATIO,
        by="D",
    ),
    Metric(
        id="M53",
        name=N_("Sessions by time"),
        definition=N_("Sessions held, by time of day, and in school terms or holidays."),
        formula=N_("Number of held sessions"),
        numerator="held",
        by="TQ",
        is_personal=False,
    ),
    Metric(
        id="M53b",
        name=N_("Attendances by time"),
        definition=N_("Attendances by time of day, and in school terms or holidays."),
        formula=N_("Number of attendances"),
        numerator="attended",
        by="TQ",
    ),
    Metric(
        id="M54",
        name=N_("Online share"),
        definition=N_(
            "The share of attendances at online sessions. Sessions that are both online and in a room are not."
        ),
        formula=N_("Attendances at online sessions ÷ attendances"),
        numerator="attended_online",
        denominator="attended",
        rest="attended_elsewhere",
        shape=Shape.SHARE,
        by="D",
    ),
    Metric(
        id="M55",
        name=N_("Languages and formats"),
        definition=N_(
            "Attendances of people who had asked for an interpreter, captions, large print or another format, "
            "and it was there."
        ),
        formula=N_("Number of attendances with an interpreter or another format supplied"),
        numerator="attended_with_format",
        by="G",
    ),
)

RESTS = (Rest(name="attended_elsewhere", whole="attended", part="attended_online"),)
SAME_NUMBER_TWICE = ((Cell("attended", "L", Delivery.ONLINE.value), Cell("attended_online")),)


def _is_online(session: SessionFact) -> bool:
    return session.delivery == Delivery.ONLINE


PLACES: Measures[PlaceFact] = {
    "attended_online": lambda p: once(p.id, came(p) and _is_online(p.session)),
    "attended_with_format": lambda p: once(p.id, came(p) and p.formats_met),
}


def pupils_by_district(pupils: Pupils) -> Iterator[tuple[Cell, int]]:
    """Give the cells that a district's pupils stand in: where families live, and where sessions are."""
    for cell in (Cell("pupils"), Cell("pupils", "D", pupils.district), Cell("pupils", "V", pupils.district)):
        yield cell, pupils.sen_support + pupils.ehcp
