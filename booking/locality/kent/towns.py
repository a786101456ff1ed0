"""The towns and larger villages people type; filled from the postcode data."""

from booking.locality.kinds import Town

TOWNS: tuple[Town, ...] = ()
