"""Take away by what a name is found, once the name is gone: the statements that empty many rows do not do it."""

from __future__ import annotations

from sqlalchemy import delete, select

from booking.extensions import db
from booking.models import Adult, NamePart


def drop_lost_parts() -> None:
    """Take away the parts of all names that are not there any more."""
    nameless = select(Adult.id).where(Adult.name.is_(None))
    statement = delete(NamePart).where(NamePart.adult_id.in_(nameless))
    db.session.execute(statement.execution_options(synchronize_session=False))
