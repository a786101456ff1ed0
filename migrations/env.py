"""Alembic's door: runs migrations on the database of the current app."""

from alembic import context
from flask import current_app
from flask_security import AsaList
from sqlalchemy import DateTime, String, Text

from booking.models.base import Coded, SealedBytes, SealedJson, SealedText, UtcDateTime

db = current_app.extensions["migrate"].db

PLAIN = {
    AsaList: "sa.UnicodeText()",
    UtcDateTime: "sa.DateTime(timezone=True)",
    Coded: "sa.String(length=24)",
    SealedText: "sa.Text()",
    SealedJson: "sa.Text()",
    SealedBytes: "sa.Text()",
}


def render_item(kind, item, _autogen_context):
    """Write our column types as the plain ones they rest on, so that old migrations never import new code."""
    return PLAIN.get(type(item), False) if kind == "type" else False


def same_type(_context, _inspected, _metadata, inspected_type, metadata_type):
    """Compare our column types by what they rest on."""
    if type(metadata_type) not in PLAIN:
        return None
    return not isinstance(inspected_type, (DateTime, String, Text))


def run() -> None:
    with db.engine.connect().execution_options(writes=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=same_type,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
