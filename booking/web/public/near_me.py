"""The table from which a browser finds the nearest outcode by itself: it is the same for everyone."""

from __future__ import annotations

from flask import Response, request

from booking.locality.outcodes import outcode_table
from booking.web.public.blueprint import public
from booking.web.shared.settings import locality

A_DAY = 86_400


@public.get("/near-me/outcodes.json")
def outcodes() -> Response:
    """Give the middle of each of our outcodes as latitude and longitude. Nobody says where they are to get it."""
    response = Response(outcode_table(locality().code), mimetype="application/json")
    response.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    response.add_etag()
    response.make_conditional(request)
    return response
