"""What the volunteer at the door uses, on a phone. Importing a module adds its routes to the one blueprint."""

from __future__ import annotations

import booking.web.door.attendance
import booking.web.door.board
import booking.web.door.counts
import booking.web.door.paper
import booking.web.door.phones
import booking.web.door.register
import booking.web.door.walk_ins  # noqa: F401
from booking.web.door.blueprint import door
from booking.web.door.phone import phone

blueprints = (door, phone)
