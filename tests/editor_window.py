"""An editor in a browser window, over the stub of its calls: for tests of the islands."""

from __future__ import annotations

import runpy
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.release import Release
from tests.chromium import barriers
from tests.editor_stub import Desk, stub
from tests.loopback import listening

ROOT = Path(__file__).resolve().parent.parent
RULE = "rules/products/toys/small-parts.toml"
TABLE = "rules/food/increased-controls.csv"
PATIENCE = 30.0  # seconds: the machine may be busy with other tests
expect.set_options(timeout=PATIENCE * 1000)
BREACHES = """window.breaches = [];
document.addEventListener('securitypolicyviolation',
  event => window.breaches.push(event.violatedDirective + ' ' + event.sample))"""


class Window:
    """One editor in one browser window, over a desk of its own."""

    def __init__(self, desk: Desk, page: Page) -> None:
        self.desk, self.page = desk, page

    def settled(self) -> None:
        """Everything typed is checked and saved."""
        expect(self.page.get_by_text("Saved", exact=True)).to_be_visible()

    def saves(self, text: str) -> None:
        """What is saved becomes *text*."""
        limit = time.monotonic() + PATIENCE
        while self.desk.text != text and time.monotonic() < limit:
            self.page.wait_for_timeout(50)
        assert self.desk.text == text

    def breaches(self) -> Any:
        return self.page.evaluate("window.breaches")

    def barriers(self) -> list[str]:
        """What axe finds, once what moves has come to rest."""
        self.page.wait_for_timeout(300)
        return barriers(self.page)


Opened = Callable[..., AbstractContextManager[Window]]
"""Opens an editor on a shipped file by its path, or on a text of its own, in a language."""


@pytest.fixture(scope="module")
def editor_browser(browser: Browser) -> Browser:
    """A browser, once the front end is built; skips where no Node can be had."""
    made = runpy.run_path(str(ROOT / "api" / "web" / "build.py"))
    try:
        made["build"]()
    except made["NoNodeError"] as error:
        pytest.skip(str(error))
    return browser


@pytest.fixture
def opened(editor_browser: Browser, release: Release) -> Opened:
    """Opens editors, each over a desk of its own."""

    @contextmanager
    def open_(
        path: str = RULE, text: str | None = None, lang: str = "en", **more: Any
    ) -> Iterator[Window]:
        desk = Desk(release, path, (ROOT / path).read_text("utf-8") if text is None else text)
        view = {"width": 1280, "height": 900} | more.pop("view", {})
        with listening(stub(desk)) as url:
            context = editor_browser.new_context(base_url=url, viewport=view, **more)
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            page = context.new_page()
            page.add_init_script(BREACHES)
            page.goto(f"/draft?lang={lang}")
            page.locator(".editor").wait_for()
            try:
                yield Window(desk, page)
            finally:
                context.close()

    return open_
