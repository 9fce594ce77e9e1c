"""The editor at work: what a draft would do to all stored declarations, and pages in a browser.

    python -m tests.benchmarks.editing [DECLARATIONS]

First, 10,000 stored declarations are decided anew under the release in force and under a draft, as
the button on its page does, beside the floor: the same decisions by both programs in this process,
with nothing built, read or counted. Then each page of the editor is opened in Chromium ten times;
the bar (issue 7) is that a page is usable within a second.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from api.service.people import Duty
from engine import release as releases
from engine.decide.deciding import Decider
from engine.decide.draw import DrawKeys
from engine.declaration.reading import read_request
from tests.chromium import CHROMIUM, FLAGS
from tests.editor_sample import changed, words
from tests.evidence_sample import SIGNER
from tests.http_sample import DECLARATIONS, Door, declaration
from tests.loopback import listening
from tests.people_sample import PASSWORD, person, sent, signed_in

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
PAGES = ("/editor/", "/editor/?words=toys", "/editor/?code=9503", "{draft}", "{draft}/try")
FILES = ("rules/customs/random.toml", "rules/food/increased-controls.csv")
TIMES, BAR = 10, 1_000.0
"""Openings of each page; milliseconds."""


def main(count: int) -> None:
    """Measure and print."""
    release, _, _ = releases.checked(ROOT, DAY)
    decider = releases.decider(release)
    with tempfile.TemporaryDirectory(prefix="commensura-bench-") as name:
        folder = Path(name)
        releases.save(release, folder / "release.json", SIGNER)
        door = Door(folder, decider, (folder / "release.json").read_bytes(), edits=True)
        person(door, "anne", Duty.AUTHOR)
        with door.client() as client:
            for number in range(count):
                client.lodge(declaration(f"D{number}"))
        anne = signed_in(door, "anne")
        draft = changed(anne)
        begun = time.perf_counter()
        told = words(sent(anne, f"{draft}/effect"))
        taken = time.perf_counter() - begun
        assert f"{count} declarations decided anew" in told, told
        floor = deciding(decider, count)
        print(f"effect on {count:,} declarations: {taken:.1f} s, {count / taken:,.0f} a second")
        print(f"  floor, deciding them twice here: {floor:.1f} s; ratio {taken / floor:.2f}")
        if CHROMIUM is None:
            print("no Chromium: pages are not measured")
        else:
            pages(door, draft)
        door.close()


def deciding(decider: Decider, count: int) -> float:
    """Seconds to decide a declaration *count* times by two programs."""
    request = read_request((DECLARATIONS / "cotton-t-shirts.json").read_bytes())
    begun = time.perf_counter()
    for _ in range(2 * count):
        decider.decide(request, on=DAY, keys=DrawKeys(b"bench"))
    return time.perf_counter() - begun


def pages(door: Door, draft: str) -> None:
    """Milliseconds until each page is usable: loaded, and its forms are there."""
    with listening(door.app) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(base_url=url).new_page()
        page.goto("/sign-in")
        page.fill("#name", "anne")
        page.fill("#password", PASSWORD)
        page.click("button.main")
        slowest = 0.0
        for path in (*PAGES, *(f"{{draft}}/files/{file}" for file in FILES)):
            slowest = max(slowest, opened(page, path, path.format(draft=draft)))
        print(f"slowest median {slowest:.0f} ms, the bar is {BAR:.0f} ms")
        browser.close()


def opened(page: Page, name: str, path: str) -> float:
    """The median of opening a page."""
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        page.goto(path)
        if "/files/" in path:
            page.locator(".editor").wait_for()
        times.append((time.perf_counter() - begun) * 1_000)
    print(f"  {name:<48} median {median(times):6.0f} ms, longest {max(times):6.0f} ms")
    return median(times)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
