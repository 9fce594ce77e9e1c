"""Both editors for everybody: no barrier, no breach of the policy, by keyboard, in Arabic."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import expect

from tests.editor_window import RULE, TABLE, Opened
from tests.full import often

EVERY_LOOK = [*product((RULE, TABLE), ("light", "dark"), ("en", "ar"))]


@pytest.mark.parametrize(
    ("path", "scheme", "lang"),
    often(EVERY_LOOK, [(RULE, "dark", "en"), (TABLE, "light", "ar")]),
)
def test_no_barrier_is_found(opened: Opened, path: str, scheme: str, lang: str) -> None:
    with opened(path, lang=lang, color_scheme=scheme) as at:
        at.page.wait_for_timeout(500)
        assert at.barriers() == []
        if path == RULE:
            at.page.get_by_role("tab", name="TOML").click()
            at.page.locator(".cm-content").wait_for()
            assert at.barriers() == []


@pytest.mark.parametrize("path", [RULE, TABLE])
def test_the_policy_of_the_pages_is_never_breached(opened: Opened, path: str) -> None:
    with opened(path) as at:
        if path == RULE:
            at.page.locator("#part-when").get_by_label("Fact").first.click()
            at.page.get_by_role("tab", name="TOML").click()
            at.page.locator(".cm-content").click()
            at.page.keyboard.type("= ")
            at.page.locator(".cm-lint-marker-error").hover()
        else:
            at.page.get_by_role("grid").focus()
            at.page.keyboard.press("F2")
        at.page.wait_for_timeout(600)
        assert at.breaches() == []


@pytest.mark.parametrize(
    ("path", "lang"), often([*product((RULE, TABLE), ("fr", "ar"))], [(RULE, "fr"), (TABLE, "ar")])
)
def test_no_string_of_the_editor_is_missing(opened: Opened, path: str, lang: str) -> None:
    with opened(path, lang=lang) as at:
        assert "⟦" not in at.page.locator(".editor").inner_text()
        assert "Undo" not in at.page.locator(".editor").inner_text()


@pytest.mark.parametrize(
    ("width", "lang"), often([*product((768, 1280), ("en", "ar"))], [(768, "ar"), (1280, "en")])
)
def test_nothing_is_wider_than_the_window(opened: Opened, width: int, lang: str) -> None:
    with opened(lang=lang, view={"width": width}) as at:
        at.page.locator(".verdicts li").first.wait_for()
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert at.page.evaluate(over) <= 0


def test_a_condition_is_written_by_keyboard_alone(opened: Opened) -> None:
    with opened() as at:
        at.page.locator("#part-unless").get_by_role("button", name="Add a condition").focus()
        at.page.keyboard.press("Enter")
        fact = at.page.locator("#part-unless").get_by_label("Fact").last
        for _ in range(40):
            if fact.evaluate("element => element === document.activeElement"):
                break
            at.page.keyboard.press("Shift+Tab")
        expect(fact).to_be_focused()
        at.page.keyboard.type("importer.authorised")
        expect(at.page.locator("[role=option]:visible").first).to_be_visible()
        at.page.keyboard.press("Enter")
        at.page.keyboard.press("Tab")
        expect(at.page.locator("#part-unless").get_by_label("Comparison").last).to_be_focused()
        at.settled()
        assert 'fact = "importer.authorised", is = true' in at.desk.text


def test_escape_gives_the_former_choice_back(opened: Opened) -> None:
    with opened() as at:
        agency = at.page.locator("#part-about").get_by_label("Agency", exact=True)
        expect(agency).to_have_value("market surveillance")
        agency.fill("cust")
        at.page.locator("[role=option]:visible").first.wait_for()
        agency.press("Escape")
        expect(agency).to_have_value("market surveillance")


def test_what_a_solver_finds_comes_when_ready_and_is_said_to_be_found(opened: Opened) -> None:
    with opened() as at:
        status = at.page.get_by_role("status").filter(has_text="Found")
        expect(status).to_have_text("Found: 2. Left open for time: 1. (0.9 s)")
        at.page.get_by_text("Goods that show it").click()
        expect(at.page.get_by_text("Given goods of which nothing is known")).to_be_visible()
        assert at.barriers() == []
