"""Every page of the site is sound, reached by its own links, and says nothing past the translators."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from booking.locality import get_locality
from tests.guards.conftest import Walks, family_walk
from tests.guards.crawl import Visit
from tests.guards.pseudo import speak_pseudo, words_left_in_english
from tests.page_checks import problems_of

MACHINES = {
    "static",
    "feeds.api_description",
    "feeds.api_sessions",
    "feeds.atom",
    "feeds.calendar",
    "feeds.calendar_of_district",
    "feeds.calendar_of_kind",
    "feeds.health",
    "feeds.web_health",
    "phone.worker",
    "public.outcodes",
    "public.my_photo",
    "public.photo",
    "public.security_txt",
    "staff.photo_file",
    "staff.sheet_photo",
}
ONLY_IN_A_CERTAIN_STATE = {
    "public.find_my_booking_by_phone": "after asking with a phone number",
    "public.find_my_booking_sent": "after asking with an e-mail address",
    "public.find_my_booking_texted": "after asking with a mobile number, where texts are on",
    "security.mf_recovery_codes": "with two steps set up",
    "security.verify": "when signing in was long ago",
    "public.complaint_sent": "after a complaint",
    "public.wish_thanks": "after telling a wish",
    "public.place_changed_thanks": "after telling what has changed",
    "public.book_cleared": "after clearing what was typed",
    "security.tf_select": "in the middle of signing in with two steps",
    "security.two_factor_rescue": "in the middle of signing in with two steps",
    "security.two_factor_token_validation": "in the middle of signing in with two steps",
    "security.mf_recovery": "in the middle of signing in with two steps",
    "public.my_was_there": "after a session one asked something for; tests/public/test_was_there.py",
    "door.attendance_csv": "an address of before, which leads to the list; tests/staff/test_attendance_lists.py",
    "door.attendance_xlsx": "an address of before, which leads to the list; tests/staff/test_attendance_lists.py",
    "door.counts": "once a register is closed; tests/door/test_closing.py",
    "staff.edit_issue": "once an issue is written down; tests/staff/test_issues.py",
    "staff.figures_bookings": "once a figure counts bookings; tests/figures/test_rows_behind.py",
    "public.access_promise_csv": "once a quarter is frozen; tests/figures/test_access_promise.py",
    "public.access_promise_json": "once a quarter is frozen; tests/figures/test_access_promise.py",
    "staff.quote": "once a family wrote something that may be quoted; tests/staff/test_quotes.py",
    "staff.heard_file": "once a file was added; tests/staff/test_heard_files.py",
    "public.my_heard_file": "once a file was added and the note is shown; tests/staff/test_heard_files.py",
    "staff.what_we_heard": "only once a session is over; tests/staff/test_what_we_heard.py",
    "staff.issue": "once an issue is written down; tests/staff/test_issue_board.py",
    "staff.publish_issue": "once an issue is written down; tests/staff/test_issue_board.py",
    "staff.update_issue": "once an issue is published; tests/staff/test_issue_board.py",
    "staff.answer_issue": "once an issue is published; tests/staff/test_issue_board.py",
    "public.said_issue": "once an issue is published; it leads to the board; tests/public/test_you_said_we_did.py",
    "public.said_csv": "once an issue is published; tests/public/test_you_said_we_did.py",
    "staff.one_return": "once a quarter can be frozen; tests/figures/test_return_pages.py",
    "staff.freeze_return": "once a quarter can be frozen; tests/figures/test_return_pages.py",
    "staff.return_file": "once a quarter is frozen; tests/figures/test_return_pages.py",
    "staff.make_course": "an old address that leads on; tests/staff/test_repeats.py",
    "staff.closure_notice": "after closing sessions; tests/journeys/test_j17_snow.py",
    "staff.attendance_list_ready": "after asking for a list; tests/staff/test_attendance_lists.py",
    "staff.attendance_import": "once a file was given; tests/staff/test_import_attendance.py",
    "staff.typed": "after a sign-in that had ended; tests/staff/test_idle.py",
    "staff.set_password": "with a one-time link; tests/staff/test_sign_in.py",
}


MAILS = {"staff.message_sample_page"}
"""What a mail program shows: no page of ours, and locked."""


def check(visits: list[Visit]) -> None:
    found = {}
    for visit in visits:
        assert visit.response.status_code < 500, visit.path
        if visit.endpoint in MAILS and visit.response.status_code == 200:
            assert "sandbox" in visit.response.headers["Content-Security-Policy"], visit.path
            continue
        if visit.is_page and visit.response.status_code not in (301, 302, 303, 308):
            nonce = re.search(r"'nonce-([^']+)'", visit.response.headers["Content-Security-Policy"])
            assert nonce, visit.path
            problems = problems_of(visit.response.get_data(as_text=True), nonce=nonce.group(1))
            if problems:
                found[visit.path] = problems
    assert found == {}


class TestEveryPage:
    def test_of_a_family_is_sound(self, walks: Walks) -> None:
        check(walks.family)

    def test_of_staff_is_sound(self, walks: Walks) -> None:
        check(walks.staff)

    @pytest.mark.one_database
    def test_is_reached_by_links(self, app_on_database: Flask, walks: Walks) -> None:
        visited = {visit.endpoint for visit in walks.family + walks.staff}
        with_get = {rule.endpoint for rule in app_on_database.url_map.iter_rules() if "GET" in (rule.methods or ())}
        unvisited = with_get - visited - MACHINES - set(ONLY_IN_A_CERTAIN_STATE)
        assert not unvisited, sorted(unvisited)

    @pytest.mark.one_database
    def test_no_link_on_it_is_dead(self, walks: Walks) -> None:
        meant = (
            "/feedback/abc",
            "/bookings/nothing",
            "/book/nothing/contact",
            "/calendars/mine/nothing",
            "/news/nothing",
            "/no-such-page",
        )
        dead = [
            visit.path
            for visit in walks.family + walks.staff
            if visit.response.status_code >= 400 and visit.path not in meant
        ]
        assert dead == []


PLACES = [each.name for each in get_locality("kent").inside_districts] + ["Medway"]
NAMES = {part for name in PLACES for part in (name, *name.replace(" and ", " ").split())}
DATA = re.compile(
    "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
    + r"|Kent PACT|in Kent|Kent Parents and Carers Together|help@example\.org|01632 960000"
    r"|Course of the walk|One small change a week\."
    r"|Forum (of the walk|of today|to book)|Drop-in|Coffee|Online talk|Small group|Nearly full|Oast Meadow[\w ]*|TN23"
    r"|Sam Carer|Picture \d|Adult \d|EHC plan officer|English|Easy Read|Polski"
    r"|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|September|October|November|December|\S+@\S+|https?://\S+|\w+\.(org\.uk|com)|[A-Z0-9]{3} [A-Z0-9]{3}"
    r"|^and |^session$"  # "and" of a district's name in two lines on the map; the name of our cookie
)


@pytest.mark.one_database
def test_every_sentence_a_parent_reads_goes_through_gettext(
    app: Flask, world: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_pseudo(monkeypatch)
    left: dict[str, list[str]] = {}
    for visit in family_walk(app, world):
        if visit.is_page and visit.response.status_code == 200:
            html = visit.response.get_data(as_text=True)
            words = [text for text in words_left_in_english(html) if re.search(r"[A-Za-z]{2}", DATA.sub("", text))]
            if words:
                left[visit.endpoint] = words
    assert not left, json.dumps(left, ensure_ascii=False, indent=1)
