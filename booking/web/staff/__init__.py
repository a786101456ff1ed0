"""What PACT staff use, behind sign-in."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Set up sign-in and register the staff pages."""
