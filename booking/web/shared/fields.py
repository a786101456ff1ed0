"""From a WTForms field to the parameters of a GOV.UK macro; and the list of errors of a form."""

from __future__ import annotations

from typing import Any

from wtforms import Field, Form


def params(field: Field, *, hint: str = "", classes: str = "", legend_classes: str = "", **more: Any) -> dict[str, Any]:
    """Return what every GOV.UK input macro wants of a field: name, value, label or legend, hint, error."""
    result: dict[str, Any] = {
        "id": field.id,
        "name": field.name,
        "value": field._value() if hasattr(field, "_value") else "",
        "label": {"text": str(field.label.text), "classes": legend_classes},
        **more,
    }
    hint = hint or str(field.description or "")
    if hint:
        result["hint"] = {"text": hint}
    if classes:
        result["classes"] = classes
    if field.errors:
        result["errorMessage"] = {"text": str(field.errors[0])}
    return result


def choice_params(
    field: Field,
    *,
    hint: str = "",
    legend_classes: str = "govuk-fieldset__legend--m",
    heading: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """Return what the radios and checkboxes macros want of a choice field."""
    hints = more.pop("hints", {})
    only = more.pop("only", None)
    chosen = set(field.data) if isinstance(field.data, (list, tuple)) else {field.data}
    result: dict[str, Any] = {
        "idPrefix": field.id,
        "name": field.name,
        "fieldset": {
            "legend": {"text": str(field.label.text), "classes": legend_classes, "isPageHeading": heading},
        },
        "items": [
            _item(str(value), str(label), checked=value in chosen, hint=str(hints.get(value, "")))
            for value, label, *_rest in field.iter_choices()
            if only is None or value in only
        ],
        **more,
    }
    hint = hint or str(field.description or "")
    if hint:
        result["hint"] = {"text": hint}
    if field.errors:
        result["errorMessage"] = {"text": str(field.errors[0])}
    return result


def select_params(field: Field, *, hint: str = "", **more: Any) -> dict[str, Any]:
    """Return what the select macro wants of a choice field."""
    result = params(field, hint=hint, **more)
    result["items"] = [
        {"value": str(value), "text": str(label), "selected": bool(selected)}
        for value, label, selected, *_rest in field.iter_choices()
    ]
    return result


def tick_params(field: Field, **more: Any) -> dict[str, Any]:
    """Return what the checkboxes macro wants of one single tick box."""
    result: dict[str, Any] = {
        "idPrefix": field.id,
        "name": field.name,
        "items": [_item("y", str(field.label.text), checked=bool(field.data), hint=str(field.description or ""))],
        **more,
    }
    if field.errors:
        result["errorMessage"] = {"text": str(field.errors[0])}
    return result


def error_list(form: Form) -> list[dict[str, str]]:
    """Return the errors of a form for the summary at the top, each linked to its input if it has one."""
    return [
        {"text": str(error), "href": f"#{form[name].id}"} if name else {"text": str(error)}
        for name, errors in form.errors.items()
        for error in errors[:1]
    ]


def _item(value: str, text: str, *, checked: bool, hint: str) -> dict[str, Any]:
    item: dict[str, Any] = {"value": value, "text": text, "checked": checked}
    if hint:
        item["hint"] = {"text": hint}
    return item
