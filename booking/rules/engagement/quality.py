"""Section H of the catalogue: how far these figures can be trusted. It stands on the first page of every return."""

from __future__ import annotations

from booking.locality.kinds import N_
from booking.rules.engagement.facts import PlaceFact, SessionFact, SessionState, came
from booking.rules.engagement.metric import UNKNOWN, Cell, Entry, Measures, Metric, Rest, Shape, once

METRICS = (
    Metric(
        id="M56",
        name=N_("Families whose district is not known"),
        definition=N_("Of the families reached, those of whom at some session nobody knew where they live."),
        formula=N_("Families reached with unknown district ÷ families reached"),
        numerator="families_no_district",
        denominator="families",
        rest="families_all_district",
        shape=Shape.SHARE,
    ),
    Metric(
        id="M56b",
        name=N_("Families whose child’s age is not known"),
        definition=N_("Of the families reached, those that at some session did not say how old their child is."),
        formula=N_("Families reached with unknown age ÷ families reached"),
        numerator="families_no_age",
        denominator="families",
        rest="families_all_age",
        shape=Shape.SHARE,
    ),
    Metric(
        id="M56c",
        name=N_("Families whose support is not known"),
        definition=N_("Of the families reached, those that at some session did not say what support their child has."),
        formula=N_("Families reached with unknown support ÷ families reached"),
        numerator="families_no_support",
        denominator="families",
        rest="families_all_support",
        shape=Shape.SHARE,
    ),
    Metric(
        id="M57",
        name=N_("Registers closed within two days"),
        definition=N_("Of the sessions held, those whose register was closed within two days after the end."),
        formula=N_("Registers closed in 2 days ÷ sessions held"),
        numerator="closed_soon",
        denominator="held",
        rest="not_closed_soon",
        shape=Shape.SHARE,
        is_personal=False,
    ),
    Metric(
        id="M58",
        name=N_("Facts about places older than 12 months"),
        definition=N_(
            "Of the facts we tell about places, those checked more than 12 months ago, on the day this is made."
        ),
        formula=N_("Facts checked more than 12 months ago ÷ facts about places"),
        numerator="place_facts_old",
        denominator="place_facts",
        rest="place_facts_fresh",
        shape=Shape.SHARE,
        by="V",
        is_personal=False,
    ),
)

RESTS = (
    Rest(name="families_all_district", whole="families", part="families_no_district"),
    Rest(name="families_all_age", whole="families", part="families_no_age"),
    Rest(name="families_all_support", whole="families", part="families_no_support"),
    Rest(name="not_closed_soon", whole="held", part="closed_soon"),
    Rest(name="place_facts_fresh", whole="place_facts", part="place_facts_old"),
)
SAME_NUMBER_TWICE = (
    (Cell("families", "D", UNKNOWN), Cell("families_no_district")),
    (Cell("families", "A", UNKNOWN), Cell("families_no_age")),
    (Cell("families", "S", UNKNOWN), Cell("families_no_support")),
)


def _family(place: PlaceFact, *, is_unknown: object) -> Entry | None:
    return once(place.family, place.family is not None and came(place) and is_unknown)


SESSIONS: Measures[SessionFact] = {
    "closed_soon": lambda s: once(s.id, s.state == SessionState.HELD and s.closed_soon),
}
PLACES: Measures[PlaceFact] = {
    "families_no_district": lambda p: _family(p, is_unknown=p.district in ("", UNKNOWN)),
    "families_no_age": lambda p: _family(p, is_unknown=not p.age_phases),
    "families_no_support": lambda p: _family(p, is_unknown=not p.supports),
}
