"""What families say of the sessions: quoted where they allow it, in words that point to nobody."""

from __future__ import annotations

from functools import partial

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from booking.queries.quotes import quotes
from booking.web.public.blueprint import public
from booking.web.shared.pages import page_asked, pages_of

ON_ONE_PAGE = 30


@public.get("/what-families-say")
def what_families_say() -> ResponseReturnValue:
    """Show the quotes, those of the latest sessions first."""
    found, total = quotes(start=(page_asked() - 1) * ON_ONE_PAGE, limit=ON_ONE_PAGE)
    return render_template(
        "public/what_families_say.html",
        found=found,
        cut=pages_of(total, on_each=ON_ONE_PAGE, page=page_asked()),
        page_link=partial(url_for, "public.what_families_say"),
    )
