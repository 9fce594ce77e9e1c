"""The review in a real browser: from contents to law, try-it, sign-off, paper; no barrier."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.service.people import Duty
from engine.release import Release
from tests.chromium import NARROW, NEEDS_CHROMIUM, WIDE, barriers, follow, sideways
from tests.full import often, share
from tests.http_sample import Door, Doors
from tests.loopback import listening
from tests.people_sample import PASSWORD, person
from tests.review_sample import CLAUSE, OTHER, TOYS, reviewed_door

CASE = "A toy with small parts from an importer with a poor record is examined"
PAGES = [
    *("/review/", f"/review/{CLAUSE}", f"/review/{OTHER}", "/review/matrix"),
    *(f"/review/rules/{TOYS}", "/review/interpretations", "/review/vocabulary"),
    *("/review/findings", "/review/mutation", f"/review/{CLAUSE}/try?at=14"),
]
VIEWS = [(WIDE, "light", "en"), (NARROW, "dark", "ar")]
"""In which axe looks at pages: every day at half of them in each."""
FIRST = often({}, {"/review/interpretations": {"exclude": [["section:nth-of-type(n + 3)"]]}})
"""Of the register, whose entries are made alike, axe looks at two every day."""
pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def door(doors: Doors, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Door:
    made = reviewed_door(doors, release, tmp_path_factory.mktemp("review"))
    person(made, "anne", Duty.COUNSEL)
    return made


@pytest.fixture(scope="module")
def url(door: Door) -> Iterator[str]:
    with listening(door.app) as found:
        yield found


@contextmanager
def counsel(browser: Browser, url: str, width: int = WIDE, **more: Any) -> Iterator[Page]:
    """A page of counsel, who signed in by the form."""
    found: BrowserContext = browser.new_context(
        base_url=url, viewport={"width": width, "height": 800}, **more
    )
    page = found.new_page()
    page.goto("/sign-in")
    page.locator("#name").fill("anne")
    page.locator("#password").fill(PASSWORD)
    follow(page.locator("button.main"))
    yield page
    found.close()


def opened(page: Page) -> None:
    """Unfold all evidence, as axe sees nothing that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def test_counsel_goes_from_the_contents_to_the_law(browser: Browser, url: str) -> None:
    with counsel(browser, url, java_script_enabled=False) as page:
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Review").click()
        page.get_by_role("link", name=CLAUSE).click()
        case = page.get_by_role("article", name=CASE)
        expect(case).to_contain_text("✓ passed Given a consignment of a plush toy")
        case.get_by_text("Evidence: red channel").click()
        expect(case.get_by_text("The toy is for children under three")).to_be_visible()
        case.get_by_role("link", name="Examine toys with small parts").first.click()
        page.wait_for_url(f"**/rules/{TOYS}")
        page.get_by_role("link", name="toy safety", exact=False).first.click()
        page.wait_for_url("**/regulations/ToySafetyDirective")


def test_a_rule_behind_a_scenario_leads_to_what_tries_it(browser: Browser, url: str) -> None:
    with counsel(browser, url, java_script_enabled=False) as page:
        page.goto(f"/review/{CLAUSE}")
        case = page.get_by_role("article", name=CASE)
        case.get_by_text("rules behind it").click()
        case.get_by_role("link", name="What tries it: Examine toys with small parts").click()
        expect(page.get_by_role("heading", name="Scenarios that rest on it")).to_be_visible()
        page.get_by_role("link", name=CASE).click()
        page.wait_for_url(f"**/review/{CLAUSE}#s*")


def test_a_case_is_changed_and_run_beside_the_other(browser: Browser, url: str) -> None:
    with counsel(browser, url, java_script_enabled=False) as page:
        page.goto(f"/review/{CLAUSE}")
        page.get_by_role("link", name=f"Change it and run it: {CASE}").click()
        text = page.get_by_label("The scenario")
        text.fill(text.input_value().replace("18 months", "40 months"))
        page.get_by_role("button", name="Run it").click()
        expect(page.get_by_role("article", name="As you changed it")).to_contain_text("✗ failed")
        expect(page.get_by_role("article", name="As it stands")).to_contain_text("✓ passed")


def test_what_cannot_be_run_is_told_where_it_was_typed(browser: Browser, url: str) -> None:
    with counsel(browser, url) as page:
        page.goto(f"/review/{CLAUSE}/try?at=14")
        page.get_by_label("The scenario").fill("Scenario: a\n  Given <script>alert(1)</script>")
        page.get_by_role("button", name="Run it").click()
        expect(page.locator("#answer")).to_be_focused()
        expect(page.locator("#answer")).to_contain_text("scenario:2 no phrase says")
        expect(page.locator("#answer")).to_contain_text("<script>alert(1)</script>")
        expect(page.get_by_label("The scenario")).to_have_attribute("aria-invalid", "true")


def test_counsel_signs_a_clause(browser: Browser, url: str) -> None:
    with counsel(browser, url, java_script_enabled=False) as page:
        page.goto(f"/review/{OTHER}#signing")
        page.get_by_label("I object").check()
        page.get_by_role("textbox", name="Why").fill("The ladder is the project's own.")
        page.get_by_role("button", name="Put it on record").click()
        page.wait_for_url("**#signing")
        expect(page.get_by_role("listitem").filter(has_text="Anne, customs")).to_contain_text(
            "objected"
        )
        page.goto("/review/")
        expect(page.get_by_role("listitem").filter(has_text=OTHER)).to_contain_text("objected")


def test_evidence_is_unfolded_on_paper_and_forms_are_not_there(browser: Browser, url: str) -> None:
    with counsel(browser, url) as page:
        page.goto(f"/review/{CLAUSE}")
        page.emulate_media(media="print")
        evidence = page.get_by_role("article", name=CASE).locator(".ground").first
        assert evidence.bounding_box()["height"] > 0
        assert not page.get_by_role("button", name="Put it on record").is_visible()
        assert not page.get_by_role("link", name="Change it and run it").first.is_visible()
        assert len(page.pdf()) > 10_000


@pytest.mark.parametrize(("width", "scheme", "language"), VIEWS)
def test_axe_finds_no_barrier_and_no_page_scrolls_sideways(
    browser: Browser, url: str, width: int, scheme: str, language: str
) -> None:
    found = []
    looked = {*share(PAGES, VIEWS.index((width, scheme, language)), len(VIEWS))}
    with counsel(browser, url, width, color_scheme=scheme) as page:
        page.goto(f"/?lang={language}")
        for path in PAGES:
            page.goto(path)
            opened(page)
            if path in looked:
                found += barriers(page, FIRST.get(path))
            if sideways(page):
                found.append(f"{path}: sideways")
    assert not found
