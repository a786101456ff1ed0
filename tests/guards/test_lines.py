"""What is typed into one line stays one line, so that it can never become a header of a mail."""

from __future__ import annotations

import pytest
from flask import Flask
from wtforms import StringField, TextAreaField

from booking.extensions import db
from booking.models import Message
from booking.rules.words import StaffRole
from booking.web.shared.forms import HouseForm
from tests.cast import a_member_of_staff, an_event, sign_in
from tests.staff.browse import send


class Typed(HouseForm):
    line = StringField()
    lines = TextAreaField()


@pytest.mark.one_database
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\n\n", "\x85", "\x0b"])
def test_a_line_has_no_end_inside(app: Flask, end: str) -> None:
    text = f"Sam{end}Bcc: x@evil.example"
    with app.test_request_context(method="POST", data={"line": text, "lines": text}):
        form = Typed(meta={"csrf": False})
        assert form.line.data is not None
        assert form.line.data.splitlines() == [form.line.data]
        assert form.lines.data is not None
        assert "Bcc" in form.lines.data


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address",
    ["a@b.example\nBcc: x@evil.example", "a@b.example,c@d.example", "Sam <a@b.example>", "bookings@pact.example.org"],
)
def test_staff_cannot_send_mail_to_what_is_no_address_of_a_family(app: Flask, address: str) -> None:
    client = app.test_client()
    with app.app_context():
        event_id = an_event().id
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    answer = send(client, f"/staff/sessions/{event_id}/book", contact_by="email", email=address)
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(Message).count() == 0
