"""Kent's data holds together: every code leads somewhere and says something."""

import json
from datetime import timedelta
from importlib.resources import files
from itertools import pairwise

import pytest

from booking.locality import get_locality
from booking.locality.kinds import Fulfil

KENT = get_locality("kent")
TWELVE = {
    "ashford": "E07000105",
    "canterbury": "E07000106",
    "dartford": "E07000107",
    "dover": "E07000108",
    "gravesham": "E07000109",
    "maidstone": "E07000110",
    "sevenoaks": "E07000111",
    "folkestone-and-hythe": "E07000112",
    "swale": "E07000113",
    "thanet": "E07000114",
    "tonbridge-and-malling": "E07000115",
    "tunbridge-wells": "E07000116",
}


def test_an_unknown_locality_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match=r"'surrey'.*kent"):
        get_locality("surrey")


class TestDistricts:
    def test_the_twelve_have_their_gss_codes(self) -> None:
        assert {district.code: district.gss for district in KENT.inside_districts} == TWELVE

    def test_medway_elsewhere_and_not_known_are_answers_but_not_kent(self) -> None:
        others = {district.code for district in KENT.districts if not district.inside}
        assert others == {"medway", "outside", "unknown"}

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Folkestone & Hythe", "folkestone-and-hythe"),
            ("FOLKESTONE AND HYTHE", "folkestone-and-hythe"),
            ("Shepway", "folkestone-and-hythe"),
            (" tonbridge&malling ", "tonbridge-and-malling"),
            ("tonbridge-and-malling", "tonbridge-and-malling"),
            ("Royal Tunbridge Wells", "tunbridge-wells"),
            ("E07000113", "swale"),
            ("outside", "outside"),
            ("Medway", "medway"),
        ],
    )
    def test_a_name_is_found_however_it_is_written(self, text: str, code: str) -> None:
        district = KENT.find_district(text)
        assert district is not None
        assert district.code == code

    @pytest.mark.parametrize("text", ["", "  ", "Surrey", "ash", "<script>"])
    def test_what_is_no_district_is_not_found(self, text: str) -> None:
        assert KENT.find_district(text) is None

    def test_get_raises_for_an_unknown_code(self) -> None:
        with pytest.raises(KeyError):
            KENT.get_district("shepway")


def test_codes_are_unique() -> None:
    lists = (
        KENT.districts,
        KENT.needs,
        KENT.need_groups,
        KENT.facts,
        KENT.fact_groups,
        KENT.organisations,
        KENT.languages,
        KENT.profile,
        *(question.options for question in KENT.profile),
    )
    for items in lists:
        codes = [item.code for item in items]  # type: ignore[attr-defined]
        assert len(codes) == len(set(codes))


class TestNeeds:
    def test_the_twelve_most_asked_come_first_and_in_order(self) -> None:
        assert [need.code for need in KENT.most_asked] == [
            "step_free",
            "blue_badge",
            "acc_toilet",
            "quiet_space",
            "bsl",
            "loop",
            "large_print",
            "know_ahead",
            "bring_baby",
            "supporter",
            "spoken_lang",
            "talk_to_me",
        ]

    def test_every_need_stands_in_a_group_and_every_group_has_needs(self) -> None:
        assert {need.group for need in KENT.needs} == {group.code for group in KENT.need_groups}
        assert sum(len(KENT.needs_in(group.code)) for group in KENT.need_groups) == len(KENT.needs)

    def test_a_need_of_the_venue_names_a_fact_that_exists(self) -> None:
        for need in KENT.needs:
            for code in need.facts:
                assert KENT.get_fact(code)
            if Fulfil.VENUE in need.fulfil:
                assert need.facts, need.code

    def test_only_ways_of_contact_have_no_way_of_being_met(self) -> None:
        assert {need.code for need in KENT.needs if not need.fulfil} == {"text_only", "relay"}

    @pytest.mark.parametrize(
        ("code", "days"), [("bsl", 20), ("stt", 15), ("spoken_lang", 10), ("blue_badge", 3), ("step_free", 0)]
    )
    def test_lead_times(self, code: str, days: int) -> None:
        assert KENT.get_need(code).lead_days == days

    def test_bsl_takes_two_interpreters_beyond_an_hour(self) -> None:
        assert KENT.get_need("bsl").pair_over_minutes == 60

    def test_no_snomed_code_is_invented(self) -> None:
        assert {need.snomed_code for need in KENT.needs} == {None}

    def test_labels_are_short_enough_for_a_tick_box(self) -> None:
        assert all(0 < len(need.label) <= 60 and len(need.help) <= 120 for need in KENT.needs)


class TestVenueFacts:
    def test_the_baseline_is_the_four_of_the_publishing_gate(self) -> None:
        assert {kind.code for kind in KENT.baseline_facts} == {
            "step_free_route",
            "accessible_toilet",
            "quiet_room",
            "hearing_loop",
        }

    def test_each_answer_has_a_sentence_of_its_own(self) -> None:
        for kind in KENT.facts:
            sentences = [kind.sentence(value) for value in ("yes", "partly", "no", "not_checked")]
            assert len(set(sentences)) == 4, kind.code
            assert all(text.endswith(".") and text[0].isupper() for text in sentences), kind.code
            assert "not checked" in kind.not_checked or "not measured" in kind.not_checked

    def test_every_fact_stands_under_a_heading(self) -> None:
        assert {kind.group for kind in KENT.facts} == {group.code for group in KENT.fact_groups}
        assert KENT.facts_in("toilets")[0].code == "accessible_toilet"


class TestProfile:
    def test_the_questions_and_their_codes(self) -> None:
        offered = {question.code: " ".join(option.code for option in question.offered) for question in KENT.profile}
        assert offered["age_phase"] == "under_5 reception_to_y6 y7_to_11 16_to_18 19_to_25 pnts"
        assert offered["support"] == "ehcp ehcna sen_support none_yet not_sure pnts"
        assert offered["need_area"] == "communication learning feelings sensory_physical health not_known pnts"

    def test_the_plans_of_a_law_not_yet_made_are_known_but_not_offered(self) -> None:
        support = KENT.get_question("support")
        assert support.get_option("isp_targeted").active is False

    def test_no_question_asks_for_a_diagnosis(self) -> None:
        words = json.dumps([[question.label, question.hint] for question in KENT.profile]).lower()
        assert "what is the diagnosis" not in words
        assert "you do not need a diagnosis" in words


class TestCalendar:
    def test_six_terms_a_year_in_order_without_overlap(self) -> None:
        years = sorted({term.school_year for term in KENT.terms})
        assert years == ["2024-25", "2025-26", "2026-27", "2027-28"]
        for year in years:
            assert [term.number for term in KENT.terms if term.school_year == year] == [1, 2, 3, 4, 5, 6]
        for term, following in pairwise(KENT.terms):
            assert term.start < term.end < following.start

    def test_terms_begin_and_end_on_school_days(self) -> None:
        for term in KENT.terms:
            for day in (term.start, term.end):
                assert day.weekday() < 5, day
                assert day not in KENT.bank_holidays, day

    def test_a_published_year_is_as_long_as_the_law_asks(self) -> None:
        # 190 days with pupils and 5 for staff; a school may add staff days outside these dates.
        for year in ("2024-25", "2025-26"):
            days = sum(
                (term.start + timedelta(days=step)).weekday() < 5
                and term.start + timedelta(days=step) not in KENT.bank_holidays
                for term in KENT.terms
                if term.school_year == year
                for step in range((term.end - term.start).days + 1)
            )
            assert days == 195, year

    def test_bank_holidays_reach_from_2024_to_2028(self) -> None:
        listed = {day.isoformat() for day in KENT.bank_holidays}
        assert {"2024-03-29", "2025-12-26", "2026-12-28", "2027-12-27", "2028-12-26"} <= listed
        assert all(sum(day.year == year for day in KENT.bank_holidays) == 8 for year in range(2024, 2029))

    def test_bank_holidays_come_from_the_package_not_the_network(self) -> None:
        carried = json.loads(files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text(encoding="utf-8"))
        assert len(KENT.bank_holidays) == len(carried["england-and-wales"]["events"])


class TestWorkstreams:
    def test_five_and_nine_each_weakness_under_one_workstream(self) -> None:
        assert [stream.number for stream in KENT.workstreams] == [1, 2, 3, 4, 5]
        assert [weakness.number for weakness in KENT.weaknesses] == list(range(1, 10))
        assert {weakness.workstream for weakness in KENT.weaknesses} == {1, 2, 3, 4, 5}

    def test_workstream_1_answers_the_weaknesses_about_parents(self) -> None:
        assert [weakness.number for weakness in KENT.weaknesses if weakness.workstream == 1] == [1, 3]


class TestBrand:
    @pytest.mark.parametrize("paper", ["paper", "paper_warm", "brand_tint"])
    @pytest.mark.parametrize(
        "ink", ["ink", "ink_soft", "brand", "brand_dark", "link", "link_hover", "error", "success"]
    )
    def test_text_can_be_read_on_every_ground(self, ink: str, paper: str) -> None:
        assert _contrast(KENT.brand.colours[ink], KENT.brand.colours[paper]) >= 4.5

    @pytest.mark.parametrize("ground", ["brand", "brand_dark", "button", "button_dark", "link", "error"])
    def test_white_can_be_read_on_every_strong_colour(self, ground: str) -> None:
        assert _contrast("#ffffff", KENT.brand.colours[ground]) >= 4.5

    def test_edges_and_focus_stand_out(self) -> None:
        colours = KENT.brand.colours
        assert _contrast(colours["line"], colours["paper"]) >= 3
        assert _contrast(colours["ink"], colours["focus"]) >= 4.5

    def test_it_is_not_the_government_s_colours(self) -> None:
        assert not {"#1d70b8", "#00703c", "#ffdd00", "#0b0c0c"} & set(KENT.brand.colours.values())


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_day_sheet_says_in_a_sentence_what_to_do_about_each_need() -> None:
    assert set(KENT.need_actions) == {need.code for need in KENT.needs}
    assert all("{who}" in sentence for sentence in KENT.need_actions.values())
    assert set(KENT.needs_at_door) < set(KENT.need_actions)
