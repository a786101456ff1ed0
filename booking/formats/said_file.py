"""What families raised and what came of it, as lines of a file. It is made for programs: in English, with codes."""

from __future__ import annotations

from datetime import date

from booking.formats.spreadsheets import Value
from booking.rules.said import SaidIssue, SaidUpdate

COLUMNS = (
    "id",
    "raised_on",
    "district",
    "theme",
    "workstream",
    "owner",
    "text",
    "due_on",
    "state",
    "outcome",
    "reason",
    "answered_on",
    "updates",
)


def said_row(issue: SaidIssue) -> list[Value]:
    """Return one line. A month is written as 2026-06; a line of `updates` holds one of them."""
    return [
        issue.id,
        _month(issue.raised_on),
        issue.district,
        issue.theme,
        issue.workstream,
        issue.owner,
        issue.text,
        issue.due_on.isoformat() if issue.says_day else _month(issue.due_on),
        issue.state.value,
        issue.outcome.value if issue.outcome else "",
        issue.reason,
        issue.answered_on.isoformat() if issue.answered_on else "",
        "\n".join(_line(update) for update in issue.updates),
    ]


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _line(update: SaidUpdate) -> str:
    answer = f" [{update.outcome.value}]" if update.outcome else ""
    return f"{update.said_on.isoformat()}{answer}: {' '.join(update.text.split())}"
