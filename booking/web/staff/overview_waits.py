"""Who waits: families on waiting lists and what became of them, wishes, and who was turned away on access."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from booking.formats.charts import Line, lying
from booking.formats.figures_words import figure
from booking.locality.kinds import Locality
from booking.rules.disclosure import Flag
from booking.rules.engagement.facts import NeedFact, WaitFact, WishFact
from booking.rules.figures import Row
from booking.web.staff.overview_asked import Asked
from booking.web.staff.overview_blocks import Block, Counted, Rows, Table, count_for, number_of, said, share_of

METRICS = frozenset({"M22", "M22b", "M23", "M24", "M25", "M26"})
KINDS: frozenset[type] = frozenset({WaitFact, WishFact, NeedFact})
_KEY = ((1, "Offered a place and came"), (2, "Came to another session of the kind"), (3, "Found nothing"))


def count(asked: Asked, area: Locality) -> Counted:
    """Read and count."""
    return count_for(asked, area, metrics=METRICS, by="VKDUG", kinds=KINDS)


def blocks(counted: Counted, asked: Asked, area: Locality) -> list[Block]:
    """Show who waited by kind and by district, then what was wished for and not there."""
    rows = counted.rows
    waited = [
        _waited(
            rows,
            "K",
            counted.of_one_small_session(lambda session: session.kind),
            code="waited-kind",
            title="Families who waited, by kind of session",
        ),
        _waited(
            rows,
            "V",
            counted.of_one_small_session(lambda session: session.district),
            code="waited-district",
            title="Families who waited, by where the session is",
        ),
    ]
    return [*waited, _wishes(rows, asked), _turned_away(rows)]


def _waited(rows: Rows, by: str, small: Collection[str], *, code: str, title: str) -> Block:
    """Show what became of who waited; of one small session alone only how many waited."""
    in_each = rows.in_each(by, "M22", "M22b", "M23", "M24")
    lines, told = [], []
    for name, found in in_each:
        waiting = number_of(found["M22"])
        came, nothing = share_of(found["M23"]).part, share_of(found["M24"]).part
        families = f"{waiting} famil{'y' if waiting == 1 else 'ies'}"
        if found["M22"].category in small:
            lines.append(Line(label=name, said=f"{families}, 1 small session"))
            told.append((name, str(waiting), *(Flag.PROTECTED.value for _kind in _KEY), Flag.PROTECTED.value))
            continue
        parts = (came, waiting - came - nothing, nothing)
        lines.append(
            Line(
                label=name,
                said=families,
                parts=tuple(Decimal(part) for part in parts),
            )
        )
        told.append((name, str(waiting), *(str(part) for part in parts), _days(found["M22b"])))
    total = rows.total("M22")
    message = (
        f"{number_of(total)} famil{'y' if number_of(total) == 1 else 'ies'} waited; found nothing: "
        f"{said(rows.total('M24'))}. Days to an offer, the middle: {_days(rows.total('M22b'))}."
        if number_of(total)
        else "No family waited for a place."
    )
    if not lines:
        return Block(code=code, title=title, message=message)
    head = ("Session", "Families who waited", *(words for _kind, words in _KEY), "Days to an offer, the middle")
    return Block(
        code=code,
        metrics=("M22", "M22b", "M23", "M24"),
        title=title,
        message=message,
        lying=lying(lines),
        key=_KEY,
        table=Table(head=head, lines=told),
    )


def _days(row: Row) -> str:
    return str(row.value.value) if row.value.value is not None else "z"


def _wishes(rows: Rows, asked: Asked) -> Block:
    by_reason = rows.in_each("U", "M25")
    lines = [
        Line(label=name, said=str(number_of(found["M25"])), parts=(Decimal(number_of(found["M25"])),))
        for name, found in by_reason
    ]
    told = [
        *((name, str(number_of(found["M25"]))) for name, found in by_reason),
        *((name, str(number_of(found["M25"]))) for name, found in rows.in_each("D", "M25")),
    ]
    total = number_of(rows.total("M25"))
    message = f"{total} wish{'' if total == 1 else 'es'}, by what was missing. Nobody is asked who they are."
    if asked.only.delivery:
        message += " A wish does not say how a session is held, so wishes of every kind are counted."
    return Block(
        code="wishes",
        title="What was looked for and not there",
        message=message if total else "Nobody told us a wish.",
        lying=lying(lines) if lines else None,
        table=Table(head=("What was missing, and where they live", "Wishes"), lines=told) if told else None,
        link=("staff.wishes", "All wishes"),
    )


def _turned_away(rows: Rows) -> Block:
    total = rows.total("M26")
    items = [f"{name}: {figure(found['M26'].value, found['M26'].metric)}" for name, found in rows.in_each("G", "M26")]
    number = number_of(total)
    message = (
        f"{number} request{'' if number == 1 else 's'} could not be met and kept a family away."
        if number
        else "No family stayed away because we could not meet what it asked for."
    )
    return Block(code="turned-away", metrics=("M26",), title="Turned away on access", message=message, items=items)
