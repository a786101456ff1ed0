"""The first page of staff: today."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from booking.web.staff.blueprint import staff


@staff.get("/")
def home() -> ResponseReturnValue:
    """Show today."""
    return render_template("staff/home.html")
