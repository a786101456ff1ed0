"""What the volunteer at the door uses, on a phone."""

from __future__ import annotations

from booking.web.door import attendance, register, walk_ins
from booking.web.door.blueprint import door

__all__ = ["attendance", "register", "walk_ins"]

blueprints = (door,)
