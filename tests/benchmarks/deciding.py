"""Microseconds per item over the shipped rules and over made criteria; publishing; classes.

    python -m tests.benchmarks.deciding [ITEMS]

The floor is one evaluation of every test that the item's rules could ask for: neither engine can
be quicker than reading the facts. Ratios are to that floor, in the same run. ITEMS is for the
shipped rules.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from engine import release as releases
from engine.decide import network
from engine.decide.agreement import consult
from engine.decide.answer import Engine
from engine.decide.generate import Generator
from engine.decide.kleene import NOTHING
from engine.decide.network import Network
from engine.decide.semantics import Semantics
from engine.declaration.facts import Facts
from tests.benchmarks import classifying, peers, publishing

ROOT = Path(__file__).resolve().parents[2]


def main(items: int) -> None:
    """Print the table."""
    _, program, _ = releases.checked(ROOT, date(2026, 11, 23))
    rng, generator = random.Random(1), Generator(program)
    facts = [generator.random_facts(rng) for _ in range(items)]
    gated: list[Engine] = [Semantics(program)]
    ungated: list[Engine] = [Semantics(program, gated=False)]
    if network.available():
        gated.append(Network(program))
        ungated.append(Network(program, gated=False))
    else:
        print("durable-rules is not available: one engine only")

    def every_test(item: Facts) -> None:
        for value in program.evaluators:
            value(item, NOTHING, NOTHING)

    floor = measured(every_test, facts)
    answers = [gated[0].judge(item) for item in facts]
    candidates = sum(len(a.applies) + len(a.undetermined) for a in answers) / items
    print(f"{len(program.rules)} rules, {len(program.tests)} tests, {items} generated items;")
    print(f"{candidates:.1f} rules an item apply or are undetermined")
    print(f"{'':32}{'µs an item':>12}{'to floor':>10}")
    print(f"{'floor: every test once':32}{floor:12.1f}{1:10.2f}")
    for title, engines in (("gated", gated), ("ungated", ungated)):
        for engine in engines:
            row(f"{engine.name}, {title}", measured(engine.judge, facts), floor)
        if len(engines) > 1:
            both = measured(lambda item, e=engines: consult(program, e, item), facts)  # type: ignore[misc]
            row(f"both and compared, {title}", both, floor)
    print("\nMade criteria")
    peers.main()
    publishing.main()
    classifying.main()


def measured(judge: Callable[[Facts], object], facts: list[Facts]) -> float:
    """Microseconds per item, after a warm-up over a tenth of the items."""
    for item in facts[: len(facts) // 10]:
        judge(item)
    start = time.perf_counter()
    for item in facts:
        judge(item)
    return (time.perf_counter() - start) / len(facts) * 1e6


def row(title: str, microseconds: float, floor: float) -> None:
    """One line of the table."""
    print(f"{title:32}{microseconds:12.1f}{microseconds / floor:10.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
