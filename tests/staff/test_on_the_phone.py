"""Families on the telephone: found by what they say, and listed where they have no e-mail."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.rules.words import ContactBy, StaffRole
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.staff.browse import forms_of, send

FIND = "/staff/find-booking"


@pytest.fixture
def said(app: Flask) -> dict[str, object]:
    """A family with a phone alone: where its booking stands, and its reference."""
    with app.app_context():
        event = an_event()
        booking = a_booking(event, email=None, phone="07700 900982", contact_by=ContactBy.PHONE)
        a_booking(an_event())
        return {"event": event.id, "reference": booking.reference}


def look_for(client: FlaskClient, text: str) -> str:
    answer = send(client, "/staff/", to=FIND, said=text)
    assert answer.status_code == 303
    return answer.location


@pytest.mark.parametrize(
    "spoken", ["{0}", " {0} ", "{1}", "{2}"], ids=["as it stands", "with spaces", "in small letters", "with a dash"]
)
def test_a_reference_read_out_any_way_leads_to_the_family(
    organiser: FlaskClient, said: dict[str, object], spoken: str
) -> None:
    reference = str(said["reference"])
    halves = f"{reference[:3]} {reference[3:]}"
    typed = spoken.format(halves, reference.lower(), "-".join(reference))
    place = look_for(organiser, typed)
    assert place == f"/staff/sessions/{said['event']}#booking-{reference}"
    assert f'id="booking-{reference}"' in organiser.get(place).text


@pytest.mark.parametrize("typed", ["+44 7700 900982", "07700900982"])
def test_so_does_the_number_however_it_is_written(organiser: FlaskClient, said: dict[str, object], typed: str) -> None:
    assert look_for(organiser, typed).endswith(f"#booking-{said['reference']}")


@pytest.mark.parametrize("typed", ["", "ABC DEF", "nobody@example.net", "x" * 5000])
def test_what_nobody_has_leads_back_with_a_sentence(organiser: FlaskClient, said: object, typed: str) -> None:
    assert look_for(organiser, typed) == "/staff/"
    assert "No booking has this reference" in organiser.get("/staff/").text


def test_who_may_not_see_bookings_may_not_look_for_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    assert FIND not in forms_of(client.get("/staff/"))
    assert client.post(FIND, data={"said": "x"}).status_code in (400, 403)


def test_families_without_email_are_listed_with_their_number_and_how_they_stand(
    app: Flask, organiser: FlaskClient
) -> None:
    with app.app_context():
        event = an_event(capacity=1)
        a_booking(event, email=None, phone="07700 900982", contact_by=ContactBy.PHONE)
        a_booking(event, email=None, phone="01632 960444", contact_by=ContactBy.RING_ME)
        a_booking(event, email="reads@example.net")
        event_id = event.id
    shown = organiser.get(f"/staff/sessions/{event_id}").text
    call_list = shown.split('id="call-list"')[1].split("</ul>")[0]
    assert "Families without email (2)" in shown.split("</h2>", 20).__str__()
    assert "07700 900982" in call_list
    assert "01632 960444" in call_list
    assert "You have a place" in call_list
    assert "You are on the waiting list" in call_list
    assert call_list.count("Ring them with any news") == 2
    assert "reads@example.net" not in call_list
