"""Classification of the shipped ontology, twice, and realisation of made items.

    python -m tests.benchmarks.classifying [ITEMS]

Bars: without Java a classification in 1 s, and a realisation in 20 µs an item. The floor of
realisation is a key of the item's code and facts. A kind of goods is a code and a product; values
count only as far as some class tells them apart. What a service meets is mostly seen before.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from engine.declaration.facts import Value
from engine.declaration.realising import Realiser
from engine.knowledge import hermit, load
from engine.knowledge.axioms import read_axioms
from engine.knowledge.lint import lint
from engine.knowledge.prototype import classify
from engine.knowledge.reading import read
from tests.benchmarks.timing import Contestant, Timing, rounds
from tests.test_declaration_realising import made_items, one_code, values_of

ROOT = Path(__file__).resolve().parents[2]
ITEMS = 1_000
FLOOR = "floor: its key"
KNOWN, VALUES, FIRST = "kind and values seen before", "kind seen before", "at first sight"
BAR_SECONDS, BAR_MICROSECONDS = 1.0, 20.0


def main(count: int = ITEMS) -> None:
    """Print both tables and the bars."""
    folder = ROOT / "ontology"
    reading = read(folder)
    lint(reading)
    theory, _ = read_axioms(reading)
    start = time.perf_counter()
    found = classify(theory)
    prototypes = time.perf_counter() - start
    print(f"\n{len(found.above):,} classes, {len(theory.definitions)} of them defined")
    print(f"classified by prototypes: {prototypes:.3f} s")
    if hermit.java() is not None:
        start = time.perf_counter()
        hermit.reason(reading.graph, theory)
        seconds = time.perf_counter() - start
        print(f"classified by HermiT:     {seconds:.3f} s, {seconds / prototypes:.0f} times that")
    vocabulary = load(folder)
    items = [values_of(i, theory) for i in made_items(theory, count, seed=3) if one_code(i)]
    known = Realiser(vocabulary)
    for item in items:
        known.realise(item)
    timings = rounds(
        [
            Contestant(FLOOR, _key, items),
            Contestant(KNOWN, known.realise, items),
            Contestant(VALUES, lambda item: known.forgetful(of_kinds=False).realise(item), items),
            Contestant(FIRST, lambda item: known.forgetful().realise(item), items),
        ],
        few=len(items),
    )
    floor = timings[0]
    print(f"\n{len(items):,} items{'µs an item':>37}{'p99':>10}{'to floor':>10}")
    for timing in timings:
        print(f"{timing.name:30}{timing.mean:12.2f}{timing.p99:10.1f}{_to(timing, floor):10.1f}")
    _bar("classification without Java ≤ 1 s", prototypes <= BAR_SECONDS)
    _bar("realisation ≤ 20 µs an item", timings[1].mean <= BAR_MICROSECONDS)


def _key(values: dict[str, Value]) -> int:
    return hash((str(values.get("goods.commodityCode"))[:6], tuple(sorted(values))))


def _to(one: Timing, other: Timing) -> float:
    return one.mean / other.mean


def _bar(title: str, met: bool) -> None:
    print(f"bar: {title}: {'met' if met else 'not met'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS)
