"""What the first page of a return says: what happened in a quarter, and what is not known, in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from booking.formats.figures_words import headlines, in_ten
from booking.rules.disclosure import Flag
from booking.rules.engagement.metric import ALL
from booking.rules.figures import Row


def what_happened(rows: Sequence[Row]) -> list[str]:
    """Say the main things: how many came, what was asked for and was there, what families raised."""
    totals = _totals(rows)
    more = (
        _number(totals["M22"], _waited),
        _number(totals["M28"], _asked),
        _share(totals["M29"], _("What families asked for was there for %(share)s requests.")),
        _number(totals["M41"], _raised),
        _share(totals["M42"], _("%(share)s answers to families that were due came in time.")),
        _share(totals["M40"], _("%(share)s people who told us how it was would come again.")),
    )
    return [*headlines(rows), *(sentence for sentence in more if sentence)]


def not_known(rows: Sequence[Row]) -> list[str]:
    """Say what these figures cannot tell, or are not sure of; what is protected is one sentence."""
    totals = _totals(rows)
    said = [_registers(totals["M21"]), *(_unknown(totals[metric], words) for metric, words in _UNKNOWN_OF.items())]
    said += [_unknown_and_protected(totals), _answers(totals["M35"]), _not_collected(rows), _protected(rows)]
    return [sentence for sentence in said if sentence]


_UNKNOWN_OF: Mapping[str, Callable[[], str]] = {
    "M56": lambda: _("where they live"),
    "M56b": lambda: _("how old their child is"),
    "M56c": lambda: _("what support their child has"),
}


def _totals(rows: Sequence[Row]) -> dict[str, Row]:
    return {row.metric.id: row for row in rows if row.breakdown == ALL}


def _number(row: Row, say: Callable[[int], str]) -> str:
    return say(int(row.value.value)) if row.value.value else ""


def _share(row: Row, sentence: str) -> str:
    if row.value.value is None:
        return ""
    said = sentence % {"share": in_ten(row.value.value)}
    return said[0].upper() + said[1:]


def _waited(number: int) -> str:
    return ngettext("%(num)d family waited for a place.", "%(num)d families waited for a place.", number)


def _asked(number: int) -> str:
    return ngettext(
        "Families asked for %(num)d thing that makes it easier to come.",
        "Families asked for %(num)d things that make it easier to come.",
        number,
    )


def _raised(number: int) -> str:
    return ngettext("Families raised %(num)d thing with us.", "Families raised %(num)d things with us.", number)


def _registers(row: Row) -> str:
    if row.value.flag == Flag.PROTECTED:
        return _("How many places nobody recorded is protected, because it is a small number.")
    if row.value.value is None:
        return ""
    if row.value.value == 100:
        return _("It is written down for every place whether somebody came.")
    return _("Whether somebody came is written down for %(share)s places.", share=in_ten(row.value.value))


def _unknown(row: Row, what: Callable[[], str]) -> str:
    if not row.value.value:
        return ""
    return _("Of %(share)s families we do not know %(what)s.", share=in_ten(row.value.value), what=what())


def _unknown_and_protected(totals: Mapping[str, Row]) -> str:
    unknown = [words() for metric, words in _UNKNOWN_OF.items() if totals[metric].value.flag == Flag.PROTECTED]
    if not unknown:
        return ""
    return _("Protected: how many families did not tell us %(what)s.", what=_(", or ").join(unknown))


def _answers(row: Row) -> str:
    if row.value.flag == Flag.PROTECTED:
        return _("Few people told us how it was: their answers are protected.")
    if not row.value.value:
        return _("Nobody told us how it was.")
    return _("%(number)d answers told us how it was; others may think otherwise.", number=int(_above(row)))


def _above(row: Row) -> int:
    return int(row.numerator.value) if row.numerator and row.numerator.value is not None else 0


def _not_collected(rows: Sequence[Row]) -> str:
    missing = [row.metric for row in rows if row.breakdown == ALL and row.value.flag == Flag.NOT_COLLECTED]
    names = dict.fromkeys(_IN_WORDS[each.id]() if each.id in _IN_WORDS else _(each.name) for each in missing)
    return _("Not collected: %(names)s.", names="; ".join(names)) if names else ""


_IN_WORDS: Mapping[str, Callable[[], str]] = {
    "M13": lambda: _("who of the family came (mother, father, grandparent)"),
    "M14": lambda: _("how many people want our news"),
    "M27": lambda: _("how many looked at a session that was full"),
    "M47": lambda: _("what parent representatives did elsewhere"),
    "M48": lambda: _("how much there was for each 1,000 pupils with SEN"),
    "M49": lambda: _("how much there was for each 1,000 pupils with SEN"),
    "M50": lambda: _("whether each district is reached in proportion"),
    "M58": lambda: _("how old what we tell about places is"),
}


def _protected(rows: Sequence[Row]) -> str:
    hidden = sum(row.value.flag == Flag.PROTECTED for row in rows)
    if not hidden:
        return ""
    return ngettext(
        "%(num)d number of %(all)d is protected (“c”), because it is small or would give a small one away.",
        "%(num)d numbers of %(all)d are protected (“c”), because they are small or would give a small one away.",
        hidden,
        all=len(rows),
    )
