"""A browser in a few lines: reads the forms of a page with what stands in them, and sends them."""

from __future__ import annotations

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Fields = dict[str, list[str]]


class FormReader(HTMLParser):
    """Collects each form's action and what its fields hold."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields]] = []
        self._select = self._area = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and values.get("method", "").lower() == "post":
            self.forms.append((values.get("action", ""), {}))
        elif tag == "form":
            self.forms.append(("", {}))
        elif tag == "input" and self.forms:
            ticked = values.get("type") not in ("radio", "checkbox") or "checked" in values
            if ticked and values.get("name"):
                self._keep(values["name"], values.get("value", ""))
        elif tag == "select":
            self._select, self._options = values.get("name", ""), []
        elif tag == "option" and self._select:
            self._options.append((values.get("value", ""), "selected" in values))
        elif tag == "textarea":
            self._area = values.get("name", "")
            self._keep(self._area, "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][1][self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            self._keep(self._select, (chosen or [value for value, _ in self._options] or [""])[0])
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def _keep(self, name: str, value: str) -> None:
        self.forms[-1][1].setdefault(name, []).append(value)


def forms_of(page: TestResponse | str) -> dict[str, Fields]:
    """Return what stands in each form that posts, by the form's action."""
    reader = FormReader()
    reader.feed(page if isinstance(page, str) else page.get_data(as_text=True))
    return {action: fields for action, fields in reader.forms if action}


def send(client: FlaskClient, page: str | TestResponse, *, to: str = "", **changes: object) -> TestResponse:
    """Open a page (or take one), change some of a form's fields and press its button. `None` takes a field away."""
    shown = client.get(page) if isinstance(page, str) else page
    address = to or (page if isinstance(page, str) else page.request.path)
    fields = forms_of(shown)[address]
    for name, value in changes.items():
        key = name.replace("__", "-")
        if value is None:
            fields.pop(key, None)
        else:
            fields[key] = [str(each) for each in value] if isinstance(value, list) else [str(value)]
    return client.post(address, data=fields)
