"""The measure: a bare Flask + Jinja page with one query by the driver itself, over the very same rows."""

from __future__ import annotations

import os
import sqlite3
import threading
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from flask import Flask, request

COLUMNS = """e.slug, e.title, e.summary, e.kind, e.starts_at, e.ends_at, e.capacity, e.places_taken,
    e.description, v.name AS venue, v.town AS town"""
TABLES = "FROM event e LEFT JOIN venue v ON v.id = e.venue_id"
LISTING = """<!doctype html><html lang="en"><head><title>Sessions</title></head><body><h1>Sessions</h1><ul>
{% for row in rows %}<li><h2><a href="{{ url_for('session', slug=row.slug) }}">{{ row.title }}</a></h2>
<p>{{ row.starts_at.strftime("%A %d %B %Y, %H:%M") }} to {{ row.ends_at.strftime("%H:%M") }}</p>
<p>{{ row.venue }}, {{ row.town }}</p><p>{{ row.summary }}</p>
<p>{{ row.kind }} {% if row.capacity %}{{ row.capacity - row.places_taken }} places left{% endif %}</p></li>{% endfor %}
</ul></body></html>"""
SESSION = """<!doctype html><html lang="en"><head><title>{{ row.title }}</title></head><body><h1>{{ row.title }}</h1>
<p>{{ row.starts_at.strftime("%A %d %B %Y, %H:%M") }} to {{ row.ends_at.strftime("%H:%M") }}</p>
<p>{{ row.venue }}, {{ row.town }}</p><p>{{ row.description }}</p></body></html>"""

LONDON = ZoneInfo("Europe/London")
URL = os.environ["DATABASE_URL"]
app = Flask(__name__)
listing = app.jinja_env.from_string(LISTING)
page = app.jinja_env.from_string(SESSION)
_here = threading.local()


@app.get("/sessions")
def sessions() -> str:
    """List the next sessions: `limit` of them."""
    limit = request.args.get("limit", 1000, type=int)
    rows = _query(f"SELECT {COLUMNS} {TABLES} WHERE e.status = 'published' ORDER BY e.starts_at, e.id LIMIT {limit}")
    return listing.render(rows=rows)


@app.get("/sessions/<slug>")
def session(slug: str) -> str:
    """Show one session."""
    (row,) = _query(f"SELECT {COLUMNS} {TABLES} WHERE e.slug = %s", slug)
    return page.render(row=row)


def _query(statement: str, *values: str) -> list[dict[str, Any]]:
    if URL.startswith("sqlite"):
        cursor = _sqlite().execute(statement.replace("%s", "?"), values)
        names = [column[0] for column in cursor.description]
        return [_in_london(dict(zip(names, row, strict=True))) for row in cursor]
    with _postgres().cursor(row_factory=psycopg.rows.dict_row) as rows:
        return [_in_london(row) for row in rows.execute(statement, values)]


def _in_london(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("starts_at", "ends_at"):
        value = row[name]
        moment = datetime.fromisoformat(f"{value}+00:00") if isinstance(value, str) else value
        row[name] = moment.astimezone(LONDON)
    return row


def _sqlite() -> sqlite3.Connection:
    if not hasattr(_here, "sqlite"):
        _here.sqlite = sqlite3.connect(URL.removeprefix("sqlite:///"))
    return _here.sqlite


def _postgres() -> psycopg.Connection[Any]:
    if not hasattr(_here, "postgres"):
        _here.postgres = psycopg.connect(URL, autocommit=True)
    return _here.postgres
