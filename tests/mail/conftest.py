"""An app whose mail goes to a real relay on loopback, and messages to send through it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.mail.relay import Relay, point_at, running


@pytest.fixture
def relay(in_app: Flask) -> Iterator[Relay]:
    """A relay that answers, with the app sending to it."""
    state = in_app.extensions["mail"]
    before = dict(vars(state))
    with running(Relay()) as relay:
        point_at(in_app, relay)
        yield relay
    vars(state).update(before)
