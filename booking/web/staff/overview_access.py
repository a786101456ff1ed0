"""Access: what families asked for, whether it was there and in time, by group of needs."""

from __future__ import annotations

from decimal import Decimal

from booking.formats.charts import Line, lying
from booking.locality.kinds import Locality
from booking.rules.engagement.facts import AnswerFact, NeedFact, PlaceFact
from booking.web.staff.overview_asked import Asked
from booking.web.staff.overview_blocks import (
    Block,
    Counted,
    Rows,
    Table,
    count_for,
    number_of,
    said,
    said_share,
    share_of,
)

METRICS = frozenset({"M28", "M29", "M30", "M30b", "M31", "M32", "M33", "M34"})
KINDS: frozenset[type] = frozenset({PlaceFact, NeedFact, AnswerFact})
_KEY = ((1, "Was there"), (2, "Was partly there, or not"))


def count(asked: Asked, area: Locality) -> Counted:
    """Read and count."""
    return count_for(asked, area, metrics=METRICS, by="G", kinds=KINDS)


def blocks(counted: Counted, _asked: Asked, _area: Locality) -> list[Block]:
    """Show the promises by group, then what can be said of access in all."""
    return [_promises(counted.rows), _in_all(counted.rows)]


def _promises(rows: Rows) -> Block:
    in_each = rows.in_each("G", "M28", "M29", "M30", "M30b")
    lines = [
        Line(
            label=name,
            said=said_share(share),
            parts=(Decimal(share.part), Decimal(share.whole - share.part)),
        )
        for name, found in in_each
        if (share := share_of(found["M29"])).whole
    ]
    told = [
        (name, str(number_of(found["M28"])), said(found["M29"]), said(found["M30"]), str(number_of(found["M30b"])))
        for name, found in in_each
    ]
    total = rows.total("M28")
    message = (
        f"{number_of(total)} request{'' if number_of(total) == 1 else 's'}; was there: {said(rows.total('M29'))}; "
        f"arranged in time: {said(rows.total('M30'))}."
        if number_of(total)
        else "Nobody asked for anything."
    )
    head = ("What was asked for", "Requests", "Was there", "Arranged two working days before", "Asked at short notice")
    return Block(
        code="promises",
        metrics=("M28", "M29", "M30", "M30b"),
        title="Access promises met",
        message=message,
        lying=lying(lines) if lines else None,
        key=_KEY if lines else (),
        table=Table(head=head, lines=told) if told else None,
    )


def _in_all(rows: Rows) -> Block:
    gap = rows.total("M32")
    return Block(
        code="in-all",
        metrics=("M31", "M32", "M33", "M34"),
        title="Access in all",
        message="A family’s own answer counts more than ours.",
        items=[
            f"Families reached that had asked for something: {said(rows.total('M31'))}",
            _gap(gap.value.value),
            f"Sessions in a room with a step-free way in, an accessible toilet and a quiet space, each checked in the "
            f"12 months before: {said(rows.total('M33'))}",
            f"Had what they needed to take part: {said(rows.total('M34'))} of those who answered",
        ],
    )


def _gap(points: Decimal | None) -> str:
    if points is None:
        return "Whether those who asked for something come less often: z, from 20 places in each group up"
    how = "less" if points > 0 else "more"
    if not points:
        return "Those who had asked for something came as often as the others"
    return f"Those who had asked for something came {how} often, by {abs(points)} percentage points"
