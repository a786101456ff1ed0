"""How figures are said: breakdowns, categories, numbers, and what stands in place of one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from booking.formats.words_for import wording
from booking.locality.kinds import Locality
from booking.rules.calendar_periods import SchoolTime
from booking.rules.disclosure import Flag, Shown
from booking.rules.engagement.catalogue import BREAKDOWNS
from booking.rules.engagement.facts import LEAD_BANDS, ONLINE
from booking.rules.engagement.metric import UNKNOWN, Metric
from booking.rules.figures import Row
from booking.rules.issues import owner_name
from booking.rules.time_bands import TimeBand
from booking.rules.words import (
    Delivery,
    EventCancelReason,
    EventKind,
    FamilyCancelReason,
    Origin,
    Participation,
    WishReason,
)

OF_QUALITY = ("M21", "M57", "M56", "M56b", "M56c", "M58")
"""The figures that say how far the others can be trusted: on the first page of everything."""

_TIME_BANDS = {
    TimeBand.SCHOOL_RUN_SAFE: _l("Between the school runs"),
    TimeBand.DAYTIME: _l("Other daytime"),
    TimeBand.AFTER_SCHOOL: _l("After school"),
    TimeBand.EVENING: _l("Evening"),
    TimeBand.WEEKEND: _l("Weekend"),
}
_SCHOOL_TIMES = {SchoolTime.TERM: _l("School term"), SchoolTime.HOLIDAY: _l("School holidays")}
_BANDS = dict(
    zip(
        LEAD_BANDS,
        (_l("On the day"), _l("1 or 2 days"), _l("3 to 7 days"), _l("8 to 28 days"), _l("More than 28 days")),
        strict=True,
    )
)
_HOW_OFTEN = {"1": _l("One session"), "2": _l("Two sessions"), "3+": _l("Three or more")}
_HAD_ASKED = {"yes": _l("Asked for something"), "no": _l("Asked for nothing")}
_WORDS: dict[str, Mapping[str, object]] = {
    "T": {band.value: words for band, words in _TIME_BANDS.items()},
    "Q": {time.value: words for time, words in _SCHOOL_TIMES.items()},
    "B": _BANDS,
    "F": _HOW_OFTEN,
    "H": _HAD_ASKED,
}
"""Categories that are codes of the figures alone."""
_CODES: dict[str, type[StrEnum]] = {
    "K": EventKind,
    "L": Delivery,
    "O": Origin,
    "P": Participation,
    "R": EventCancelReason,
    "U": WishReason,
    "Y": FamilyCancelReason,
}
_QUESTIONS = {"A": "age_phase", "S": "support", "N": "need_area"}


def categories(locality: Locality) -> dict[str, tuple[str, ...]]:
    """Return the categories of each breakdown that are shown even with nobody in them; "not known" is one."""
    questions = {
        letter: (*(option.code for option in locality.get_question(code).offered), UNKNOWN)
        for letter, code in _QUESTIONS.items()
    }
    return {
        "D": tuple(district.code for district in locality.districts),
        "V": (*(district.code for district in locality.inside_districts), ONLINE),
        "I": tuple(topic.code for topic in locality.topics),
        "E": tuple(body.code for body in locality.organisations),
        "G": tuple(group.code for group in locality.need_groups),
        **{letter: tuple(words) for letter, words in _WORDS.items()},
        "W": tuple(str(stream.number) for stream in locality.workstreams),
        **{letter: tuple(code.value for code in codes) for letter, codes in _CODES.items()},
        **questions,
    }


def category_name(breakdown: str, category: str, locality: Locality) -> str:
    """Return how a category is said."""
    if category == UNKNOWN:
        return _("Not known")
    if breakdown in ("D", "V"):
        return _("Online") if category == ONLINE else _(locality.get_district(category).name)
    if breakdown in _WORDS:
        return str(_WORDS[breakdown][category])
    if breakdown == "E":
        return _(owner_name(category, locality) or category)
    if breakdown == "I":
        return _({topic.code: topic.label for topic in locality.topics}.get(category, category))
    if breakdown == "G":
        return _({group.code: group.label for group in locality.need_groups}.get(category, category))
    if breakdown == "W":
        names = {str(stream.number): stream.name for stream in locality.workstreams}
        return f"{category}. {names[category]}" if category in names else category
    if breakdown in _QUESTIONS:
        labels = {option.code: option.label for option in locality.get_question(_QUESTIONS[breakdown]).options}
        return _(labels.get(category, category))
    return wording(_CODES[breakdown](category))


def breakdown_name(breakdown: str) -> str:
    """Return how a breakdown is said."""
    return _(BREAKDOWNS[breakdown])


def figure(shown: Shown | None, metric: Metric) -> str:
    """Return a figure as it stands in a table; a missing one as its sign."""
    if shown is None:
        return ""
    if shown.value is None:
        return str(shown.flag.value)
    if metric.unit == "n":
        return f"{int(shown.value):,}"
    return f"{shown.value}%" if metric.unit == "%" else str(shown.value)


def interval(row: Row) -> str:
    """Return between which percentages a share of those who answered lies for all, or nothing."""
    return f"{row.interval[0]} and {row.interval[1]}%" if row.interval else ""


def unit_name(metric: Metric) -> str:
    """Return in what a figure is given, where its name does not say it."""
    return {"days": _("days"), "points": _("percentage points"), "mean": "", "ratio": ""}.get(metric.unit, "")


def sign_meanings() -> list[tuple[str, str]]:
    """Return what each sign in a table means."""
    return [
        ("0", _("None.")),
        (
            Flag.PROTECTED.value,
            _("Protected, so that nobody can be recognised: small, or a small number could be worked out from it."),
        ),
        (Flag.NOT_APPLICABLE.value, _("Does not apply: there is nothing, or too little, to work it out from.")),
        (Flag.NOT_COLLECTED.value, _("Not collected.")),
    ]
