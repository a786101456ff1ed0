"""One's own account, and the one-time link that sets a password."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from booking.web.staff.blueprint import staff


@staff.get("/account")
def account() -> ResponseReturnValue:
    """Show what one can change about one's own sign-in."""
    return render_template("staff/account.html")
