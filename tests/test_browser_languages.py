"""Pages in French and Arabic in a real browser: axe, the direction of writing, narrow screens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.service.people import Duty
from tests.chromium import NARROW, NEEDS_CHROMIUM, WIDE, barriers, follow, sideways
from tests.full import often
from tests.http_sample import Door, Doors
from tests.loopback import listening
from tests.people_sample import PASSWORD, person, signed_in
from tests.test_http_editor import changed

pytestmark = NEEDS_CHROMIUM
EVERY_VIEW = [("fr", WIDE), ("ar", NARROW), ("fr", NARROW), ("ar", WIDE)]
READ = ["/", "/try?example=festival", "/rules/products/toys/small-parts-danger", "/people"]


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    made = doors(edits=True)
    person(made, "anne", Duty.AUTHOR, Duty.APPROVER, Duty.ADMINISTRATOR)
    return made


@pytest.fixture(scope="module")
def draft(door: Door) -> str:
    """The page of a draft."""
    return changed(signed_in(door, "anne"))


@pytest.fixture(scope="module")
def url(door: Door) -> Iterator[str]:
    with listening(door.app) as found:
        yield found


@contextmanager
def opened(
    browser: Browser,
    url: str,
    tag: str,
    width: int = WIDE,
    **more: Any,
) -> Iterator[Page]:
    """A page of a browser that prefers a language, signed in."""
    found = browser.new_context(
        base_url=url, locale=tag, viewport={"width": width, "height": 800}, **more
    )
    page = found.new_page()
    page.goto("/sign-in")
    page.locator("#name").fill("anne")
    page.locator("#password").fill(PASSWORD)
    follow(page.locator("button.main"))
    yield page
    found.close()


@pytest.mark.parametrize(("tag", "width"), often(EVERY_VIEW, EVERY_VIEW[:2]))
def test_axe_finds_no_barrier_and_no_page_scrolls_sideways(
    browser: Browser,
    url: str,
    draft: str,
    tag: str,
    width: int,
) -> None:
    found = []
    with opened(browser, url, tag, width) as page:
        for path in ("/editor/?code=9503", draft, "/sign-in", *READ):
            page.goto(path)
            found += barriers(page)
            if sideways(page):
                found.append(f"{path}: sideways")
    assert not found


def test_arabic_starts_at_the_right_and_code_at_the_left(
    browser: Browser,
    url: str,
    draft: str,
) -> None:
    with opened(browser, url, "ar") as page:
        page.goto(draft)
        title, skip = page.locator("h1"), page.locator(".skip")
        name, out = page.locator(".name a"), page.locator(".who button")
        assert title.evaluate("e => getComputedStyle(e).direction") == "rtl"
        assert page.locator("td code").first.evaluate("e => getComputedStyle(e).direction") == "ltr"
        places = [found.bounding_box() for found in (name, out)]
        assert places[0]["x"] > places[1]["x"]
        skip.focus()
        assert skip.bounding_box()["x"] > WIDE / 2


def test_a_language_is_chosen_on_the_page_and_stays(
    browser: Browser,
    url: str,
) -> None:
    with opened(browser, url, "fr", java_script_enabled=False) as page:
        page.goto("/editor/?code=9503")
        expect(page.get_by_role("heading", name="Éditeur")).to_be_visible()
        page.get_by_role("link", name="العربية").click()
        expect(page.locator("#code")).to_have_value("9503")
        expect(page.get_by_role("heading", name="المحرر")).to_be_visible()
        page.goto("/people")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
