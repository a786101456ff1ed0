"""The overview of the figures: a small quarter, counted on paper, and what each page says of it."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as listen

from booking import clock
from booking.extensions import db, transaction
from booking.models import Feedback, Issue, NeedRequest, PupilCount, Wish
from booking.rules.words import (
    BookingStatus,
    Delivery,
    EventKind,
    FeedbackMethod,
    FeedbackOrigin,
    NeedState,
    StaffRole,
    WishReason,
)
from booking.web.staff.overview import THEMES
from tests.cast import a_member_of_staff, sign_in
from tests.figures.quarter import CAME, NOT, UNKNOWN, a_family, a_place_in, a_session, at, went

NINE = "/staff/figures/overview?period=2025-26-Q4"
NAME = "2025-26 Q4 (January to March 2026)"
FEW = "1 session, fewer than 5 people."


def page(client: FlaskClient, theme: str = "", **only: str) -> str:
    """Read a page as words: no tags, one space between."""
    address = f"/staff/figures/overview{f'/{theme}' if theme else ''}"
    answer = client.get(address, query_string={"period": "2025-26-Q4"} | only)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def said(event: object, confident: int, number: int, **values: object) -> None:
    for _each in range(number):
        db.session.add(
            Feedback(
                **{"event": event, "origin": FeedbackOrigin.LINK, "method": FeedbackMethod.NONE}
                | {"answered_at": at("2026-03-20", 12), "confident": confident}
                | values
            )
        )


def write_the_quarter() -> None:
    ashford, swale = a_place_in("ashford"), a_place_in("swale")
    a, b, c, d, e, f, g, h = (a_family() for _ in range(8))
    in_ashford, in_swale = {"district": "ashford"}, {"district": "swale"}

    # In the quarter before, A comes to one forum and B does not: one session with fewer than five.
    before = a_session(at("2025-11-11", 10), venue=ashford)
    went(before, a, CAME, **in_ashford)
    went(before, b, NOT, **in_ashford)
    said(before, 4, 4)
    said(before, 2, 1)

    # Two forums in Ashford between the school runs: A to F, then A and B again.
    s1 = a_session(at("2026-02-10", 10), venue=ashford, capacity=6)
    for family in (a, b, c, d):
        booking = went(s1, family, CAME, **in_ashford)
        if family is a:
            booking.needs.append(NeedRequest(code="step_free", state=NeedState.MET, lead_ok=True))
        if family is b:
            booking.needs.append(NeedRequest(code="quiet_space", state=NeedState.NOT_MET, lead_ok=True))
    for family in (e, f):
        went(s1, family, CAME, **in_swale)
    s2 = a_session(at("2026-02-24", 10), venue=ashford)
    went(s2, a, CAME, **in_ashford)
    went(s2, b, CAME, **in_ashford)
    # H waits for the first and finds nothing.
    went(s1, h, UNKNOWN, status=BookingStatus.WAITING, queued_at=at("2026-02-01", 9), **in_swale)

    # One evening in Swale: E, F and G, fewer than five. One online, later that week: A to E.
    s3 = a_session(at("2026-03-03", 19), venue=swale, kind=EventKind.COFFEE)
    for family in (e, f, g):
        went(s3, family, CAME, **in_swale)
    s4 = a_session(at("2026-03-05", 19), kind=EventKind.WEBINAR, delivery=Delivery.ONLINE, capacity=None)
    for family in (a, b, c, d):
        went(s4, family, CAME, **in_ashford)
    went(s4, e, CAME, **in_swale)

    # Said of the forum: 18 of 20 confident, six of them asked before: 4 up, 1 the same, 1 down. Of the coffee 6 of 20,
    # of the talk online 2 of 3.
    said(s1, 4, 4, method=FeedbackMethod.PAIRED, before_confident=2)
    said(s1, 4, 1, method=FeedbackMethod.PAIRED, before_confident=4)
    said(s1, 4, 1, method=FeedbackMethod.PAIRED, before_confident=5)
    said(s1, 5, 12)
    said(s1, 2, 2)
    said(s3, 4, 6)
    said(s3, 1, 14)
    said(s4, 4, 2)
    said(s4, 1, 1)

    published = {"year": 2025, "source": "Made up for a test", "published_on": date(2025, 7, 1)}
    db.session.add(PupilCount(district="ashford", sen_support=700, ehcp=300, **published))
    db.session.add(PupilCount(district="swale", sen_support=2000, ehcp=1000, **published))
    for _each in range(2):
        db.session.add(Wish(created_at=at("2026-02-01", 9), reason=WishReason.NOTHING_NEAR, district="swale"))
    db.session.add(Issue(event=s1, raised_at=at("2026-02-10", 12), owner="kcc", theme="ehcp", workstream=3))


@pytest.fixture
def quarter(in_app: Flask) -> None:
    with transaction():
        write_the_quarter()


@pytest.fixture
def insight(in_app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    return client


@pytest.mark.usefixtures("quarter")
class TestSmallWorld:
    def test_nine_quarters_say_the_last_the_one_before_and_a_year_earlier(self, insight: FlaskClient) -> None:
        text = page(insight)
        assert f"Figures over nine quarters, up to {NAME}" in text
        # A to G; A alone came before.
        assert f"7 in {NAME}, fewer than 5 in the quarter before, 0 a year earlier." in text
        # all but A, who came in November
        assert f"6 in {NAME}, fewer than 5 in the quarter before" in text
        assert f"16 in {NAME}" in text  # 6 + 2 + 3 + 5
        assert f"100.0%, 16 of 16 in {NAME}" in text
        assert f"100.0%, 1 of 1 in {NAME}, fewer than 5 in the quarter before." in text  # H waited and found nothing
        assert f"50.0%, 1 of 2 in {NAME}" in text  # A's step-free way in was there, B's quiet space was not
        assert f"60.5%, 26 of 43 in {NAME}" in text

    def test_each_chart_says_its_message_and_has_a_table_of_nine_lines(self, insight: FlaskClient) -> None:
        html = insight.get(NINE).get_data(as_text=True)
        drawings = re.findall(r'<svg class="house-chart__drawing"[^>]*role="img"', html)
        assert len(drawings) == html.count("<desc") == html.count("<table") == 7
        for table in re.findall(r"<tbody.*?</tbody>", html, flags=re.DOTALL):
            assert table.count("<tr") == 9

    def test_reach_and_representation_of_each_district(self, insight: FlaskClient) -> None:
        text = page(insight, "reach")
        # Ashford A B C D for 1,000 pupils, Swale E F G for 3,000: 4 and 1; 7 for 4,000 in all
        assert "Most families for each 1,000 pupils in Ashford (4.0), fewest in Swale (1.0); 1.8 in all." in text
        # Swale: 3 of 7 families, 3 of 4 pupils
        assert "Below its share is Swale." in text
        assert "Ashford 4.0 4 1,000" in text
        assert "Swale 0.57 3" in text
        assert "Thanet x 0" in text
        assert "7 families, 6 of them new, 16 attendances." in text

    def test_heat_holds_one_small_session_together_and_says_none(self, insight: FlaskClient) -> None:
        text = page(insight, "when")
        assert "4 sessions were held. Most families came in one cell: Ashford, between the school runs (6)." in text
        assert "Ashford 6 families 2 sessions none none none none" in text
        assert "Swale none none none 1 session fewer than 5 people none" in text
        assert "Online none none none 5 families 1 session none" in text
        assert "Swale: 3 families reached, 0.57 of its share" in text
        assert "Weekend: nothing in any district" in text
        assert "Swale: 2 wishes, most often “There is nothing near me” (2)" in text

    def test_heat_of_one_kind(self, insight: FlaskClient) -> None:
        text = page(insight, "when", kind="forum")
        assert "sessions of the kind “Forum”" in text
        assert "Swale none none none none none" in text
        assert "Ashford 6 families 2 sessions" in text

    def test_who_waited(self, insight: FlaskClient) -> None:
        text = page(insight, "waits")
        assert "1 family waited; found nothing: 100.0%, 1 of 1." in text
        assert "Forum 1 0 0 1 z" in text  # came, elsewhere, nothing; nobody was offered anything
        assert "2 wishes, by what was missing." in text

    def test_what_became_of_who_waited_for_one_small_session_is_not_told(self, insight: FlaskClient) -> None:
        with transaction():
            small = a_session(at("2026-03-17", 10), venue=a_place_in("dover"), kind=EventKind.DROP_IN)
            went(small, a_family(), CAME)
            went(small, a_family(), UNKNOWN, status=BookingStatus.WAITING, queued_at=at("2026-03-01", 9))
        text = page(insight, "waits")
        assert "Drop-in 1 c c c c" in text
        assert "Dover 1 c c c c" in text
        assert "Forum 1 0 0 1 z" in text

    def test_access_by_group(self, insight: FlaskClient) -> None:
        text = page(insight, "access")
        assert "2 requests; was there: 50.0%, 1 of 2" in text
        assert "Getting there and in 1 100.0%, 1 of 1" in text
        assert "Calm and taking part 1 0.0%, 0 of 1" in text
        assert "Families reached that had asked for something: 28.6%, 2 of 7" in text

    def test_confidence_compares_only_what_can_be_compared(self, insight: FlaskClient) -> None:
        text = page(insight, "confidence")
        assert "43 answers for 7 adults reached. Confident after: 60.5%, 26 of 43." in text
        # 80% of 5 before: 38 to 96, and 46 to 74 now
        assert "too few answers to compare (80.0%, 4 of 5 before)" in text
        # 18 of 20 is 70 to 97, all others 8 of 23 are 19 to 55; 6 of 20 is 15 to 52, all others 20 of 23 are 68 to 95
        assert "More than at other sessions: Forum. Less than at other sessions: Coffee and chat." in text
        assert "Online talk fewer than 5 answers z too few answers to compare" in text
        assert "2 of 3" not in text, "it is told to nobody"
        assert "Of 6 who answered both times, confidence went up for 4, stayed for 1 and went down for 1" in text
        assert "Confidence before and after: asked both times after Nobody answered both times." in text

    def test_what_changed(self, insight: FlaskClient) -> None:
        text = page(insight, "changed")
        assert "1 raised." in text
        assert "4 sessions held, by level of participation." in text


@pytest.mark.usefixtures("quarter")
class TestNarrowing:
    @pytest.mark.parametrize("theme", ["reach", "when", "waits", "access", "confidence"])
    def test_one_small_session_alone_is_not_broken_down(self, insight: FlaskClient, theme: str) -> None:
        text = page(insight, theme, district="swale")
        assert "sessions in Swale" in text
        assert FEW in text
        assert "<table" not in insight.get(f"/staff/figures/overview/{theme}?period=2025-26-Q4&district=swale").text

    def test_a_quarter_with_one_small_session_says_so_in_every_trend(self, insight: FlaskClient) -> None:
        text = page(insight, kind="coffee")
        assert text.count(f"Fewer than 5 in {NAME}") == 2 * 7, "beside the drawing and in it"

    def test_all_that_is_chosen_stays_in_every_link(self, insight: FlaskClient) -> None:
        html = insight.get("/staff/figures/overview/reach?period=2025-26&kind=webinar&delivery=online").text
        assert "2025-26 (April 2025 to March 2026): sessions of the kind “Online talk”, held “Online”." in html
        assert "/staff/figures/overview/access?period=2025-26&amp;kind=webinar&amp;delivery=online" in html
        assert "/staff/figures/overview/reach?period=2025-26&amp;district=dover&amp;kind=webinar" in html

    def test_districts_are_compared_only_when_all_are_shown(self, insight: FlaskClient) -> None:
        text = page(insight, "reach", district="ashford")
        assert "it is shown for the sessions of all districts only" in text

    @pytest.mark.parametrize("only", ["period=2025", "district=online", "kind=party", "delivery=post", "district=x"])
    def test_what_is_not_there_is_not_found(self, insight: FlaskClient, only: str) -> None:
        assert insight.get(f"/staff/figures/overview?{only}").status_code == 404

    def test_a_theme_that_is_none_is_not_found(self, insight: FlaskClient) -> None:
        assert insight.get("/staff/figures/overview/money").status_code == 404


@pytest.mark.usefixtures("in_app")
class TestEmpty:
    @pytest.mark.parametrize("theme", ["", *THEMES])
    def test_nothing_happened_yet(self, insight: FlaskClient, theme: str) -> None:
        page(insight, theme)

    def test_without_pupils_nothing_is_guessed(self, insight: FlaskClient) -> None:
        with transaction():
            went(a_session(at("2026-02-10", 10), venue=a_place_in("ashford")), a_family(), CAME, district="ashford")
            for _each in range(5):
                went(a_session(at("2026-02-11", 10), venue=a_place_in("ashford")), a_family(), CAME, district="dover")
        html = insight.get("/staff/figures/overview/reach?period=2025-26-Q4").text
        assert html.count("x: nobody has brought in how many pupils with SEN the districts have") >= 2
        assert 'href="/staff/figures/pupils"' in html

    def test_front_desk_may_not(self, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        assert client.get(NINE).status_code == 403
        assert client.get("/staff/figures/overview/reach").status_code == 403


@pytest.mark.usefixtures("quarter")
@pytest.mark.parametrize("theme", ["", *THEMES])
def test_query_count_does_not_grow(insight: FlaskClient, theme: str) -> None:
    def queries() -> int:
        db.session.rollback()
        page(insight, theme)
        seen: list[str] = []
        listen.listen(db.engine, "before_cursor_execute", note := lambda *args: seen.append(args[2]))
        page(insight, theme)
        listen.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    few = queries()
    with transaction():
        for day in ("2026-02-11", "2026-02-12", "2026-03-12"):
            went(a_session(at(day, 10), venue=a_place_in("dover")), a_family(adults=2), CAME, CAME)
    assert queries() == few


@pytest.mark.usefixtures("quarter")
class TestKept:
    @pytest.fixture(autouse=True)
    def for_ten_minutes(self, in_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        config = dataclasses.replace(in_app.extensions["config"], figures_kept_minutes=10)
        monkeypatch.setitem(in_app.extensions, "config", config)
        monkeypatch.setitem(in_app.extensions, "overview", {})

    def forget(self) -> None:
        """Write that A's step-free way in was not there; no row is added."""
        with transaction():
            db.session.execute(db.update(NeedRequest).values(state=NeedState.NOT_MET))

    def test_a_changed_row_shows_after_ten_minutes_or_when_counted_again(
        self, insight: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        assert "1 of 2" in page(insight, "access")
        self.forget()
        assert "1 of 2" in page(insight, "access")
        assert "0 of 2" in page(insight, "access", count="again")
        assert "0 of 2" in page(insight, "access")
        with transaction():
            db.session.execute(db.update(NeedRequest).values(state=NeedState.MET))
        summer.move_to(clock.now() + timedelta(minutes=11))
        assert "2 of 2" in page(insight, "access")

    def test_what_is_added_shows_at_once(self, insight: FlaskClient) -> None:
        assert "16 attendances" in page(insight, "reach")
        with transaction():
            went(a_session(at("2026-02-12", 10), venue=a_place_in("dover")), a_family(), CAME)
        assert "17 attendances" in page(insight, "reach")

    def test_each_choice_is_kept_for_itself(self, insight: FlaskClient) -> None:
        assert "16 attendances" in page(insight, "reach")
        assert "8 attendances" in page(insight, "reach", kind="forum")
        assert "16 attendances" in page(insight, "reach")
