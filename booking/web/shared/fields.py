"""From a WTForms field to the parameters of a GOV.UK macro; and the list of errors of a form."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape
from wtforms import Field, Form

from booking.web.shared.easy_read import is_easy, lines, picture_of


def params(field: Field, *, hint: str = "", classes: str = "", legend_classes: str = "", **more: Any) -> dict[str, Any]:
    """Return what every GOV.UK input macro wants of a field: name, value, label or legend, hint, error."""
    result: dict[str, Any] = {
        "id": field.id,
        "name": field.name,
        "value": field._value() if hasattr(field, "_value") else "",
        "label": {**_said(field.name, str(field.label.text)), "classes": legend_classes},
        **more,
    }
    hint = hint or str(field.description or "")
    if hint:
        result["hint"] = _in_lines(hint)
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
    legend = more.pop("legend", field.label.text)
    says_errors = more.pop("says_errors", True)
    chosen = {str(each) for each in (field.data if isinstance(field.data, (list, tuple)) else [field.data])}
    result: dict[str, Any] = {
        "idPrefix": field.id,
        "name": field.name,
        "fieldset": {
            "legend": {**_said(field.name, str(legend)), "classes": legend_classes, "isPageHeading": heading},
        },
        "items": [
            _item(str(value), str(label), checked=str(value) in chosen, hint=hints.get(value, ""))
            for value, label, *_rest in field.iter_choices()
            if only is None or value in only
        ],
        **more,
    }
    hint = hint or str(field.description or "")
    if hint:
        result["hint"] = _in_lines(hint)
    if field.errors and says_errors:
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


def _item(value: str, text: str, *, checked: bool, hint: object) -> dict[str, Any]:
    item: dict[str, Any] = {"value": value, **_said(value, text), "checked": checked}
    if hint:
        item["hint"] = {"html": hint} if isinstance(hint, Markup) else _in_lines(str(hint))
    return item


def _said(code: str, text: str) -> dict[str, Any]:
    """Return a text as the macros take it; in Easy Read with its picture, if there is one."""
    picture = picture_of(code)
    return {"html": picture + escape(text)} if picture else {"text": text}


def _in_lines(text: str) -> dict[str, Any]:
    """Return a hint as the macros take it; in Easy Read each idea has a line of its own."""
    return {"html": lines(text)} if is_easy() else {"text": text}
