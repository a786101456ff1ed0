"""The promises board: what was asked for, what is due, who sees to it, and what families read of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sa_event
from sqlalchemy import select, text

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.models import AuditEntry, NeedRequest, Supplier, VenueFact
from booking.rules.words import (
    Alternative,
    CannotReason,
    ConsentSubject,
    FactAnswer,
    FamilyChoice,
    NeedState,
    StaffRole,
    ToldHow,
)
from booking.services.book_places import BookingRequest, Need, Person, book_places
from tests.cast import a_booking, a_member_of_staff, a_venue, an_event, come_back, sign_in
from tests.staff.browse import forms_of, send

BOARD = "/staff/promises"


def a_promise(code: str = "bsl", *, detail: str | None = None, **event: Any) -> NeedRequest:
    """Save a request of a family at a session of its own."""
    booking = a_booking(an_event(**event), needs=(Need(code, detail),), consents=(ConsentSubject.NEEDS,))
    return booking.needs[0]


def fresh(number: int) -> NeedRequest:
    db.session.rollback()
    return db.session.get_one(NeedRequest, number, populate_existing=True)


def set_state(number: int, state: NeedState, **values: object) -> None:
    with transaction():
        need = db.session.get_one(NeedRequest, number)
        need.state = state
        for name, value in values.items():
            setattr(need, name, value)


@pytest.fixture
def number(app: Flask) -> int:
    """A request for an interpreter, in two weeks."""
    with app.app_context():
        return a_promise(detail="On my left").id


def step(client: FlaskClient, number: int, state: NeedState) -> int:
    return send(client, f"{BOARD}/{number}", to=f"/staff/needs/{number}", state=state.value).status_code


class TestTheBoard:
    def test_shows_late_ones_first_and_says_so_in_words(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            a_promise("loop")
            late = a_promise("braille")
            set_state(late.id, NeedState.PLANNING, due_on=clock.today() - timedelta(days=1))
        page = organiser.get(BOARD).get_data(as_text=True)
        rows = page.split('<ul class="govuk-list house-rows">')[1]
        assert rows.index("Braille") < rows.index("Hearing loop")
        assert "1 is late" in page
        assert "it was due on 15 June 2026" in page

    def test_leads_each_line_to_where_it_is_done(self, organiser: FlaskClient, number: int) -> None:
        assert f'href="{BOARD}/{number}"' in organiser.get(BOARD).get_data(as_text=True)

    def test_shows_a_part_by_state_owner_session_and_kind(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            bsl, loop = a_promise("bsl"), a_promise("loop")
            ids = {"bsl": bsl.id, "loop": loop.id}
            session = bsl.booking.event_id
            member = a_member_of_staff(StaffRole.ORGANISER, name="Ona Owner").id
            set_state(bsl.id, NeedState.CONFIRMED_TO_FAMILY, owner_id=member)
        for query, shown in (
            ("", {"loop"}),
            ("?state=all", {"bsl", "loop"}),
            ("?state=confirmed_to_family", {"bsl"}),
            ("?state=requested", {"loop"}),
            (f"?state=all&owner=staff:{member}", {"bsl"}),
            ("?state=all&owner=nobody", {"loop"}),
            (f"?state=all&session={session}", {"bsl"}),
            ("?state=all&kind=loop", {"loop"}),
            ("?state=nonsense&session=x&from=-3", {"loop"}),
        ):
            page = organiser.get(BOARD + query).get_data(as_text=True)
            assert {name for name, each in ids.items() if f'href="{BOARD}/{each}"' in page} == shown, query

    def test_asks_the_database_as_often_for_many_lines_as_for_one(self, app: Flask, organiser: FlaskClient) -> None:
        organiser.get(BOARD)
        counts = []
        for _round in range(2):
            with app.app_context():
                for _ in range(1 if not counts else 6):
                    a_promise("loop")
            asked: list[str] = []

            def note(*args: object) -> None:
                asked.append(str(args[2]))  # noqa: B023

            with app.app_context():
                engine = db.engine
            sa_event.listen(engine, "before_cursor_execute", note)
            assert organiser.get(BOARD).status_code == 200
            sa_event.remove(engine, "before_cursor_execute", note)
            counts.append(len(asked))
        assert counts[1] <= counts[0]

    def test_holds_no_name_and_no_word_of_a_family(self, organiser: FlaskClient, number: int) -> None:
        page = organiser.get(BOARD).get_data(as_text=True)
        assert "On my left" not in page
        assert "Adult 1" not in page

    @pytest.mark.one_database
    @pytest.mark.parametrize("role", [StaffRole.FRONT_DESK, StaffRole.INSIGHT])
    def test_is_closed_to_roles_that_do_not_act_on_needs(self, app: Flask, number: int, role: StaffRole) -> None:
        other = app.test_client()
        with app.app_context():
            event_id = fresh(number).booking.event_id
            sign_in(other, a_member_of_staff(role))
        for path in (BOARD, f"{BOARD}/{number}", f"/staff/sessions/{event_id}/day-sheet", "/staff/suppliers"):
            assert other.get(path).status_code == 403
        assert "Promises" not in other.get("/staff/").get_data(as_text=True)

    def test_leaves_an_entry_in_the_audit(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        organiser.get(BOARD)
        organiser.get(f"{BOARD}/{number}")
        with app.app_context():
            seen = db.session.scalars(select(AuditEntry.screen).where(AuditEntry.action == "view")).all()
        assert {"staff.promises", "staff.promise"} <= set(seen)


class TestSteps:
    def test_lead_from_asking_to_telling(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        assert step(organiser, number, NeedState.PLANNING) == 303
        assert step(organiser, number, NeedState.ARRANGED) == 303
        page = f"{BOARD}/{number}"
        assert "Tell the family it is arranged" in organiser.get(page).get_data(as_text=True)
        assert send(organiser, page, to=f"{page}/told", how="call").status_code == 303
        with app.app_context():
            need = fresh(number)
            assert need.state == NeedState.CONFIRMED_TO_FAMILY
            assert need.told_how == ToldHow.CALL
            assert need.told_at is not None
        assert f'href="{page}"' not in organiser.get(BOARD).get_data(as_text=True), "nothing is left to do"

    def test_out_of_turn_are_refused_with_a_sentence(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        page = f"{BOARD}/{number}"
        form = forms_of(organiser.get(page))[f"/staff/needs/{number}"]
        early = organiser.post(f"/staff/needs/{number}", data=form | {"state": ["met"]})
        assert early.status_code == 422
        assert "The session is still to come." in early.get_data(as_text=True)
        told = organiser.post(f"{page}/told", data=form | {"how": ["call"]})
        assert told.status_code == 422
        assert "It is not arranged yet." in told.get_data(as_text=True)
        with app.app_context():
            assert fresh(number).state == NeedState.REQUESTED

    def test_of_two_people_only_the_first_counts(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        form = forms_of(organiser.get(f"{BOARD}/{number}"))[f"/staff/needs/{number}"] | {"state": ["planning"]}
        assert organiser.post(f"/staff/needs/{number}", data=form).status_code == 303
        again = organiser.post(f"/staff/needs/{number}", data=form)
        assert again.status_code == 409
        assert "Somebody has said so already" in again.get_data(as_text=True)

    def test_of_a_long_session_ask_for_two_interpreters(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            short, long = a_promise(hours=1).id, a_promise(hours=1.5).id
        assert "two interpreters" not in organiser.get(f"{BOARD}/{short}").get_data(as_text=True)
        assert "book two interpreters" in organiser.get(f"{BOARD}/{long}").get_data(as_text=True)


class TestWhatWeCannotDo:
    GOOD = {"reason": "nobody_free", "words": "We rang four of them.", "alternative": "online"}

    def test_needs_a_reason_and_something_instead(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        page = f"{BOARD}/{number}/cannot"
        for gap, sentence in (
            ({"reason": None}, "Say why we cannot do it."),
            ({"alternative": None}, "Say what we offer instead."),
            ({"reason": "other", "words": ""}, "Write why, in a sentence or two."),
        ):
            answer = send(organiser, page, **{**self.GOOD, **gap})
            assert answer.status_code == 422
            assert sentence in answer.get_data(as_text=True)
        assert "We rang four of them." in send(organiser, page, **{**self.GOOD, "reason": None}).text
        with app.app_context():
            assert fresh(number).state == NeedState.REQUESTED

    def test_is_to_be_told_within_two_working_days_and_is_on_the_board_until_then(
        self, app: Flask, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        summer.move_to("2026-08-28 09:00:00+00:00")
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
            number, organiser = a_promise().id, client
        assert send(organiser, f"{BOARD}/{number}/cannot", **self.GOOD).status_code == 303
        with app.app_context():
            need = fresh(number)
            assert need.tell_by == date(2026, 9, 2), "a Friday: after the weekend comes a bank holiday"
            assert (need.reason, need.alternative) == (CannotReason.NOBODY_FREE, Alternative.ONLINE)
        board = organiser.get(BOARD).get_data(as_text=True)
        assert "Tell the family we cannot do it, by 2 September 2026" in board
        summer.move_to("2026-09-03 09:00:00+00:00")
        come_back(organiser)
        assert "it was due on 2 September 2026" in organiser.get(BOARD).get_data(as_text=True)
        page = f"{BOARD}/{number}"
        assert send(organiser, page, to=f"{page}/told", how="message").status_code == 303
        assert f'href="{page}"' not in organiser.get(BOARD).get_data(as_text=True)
        with app.app_context():
            assert (fresh(number).state, fresh(number).told_how) == (NeedState.CANNOT_MEET, ToldHow.MESSAGE)

    def test_keeps_what_the_family_says_to_it(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        send(organiser, f"{BOARD}/{number}/cannot", **self.GOOD)
        page = f"{BOARD}/{number}"
        assert send(organiser, page, to=f"{page}/choice", choice="takes").status_code == 303
        with app.app_context():
            assert fresh(number).choice == FamilyChoice.TAKES

    def test_is_read_by_the_family_with_what_we_offer(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        send(organiser, f"{BOARD}/{number}/cannot", **self.GOOD)
        with app.app_context():
            token = booking_token(fresh(number).booking)
        page = app.test_client().get(f"/bookings/{token}").get_data(as_text=True)
        for sentence in (
            "We cannot do this",
            "We asked, but nobody can come that day.",
            "We rang four of them.",
            "You can join from home instead.",
            "One of us will talk with you about it.",
        ):
            assert sentence in page
        polish = app.test_client().get(f"/pl/bookings/{token}").get_data(as_text=True)
        assert "Możesz zamiast tego dołączyć z domu." in polish

    def test_can_be_taken_up_again(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        send(organiser, f"{BOARD}/{number}/cannot", **self.GOOD)
        assert step(organiser, number, NeedState.PLANNING) == 303
        with app.app_context():
            need = fresh(number)
            assert (need.state, need.reason, need.reason_words, need.tell_by) == (NeedState.PLANNING, None, None, None)

    def test_is_sealed_in_the_database(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        send(organiser, f"{BOARD}/{number}/cannot", **self.GOOD)
        with app.app_context():
            assert "rang four" not in str(db.session.execute(text("SELECT reason_words FROM need_request")).all())


class TestWhoSeesToIt:
    def test_is_kept_with_supplier_and_cost_in_pence(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        with app.app_context():
            member = a_member_of_staff(StaffRole.ORGANISER, name="Ona Owner").id
            supplier = a_supplier().id
        page = f"{BOARD}/{number}"
        values = {"owner": f"staff:{member}", "supplier": supplier, "cost": "£1,085.50"}
        assert send(organiser, page, **values).status_code == 303
        with app.app_context():
            need = fresh(number)
            assert (need.owner_id, need.supplier_id, need.cost_p) == (member, supplier, 108550)
        board = organiser.get(BOARD).get_data(as_text=True)
        assert "Ona Owner" in board
        assert "Kent Hands, £1085.50" in board
        assert send(organiser, page, owner="role:organiser").status_code == 303
        with app.app_context():
            assert (fresh(number).owner_id, fresh(number).owner_role) == (None, StaffRole.ORGANISER)

    @pytest.mark.one_database
    @pytest.mark.parametrize("cost", ["a lot", "-5", "1.234", "100000.01", "99999999999"])
    def test_says_what_is_wrong_with_an_amount_and_keeps_it(
        self, organiser: FlaskClient, number: int, cost: str
    ) -> None:
        answer = send(organiser, f"{BOARD}/{number}", cost=cost)
        assert answer.status_code == 422
        assert "Write an amount in pounds" in answer.get_data(as_text=True)
        assert f'value="{cost}"' in answer.get_data(as_text=True)

    @pytest.mark.one_database
    def test_cannot_be_somebody_who_may_not_see_it(self, app: Flask, organiser: FlaskClient, number: int) -> None:
        with app.app_context():
            desk = a_member_of_staff(StaffRole.FRONT_DESK).id
        assert send(organiser, f"{BOARD}/{number}", owner=f"staff:{desk}").status_code == 422


def a_supplier(**values: object) -> Supplier:
    """Save somebody who sends BSL interpreters and wants to know 10 working days before."""
    defaults = {"name": "Kent Hands", "codes": ["bsl"], "contact": "Di, 01632 960777", "notice_days": 10, "rate": ""}
    with transaction():
        supplier = Supplier(**{**defaults, **values})
        db.session.add(supplier)
    db.session.refresh(supplier)
    return supplier


class TestTheSupplierBook:
    NEW = {
        "name": "Kent Hands",
        "codes": ["bsl", "ssl"],
        "contact": "Di, 01632 960777",
        "rate": "£45 an hour",
        "notice_days": 15,
    }

    def test_takes_somebody_new_changes_and_puts_them_away(self, app: Flask, organiser: FlaskClient) -> None:
        assert send(organiser, "/staff/suppliers/new", **self.NEW).status_code == 303
        with app.app_context():
            supplier = db.session.scalars(select(Supplier)).one()
            page = f"/staff/suppliers/{supplier.id}"
            assert (supplier.codes, supplier.notice_days) == (["bsl", "ssl"], 15)
            assert "960777" not in str(db.session.execute(text("SELECT contact FROM supplier")).all())
        assert "01632 960777" in organiser.get("/staff/suppliers").get_data(as_text=True)
        assert send(organiser, page, name="Kent Hands and Voices", codes=["bsl"]).status_code == 303
        assert "Kent Hands and Voices" in organiser.get("/staff/suppliers").get_data(as_text=True)
        assert send(organiser, page, to=f"{page}/archive").status_code == 303
        assert "Kent Hands" not in organiser.get("/staff/suppliers").get_data(as_text=True)
        assert "Kent Hands" in organiser.get("/staff/suppliers?archived=yes").get_data(as_text=True)

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"name": ""}, "Write the name of the supplier."),
            ({"codes": None}, "Tick what they do for us."),
            ({"codes": ["gold"]}, "valid choice"),
            ({"notice_days": ""}, "Write how many working days before"),
            ({"notice_days": "soon"}, "Write a whole number"),
            ({"notice_days": "999"}, "Write a whole number from 0 to 120."),
        ],
    )
    def test_says_what_is_wrong(self, organiser: FlaskClient, wrong: dict[str, object], sentence: str) -> None:
        answer = send(organiser, "/staff/suppliers/new", **{**self.NEW, **wrong})
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
        assert "01632 960777" in answer.get_data(as_text=True)

    def test_warns_when_the_notice_is_longer_than_the_time_left(
        self, app: Flask, organiser: FlaskClient, number: int
    ) -> None:
        with app.app_context():
            in_time, too_late = a_supplier(notice_days=10).id, a_supplier(notice_days=11, name="Slow Signs").id
        page = f"{BOARD}/{number}"
        send(organiser, page, supplier=in_time)
        assert "days' notice, and" not in organiser.get(page).get_data(as_text=True)
        send(organiser, page, supplier=too_late)
        assert "Slow Signs wants 11 working days' notice, and 10 are left." in organiser.get(page).get_data(
            as_text=True
        )


class TestAVenueThatChanges:
    def facts(self, venue_id: int, answer: FactAnswer) -> None:
        with transaction():
            db.session.add(
                VenueFact(venue_id=venue_id, code="step_free_route", answer=answer, checked_on=clock.today())
            )

    @pytest.fixture
    def places(self, app: Flask) -> tuple[int, int]:
        """A place without steps where a family needs that, told so; and one with steps."""
        with app.app_context():
            level, stairs = a_venue(), a_venue(name="Up the stairs")
            ids = level.id, stairs.id
            self.facts(ids[0], FactAnswer.YES)
            self.facts(ids[1], FactAnswer.NO)
            need = a_promise("step_free", venue_id=ids[0])
            set_state(need.id, NeedState.CONFIRMED_TO_FAMILY, told_at=clock.now(), told_how=ToldHow.CALL)
        return ids

    def the_need(self) -> NeedRequest:
        db.session.rollback()
        return db.session.scalars(select(NeedRequest).execution_options(populate_existing=True)).one()

    def test_is_shown_before_and_put_back_after_a_session_moves(
        self, app: Flask, organiser: FlaskClient, places: tuple[int, int]
    ) -> None:
        with app.app_context():
            event_id = self.the_need().booking.event_id
        page = f"/staff/sessions/{event_id}/move"
        preview = send(organiser, page, venue_id=places[1])
        assert "No steps: Adult 1" in preview.get_data(as_text=True)
        with app.app_context():
            assert self.the_need().state == NeedState.CONFIRMED_TO_FAMILY
        assert send(organiser, preview, to=page, step="send").status_code == 303
        with app.app_context():
            need = self.the_need()
            assert (need.state, need.told_at) == (NeedState.REQUESTED, None)
            assert need.broken_at is not None
        assert "The place does not have it any more" in organiser.get(BOARD).get_data(as_text=True)

    def test_is_shown_before_and_put_back_after_a_fact_turns_out_wrong(
        self, app: Flask, organiser: FlaskClient, places: tuple[int, int]
    ) -> None:
        page = f"/staff/venues/{places[0]}/facts"
        asked = send(organiser, page, **{"answer-step_free_route": "no"})
        assert asked.status_code == 422
        assert "No steps: Adult 1" in asked.get_data(as_text=True)
        with app.app_context():
            assert self.the_need().state == NeedState.CONFIRMED_TO_FAMILY
        assert send(organiser, asked, to=page).status_code == 303
        with app.app_context():
            assert self.the_need().state == NeedState.REQUESTED

    def test_that_stands_elsewhere_keeps_nothing_that_was_checked_at_the_old_spot(
        self, app: Flask, organiser: FlaskClient, places: tuple[int, int]
    ) -> None:
        page = f"/staff/venues/{places[0]}"
        asked = send(organiser, page, postcode="TN24", address="Another road")
        assert "No steps: Adult 1" in asked.get_data(as_text=True)
        assert send(organiser, asked, to=page, tell="families").status_code == 303
        with app.app_context():
            assert self.the_need().state == NeedState.REQUESTED

    def test_by_a_typing_mistake_puts_nothing_back(
        self, app: Flask, organiser: FlaskClient, places: tuple[int, int]
    ) -> None:
        page = f"/staff/venues/{places[0]}"
        asked = send(organiser, page, postcode="TN24", address="Another road")
        assert send(organiser, asked, to=page, tell="nobody").status_code == 303
        with app.app_context():
            assert self.the_need().state == NeedState.CONFIRMED_TO_FAMILY


class TestTheDaySheet:
    def test_says_what_to_do_for_whom_by_initials_alone(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event()
            for name in ("Rosalind Quillfeather", "Mo Ash"):
                a_named_booking(event.id, name, "lipread_seat")
            page = f"/staff/sessions/{event.id}/day-sheet"
        sheet = organiser.get(page).get_data(as_text=True)
        assert "Keep a seat where R. sees every face" in sheet
        assert "Keep a seat where M. sees every face" in sheet
        assert "Quillfeather" not in sheet
        assert "Rosalind" not in sheet

    def test_tells_apart_who_shares_an_initial(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event()
            for name in ("Rose Ash", "Rita Oak"):
                a_named_booking(event.id, name, "loop")
            page = f"/staff/sessions/{event.id}/day-sheet"
        sheet = organiser.get(page).get_data(as_text=True)
        assert "try it for R. A." in sheet
        assert "try it for R. O." in sheet


def a_named_booking(event_id: int, name: str, code: str) -> None:
    """Book for somebody of this name who asks for one thing."""
    with transaction():
        book_places(
            BookingRequest(
                event_id=event_id,
                adults=(Person(name),),
                email=f"{name.split(maxsplit=1)[0].lower()}@example.net",
                needs=(Need(code),),
                consents=(ConsentSubject.NEEDS,),
            )
        )


class TestAfterTheSession:
    def test_what_was_there_is_said_on_one_page(
        self, app: Flask, organiser: FlaskClient, number: int, summer: time_machine.Traveller
    ) -> None:
        with app.app_context():
            event_id = fresh(number).booking.event_id
        page = f"/staff/sessions/{event_id}/outcomes"
        assert "still to come" in organiser.get(page).get_data(as_text=True)
        summer.move_to("2026-07-01 09:00:00+00:00")
        come_back(organiser)
        assert f'href="{page}"' in organiser.get(BOARD).get_data(as_text=True)
        assert send(organiser, page, **{f"outcome-{number}": "partly_met"}).status_code == 303
        with app.app_context():
            assert fresh(number).state == NeedState.PARTLY_MET
        assert f'href="{page}"' not in organiser.get(BOARD).get_data(as_text=True)

    def test_nothing_is_said_for_another_session(
        self, app: Flask, organiser: FlaskClient, number: int, summer: time_machine.Traveller
    ) -> None:
        with app.app_context():
            event_id, other = fresh(number).booking.event_id, a_promise("loop").id
        summer.move_to("2026-07-01 09:00:00+00:00")
        come_back(organiser)
        page = f"/staff/sessions/{event_id}/outcomes"
        assert send(organiser, page, **{f"outcome-{other}": "met"}).status_code == 404
        with app.app_context():
            assert fresh(other).state == NeedState.REQUESTED
