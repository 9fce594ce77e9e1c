"""Pages in a real browser: no barrier that axe finds, keyboard only, narrow screens, no script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.store import Role
from tests.chromium import NARROW, NEEDS_CHROMIUM, WIDE, barriers, follow, sideways
from tests.full import often, share
from tests.http_sample import DECLARATIONS, SESAME, Door, Doors
from tests.loopback import listening

EVERY_VIEW = [("light", WIDE), ("dark", NARROW), ("light", NARROW), ("dark", WIDE)]
VIEWS = often(EVERY_VIEW, EVERY_VIEW[:2])
"""In which axe looks at pages: every day each scheme and each width once, at a share of them."""
WRONG = '{"declaration": {"id": "x", "goods": [{"item": 1}, {"item": 1}]}}'
TRIED, REFUSED, FOREIGN = "a trial", "a refused trial", "the sign-in page"
pytestmark = NEEDS_CHROMIUM


class Site:
    """The service on a loopback port, with decisions to look at."""

    def __init__(self, door: Door, url: str) -> None:
        self.door, self.url = door, url
        festival = (DECLARATIONS / "festival-nigeria.json").read_bytes()
        suspended = (DECLARATIONS / "radio-toy-suspended.json").read_bytes()
        amended = SESAME.replace(b'"netMassKg": 20000', b'"netMassKg": 19000')
        assert amended != SESAME
        with door.client() as client:
            self.decisions = [
                f"/decisions/{client.lodge(body)['id']}"
                for body in (SESAME, amended, festival, suspended)
            ]
        with door.client(Role.TRADER) as client:
            own = SESAME.replace(b"26NL000396D0A1B2C3", b"26NL000000TRADERS1")
            self.told = f"/decisions/{client.lodge(own)['id']}"


@pytest.fixture(scope="module")
def site(doors: Doors) -> Iterator[Site]:
    door = doors()
    with listening(door.app) as url:
        yield Site(door, url)


@contextmanager
def context(
    browser: Browser, site: Site, role: Role | None = Role.OFFICER, **more: Any
) -> Iterator[BrowserContext]:
    """A browser of its own, signed in by the form."""
    width = more.pop("width", WIDE)
    found = browser.new_context(base_url=site.url, viewport={"width": width, "height": 800}, **more)
    if role is not None:
        page = found.new_page()
        page.goto("/sign-in")
        page.get_by_label("Your key").fill(site.door.tokens[role])
        follow(page.get_by_role("button", name="Use the key"))
        page.close()
    yield found
    found.close()


def kinds(site: Site) -> list[str]:
    """One page of every kind, and the ways through a form."""
    return [
        *("/", "/try", "/try?example=festival", TRIED, REFUSED, *site.decisions, "/docs"),
        *("/no-such-page", "/rules", "/rules/products/toys/small-parts-danger", "/terms"),
        *("/terms?q=toy", "/terms/product/RadioToy", "/facts", "/facts/goods.netMassKg"),
        *("/regulations", "/regulations/ToySafetyDirective", FOREIGN),
    ]


def go(page: Page, kind: str) -> None:
    if kind == TRIED:
        page.goto("/try?example=radio-toy")
        decide(page)
    elif kind == REFUSED:
        page.goto("/try")
        page.get_by_label("The declaration").fill(WRONG)
        decide(page)
    else:
        page.goto("/sign-in" if kind == FOREIGN else kind)


def decide(page: Page) -> None:
    follow(page.get_by_role("button", name="Decide"))


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent"))


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_axe_finds_no_barrier_on_any_kind_of_page(
    browser: Browser, site: Site, scheme: str, width: int
) -> None:
    found = []
    with context(browser, site, color_scheme=scheme, width=width) as opened:
        page = opened.new_page()
        for kind in share(kinds(site), VIEWS.index((scheme, width)), len(VIEWS)):
            go(page, kind)
            found += [f"{kind}: {barrier}" for barrier in barriers(page)]
    with context(browser, site, Role.TRADER, color_scheme=scheme) as opened:
        page = opened.new_page()
        page.goto(site.told)
        found += barriers(page)
    assert not found


def test_no_page_scrolls_sideways_on_a_narrow_screen(browser: Browser, site: Site) -> None:
    wide = []
    with context(browser, site, width=NARROW) as opened:
        page = opened.new_page()
        for kind in kinds(site):
            go(page, kind)
            if sideways(page):
                wide.append(kind)
    assert not wide


def test_pages_are_whole_without_script_and_break_no_rule_of_theirs(
    browser: Browser, site: Site
) -> None:
    said: list[str] = []
    with context(browser, site, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("requestfailed", lambda request: said.append(request.url))
        for kind in kinds(site):
            if kind != "/no-such-page":
                go(page, kind)
        page.goto("/try?example=sesame-nigeria")
        decide(page)
        assert page.get_by_role("heading", name="What to do").is_visible()
    assert not [text for text in said if "Content Security Policy" in text or "://" in text[:8]]


def test_a_trial_is_made_by_keyboard_alone(browser: Browser, site: Site) -> None:
    with context(browser, site) as opened:
        page = opened.new_page()
        page.goto("/try?example=sesame-nigeria#declaration")
        expect(page.locator("#declaration")).to_be_focused()
        page.keyboard.press("Tab")
        assert focused(page) == "file"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/try#answer")
        expect(page.locator("#answer")).to_be_focused()


def test_the_first_stop_of_a_page_skips_to_its_content(browser: Browser, site: Site) -> None:
    with context(browser, site) as opened:
        page = opened.new_page()
        page.goto(site.decisions[0])
        page.keyboard.press("Tab")
        assert focused(page) == "Skip to the content"
        assert page.get_by_text("Skip to the content").bounding_box()["x"] >= 0
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()


def test_every_stop_of_the_keyboard_shows_where_it_is(browser: Browser, site: Site) -> None:
    with context(browser, site) as opened:
        page = opened.new_page()
        page.goto(site.decisions[0])
        stops = 0
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement !== document.body"):
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style == "solid", focused(page)
            stops += 1
            page.keyboard.press("Tab")
        assert stops == page.locator("a[href]:visible, button:visible, summary:visible").count()


def test_the_focus_goes_to_the_problems_of_a_trial(browser: Browser, site: Site) -> None:
    with context(browser, site) as opened:
        page = opened.new_page()
        go(page, REFUSED)
        expect(page.locator("#answer")).to_be_focused()
        assert page.get_by_label("The declaration").input_value() == WRONG
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#declaration")).to_be_focused()


def test_a_file_is_dropped_or_chosen_without_script(browser: Browser, site: Site) -> None:
    with context(browser, site, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/try")
        page.get_by_label("Or a file").set_input_files(DECLARATIONS / "plush-toys.xml")
        decide(page)
        assert page.get_by_role("heading", name="What is asked for").is_visible()


def test_details_are_opened_on_paper(browser: Browser, site: Site) -> None:
    with context(browser, site) as opened:
        page = opened.new_page()
        page.goto(site.decisions[0])
        page.emulate_media(media="print")
        near = page.locator("details", has_text="near misses").locator("li").first
        assert near.bounding_box()["height"] > 0
        assert not page.locator("nav").first.is_visible()
