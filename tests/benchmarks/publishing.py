"""Seconds and memory of a publish: of the shipped base, and with a table of rows put in.

    python -m tests.benchmarks.publishing [ROWS]

Each is measured in a process of its own. The bars (design §11) are 10 s for all of HS 2022 and
1,000 rules without Java, and 20 s with it, when HermiT classifies too.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from engine import release as releases
from engine.knowledge import hermit, load
from tests.benchmarks.soak import resident
from tests.large_table import lines, write

ROOT = Path(__file__).resolve().parents[2]
DAY, ROWS = date(2026, 11, 23), 1_000
BARS = {False: 10.0, True: 20.0}
"""Seconds, by whether there is Java."""


def main(rows: int = ROWS) -> None:
    """Print a table of steps for each base, and the bars."""
    met = []
    for count in (0, rows):
        for java in sorted({False, hermit.java() is not None}):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                rules, steps, mebibytes = pool.submit(published, count, java).result()
            total = sum(steps.values())
            how = "with HermiT" if java else "without Java"
            print(f"\npublish of {rules:,} rules {how}: {total:.2f} s, {mebibytes:.0f} MiB")
            print("  " + ", ".join(f"{step} {seconds:.2f}" for step, seconds in steps.items()))
            if count:
                met.append((how, BARS[java], total <= BARS[java]))
    for how, bar, kept in met:
        print(f"bar: publish {how} ≤ {bar:.0f} s: {'met' if kept else 'not met'}")


def published(rows: int, java: bool) -> tuple[int, dict[str, float], float]:
    """The number of rules, seconds by step, and resident memory in MiB."""
    if not java:
        hermit.java = lambda: None  # of this process alone
    steps: dict[str, float] = {}
    last = ["start", time.perf_counter()]

    def progress(step: str, done: int, total: int) -> None:
        now = time.perf_counter()
        steps[str(last[0])] = steps.get(str(last[0]), 0.0) + now - float(last[1])
        last[:] = step, now

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("ontology", "rules"):
            shutil.copytree(ROOT / name, root / name)
        if rows:
            vocabulary = load(root / "ontology")
            write(root / "rules", lines(vocabulary, rows))
        last[1] = time.perf_counter()
        release, _ = releases.build(root, DAY, progress)
        progress("end", 1, 1)
    steps.pop("start", None)
    return len(release.base.rules), steps, resident() / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
