"""The one blueprint of the staff pages; each module of this folder adds its routes to it."""

from flask import Blueprint

from booking.web.shared.access import guard

staff = Blueprint("staff", __name__, url_prefix="/staff", cli_group=None)
guard(staff)
