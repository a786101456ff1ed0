"""What the first page of a return says in plain sentences: what happened, if that is more, what is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from booking.formats.figures_shares import about, capital, share_sentence
from booking.formats.figures_words import figure
from booking.rules.disclosure import Flag, Shown
from booking.rules.engagement.metric import ALL
from booking.rules.figures import Row
from booking.rules.frozen_figures import Line

NO_QUARTER_BEFORE = "The quarter before is not frozen, so there is nothing to compare with."

_COMPARED = ("M02", "M05", "M06", "M08", "M15", "M29")


class Compared(NamedTuple):
    """A figure of this quarter and of the one before, as each was given out."""

    name: str
    before: str
    now: str


def headlines(rows: Sequence[Row], *, is_rounded: bool = False) -> list[str]:
    """Say the main figures of a period in plain sentences; what is protected is left out.

    `is_rounded` when counts of people are, as they are for everybody.
    """
    found = {row.metric.id: row.value.value for row in rows if row.breakdown == "all"}
    said = [
        _count(found["M02"], _held),
        share_sentence(found["M03"], _("We cancelled %(share)s sessions that were planned.")),
        _count(found["M05"], _came, is_rounded=is_rounded),
        _count(found["M06"], _families, is_rounded=is_rounded),
        _count(found["M08"], _new, is_rounded=is_rounded),
        share_sentence(found["M15"], _("%(share)s people who booked came.")),
        share_sentence(found["M11"], _("%(share)s people who came had not booked.")),
    ]
    return [sentence for sentence in said if sentence]


def what_happened(rows: Sequence[Row], *, is_rounded: bool = False) -> list[str]:
    """Say the main things: how many came, what was asked for and was there, what families raised."""
    totals = _totals(rows)
    more = (
        _people(totals["M22"], _waited, is_rounded=is_rounded),
        _people(totals["M28"], _asked, is_rounded=is_rounded),
        _met(totals["M28"], totals["M29"]),
        _number(totals["M41"], _raised),
        _answered(totals["M42"]),
        share_sentence(totals["M40"].value.value, _("%(share)s people who answered afterwards would come again.")),
    )
    return [*headlines(rows, is_rounded=is_rounded), *(sentence for sentence in more if sentence)]


def against_before(rows: Sequence[Row], before: Sequence[Line]) -> list[Compared]:
    """Set the main figures beside what the same reader was given of the quarter before; none where there is nothing."""
    totals = _totals(rows)
    given = {metric: value for metric, _name, breakdown, _category, value in before if breakdown == ALL}
    return [
        Compared(totals[each].metric.name, _as_figure(given[each], totals[each]), _now(totals[each]))
        for each in _COMPARED
        if each in given
    ]


def not_known(rows: Sequence[Row], *, is_rounded: bool = False) -> list[str]:
    """Say what these figures cannot tell, or are not sure of; what is protected is one sentence."""
    totals = _totals(rows)
    said = [_registers(totals["M21"]), *(_unknown(totals[metric], words) for metric, words in _UNKNOWN_OF.items())]
    said += [_unknown_and_protected(totals), _answers(totals["M35"], is_rounded=is_rounded)]
    said += [*_not_collected(rows), _protected(rows)]
    return [sentence for sentence in said if sentence]


_UNKNOWN_OF: Mapping[str, Callable[[], str]] = {
    "M56": lambda: _("where they live"),
    "M56b": lambda: _("how old their child is"),
    "M56c": lambda: _("what support their child has"),
}


def _totals(rows: Sequence[Row]) -> dict[str, Row]:
    return {row.metric.id: row for row in rows if row.breakdown == ALL}


def _as_figure(given: str, row: Row) -> str:
    """Say a number out of a file as the page says its own."""
    if not given[:1].isdigit():
        return given
    return f"{given}%" if row.metric.unit == "%" else f"{int(given):,}"


def _now(row: Row) -> str:
    return figure(row.value, row.metric)


def _held(number: int) -> str:
    return ngettext("We held %(num)d session.", "We held %(num)d sessions.", number)


def _came(number: int, said: str) -> str:
    return ngettext(
        "Somebody came %(said)s time.",
        "Parents, carers and young people came %(said)s times: somebody who came twice counts twice.",
        number,
        said=said,
    )


def _families(number: int, said: str) -> str:
    return ngettext(
        "We reached %(said)s family.",
        "We reached %(said)s families: at least one person of each came.",
        number,
        said=said,
    )


def _new(number: int, said: str) -> str:
    return capital(
        ngettext(
            "%(said)s of these families was new to us: nobody of it had come in the two years before.",
            "%(said)s of these families were new to us: nobody of them had come in the two years before.",
            number,
            said=said,
        )
    )


def _count(value: Decimal | None, say: Callable[..., str], *, is_rounded: bool | None = None) -> str:
    if value is None:
        return ""
    number = int(value)
    return say(number) if is_rounded is None else say(number, about(number, is_rounded=is_rounded))


def _number(row: Row, say: Callable[[int], str]) -> str:
    return say(int(row.value.value)) if row.value.value else ""


def _people(row: Row, say: Callable[[int, str], str], *, is_rounded: bool) -> str:
    if not row.value.value:
        return ""
    number = int(row.value.value)
    return capital(say(number, about(number, is_rounded=is_rounded)))


def _waited(number: int, said: str) -> str:
    return ngettext("%(said)s family waited for a place.", "%(said)s families waited for a place.", number, said=said)


def _asked(number: int, said: str) -> str:
    return ngettext(
        "Families asked for %(said)s thing that makes it easier to come, like a quiet room.",
        "Families asked %(said)s times for something that makes it easier to come, like a quiet room.",
        number,
        said=said,
    )


def _met(asked: Row, met: Row) -> str:
    if asked.value.value and met.value.flag == Flag.PROTECTED:
        return _("How often it was there is left out, so that nobody can be recognised.")
    return share_sentence(met.value.value, _("What they asked for was there for %(share)s requests."))


def _raised(number: int) -> str:
    return ngettext("Families raised %(num)d thing with us.", "Families raised %(num)d things with us.", number)


def _answered(row: Row) -> str:
    if row.value.value is None:
        return ""
    due = _number_of(row.denominator)
    if due == 1:
        if row.value.value:
            return _("Families were due 1 answer to what they had raised: it came within 42 days.")
        return _("Families were due 1 answer to what they had raised: it did not come within 42 days.")
    said = _("Families were due {due} answers to what they had raised: %(share)s answers came within 42 days.")
    return share_sentence(row.value.value, said.format(due=due))


def _registers(row: Row) -> str:
    if row.value.flag == Flag.PROTECTED:
        return _("Of how many nobody wrote down whether they came is left out, so that nobody can be recognised.")
    if row.value.value is None:
        return ""
    if row.value.value == 100:
        return _("It is written down of everybody who was expected whether they came.")
    return share_sentence(
        100 - row.value.value,
        _("Nobody wrote down whether %(share)s people who were expected came: the attendance rate leaves them out."),
    )


def _unknown(row: Row, what: Callable[[], str]) -> str:
    if not row.value.value:
        return ""
    return share_sentence(
        row.value.value, _("%(share)s families did not say, or were not asked, {what}.").format(what=what())
    )


def _unknown_and_protected(totals: Mapping[str, Row]) -> str:
    unknown = [words() for metric, words in _UNKNOWN_OF.items() if totals[metric].value.flag == Flag.PROTECTED]
    if not unknown:
        return ""
    return _("Protected: how many families did not tell us %(what)s.", what=_(", or ").join(unknown))


def _answers(row: Row, *, is_rounded: bool) -> str:
    if row.value.flag == Flag.PROTECTED:
        return _("Few people told us how it was: what they answered is protected.")
    if not row.value.value:
        return _("Nobody told us how it was.")
    return _(
        "Afterwards we got %(answers)s answers; %(people)s different people came. Who did not answer may think "
        "otherwise.",
        answers=about(_number_of(row.numerator), is_rounded=is_rounded),
        people=about(_number_of(row.denominator), is_rounded=is_rounded),
    )


def _number_of(shown: Shown | None) -> int:
    """Give the number above or below the line of a share that is shown: then both are."""
    assert shown is not None
    assert shown.value is not None
    return int(shown.value)


def _not_collected(rows: Sequence[Row]) -> list[str]:
    """Say what there is no number of, each with why."""
    missing = {row.metric.id for row in rows if row.breakdown == ALL and row.value.flag == Flag.NOT_COLLECTED}
    return [
        say(names="; ".join(dict.fromkeys(words() for metric, words in whose.items() if metric in missing)))
        for say, whose in _WHY_NOT
        if missing & set(whose)
    ]


_WHY_NOT: Sequence[tuple[Callable[..., str], Mapping[str, Callable[[], str]]]] = (
    (
        lambda **names: _("Not collected, because we ask for it nowhere: %(names)s.", **names),
        {
            "M13": lambda: _("who of the family came (mother, father, grandparent)"),
            "M27": lambda: _("how many looked at the page of a session that was full"),
            "M47": lambda: _("what parent representatives did in meetings of others"),
        },
    ),
    (
        lambda **names: _(
            "Not collected, because it can only be counted when a quarter ends, and these figures were made later: "
            "%(names)s.",
            **names,
        ),
        {
            "M14": lambda: _("how many people want our news"),
            "M58": lambda: _("how much of what we tell about venues was checked long ago"),
        },
    ),
    (
        lambda **names: _("Not collected, because we have no number of pupils with SEN: %(names)s.", **names),
        {
            "M48": lambda: _("how much there was for each 1,000 of them"),
            "M49": lambda: _("how much there was for each 1,000 of them"),
            "M50": lambda: _("whether each district is reached in proportion"),
        },
    ),
)


def _protected(rows: Sequence[Row]) -> str:
    hidden = sum(row.value.flag == Flag.PROTECTED for row in rows)
    if not hidden:
        return ""
    return ngettext(
        "%(num)d of the %(all)s numbers in these files is protected and stands there as “c”.",
        "%(num)d of the %(all)s numbers in these files are protected and stand there as “c”.",
        hidden,
        all=f"{len(rows):,}",
    )
