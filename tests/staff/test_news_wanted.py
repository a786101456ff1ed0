"""Staff see how many want to hear about new sessions of which district, and no number that is too small."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.extensions import transaction
from booking.rules.words import StaffRole
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.confirm_news import confirm_news
from tests.cast import a_member_of_staff, sign_in
from tests.public.looking import text_of


def _readers(number: int, *, district: str, confirmed: bool = True) -> None:
    for each in range(number):
        with transaction():
            row = ask_for_news(f"{district}{each}@example.net", NewsWanted(district=district), lang="en")
            assert row is not None
            if confirmed:
                confirm_news(row.id)


@pytest.mark.one_database
def test_small_numbers_are_not_told_and_who_has_not_confirmed_is_not_counted(
    in_app: Flask, client: FlaskClient
) -> None:
    _readers(5, district="thanet")
    _readers(4, district="ashford")
    _readers(6, district="dover", confirmed=False)
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    said = text_of(client.get("/staff/wishes").text)
    part = said.split("Who wants to hear about new sessions")[1]
    assert "Thanet 5" in " ".join(part.split())
    assert "Ashford fewer than 5" in " ".join(part.split())
    assert "Dover" not in part
    assert "@example.net" not in said
