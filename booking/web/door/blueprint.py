"""The one blueprint of the door's pages; each module of this folder adds its routes to it."""

from flask import Blueprint

from booking.web.shared.access import guard

door = Blueprint("door", __name__, url_prefix="/door")
guard(door)
