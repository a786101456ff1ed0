"""A template that was compiled stays compiled: a page is never slow again because others were read meanwhile."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.one_database
def test_a_page_of_every_template_pushes_none_out(app: Flask) -> None:
    names = [name for name in app.jinja_env.list_templates() if name.endswith((".html", ".txt"))]
    before = [app.jinja_env.get_template(name) for name in names]
    assert [app.jinja_env.get_template(name) for name in names] == before
