"""A regulator's afternoon in a real browser: from finding a rule to the release that it changes.

In English and in Arabic. What is looked for is named by place, not by words, which differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.service.people import Duty
from engine import release as releases
from tests.chromium import NEEDS_CHROMIUM, barriers, follow
from tests.evidence_sample import SIGNER
from tests.http_sample import Door, Doors, declaration
from tests.loopback import listening
from tests.people_sample import PASSWORD, person

RULE, TABLE = "rules/customs/random.toml", "rules/customs/neighbours.csv"
LONG = 180_000
pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def door(doors: Doors) -> Door:
    made = doors(edits=True)
    person(made, "anne", Duty.AUTHOR, Duty.APPROVER)
    person(made, "ben", Duty.APPROVER)
    return made


@pytest.fixture
def url(door: Door) -> Iterator[str]:
    with listening(door.app) as found:
        yield found


class Desk:
    """A person at a browser, in one language."""

    def __init__(self, browser: Browser, url: str, name: str, language: str) -> None:
        self.context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900})
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page: Page = self.context.new_page()
        self.barriers: list[str] = []
        self.page.goto(f"/sign-in?lang={language}")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        follow(self.page.locator("button.main"))

    def look(self) -> None:
        """Note what axe finds on this page."""
        self.page.wait_for_timeout(300)
        self.barriers += barriers(self.page)

    def field(self, path: str) -> Any:
        return self.page.locator(f'[data-path="{path}"]').locator("input, textarea, select").first

    def saved(self) -> None:
        """Everything typed is with the server."""
        expect(self.page.locator("[data-state]")).to_have_attribute("data-state", "saved")

    def sent(self, action: str) -> None:
        """Send the form of that action, and wait for its answer."""
        follow(self.page.locator(f'form[action$="/{action}"] button').last, LONG)


def selected(door: Door, name: str) -> list[str]:
    """The tasks that a declaration of ordinary goods brings."""
    with door.client() as client:
        decided = client.lodge(declaration(name))
    return [one["task"] for item in decided["items"] for one in item["controls"] if one["selected"]]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_rule_is_changed_by_two_persons(
    language: str,
    door: Door,
    url: str,
    editor_browser: Browser,
) -> None:
    before = selected(door, "before")
    anne = Desk(editor_browser, url, "anne", language)
    page = anne.page

    page.goto("/editor/?words=drawn+at+random")
    direction = page.locator("html").get_attribute("dir")
    assert direction == ("rtl" if language == "ar" else "ltr")
    anne.look()
    follow(page.locator(f'form:has(input[value="{RULE}"]) button').first)

    # A share beyond all is told at its field, while one types.
    share = anne.field("then.control.0.rate")
    share.fill("7")
    expect(page.locator('[data-path="then.control.0.rate"] .faults')).to_be_visible()
    anne.look()
    share.fill("1")
    # The example says what the rule imposes: it is told that this differs, and is mended.
    imposed = page.locator('[data-path^="example.0.gives"] input')
    expect(page.locator(".faults").first).to_be_visible()
    imposed.fill("1")
    anne.saved()
    expect(page.locator(".faults")).to_have_count(0)
    draft = page.url.partition("/files/")[0]

    # A row is pasted from a spreadsheet.
    page.goto(draft)
    page.fill("#path", TABLE)
    follow(page.locator('form[action$="/add"] button'))
    row = "X1\t9504\tGames\t9503 which names toys"
    page.evaluate("text => navigator.clipboard.writeText(text)", row)
    grid = page.get_by_role("grid")
    grid.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+v")
    anne.saved()
    anne.look()

    page.goto(draft)
    anne.look()
    page.goto(f"{draft}/try?example=sesame-nigeria")
    follow(page.locator("form[enctype] button.main"), LONG)
    expect(page.locator("#answer")).to_be_visible()
    anne.look()

    page.goto(draft)
    anne.sent("propose")
    follow(page.locator(".done a"))
    anne.look()
    anne.sent("approve")
    expect(page.locator("main")).to_contain_text("four-eyes")

    ben = Desk(editor_browser, url, "ben", language)
    ben.page.goto(draft)
    ben.sent("approve")
    ben.sent("publish")
    expect(ben.page.locator(".done")).to_be_visible()
    ben.page.goto(draft)
    ben.look()

    door.service.decider = releases.decider(
        releases.load(door.folder / "release.json", SIGNER.public)
    )
    assert len(selected(door, "after")) > len(before)
    assert [*anne.barriers, *ben.barriers] == []
    anne.context.close()
    ben.context.close()
