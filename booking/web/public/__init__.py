"""What parents see. Each module adds its routes to the one blueprint."""

from __future__ import annotations

from booking.web.public import (
    book,
    book_about,
    book_check,
    find,
    find_my_booking,
    my_booking,
    my_needs,
    near_me,
    pages,
    session_page,
)
from booking.web.public.blueprint import public

__all__ = [
    "book",
    "book_about",
    "book_check",
    "find",
    "find_my_booking",
    "my_booking",
    "my_needs",
    "near_me",
    "pages",
    "session_page",
]

blueprints = (public,)
