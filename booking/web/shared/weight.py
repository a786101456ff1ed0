"""Keep pages light: built files go out ready-compressed and for ever, pages are compressed when that is safe."""

from __future__ import annotations

import gzip
import re
from wsgiref.headers import Headers

from flask import Flask, Response, g, request
from whitenoise import WhiteNoise

HASHED = re.compile(r"^/static/built/.+\.[0-9a-f]{12}\.(css|js)$")
"""Files whose name changes with their content."""
AN_HOUR = 3600
WORTH_IT = 1024
LEVEL = 5


def init_app(app: Flask) -> None:
    """Serve static files before Flask sees the request, and compress public pages."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=app.static_folder,
        prefix="static/",
        max_age=AN_HOUR,
        immutable_file_test=lambda _path, url: bool(HASHED.match(url)),
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
    app.after_request(_compress)


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _compress(response: Response) -> Response:
    """Compress a public page, unless it holds a secret: its size would betray it to whoever can guess (BREACH)."""
    is_open = request.blueprint == "public" and not g.get("is_personal") and "csrf_token" not in g
    if not is_open or response.mimetype != "text/html" or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if not request.accept_encodings["gzip"] or "Content-Encoding" in response.headers or len(body) < WORTH_IT:
        return response
    response.set_data(gzip.compress(body, compresslevel=LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
