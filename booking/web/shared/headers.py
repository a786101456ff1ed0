"""Security headers on every answer, and the addresses behind a proxy."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from booking.web.shared.settings import settings

A_YEAR = 31_536_000


def init_app(app: Flask) -> None:
    """Add the headers, trusting as many proxies as `TRUSTED_PROXIES` says."""
    hops = app.extensions["config"].trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(_make_nonce)
    app.after_request(_add_headers)


def _make_nonce() -> None:
    g.csp_nonce = secrets.token_urlsafe(16)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    frames = "*" if g.get("may_be_framed") else "'none'"
    nonce = g.get("csp_nonce", "")
    headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {frames}",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    # Not no-referrer: Flask-WTF refuses HTTPS forms that come without a Referer.
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), interest-cohort=()")
    if not g.get("may_be_framed"):
        headers.setdefault("X-Frame-Options", "DENY")
    if settings().public_url.startswith("https://"):
        headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains")
    if g.get("is_personal"):
        headers["Cache-Control"] = "no-store"  # Flask-Security's own wording is not one that caches know
    elif response.mimetype == "text/html" and not request.path.startswith("/static/"):
        headers.setdefault("Cache-Control", "no-cache, private")
    if response.location and response.location.startswith(request.host_url):
        # Werkzeug adds a missing slash with the whole address, and whoever asks chooses the host in that.
        headers["Location"] = response.location.removeprefix(request.host_url.rstrip("/"))
        response.set_data(b"")
    return response
