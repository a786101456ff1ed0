"""What a place is like: sentences a parent can trust, each with when and by whom it was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from booking.formats import words_for
from booking.locality.kinds import Locality, VenueFactKind
from booking.queries.session_page import ShownFact, ShownPlace
from booking.rules.access_needs import GIVES_AWAY, KnownFact, is_stale
from booking.rules.words import FactAnswer


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact in words; `checked` says when and by whom where that differs from most of the place.

    `is_old` is stale with a date that says so. `photo` is the picture that shows it.
    """

    label: str
    answer: str
    code: str
    sentence: str
    note: str
    checked: str
    is_stale: bool
    is_old: bool
    photo: int | None


@dataclass(frozen=True, slots=True)
class FactGroupLines:
    """The facts under one heading."""

    label: str
    lines: list[FactLine]


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """Everything we say about a place, and first of it the `basics` that every place must have.

    `not_checked` are the labels of what nobody has looked at yet.
    """

    basics: list[FactLine]
    groups: list[FactGroupLines]
    not_checked: list[str]
    checked: str
    any_stale: bool


def place_facts(venue: ShownPlace, locality: Locality, *, today: date, in_full: bool = False) -> PlaceFacts:
    """Say what is known. The four facts of the baseline are always named, checked or not.

    A confidential place is spoken of discreetly, unless `in_full`: for a family that has a place there.
    """
    rows = {fact.code: fact for fact in venue.facts}
    discreet = venue.is_confidential and not in_full
    hidden = GIVES_AWAY if discreet else ()
    kinds = [kind for kind in locality.facts if kind.group not in hidden]
    most = _usual_check(list(rows.values()))
    basics, groups, stale = [], [], False
    for group in locality.fact_groups:
        shown = [kind for kind in kinds if kind.group == group.code and (kind.baseline or _is_known(rows, kind))]
        lines = [_line(kind, rows.get(kind.code), most, discreet=discreet, today=today) for kind in shown]
        basics += [line for kind, line in zip(shown, lines, strict=True) if kind.baseline]
        if lines:
            groups.append(FactGroupLines(_(group.label), lines))
            stale = stale or any(line.is_stale for line in lines)
    unknown = [_(kind.label) for kind in kinds if not kind.baseline and not _is_known(rows, kind)]
    return PlaceFacts(basics, groups, unknown, _checked(*most, discreet=discreet) if most else "", stale)


def lines_about(venue: ShownPlace, locality: Locality, codes: Collection[str], *, today: date) -> list[FactLine]:
    """Say some facts in full and in order: what is known, and of the baseline also what is not checked."""
    rows = {fact.code: fact for fact in venue.facts}
    kinds = [kind for kind in locality.facts if kind.code in codes and (kind.baseline or _is_known(rows, kind))]
    return [_line(kind, rows.get(kind.code), None, discreet=False, today=today) for kind in kinds]


def _is_known(rows: dict[str, ShownFact], kind: VenueFactKind) -> bool:
    fact = rows.get(kind.code)
    return fact is not None and fact.answer != FactAnswer.NOT_CHECKED


def _line(
    kind: VenueFactKind, fact: ShownFact | None, most: tuple[date, str] | None, *, discreet: bool, today: date
) -> FactLine:
    answer = fact.answer if fact else FactAnswer.NOT_CHECKED
    known = fact is not None and answer != FactAnswer.NOT_CHECKED
    stale = fact is not None and is_stale(KnownFact(answer, fact.checked_on), today=today)
    own_check = fact is not None and known and (fact.checked_on, fact.checked_by) != most
    return FactLine(
        label=_(kind.label),
        answer=words_for.wording(answer),
        code=answer.value,
        sentence=_(kind.sentence(answer.value)),
        note=fact.note if fact and known and not discreet else "",
        checked=_checked(fact.checked_on, fact.checked_by, discreet=discreet) if fact and own_check else "",
        is_stale=stale,
        is_old=stale and fact is not None and fact.checked_on is not None,
        photo=fact.photo if fact and known and not discreet else None,
    )


def _usual_check(facts: list[ShownFact]) -> tuple[date, str] | None:
    """Give the day and the person of most checks, so that the page says them once."""
    checks = Counter((fact.checked_on, fact.checked_by) for fact in facts if fact.checked_on)
    return checks.most_common(1)[0][0] if checks else None


def _checked(on: date | None, by: str, *, discreet: bool) -> str:
    """Say when and by whom; who looks after a confidential place could give it away."""
    if on is None:
        return _("We do not know when this was checked.")
    day = words_for.short_date(on)
    return (
        _("Checked on %(day)s by %(name)s.", day=day, name=by)
        if by and not discreet
        else _("Checked on %(day)s.", day=day)
    )
