"""Looking by term, holidays and month; and the month as a calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.locality import get_locality
from booking.rules.calendar_periods import SchoolTime, school_time
from booking.rules.months import add_months, month_code, parse_month, weeks_of
from booking.rules.words import Delivery, FactAnswer
from tests.cast import a_venue, an_event
from tests.public.looking import counting_queries, html, page, text_of, titles
from tests.public.test_find import MARGATE, a_fact

KENT = get_locality("kent")
IN_TERM = date(2026, 6, 24)
A_SATURDAY_IN_TERM = date(2026, 6, 27)
IN_THE_HOLIDAYS = date(2026, 8, 5)


def on(day: date, title: str, hour: int = 10, **values: object) -> None:
    an_event(title=title, starts_at=clock.london_time(day, hour), **values)


def entries(markup: str) -> list[str]:
    """The sessions of the calendar: title and what only a screen reader hears."""
    found = re.findall(r'class="house-month__session"><a[^>]*>(.*?)</a>', markup)
    return [text_of(each).replace(" ,", ",") for each in found]


class TestSchoolTime:
    @pytest.mark.parametrize(
        ("day", "said"),
        [
            (IN_TERM, SchoolTime.TERM),
            (A_SATURDAY_IN_TERM, SchoolTime.TERM),
            (IN_THE_HOLIDAYS, SchoolTime.HOLIDAY),
            (date(2026, 5, 4), SchoolTime.HOLIDAY),
            (date(2026, 5, 27), SchoolTime.HOLIDAY),
            (date(2026, 9, 1), SchoolTime.TERM),
            (date(2040, 1, 1), None),
        ],
    )
    def test_weekends_of_a_term_are_term_and_bank_holidays_are_not(self, day: date, said: SchoolTime | None) -> None:
        assert school_time(day, KENT.terms, KENT.bank_holidays) == said

    def test_nothing_is_known_without_terms(self) -> None:
        assert school_time(IN_TERM, (), {}) is None


class TestMonths:
    @pytest.mark.parametrize("text", ["2026-13", "2026-0", "2026-00", "1999-12", "2026-12-01", "", "²026-12", "now"])
    def test_what_is_no_month_is_none(self, text: str) -> None:
        assert parse_month(text) is None

    def test_months_go_over_the_turn_of_the_year(self) -> None:
        december = date(2026, 12, 1)
        assert parse_month(month_code(december)) == december
        assert add_months(december, 1) == date(2027, 1, 1)
        assert add_months(date(2027, 1, 1), -1) == december

    def test_weeks_begin_on_monday_and_hold_each_day_once(self) -> None:
        weeks = weeks_of(date(2026, 6, 1))
        assert weeks[0][0] == date(2026, 6, 1)
        assert [day for week in weeks for day in week if day] == [date(2026, 6, number) for number in range(1, 31)]


class TestFiltersOfDays:
    def test_term_and_holidays(self, in_app: Flask, client: FlaskClient) -> None:
        on(IN_TERM, "In term")
        on(A_SATURDAY_IN_TERM, "On a Saturday")
        on(IN_THE_HOLIDAYS, "In the holidays")
        assert titles(html(client, "/sessions?when=term")) == ["In term", "On a Saturday"]
        assert titles(html(client, "/sessions?when=holiday")) == ["In the holidays"]

    def test_a_month_is_londons(self, in_app: Flask, client: FlaskClient) -> None:
        on(date(2026, 6, 30), "Last of June", hour=23)
        on(date(2026, 7, 1), "First of July", hour=0)
        assert titles(html(client, "/sessions?month=2026-06")) == ["Last of June"]
        assert titles(html(client, "/sessions?month=2026-07")) == ["First of July"]

    @pytest.mark.parametrize("query", ["when=always", "month=2026-13", "month=2020-01", "month=x%00", "when=term%00"])
    def test_unknown_values_get_a_message_and_ask_for_nothing(
        self, in_app: Flask, client: FlaskClient, query: str
    ) -> None:
        on(IN_TERM, "Shown all the same")
        found = html(client, f"/sessions?{query}")
        assert titles(found) == ["Shown all the same"]
        assert "There is a problem" in found

    def test_what_is_chosen_stays_chosen_and_can_be_taken_away(self, in_app: Flask, client: FlaskClient) -> None:
        on(IN_TERM, "In term")
        found = html(client, "/sessions?when=holiday&month=2026-07")
        assert '"holiday" selected' in found
        assert '"2026-07" selected' in found
        assert 'href="/sessions?month=2026-07">Look in term time and in the holidays' in found
        assert 'href="/sessions?when=holiday">Look in all months' in found


class TestTheCalendar:
    def test_is_a_table_with_a_caption_and_the_days_of_the_week(self, in_app: Flask, client: FlaskClient) -> None:
        on(IN_TERM, "Forum")
        found = html(client, "/sessions?view=month")
        assert re.search(r"<caption[^>]*>June 2026</caption>", found)
        assert re.findall(r'<th scope="col">(\w+)</th>', found)[0::6] == ["Monday", "Sunday"]
        assert "1 session in June 2026" in found

    def test_opens_where_the_first_session_is(self, in_app: Flask, client: FlaskClient) -> None:
        on(IN_THE_HOLIDAYS, "Beach day")
        assert "1 session in August 2026" in page(client, "/sessions?view=month")

    def test_shows_each_session_on_its_day_in_order_of_time(self, in_app: Flask, client: FlaskClient) -> None:
        on(IN_TERM, "Late", hour=18, delivery=Delivery.ONLINE)
        on(IN_TERM, "Early", hour=9)
        on(IN_TERM + timedelta(days=30), "Next month")
        found = html(client, "/sessions?view=month&month=2026-06")
        assert entries(found) == [
            "Early, Wednesday 24 June, Oast Meadow Community Centre, Ashford",
            "Late, Wednesday 24 June, Online",
        ]
        [cell] = [each for each in found.split("<td") if "Early" in each]
        assert 'datetime="2026-06-24"' in cell

    def test_keeps_the_order_of_time_when_a_place_is_asked_for(self, in_app: Flask, client: FlaskClient) -> None:
        on(IN_TERM, "Far and early", hour=9)
        on(IN_TERM, "Near and late", hour=14, venue_id=a_venue(**MARGATE).id)
        found = html(client, "/sessions?view=month&place=CT9")
        assert [each.split(",")[0] for each in entries(found)] == ["Far and early", "Near and late"]
        assert "less than a mile away" in found

    def test_says_how_full_a_session_is_only_where_it_matters(self, in_app: Flask, client: FlaskClient) -> None:
        on(IN_TERM, "Plenty")
        on(IN_TERM, "Few", places_taken=8)
        on(IN_TERM, "None", places_taken=10)
        found = page(client, "/sessions?view=month")
        assert "2 places left" in found
        assert "Full – you can join the waiting list" in found
        assert "Plenty of places" not in found

    def test_keeps_the_search_from_month_to_month_and_back_to_the_list(
        self, in_app: Flask, client: FlaskClient
    ) -> None:
        on(IN_TERM, "Forum")
        found = html(client, "/sessions?view=month&month=2026-07&place=TN23&kind=forum&with=quiet_room").replace(
            "&amp;", "&"
        )
        kept = "place=TN23&kind=forum&month={}&with=quiet_room"
        assert f'rel="prev" href="/sessions?view=month&{kept.format("2026-06")}"' in found
        assert f'rel="next" href="/sessions?view=month&{kept.format("2026-08")}"' in found
        assert 'href="/sessions?place=TN23&kind=forum&with=quiet_room">List</a>' in found
        assert '<input type="hidden" name="view" value="month">' in found

    def test_ends_at_this_month_and_a_year_on(self, in_app: Flask, client: FlaskClient) -> None:
        on(IN_TERM, "Forum")
        assert 'rel="prev"' not in html(client, "/sessions?view=month&month=2026-06")
        assert 'rel="next"' not in html(client, "/sessions?view=month&month=2027-06")

    def test_leads_from_an_empty_month_to_the_next_that_has_something(self, in_app: Flask, client: FlaskClient) -> None:
        on(date(2026, 9, 9), "Forum")
        found = html(client, "/sessions?view=month&month=2026-07")
        assert "No session in July 2026 fits" in text_of(found)
        assert "<table" not in found
        assert re.search(r'href="/sessions\?view=month&amp;month=2026-09">See September 2026 instead', found)

    def test_offers_what_there_is_instead_when_nothing_fits_at_all(self, in_app: Flask, client: FlaskClient) -> None:
        on(IN_TERM, "Forum")
        found = html(client, "/sessions?view=month&kind=coffee")
        assert "No session fits all of that" in found
        assert titles(found) == ["Forum"]
        assert 'href="/wish?kind=coffee">Tell us what would suit you' in found

    def test_lists_what_nobody_has_checked_beside_the_calendar(self, in_app: Flask, client: FlaskClient) -> None:
        for answer in FactAnswer:
            event = an_event(title=answer.value, starts_at=clock.london_time(IN_TERM, 10))
            a_fact(event.venue_id, "hearing_loop", answer)
        found = html(client, "/sessions?view=month&with=hearing_loop")
        assert [each.split(",")[0] for each in entries(found)] == ["yes", "partly"]
        assert "Partly: Hearing loop" in text_of(found)
        assert titles(found) == ["not_checked"]

    def test_cuts_a_full_postcode_and_stays_a_calendar(self, in_app: Flask, client: FlaskClient) -> None:
        assert client.get("/sessions?view=month&place=CT9+1AA").location == "/sessions?view=month&place=CT9"

    @pytest.mark.parametrize("view", ["week", "", "month%00", "MONTH"])
    def test_any_other_view_is_the_list(self, in_app: Flask, client: FlaskClient, view: str) -> None:
        on(IN_TERM, "Forum")
        assert titles(html(client, f"/sessions?view={view}")) == ["Forum"]

    def test_asks_the_database_as_often_for_twenty_as_for_one(self, app: Flask, client: FlaskClient) -> None:
        address = "/sessions?view=month&place=CT9&with=hearing_loop"
        with app.app_context():
            a_fact(an_event().venue_id, "hearing_loop", FactAnswer.YES)
        client.get(address)
        with counting_queries(app) as for_one:
            client.get(address)
        with app.app_context():
            for _each in range(19):
                a_fact(an_event().venue_id, "hearing_loop", FactAnswer.YES)
        with counting_queries(app) as for_twenty:
            client.get(address)
        assert len(for_one) == len(for_twenty) <= 3
