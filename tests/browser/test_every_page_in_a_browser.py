"""Every page in a real browser, on a phone and at a desk; with large text; and with a keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.code_app import set_up_code_app
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.focus_round import tab_order
from tests.browser.keys import press, tab_to, write
from tests.browser.looking import Looker
from tests.browser.staff_pages import PARTS
from tests.browser.walk import follow, go_on, push, send
from tests.browser.world import World, build_world

PASSWORD = "a long walk by the Stour"
BASE_PAGES = (
    "/",
    "/sessions",
    "/sessions?place=CT9&with=hearing_loop",
    "/sessions?place=Atlantis&kind=zzz&with=zzz",
    "/sessions?district=dover&time=weekend&online=y",
    "/sessions?view=month",
    "/sessions?view=month&place=CT9&with=hearing_loop",
    "/sessions?view=month&kind=roadshow&with=zzz",
    "/wish?place=CT9&time=evening",
    "/wish/thanks",
    "/news?district=ashford&kind=coffee",
    "/news/sent",
    "/news/nothing",
    "/what-would-help",
    "/help",
    "/calendars",
    "/calendars/mine/nothing",
    "/worried",
    "/privacy",
    "/privacy/complaint",
    "/privacy/complaint/sent",
    "/accessibility",
    "/cookies",
    "/security",
    "/you-said-we-did",
    "/what-families-say",
    "/access-promise",
    "/feedback/abc",
    "/find-my-booking",
    "/find-my-booking/sent",
    "/find-my-booking/texted",
    "/find-my-booking/ring-us",
    "/bookings/nothing",
    "/book/nothing/contact",
    "/no-such-page",
    "/embed",
)


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    return build_world(site)


@pytest.fixture
def looker(axe: Axe) -> Looker:
    return Looker(axe)


@pytest.fixture(scope="module")
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A family's browser with scripts. Styles may be added by a test, so it looks past the CSP."""
    context = browser.new_context(base_url=site.url, viewport=DESK, locale="en-GB", bypass_csp=True)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def staff_context(browser: Browser, site: Site, world: World) -> Iterator[BrowserContext]:
    """The browser of an admin who is signed in."""
    context = browser.new_context(base_url=site.url, viewport=DESK, locale="en-GB")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(world.staff_link)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    send(page)
    if page.locator("input[name=email]").count():
        page.fill("input[name=email]", "look@pact.example.org")
        page.fill("input[name=password]", PASSWORD)
        send(page)
    set_up_code_app(page)
    page.goto("/staff/")
    assert "sign-in" not in page.url
    assert "two-step" not in page.url
    page.close()
    yield context
    context.close()


def walk_the_booking(page: Page, slug: str) -> Iterator[str]:
    """Go through the booking pages, stopping at each page and each refusal; the family ends with two adults."""
    page.goto(f"/sessions/{slug}/book")
    yield "who"
    page.fill("input[name=adults]", "x")
    go_on(page)
    yield "who, refused"
    page.fill("input[name=adults]", "2")
    go_on(page)
    yield "contact"
    go_on(page)
    yield "contact, refused"
    page.fill("input[name=full_name]", "Zoë Łukasz-Okafor")
    page.check("input[value=email]")
    page.fill("input[name=email]", "zoe@example.org")
    page.fill("input[name=outcode]", "ME5")
    go_on(page)
    yield "district"
    go_on(page)
    yield "children"
    page.locator("input[name=age_phase]").first.check()
    follow(page, "Add another child")
    yield "children, refused"
    page.check("input[name=consent_profile]")
    follow(page, "Add another child")
    yield "second child"
    go_on(page)
    yield "needs"
    page.check("input[name=any_needs][value=yes]")
    go_on(page)
    yield "needs, refused"
    follow(page, "More kinds of support")
    yield "more needs"
    page.check("input[name=needs][value=lift]")
    go_on(page)
    page.check("input[name=consent_needs]")
    follow(page, "tell us more about each")
    yield "words on each need"
    go_on(page)
    yield "questions"
    page.fill("textarea[name=question]", "?" * 1001)
    go_on(page)
    yield "questions, refused"
    page.fill("textarea[name=question]", "When will letters be in plain words?")
    go_on(page)
    yield "check"


class TestOnAPhoneAndAtADesk:
    def test_the_public_pages(self, context: BrowserContext, world: World, looker: Looker) -> None:
        page = context.new_page()
        shown = ("forum", "times", "open", "online", "full", "put off", "cancelled", "over", "today")
        places = (f"/sessions/{world.slugs[name]}/place" for name in ("forum", "times"))
        for path in (*BASE_PAGES, *(f"/sessions/{world.slugs[name]}" for name in shown), *places):
            page.goto(path)
            looker.look(page)
        page.goto("/find-my-booking")
        page.fill("input[name=contact]", "nobody@")
        send(page)
        looker.look(page)
        page.goto("/wish?place=Atlantis")
        send(page)
        looker.look(page)
        page.close()
        assert not looker.found, looker.report()

    def test_the_pages_that_ask_how_it_was(self, context: BrowserContext, world: World, looker: Looker) -> None:
        page = context.new_page()
        for name in ("cancelled", "forum"):
            page.goto(f"/sessions/{world.slugs[name]}/feedback")
            looker.look(page)
        page.goto(f"/sessions/{world.slugs['over']}/feedback")
        looker.look(page)
        send(page)
        expect(page.get_by_role("alert")).to_contain_text("One is enough.")
        page.locator("main summary").click()
        looker.look(page)
        page.check("input[name=listened][value='4']")
        send(page)
        expect(page.locator("h1")).to_have_text("Thank you for telling us how it was")
        looker.look(page)
        page.goto(world.own_pages["confirmed"] + "/before")
        send(page)
        looker.look(page)
        page.close()
        assert not looker.found, looker.report()

    def test_the_booking_pages(self, context: BrowserContext, world: World, looker: Looker) -> None:
        page = context.new_page()
        for _step in walk_the_booking(page, world.slugs["forum"]):
            looker.look(page)
        check = page.url
        send(page)
        expect(page.locator("h1")).to_have_text("You have a place")
        looker.look(page)
        page.goto(check)
        expect(page.locator("h1")).to_have_text("You have a place")
        for name in ("full", "times", "open", "cancelled", "over"):
            page.goto(f"/sessions/{world.slugs[name]}/book")
            looker.look(page)
        page.close()
        assert not looker.found, looker.report()
        assert len(looker.seen) == 21

    def test_the_familys_page_in_every_state(self, context: BrowserContext, world: World, looker: Looker) -> None:
        page = context.new_page()
        parts = [(state, "") for state in world.own_pages]
        parts += [
            ("confirmed", part) for part in ("/cancel", "/needs", "/needs/details", "/print", "/place", "/contact")
        ]
        parts += [("online", "/print"), ("confirmed", "/before")]
        parts += [("a time", "/time"), ("waiting", "/cancel"), ("cancelled by us", "/cancel"), ("over", "/cancel")]
        for state, part in parts:
            page.goto(f"{world.own_pages[state]}{part}")
            looker.look(page)
        self.change_everything(page, world, looker)
        page.goto(world.calendar)
        looker.look(page)
        page.get_by_role("button", name="Stop this calendar").click()
        expect(page.locator("h1")).to_have_text("This calendar has stopped")
        looker.look(page)
        page.goto(world.own_pages["confirmed"] + "/needs")
        page.check("input[name=any_needs][value=yes]")
        send(page)
        looker.look(page)
        page.close()
        assert not looker.found, looker.report()

    def change_everything(self, page: Page, world: World, looker: Looker) -> None:
        """Open what is folded away, and see what is said when something is wrong, full or filled in from before."""
        for state, adults in (("confirmed", "99"), ("taken", "2")):
            page.goto(world.own_pages[state])
            for fold in page.locator("main summary").all():
                fold.click()
            looker.look(page)
            page.fill("input[name=adults]", adults)
            follow(page, "Change", exact=True)
            looker.look(page)
        expect(page.get_by_role("button", name="Keep what I have, and wait for 1 more place")).to_be_visible()
        page.goto(world.own_pages["confirmed"] + "/contact")
        page.fill("input[name=email]", "x@")
        send(page)
        looker.look(page)
        page.goto(world.own_pages["a time"] + "/time")
        send(page)
        looker.look(page)
        page.goto(world.own_pages["confirmed"])
        follow(page, "Book another session")
        page.goto(f"/sessions/{world.slugs['forum']}/book")
        looker.look(page)
        follow(page, "Not you? Start afresh")
        looker.look(page)

    @pytest.mark.parametrize("part", PARTS)
    def test_the_pages_of_staff(self, staff_context: BrowserContext, world: World, looker: Looker, part: str) -> None:
        page = staff_context.new_page()
        for path in PARTS[part](world):
            page.goto(path)
            looker.look(page, of_family=False)
        page.close()
        assert not looker.found, looker.report()

    def test_what_staff_are_told_is_wrong(self, staff_context: BrowserContext, world: World, looker: Looker) -> None:
        page = staff_context.new_page()
        session, photos = f"/staff/sessions/{world.ids['forum']}", f"/staff/venues/{world.venue_id}/photos"
        booking = f"/staff/bookings/{world.booking_id}"
        for path in ("/staff/sessions/new", "/staff/venues/new", photos, f"{session}/book", f"{session}/cancel",
                     f"/staff/sessions/{world.ids['times']}/slots", f"/door/{world.ids['today']}/close",
                     f"{booking}/move", f"{booking}/same-family"):  # fmt: skip
            page.goto(path)
            send(page)
            looker.look(page, of_family=False)
        page.goto(booking)
        page.get_by_role("button", name="Save the note").click()
        looker.look(page, of_family=False)
        page.close()
        assert not looker.found, looker.report()

    def test_what_staff_are_asked_before_it_is_done(
        self, staff_context: BrowserContext, world: World, looker: Looker
    ) -> None:
        page = staff_context.new_page()
        page.goto(f"/staff/venues/{world.venue_id}")
        page.fill("input[name=name]", "Another name")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="were told another place")).to_be_visible()
        looker.look(page, of_family=False)
        page.goto(f"/staff/sessions/{world.ids['forum']}/move")
        page.fill("input[name=starts]", "11:00")
        follow(page, "See who it touches")
        looker.look(page, of_family=False)
        page.goto(f"/staff/bookings/{world.booking_id}/same-family")
        page.fill("input[name=reference]", world.other_reference)
        page.get_by_role("button", name="Compare the two").click()
        expect(page.locator("h1")).to_have_text("Is this one family?")
        looker.look(page, of_family=False)
        page.close()
        assert not looker.found, looker.report()

    def test_dates_and_places_that_change(self, staff_context: BrowserContext, world: World, looker: Looker) -> None:
        page = staff_context.new_page()
        page.goto(f"/staff/sessions/{world.ids['course']}/dates")
        page.fill("input[name=starts]", "9:30am")
        follow(page, "See what becomes of each date")
        looker.look(page, of_family=False)
        page.goto(f"/staff/sessions/{world.ids['forum']}/edit")
        page.fill("input[name=capacity]", "9")
        follow(page, "Save")
        expect(page.get_by_role("heading", name="Check the places")).to_be_visible()
        looker.look(page, of_family=False)
        page.close()
        assert not looker.found, looker.report()

    def test_who_looked(self, staff_context: BrowserContext, world: World, looker: Looker) -> None:
        page = staff_context.new_page()
        self.ask_who_looked(page, world, looker)
        page.close()
        assert not looker.found, looker.report()

    def test_what_is_kept_of_a_family(self, staff_context: BrowserContext, world: World, looker: Looker) -> None:
        page = staff_context.new_page()
        self.see_and_erase_a_family(page, world, looker)
        page.close()
        assert not looker.found, looker.report()

    def test_a_family_is_found_while_its_name_is_typed(
        self, staff_context: BrowserContext, world: World, looker: Looker
    ) -> None:
        page = staff_context.new_page()
        page.goto("/staff/find-booking")
        page.locator("#said").press_sequentially("adu")
        expect(page.locator("#found")).to_contain_text("Adult 1")
        expect(page.locator("#said")).to_be_focused()
        looker.look(page, of_family=False)
        page.fill("#said", "zzz")
        expect(page.get_by_role("status")).to_contain_text("Nobody has this name")
        assert "adu" not in page.url
        page.close()
        assert not looker.found, looker.report()

    def see_and_erase_a_family(self, page: Page, world: World, looker: Looker) -> None:
        """See all that is kept of a family, what erasing takes, what would be swept, and a complaint's errors."""
        for path in ("/staff/privacy/family", "/staff/privacy/kept", f"/staff/complaints/{world.complaint}"):
            page.goto(path)
            page.locator("main form").last.get_by_role("button").click()
            looker.look(page, of_family=False)
        page.goto("/staff/privacy/family")
        page.fill("input[name=said]", world.email)
        page.get_by_label("The family asked by email").check()
        page.get_by_role("button", name="Show everything").click()
        expect(page.locator("h1")).to_have_text("Everything we keep of you")
        looker.look(page, of_family=False)
        page.get_by_role("button", name="Erase it").click()
        looker.look(page, of_family=False)
        page.get_by_role("button", name="Erase").click()
        expect(page.get_by_role("alert")).to_contain_text("Tick the box if it is to be erased.")
        looker.look(page, of_family=False)

    def ask_who_looked(self, page: Page, world: World, looker: Looker) -> None:
        """See the errors of the pages about people, and the list of looks."""
        for path in ("/staff/people/new", f"/staff/people/{world.colleague}/remove", "/staff/who-looked"):
            page.goto(path)
            page.locator("main form").first.get_by_role("button").last.click()
            looker.look(page, of_family=False)
        page.fill("input[name=said]", world.email)
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_role("table")).to_contain_text("Olive Hop")
        looker.look(page, of_family=False)

    def test_the_door_when_the_room_fills(self, staff_context: BrowserContext, world: World, looker: Looker) -> None:
        page = staff_context.new_page()
        page.goto(f"/door/{world.ids['today']}")
        push(page.get_by_role("button", name=re.compile("^Here")).first)
        for _ in range(4):
            looker.look(page, of_family=False)
            if page.get_by_role("heading", name="The room is full").count():
                break
            follow(page, "Someone came in")
        expect(page.locator("h1")).to_have_text("The room is full")
        page.close()
        assert not looker.found, looker.report()

    def test_signing_in(self, browser: Browser, site: Site, looker: Looker) -> None:
        with browser.new_context(base_url=site.url) as context:
            page = context.new_page()
            page.goto("/staff/sign-in")
            looker.look(page, of_family=False)
            page.fill("input[name=email]", "nobody@example.org")
            page.fill("input[name=password]", "wrong")
            send(page)
            looker.look(page, of_family=False)
            page.goto("/staff/set-password/nothing")
            looker.look(page, of_family=False)
        assert not looker.found, looker.report()


class TestWithLargeText:
    def test_nothing_is_cut_off(self, context: BrowserContext, world: World, looker: Looker) -> None:
        page = context.new_page()
        for path in ("/", "/sessions", f"/sessions/{world.slugs['forum']}", world.own_pages["offered"]):
            page.goto(path)
            looker.look_with_large_text(page)
        for step in walk_the_booking(page, world.slugs["forum"]):
            if step in ("who", "contact", "contact, refused", "needs", "words on each need", "check"):
                looker.look_with_large_text(page)
        send(page)
        expect(page.locator("h1")).to_have_text("You have a place")
        looker.look_with_large_text(page)
        page.close()
        assert not looker.found, looker.report()


class TestWithAKeyboard:
    @pytest.fixture
    def page(self, context: BrowserContext) -> Iterator[Page]:
        page = context.new_page()
        page.set_viewport_size(DESK)
        yield page
        page.wait_for_load_state("load")
        page.close()

    def test_the_first_stop_skips_to_the_content(self, page: Page) -> None:
        page.goto("/")
        press(page, "Tab")
        skip = page.get_by_role("link", name="Skip to main content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        press(page, "Enter")
        expect(page.locator("#main-content")).to_be_focused()

    def test_what_has_the_focus_shows_it(self, page: Page, world: World, looker: Looker) -> None:
        stops = 0
        for path in ("/", "/sessions?place=Atlantis", f"/sessions/{world.slugs['forum']}", world.own_pages["offered"]):
            page.goto(path)
            stops += looker.look_at_focus(page)
        for step in walk_the_booking(page, world.slugs["forum"]):
            if step in ("contact", "needs", "check"):
                stops += looker.look_at_focus(page)
        assert not looker.found, looker.report()
        assert stops > 120

    def test_tab_comes_to_everything_on_pages_of_staff_and_out_again(
        self, staff_context: BrowserContext, world: World
    ) -> None:
        page = staff_context.new_page()
        page.set_viewport_size(PHONE)
        forum, today = f"/staff/sessions/{world.ids['forum']}", f"/door/{world.ids['today']}"
        for path in ("/staff/", forum, f"{forum}/edit", f"{forum}/cancel", "/staff/promises", "/staff/figures", today):
            page.goto(path)
            wanted, reached = tab_order(page)
            assert reached == wanted, path
        page.goto(forum)
        press(page, "Tab")
        press(page, "Enter")
        press(page, "Tab")
        assert page.evaluate("document.activeElement.closest('#main-content') !== null"), (
            "the first stop skips the menu"
        )
        page.close()

    def test_what_has_the_focus_shows_it_in_high_contrast(
        self, browser: Browser, site: Site, world: World, looker: Looker
    ) -> None:
        with browser.new_context(base_url=site.url, viewport=PHONE, forced_colors="active") as context:
            page = context.new_page()
            for path in ("/", f"/sessions/{world.slugs['forum']}", world.own_pages["confirmed"]):
                page.goto(path)
                looker.look_at_focus(page)
        assert not looker.found, looker.report()

    def test_an_error_summary_takes_the_focus_and_leads_to_each_field(self, page: Page, world: World) -> None:
        for step in walk_the_booking(page, world.slugs["forum"]):
            if not step.endswith("refused"):
                continue
            summary = page.locator(".govuk-error-summary")
            expect(summary).to_be_focused()
            links = summary.locator("a").all()
            assert links, step
            for link in links:
                target = link.get_attribute("href")
                link.focus()
                press(page, "Enter")
                expect(page.locator(f"{target}")).to_be_focused()
                expect(page.locator(f"{target}")).to_be_in_viewport()

    def test_a_place_is_booked_with_tab_space_and_enter_alone(self, page: Page, world: World) -> None:
        page.goto(f"/sessions/{world.slugs['forum']}")
        tab_to(page, "a.govuk-button")
        press(page, "Enter")
        page.wait_for_url("**/book")
        tab_to(page, "#adults")
        write(page, "2")
        tab_to(page, "main button")
        press(page, "Space")
        page.wait_for_url("**/contact")
        tab_to(page, "#full_name")
        write(page, "Zoë")
        tab_to(page, "[name=contact_by]")
        press(page, "Space")
        tab_to(page, "#email")
        write(page, "keys@example.org")
        press(page, "Enter")
        page.wait_for_url("**/children")
        tab_to(page, "main button")
        press(page, "Enter")
        page.wait_for_url("**/needs")
        tab_to(page, "[name=any_needs]")
        press(page, "Space")
        tab_to(page, "[name=needs][value=bsl]")
        press(page, "Space")
        tab_to(page, "#consent_needs")
        press(page, "Space")
        tab_to(page, "main button:not([name=action])")
        press(page, "Enter")
        page.wait_for_url("**/questions")
        tab_to(page, "main button")
        press(page, "Space")
        page.wait_for_url("**/check")
        expect(page.get_by_text("British Sign Language")).to_be_visible()
        tab_to(page, "main button")
        press(page, "Space")
        expect(page.locator("h1")).to_have_text("You have a place")
