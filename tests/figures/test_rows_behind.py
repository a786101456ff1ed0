"""Every figure can be opened down to what it counts: the rows add up to it, and only who may sees whose they are."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db
from booking.locality import get_locality
from booking.models import AuditEntry, Event
from booking.queries.facts.read import get_facts
from booking.queries.rows_behind import bookings_at, by_session
from booking.rules.calendar_periods import parse_period
from booking.rules.engagement.catalogue import BREAKDOWNS, COUNTED, MEDIANS
from booking.rules.engagement.counting import count, things_behind
from booking.rules.engagement.metric import Cell
from booking.rules.words import StaffRole
from tests.cast import a_member_of_staff, sign_in
from tests.figures.test_frozen_returns import history  # noqa: F401 (a fixture)
from tests.figures.test_worked_catalogue import quarter  # noqa: F401 (a fixture)
from tests.page_checks import problems_of

KENT = get_locality("kent")
Q4 = parse_period("2025-26-Q4")
ASHFORD = "/staff/figures/rows?period=2025-26-Q4&metric=M05&by=D&category=ashford"
OF_NO_FACTS = ("pupils", "subscribers", "place_facts", "place_facts_old", "place_facts_fresh")


@pytest.mark.usefixtures("quarter")
def test_what_is_behind_each_number_adds_up_to_it() -> None:
    facts = get_facts(Q4, locality=KENT)
    numbers = count(Q4, facts, breakdowns=tuple(BREAKDOWNS)).numbers
    tried = 0
    for cell, number in numbers.items():
        if cell.measure not in (*OF_NO_FACTS, *MEDIANS) and cell[:2] in COUNTED:
            assert sum(thing.weight for thing in things_behind(Q4, facts, cell)) == number, cell
            tried += number > 0
    assert tried > 100


@pytest.mark.usefixtures("history")
class TestTheSessions:
    def test_say_what_each_adds_and_the_bookings_are_those_that_came(self) -> None:
        facts = get_facts(Q4, locality=KENT)
        things = things_behind(Q4, facts, Cell("attended", "D", "ashford"))
        (session,) = by_session(things, facts, is_broken_down=True)
        assert (session.number, session.has_bookings) == (24, True)
        assert len(bookings_at(things, session.event_id)) == 24

    def test_are_a_page_of_their_own(self, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        html = client.get(ASHFORD).text
        assert "Attendances: Ashford" in html
        assert problems_of(html) == []

    def test_show_no_bookings_to_who_sees_figures_alone(self, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
        event_id = db.session.scalars(select(Event.id)).one()
        html = client.get(ASHFORD).text
        assert "24" in html
        assert "which bookings" not in html
        assert client.get(ASHFORD.replace("/rows?", f"/rows/{event_id}?")).status_code == 403

    def test_show_them_to_who_may_and_keep_the_look(self, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.ACCESS_LEAD, StaffRole.INSIGHT))
        event_id = db.session.scalars(select(Event.id)).one()
        assert "which bookings" in client.get(ASHFORD).text
        page = client.get(ASHFORD.replace("/rows?", f"/rows/{event_id}?"))
        assert page.text.count("/staff/bookings/") == 24
        assert problems_of(page.text) == []
        looks = db.session.scalars(select(AuditEntry).where(AuditEntry.screen == "staff.figures_bookings")).all()
        assert len(looks) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    "query",
    [
        "",
        "period=2025-26-Q4",
        "period=nonsense&metric=M05",
        "period=2025-26-Q4&metric=M13",
        "period=2025-26-Q4&metric=M05&by=Z&category=x",
        "period=2025-26-Q4&metric=M05&by=D&category=nowhere",
    ],
)
def test_there_is_no_page_for_what_is_no_figure(client: FlaskClient, in_app: object, query: str) -> None:
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    assert client.get(f"/staff/figures/rows?{query}").status_code == 404
