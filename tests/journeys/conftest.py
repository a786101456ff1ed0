"""A journey may end in a mail: the relay of the mail tests takes it."""

from __future__ import annotations

from tests.mail.conftest import relay

__all__ = ["relay"]
