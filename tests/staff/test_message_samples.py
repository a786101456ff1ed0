"""Every message can be read by staff before a family gets it: written as the real ones, in every language."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from booking.extensions import LANGUAGES, db
from booking.formats.ical import VTIMEZONE
from booking.models import Booking, Message
from booking.rules.references import normal_reference
from booking.rules.texts import LONGEST, TEXT_ONLY, TEXTED, length
from booking.rules.words import MessageKind
from booking.services.write_sample import ADDRESS, PARENT, REFERENCE, Sample, write_sample
from tests.cast import a_booking, an_event

pytestmark = pytest.mark.one_database

IN_A_CALENDAR = {
    MessageKind.CONFIRMED: "REQUEST",
    MessageKind.CHANGED: "REQUEST",
    MessageKind.CALENDAR_TITLE: "REQUEST",
    MessageKind.CANCELLED_BY_US: "CANCEL",
    MessageKind.CANCELLED_BY_FAMILY: "CANCEL",
    MessageKind.CONTACT_CHANGED: "CANCEL",
    MessageKind.NO_DATE_YET: "CANCEL",
}
UNSAID = re.compile(r"\bNone\b|Undefined|\{\{|\}\}|%\(|<bound|datetime")


@pytest.mark.parametrize("kind", MessageKind)
class TestEveryKind:
    def test_has_a_sample_that_says_everything(self, in_app: Flask, kind: MessageKind) -> None:
        for sample in self.in_every_language(kind):
            for part in (sample.subject, sample.text, sample.html, sample.texted):
                assert not UNSAID.search(part), part
            assert bool(sample.subject.strip()) == (kind not in TEXT_ONLY)
            assert ("example" in sample.text) == (kind not in TEXT_ONLY), "it says how to reach us"

    def test_is_texted_where_it_should_be_and_fits(self, in_app: Flask, kind: MessageKind) -> None:
        for sample in self.in_every_language(kind):
            assert bool(sample.texted) == (kind in TEXTED)
            assert length(sample.texted) <= LONGEST

    def test_names_no_need_and_loads_nothing(self, in_app: Flask, kind: MessageKind) -> None:
        for sample in self.in_every_language(kind):
            assert not re.search(r"<(img|script|link|iframe)\b|url\(|@import", sample.html)
            assert "SEND" not in sample.subject

    def test_names_nobody_where_others_may_see_it(self, in_app: Flask, kind: MessageKind) -> None:
        for sample in self.in_every_language(kind):
            assert PARENT not in sample.subject + sample.texted + sample.calendar
            assert ADDRESS not in sample.subject + sample.texted
            assert REFERENCE not in sample.subject.replace(" ", "")

    def test_has_the_calendar_part_that_it_should(self, in_app: Flask, kind: MessageKind) -> None:
        calendar = write_sample(kind, "en").calendar.replace("\r\n", "\n")
        if kind in IN_A_CALENDAR:
            assert f"METHOD:{IN_A_CALENDAR[kind]}" in calendar
            assert VTIMEZONE.replace("\r\n", "\n") in calendar
        else:
            assert calendar == ""

    @staticmethod
    def in_every_language(kind: MessageKind) -> list[Sample]:
        samples = [write_sample(kind, lang) for lang in LANGUAGES]
        assert not db.session.new
        assert not db.session.dirty
        return samples


def test_the_reference_is_as_real_ones_are() -> None:
    assert normal_reference(REFERENCE) == REFERENCE


def test_the_links_open_no_booking(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        event = an_event()
        a_booking(event)
        own = re.findall(r"http://localhost(/\S*)", write_sample(MessageKind.CONFIRMED, "en").text)
        db.session.remove()
    assert any(path.endswith("/cancel") for path in own)
    for path in own:
        page = client.get(path)
        assert page.status_code == 404 or "not work" in page.get_data(as_text=True), path


def test_nothing_is_written(organiser: FlaskClient, app: Flask) -> None:
    for kind in MessageKind:
        assert organiser.get(f"/staff/messages/samples/{kind.value}").status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count(Message.id))) == 0
        assert db.session.scalar(select(func.count(Booking.id))) == 0


def test_the_list_leads_to_each(organiser: FlaskClient) -> None:
    page = organiser.get("/staff/messages/samples").get_data(as_text=True)
    assert all(f"/staff/messages/samples/{kind.value}" in page for kind in MessageKind)
    assert "/staff/messages/samples" in organiser.get("/staff/messages").get_data(as_text=True)


def test_the_page_of_a_mail_may_do_nothing(organiser: FlaskClient) -> None:
    answer = organiser.get("/staff/messages/samples/confirmed/page?lang=pl")
    assert 'lang="pl"' in answer.get_data(as_text=True)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["nothing", "confirmed?lang=xx", "confirmed/page?lang=xx"])
def test_what_is_not_there(organiser: FlaskClient, path: str) -> None:
    assert organiser.get(f"/staff/messages/samples/{path}").status_code == 404
