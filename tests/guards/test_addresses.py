"""The addresses the outside relies on: removing one needs a redirect and a decision."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed

PUBLISHED = [
    "/",
    "/sessions",
    "/sessions/a-slug",
    "/sessions/a-slug/book",
    "/what-would-help",
    "/sessions/a-slug/place",
    "/photos/a-digest.jpg",
    "/sessions/a-slug/may-come",
    "/courses/a-slug",
    "/book/a-draft/helper",
    "/book/a-draft/contact",
    "/book/a-draft/children",
    "/book/a-draft/needs",
    "/book/a-draft/needs/details",
    "/book/a-draft/questions",
    "/book/a-draft/check",
    "/book/a-draft/done",
    "/bookings/a-token",
    "/bookings/a-token/cancel",
    "/bookings/a-token/keep",
    "/bookings/a-token/needs",
    "/bookings/a-token/needs/details",
    "/bookings/a-token/cancel-course",
    "/bookings/a-token/place",
    "/bookings/a-token/calendar.ics",
    "/bookings/a-token/print",
    "/bookings/a-token/contact",
    "/bookings/a-token/time",
    "/bookings/a-token/heard/1",
    "/find-my-booking",
    "/sessions/a-session/place/changed",
    "/sessions/a-session/place/changed/thanks",
    "/wish",
    "/wish/thanks",
    "/news",
    "/news/sent",
    "/news/a-token",
    "/news/a-token/stop",
    "/near-me/outcodes.json",
    "/feedback/a-token",
    "/sessions/a-session/feedback",
    "/bookings/a-token/before",
    "/you-said-we-did",
    "/what-families-say",
    "/access-promise",
    "/access-promise.csv",
    "/access-promise.json",
    "/you-said-we-did/1",
    "/you-said-we-did.csv",
    "/help",
    "/worried",
    "/privacy",
    "/privacy/complaint",
    "/privacy/complaint/sent",
    "/accessibility",
    "/cookies",
    "/security",
    "/.well-known/security.txt",
    "/calendar.ics",
    "/calendar/ashford.ics",
    "/calendar/kind/drop_in.ics",
    "/calendar/mine/a-token.ics",
    "/calendars",
    "/calendars/mine/a-token",
    "/feed.atom",
    "/embed",
    "/healthz",
    "/healthz/web",
    "/api/v1/openapi.json",
    "/api/v1/sessions",
    "/staff/",
    "/door/",
    "/door/1/attendance.csv",
    "/door/1/attendance.xlsx",
    "/door/phone",
    "/door/phone/worker.js",
]


@pytest.mark.one_database
@pytest.mark.parametrize("address", PUBLISHED)
def test_a_published_address_stays(app: Flask, address: str) -> None:
    adapter = app.url_map.bind("localhost")
    try:
        adapter.match(address, method="GET")
    except MethodNotAllowed:
        pytest.fail(f"{address} does not answer GET any more")


NAMES = {
    "full_name",
    "email",
    "phone",
    "contact_by",
    "booking_for",
    "adults",
    "course",
    "dates",
    "children",
    "supporters",
    "interpreters",
    "longer",
    "helper_name",
    "helper_kind",
    "helper_permission",
    "outcode",
    "district",
    "lang",
    "age_phase",
    "support",
    "need_area",
    "consent_profile",
    "question",
    "needs",
    "need_detail",
    "consent_needs",
    "remember_needs",
}


@pytest.mark.one_database
def test_the_names_of_the_booking_fields_stay(app: Flask) -> None:
    from booking.web.public import booking_forms as forms
    from booking.web.public.helper_forms import HelperForm

    with app.test_request_context():
        kinds = [forms.WhoAndWhenForm, forms.ContactForm, forms.DistrictForm, forms.ChildForm, forms.NeedsForm]
        there = {name for kind in [*kinds, forms.QuestionForm, HelperForm] for name in kind()._fields}
    assert there >= NAMES
