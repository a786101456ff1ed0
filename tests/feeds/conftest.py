"""What every test of feeds can ask for."""

from __future__ import annotations

from tests.mail.conftest import relay

__all__ = ["relay"]
