"""What parents see. Each module adds its routes to the one blueprint."""

from __future__ import annotations

from booking.web.public.blueprint import public

blueprints = (public,)
