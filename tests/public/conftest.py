"""What tests of public pages share: a family at its browser."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.public.family import Family


@pytest.fixture
def family(client: FlaskClient) -> Family:
    """A family with a browser of its own."""
    return Family(client)
