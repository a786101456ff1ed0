"""What parents see. Each module adds its routes to the one blueprint."""

from __future__ import annotations

from booking.web.public import (
    book,
    book_about,
    book_check,
    book_helper,
    course_page,
    find,
    find_my_booking,
    may_come,
    my_booking,
    my_calendar,
    my_contact,
    my_course,
    my_helper,
    my_joining,
    my_more,
    my_needs,
    my_remembered,
    my_time,
    near_me,
    need_details,
    news,
    pages,
    place,
    session_page,
    what_would_help,
    wish,
)
from booking.web.public.blueprint import public

__all__ = [
    "book",
    "book_about",
    "book_check",
    "book_helper",
    "course_page",
    "find",
    "find_my_booking",
    "may_come",
    "my_booking",
    "my_calendar",
    "my_contact",
    "my_course",
    "my_helper",
    "my_joining",
    "my_more",
    "my_needs",
    "my_remembered",
    "my_time",
    "near_me",
    "need_details",
    "news",
    "pages",
    "place",
    "session_page",
    "what_would_help",
    "wish",
]

blueprints = (public,)
