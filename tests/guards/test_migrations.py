"""The migrations make exactly the tables of the models, on both databases."""

from __future__ import annotations

import importlib.util
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import BigInteger, Integer

from booking.extensions import db
from tests.conftest import ROOT


def test_migrations_equal_models(in_app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _by_affinity})
        assert compare_metadata(context, db.metadata) == []


def test_there_is_one_head() -> None:
    revisions = {}
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        revisions[module.revision] = module.down_revision
    heads = set(revisions) - set(revisions.values())
    assert len(heads) == 1


def _by_affinity(context: MigrationContext, _column: object, _meta: object, inspected: Any, modelled: Any) -> bool:
    """Our column types rest on plain ones: text stays text, a moment stays a moment, a big number stays big."""
    impl = getattr(modelled, "impl", modelled)
    same_family = getattr(inspected, "_type_affinity", None), getattr(impl, "_type_affinity", None)
    return same_family[0] is not same_family[1] or isinstance(inspected, BigInteger) != _is_big(impl, context)


def _is_big(impl: Any, context: MigrationContext) -> bool:
    return isinstance(impl, Integer) and isinstance(impl.dialect_impl(context.dialect), BigInteger)
