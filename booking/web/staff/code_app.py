"""The codes of an app on the phone: each works once."""

from __future__ import annotations

from typing import Any

from flask_security import Totp
from sqlalchemy import select

from booking.extensions import db
from booking.models import Staff


class UsedOnce(Totp):
    """Flask-Security's codes, with the last one of each person remembered: whoever saw it typed cannot use it again."""

    def get_last_counter(self, user: Any) -> int | None:
        """Return the half minute whose code was used last; locked, so that two sent at once are not both the first."""
        statement = select(Staff.tf_last_counter).where(Staff.id == user.id).with_for_update()
        return db.session.scalar(statement)

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Note whose half minute it was; Flask-Security's view commits it."""
        member = db.session.get_one(Staff, user.id)
        member.tf_last_counter = tmatch.counter
        db.session.flush()
