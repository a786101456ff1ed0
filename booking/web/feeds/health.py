"""Say whether the system can do its work, for whoever watches over it."""

from __future__ import annotations

from flask import Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from booking.extensions import db
from booking.queries.public_sessions import database_answers
from booking.web.feeds.blueprint import feeds


@feeds.get("/healthz")
def health() -> tuple[Response, int]:
    """Answer 200 when the database answers, else 503."""
    try:
        ok = database_answers()
    except SQLAlchemyError:
        db.session.rollback()
        current_app.logger.exception("The database does not answer.")
        ok = False
    response = jsonify(ok=ok)
    response.headers["Cache-Control"] = "no-store"
    return response, 200 if ok else 503
