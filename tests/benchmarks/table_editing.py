"""Milliseconds per keystroke and per paste in the table editor, at 1,000 rows of 20 cells.

    python -m tests.benchmarks.table_editing [ROWS]

Each figure is from the event to the next frame that shows it, in a real Chromium; a frame alone
takes up to 17 ms.
"""

from __future__ import annotations

import statistics
import sys
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from engine import release as releases
from tests.chromium import CHROMIUM, FLAGS
from tests.editor_stub import Desk, stub
from tests.loopback import listening

COLUMNS = 20
TIMED = """action => new Promise(done => {
  const grid = document.querySelector('[role=grid]');
  const told = () => done(performance.now() - began);
  const shown = () => requestAnimationFrame(() => setTimeout(told));
  const began = performance.now();
  const [kind, value] = action;
  if (kind === 'key') grid.dispatchEvent(new KeyboardEvent('keydown', {key: value, bubbles: true}));
  if (kind === 'type') {
    const input = grid.querySelector('input');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, value);
    input.dispatchEvent(new Event('input', {bubbles: true}));
  }
  if (kind === 'leave') grid.querySelector('input').dispatchEvent(
    new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
  if (kind === 'paste') {
    const held = new DataTransfer();
    held.setData('text/plain', value);
    grid.dispatchEvent(new ClipboardEvent('paste', {clipboardData: held, bubbles: true}));
  }
  shown();
})"""


def main(rows: int) -> None:
    release, _, _ = releases.checked(Path(), date(2026, 11, 25))
    names = [f"c{number:02}" for number in range(COLUMNS)]
    cells = [[f"{row}-{name}" for name in names] for row in range(rows)]
    text = "".join(",".join(line) + "\n" for line in [names, *cells])
    desk = Desk(release, "rules/large.csv", text)
    with listening(stub(desk)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{url}/draft")
        page.get_by_role("grid").focus()
        print(f"{rows:,} rows of {COLUMNS} cells; ms until shown, median and worst of 20")
        _report("a key that moves", [_timed(page, "key", "ArrowDown") for _ in range(20)])
        _timed(page, "key", "F2")
        _report("a key in a cell", [_timed(page, "type", "x" * (n + 1)) for n in range(20)])
        _report("leaving a cell", [_timed(page, "leave", ""), *(_left(page) for _ in range(19))])
        block = "\n".join("\t".join(["p"] * COLUMNS) for _ in range(100))
        whole = "\n".join("\t".join(["q"] * COLUMNS) for _ in range(rows))
        page.keyboard.press("Control+Home")
        _report("a paste of 100 rows", [_timed(page, "paste", block) for _ in range(20)])
        page.keyboard.press("Control+Home")
        _report("a paste of all rows", [_timed(page, "paste", whole) for _ in range(20)])
        assert page.locator(".grid [data-row='0'] [data-column='0']").inner_text() == "q"
        browser.close()


def _left(page: Page) -> float:
    _timed(page, "key", "x")
    return _timed(page, "leave", "")


def _timed(page: Page, kind: str, value: str) -> float:
    return float(page.evaluate(TIMED, [kind, value]))


def _report(what: str, times: list[float]) -> None:
    print(f"  {what:22} {statistics.median(times):7.1f} {max(times):7.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
