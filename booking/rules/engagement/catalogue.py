"""The catalogue of figures as data: every section's metrics in order, how measures hang together, and breakdowns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from booking.locality.kinds import N_
from booking.rules.engagement import (
    access,
    co_production,
    coming,
    confidence,
    demand,
    equity,
    offer,
    quality,
)
from booking.rules.engagement.facts import (
    AnswerFact,
    BookingFact,
    IssueFact,
    NeedFact,
    PlaceFact,
    SessionFact,
    WaitFact,
    WishFact,
)
from booking.rules.engagement.metric import ALL, Entry, Metric, Sum

METRICS: tuple[Metric, ...] = tuple(
    sorted(
        (
            *offer.METRICS,
            *coming.METRICS,
            *demand.METRICS,
            *access.METRICS,
            *confidence.METRICS,
            *co_production.METRICS,
            *equity.METRICS,
            *quality.METRICS,
        ),
        key=lambda metric: metric.id,
    )
)

MEASURES: Mapping[type, Mapping[str, Callable[[Any], Entry | None]]] = {
    SessionFact: {**offer.SESSIONS, **access.SESSIONS, **quality.SESSIONS},
    PlaceFact: {**offer.PLACES, **coming.PLACES, **access.PLACES, **equity.PLACES, **quality.PLACES},
    BookingFact: coming.BOOKINGS,
    WaitFact: demand.WAITS,
    WishFact: demand.WISHES,
    NeedFact: {**demand.NEEDS, **access.NEEDS},
    AnswerFact: confidence.ANSWERS,
    IssueFact: co_production.ISSUES,
}
"""What is measured of each kind of fact."""

MEDIANS = frozenset({"lead_days", "days_to_offer", "days_to_done"})
"""Measures of which the middle is taken; all others are added up."""

RESTS = (
    *offer.RESTS,
    *coming.RESTS,
    *demand.RESTS,
    *access.RESTS,
    *confidence.RESTS,
    *co_production.RESTS,
    *equity.RESTS,
    *quality.RESTS,
)
SUMS = (*offer.SUMS, *coming.SUMS, *demand.SUMS, *confidence.SUMS)

SAME_NUMBER_TWICE = (
    *offer.SAME_NUMBER_TWICE,
    *coming.SAME_NUMBER_TWICE,
    *access.SAME_NUMBER_TWICE,
    *equity.SAME_NUMBER_TWICE,
    *quality.SAME_NUMBER_TWICE,
)
"""One number in two tables under two names: hidden in one, it must be hidden in the other."""

BREAKDOWNS = {
    "D": N_("Where the family lives"),
    "V": N_("Where the session was"),
    "K": N_("Kind of session"),
    "L": N_("In person or online"),
    "T": N_("Time of day"),
    "Q": N_("School term or holidays"),
    "O": N_("How they booked"),
    "B": N_("How long before they booked"),
    "H": N_("Asked for something or not"),
    "F": N_("How many sessions they came to"),
    "A": N_("Age of child or young person"),
    "S": N_("Support now"),
    "N": N_("Kind of need"),
    "P": N_("Level of participation"),
    "W": N_("Workstream"),
    "I": N_("What an issue is about"),
    "E": N_("Who has to answer"),
    "R": N_("Reason for cancelling"),
    "Y": N_("Why a family could not come"),
    "G": N_("What was asked for"),
    "U": N_("What was missing"),
}


ADD_UP = tuple(
    dict.fromkeys(
        (
            *SUMS,
            *(Sum(parts=(each.part, each.name), total=each.whole) for each in RESTS),
            *(Sum(parts=(each.numerator, each.rest), total=each.denominator) for each in METRICS if each.rest),
        )
    )
)
"""Everything that readers can add up or subtract, apart from the categories of a table."""

Table = tuple[str, str]
"""A measure, and what it is broken down by."""


def _with_what_follows(tables: Iterable[Table]) -> frozenset[Table]:
    """Add what readers can work out: of measures that add up, all but one give the last."""
    known = set(tables)
    while True:
        found = {
            (missing[0], breakdown)
            for linked in ADD_UP
            for breakdown in (ALL, *BREAKDOWNS)
            if len(missing := [each for each in linked.measures if (each, breakdown) not in known]) == 1
        }
        if not found:
            return frozenset(known)
        known |= found


COUNTED = _with_what_follows(
    (measure, breakdown) for metric in METRICS for measure in metric.measures for breakdown in (ALL, *metric.by)
)
"""The tables that any figure is made of; no others are counted."""

OF_PEOPLE = _with_what_follows(
    (measure, breakdown) for metric in METRICS for measure in metric.counts_of_people for breakdown in (ALL, *metric.by)
)
"""The tables of people that readers see or can work out."""


def get_metric(metric_id: str) -> Metric:
    """Give the metric with this id, or raise KeyError."""
    return _BY_ID[metric_id]


_BY_ID = {metric.id: metric for metric in METRICS}
