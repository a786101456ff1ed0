"""What changed: what families raised, whether it was answered in time, and what came of it."""

from __future__ import annotations

from decimal import Decimal

from booking.formats.charts import Line, lying
from booking.formats.figures_words import figure
from booking.locality.kinds import Locality
from booking.rules.engagement.facts import IssueFact
from booking.rules.figures import Row
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

METRICS = frozenset({"M41", "M42", "M43", "M44", "M45", "M46"})
KINDS: frozenset[type] = frozenset({IssueFact})
_KEY = ((1, "Done"), (2, "Closed in another way"))


def count(asked: Asked, area: Locality) -> Counted:
    """Read and count."""
    return count_for(asked, area, metrics=METRICS, by="EIP", kinds=KINDS)


def blocks(counted: Counted, asked: Asked, _area: Locality) -> list[Block]:
    """Show what was raised and answered, who changed something, and how far families decided with us."""
    rows = counted.rows
    return [_answers(rows, asked), _closed(rows), _raised(rows), _levels(rows)]


def _answers(rows: Rows, asked: Asked) -> Block:
    days = rows.total("M44")
    middle = f"{days.value.value} days" if days.value.value is not None else "nothing is done yet"
    message = f"{number_of(rows.total('M41'))} raised. Answered within 42 days: {said(rows.total('M42'))}."
    if asked.only.kind or asked.only.delivery:
        message += " What families raised is kept by district, so issues of every kind of session are counted."
    return Block(
        code="answers",
        metrics=("M41", "M42", "M44", "M45"),
        title="What families raised",
        message=message,
        items=[
            f"Changed something: {_of_some(rows.total('M43'), 'of those closed', 'nothing was closed')}",
            f"From raising to “done”, the middle: {middle}",
            f"Told back: {_of_some(rows.total('M45'), 'of the families that could be told', 'nothing to tell yet')}",
        ],
        link=("staff.issues", "Issues, and who has to answer"),
    )


def _of_some(row: Row, of: str, else_: str) -> str:
    return f"{said(row)} {of}" if share_of(row).whole else else_


def _closed(rows: Rows) -> Block:
    in_each = [(name, found) for name, found in rows.in_each("E", "M43", "M42")]
    lines = [
        Line(label=name, said=said_share(share), parts=(Decimal(share.part), Decimal(share.whole - share.part)))
        for name, found in in_each
        if (share := share_of(found["M43"])).whole
    ]
    told = [(name, said(found["M42"]), said(found["M43"])) for name, found in in_each]
    return Block(
        code="closed",
        metrics=("M43",),
        title="What came of it, by who had to answer",
        message=f"Closed: {share_of(rows.total('M43')).whole}, of them done: {share_of(rows.total('M43')).part}.",
        lying=lying(lines) if lines else None,
        key=_KEY if lines else (),
        table=Table(head=("Who had to answer", "Answered within 42 days", "Done, of those closed"), lines=told)
        if told
        else None,
    )


def _raised(rows: Rows) -> Block:
    in_each = rows.in_each("I", "M41")
    lines = [
        Line(label=name, said=str(number_of(found["M41"])), parts=(Decimal(number_of(found["M41"])),))
        for name, found in in_each
    ]
    told = [(name, figure(found["M41"].value, found["M41"].metric)) for name, found in in_each]
    return Block(
        code="raised",
        title="What it was about",
        message=f"Most was raised about: {_most(in_each)}." if in_each else "Nothing was raised.",
        lying=lying(lines) if lines else None,
        table=Table(head=("Theme", "Raised"), lines=told) if told else None,
    )


def _most(in_each: list[tuple[str, dict[str, Row]]]) -> str:
    name, found = max(in_each, key=lambda each: number_of(each[1]["M41"]))
    return f"{name} ({number_of(found['M41'])})"


def _levels(rows: Rows) -> Block:
    in_each = rows.in_each("P", "M46")
    lines = [
        Line(label=name, said=str(number_of(found["M46"])), parts=(Decimal(number_of(found["M46"])),))
        for name, found in in_each
    ]
    told = [(name, str(number_of(found["M46"]))) for name, found in in_each]
    total = number_of(rows.total("M46"))
    return Block(
        code="levels",
        metrics=("M46",),
        title="How far families decided with us",
        message=f"{total} session{'' if total == 1 else 's'} held, by level of participation. Co-production counts "
        "only with all four things it takes.",
        lying=lying(lines) if lines else None,
        table=Table(head=("Level", "Sessions"), lines=told) if told else None,
    )
