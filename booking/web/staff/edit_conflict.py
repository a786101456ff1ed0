"""What to show somebody whose colleague saved first: what stands there now, beside what they typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wtforms import Form

from booking.models import Event
from booking.services.require_seen import version_of

LEFT_OUT = ("seen", "csrf_token", "clash_reason", "which")


@dataclass(frozen=True)
class Difference:
    """One field that reads differently."""

    label: str
    now: str
    typed: str


def differences(typed: Form, fresh: Form) -> list[Difference]:
    """Compare a form as it was typed with the same form filled from what is saved now."""
    rows = []
    for field in typed:
        if field.name in LEFT_OUT or field.name not in fresh:
            continue
        now, mine = _shown(fresh[field.name]), _shown(field)
        if now != mine:
            rows.append(Difference(str(field.label.text), now, mine))
    return rows


def look_again(form: Form, event: Event) -> None:
    """Let the next press of the button overwrite knowingly: the form has now seen what is there."""
    form["seen"].data = version_of(event)
    form["seen"].raw_data = None


def _shown(field: Any) -> str:
    words = {}
    if hasattr(field, "iter_choices"):
        words = {str(value): str(label) for value, label, *_ in field.iter_choices()}
    values = field.data if isinstance(field.data, list) else [field.data]
    said = (words.get(str(value), "" if value is None else str(value)) for value in values)
    return ", ".join(said) or "–"
