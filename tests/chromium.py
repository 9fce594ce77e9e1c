"""The browser that tests of pages look at them in: Debian's Chromium, where it is on the path.

Every day it is the one without windows, where that is there too: the same engine, for half of the
processor time. In full it is the whole one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.full import often

_WHOLE, _SHELL = "chromium", "chromium-headless-shell"
CHROMIUM = next(filter(None, map(shutil.which, often((_WHOLE, _SHELL), (_SHELL, _WHOLE)))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MISSING = f"no Chromium on the path: `apt-get install {_SHELL}`"
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)
WIDE, NARROW = 1100, 360
"""Pixels: a window on a desk, and one in a hand."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; skips where there is none."""
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


def follow(found: Locator, timeout: float | None = None) -> None:
    """Click what leads to another page, and wait until the whole of that page is there.

    A click alone waits until its first byte is.

    Args:
        timeout: Milliseconds, where that page takes long.
    """
    with found.page.expect_event("load", timeout=timeout):
        found.click()


def barriers(page: Page, context: Any = None) -> list[str]:
    """What axe finds on a page, a line each: which rule, where, why.

    Args:
        context: What of the page axe looks at, in its own words; all of it where there is none.
    """
    return [
        f"{page.url} {fault['id']}: {node['html'][:160]} {node['failureSummary']}"
        for fault in Axe().run(page, context).response["violations"]
        for node in fault["nodes"]
    ]


def sideways(page: Page) -> bool:
    """Whether a page is wider than its window."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))
