"""What parents see. Each module adds its routes to the one blueprint."""

from __future__ import annotations

from booking.web.public import find, pages, session_page
from booking.web.public.blueprint import public

__all__ = ["find", "pages", "session_page"]

blueprints = (public,)
