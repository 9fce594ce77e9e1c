"""Both engines over 200, 2,000 and 10,000 made criteria; the same criteria in zen-engine and CLIPS.

    python -m tests.benchmarks.peers [ITEMS]

Each size is measured in a process of its own, so that memory is that of the size. Only items
whose commodity code has 8 digits or more are taken: a shorter code leaves more rules possible,
and candidates an item would not be equal.

What zen-engine and CLIPS do *not* do here, so that the comparison favours them:

- one bound only: they find the rules that certainly apply, never those left undetermined;
- no unknowns: a literal of an unknown fact is false, and so is its opposite;
- no phases, no chaining, no risk level: every conclusion that rules read is handed in, settled;
- no documents and no hierarchy of products: handed in, settled;
- their inputs are made before the clock starts; ours are the facts as a declaration gives them.

Before anything is timed, both must select the rules that the semantics finds to apply.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from engine import release as releases
from engine.decide import network
from engine.decide.agreement import consult
from engine.decide.answer import Engine
from engine.decide.gates import ItemTests
from engine.decide.kleene import FALSE
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.facts import Facts
from tests.benchmarks import clips, zen
from tests.benchmarks.criteria import Inputs, rows
from tests.benchmarks.timing import Built, Contestant, Timing, built, rounds
from tests.generated import RuleSet, item, rule_set

ROOT = Path(__file__).resolve().parents[2]
SIZES = (200, 2_000, 10_000)
ITEMS, FEW, CHECKED = 1_000, 30, 200
"""Items; items for what is slow; items on which the peers are checked before they are timed."""

SEMANTICS, NETWORK, BOTH = "semantics", "network", "both and compared"
ZEN, ZEN_JSON, CLIPS = "zen-engine, compiled", "zen-engine, as JSON", "CLIPS"
UNGATED = ", ungated"

Ratio = tuple[float, float]


@dataclass(frozen=True)
class Figures:
    """What was measured at one size; *candidates* are rules an item whose gate is open."""

    size: int
    items: int
    tests: int
    candidates: float
    timings: dict[str, Timing]
    builds: dict[str, Built]


def main(items: int = ITEMS) -> None:
    """Measure every size, then print every ratio against its bar."""
    for module, name in ((network, "durable-rules"), (zen, "zen-engine"), (clips, "clipspy")):
        if not module.available():
            print(f"{name} is not installed: without it")
    found: dict[int, Figures] = {}
    for size in SIZES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            found[size] = pool.submit(measured, size, items).result()
        show(found[size])
    print(f"\n{'bar':54}{'of means':>10}{'of p50':>10}")
    for title, (means, medians), met in bars(found):
        print(f"{title:54}{means:10.2f}{medians:10.2f}  {'met' if met else 'not met'}")


# Measuring


def measured(size: int, count: int) -> Figures:
    """Build everything for *size* criteria and time it over *count* items."""
    _, shipped, _ = releases.checked(ROOT, date(2026, 11, 23))
    made = rule_set(1, size, shipped.vocabulary, shipped.matrices)
    builds: list[Built] = []
    program, of_program = built("program", lambda: Program(made.base, made.vocabulary))
    builds.append(of_program)
    facts = items_of(made, count)
    contestants = list(engines(program, facts, builds))
    contestants += peers(program, facts, builds)
    timings = rounds(contestants, FEW)
    return Figures(
        size,
        count,
        len(program.tests),
        candidates(program, facts),
        {timing.name: timing for timing in timings},
        {each.name: each for each in builds},
    )


def items_of(made: RuleSet, count: int) -> list[Facts]:
    """Items whose commodity code has at least 8 digits."""
    rng = random.Random(3)
    found: list[Facts] = []
    while len(found) < count:
        facts = item(rng, made)
        if len(str(facts.values.get("goods.commodityCode", ""))) >= 8:
            found.append(facts)
    return found


def candidates(program: Program, facts: Sequence[Facts]) -> float:
    """Rules an item of which some gate is not false (or that have none)."""
    gates = Counter(
        frozenset(pattern.gate for variant in compiled.variants for pattern in variant.patterns)
        for compiled in program.rules
    )
    several = facts[:CHECKED]
    count = 0
    for each in several:
        tests = ItemTests(program, each)
        count += sum(
            rules
            for of_rule, rules in gates.items()
            if any(gate is None or tests[gate] != FALSE for gate in of_rule)
        )
    return count / len(several)


def engines(program: Program, facts: Sequence[Facts], builds: list[Built]) -> Iterator[Contestant]:
    """The two engines, each alone and both compared, gated and ungated."""
    for gated in (True, False):
        suffix = "" if gated else UNGATED
        both: list[Engine] = []
        kinds = [(SEMANTICS, Semantics), *([(NETWORK, Network)] if network.available() else [])]
        for name, kind in kinds:
            engine, how = built(name + suffix, lambda k=kind, g=gated: k(program, gated=g))
            both.append(engine)
            builds.append(how)
            yield Contestant(name + suffix, engine.judge, facts, slow=not gated)
        if len(both) > 1:
            yield Contestant(
                BOTH + suffix,
                lambda each, e=both: consult(program, e, each),
                facts,
                slow=not gated,
            )


def peers(program: Program, facts: Sequence[Facts], builds: list[Built]) -> list[Contestant]:
    """The other engines, once they have shown that they select what the semantics does."""
    translated, inputs, semantics = rows(program), Inputs(program), Semantics(program)
    makers = {}
    if zen.available():
        makers[ZEN] = lambda: zen.Zen(translated, compiled=True)
        makers[ZEN_JSON] = lambda: zen.Zen(translated, compiled=False)
    if clips.available():
        makers[CLIPS] = lambda: clips.Clips(translated)
    answers = [semantics.judge(each) for each in facts]
    handed = [inputs.of(each, answer) for each, answer in zip(facts, answers, strict=True)]
    found = []
    for name, make in makers.items():
        peer, how = built(name, make)
        builds.append(how)
        given = [peer.given(each) for each in handed]
        for each, answer in zip(given[:CHECKED], answers, strict=False):
            selected = peer.selected(peer.judge(each))
            if selected != answer.applies:
                raise AssertionError(f"{name} selects {selected}, not {answer.applies}: {each}")
        found.append(Contestant(name, peer.judge, given, slow=name == ZEN_JSON))
    return found


# Printing


def show(figures: Figures) -> None:
    """The table of one size."""
    print(
        f"\n{figures.size:,} criteria, {figures.tests:,} tests; {figures.items:,} items, "
        f"{figures.candidates:.1f} candidates an item"
    )
    print(f"{'':30}{'mean µs':>10}{'p50':>10}{'p99':>10}{'build s':>10}{'MiB':>8}{'items':>8}")
    for name in [*figures.timings, *(figures.builds.keys() - figures.timings.keys())]:
        timing, how = figures.timings.get(name), figures.builds.get(name)
        times = ("",) * 3 if timing is None else (timing.mean, timing.p50, timing.p99)
        cells = [f"{t:10.1f}" if t != "" else f"{'':10}" for t in times]
        cells += [f"{'':18}"] if how is None else [f"{how.seconds:10.3f}{how.mebibytes:8.1f}"]
        print(f"{name:30}" + "".join(cells) + (f"{timing.items:8,}" if timing else ""))


def bars(found: dict[int, Figures]) -> Iterator[tuple[str, Ratio, bool]]:
    """Each ratio with its bar, and whether the ratio of the means meets it."""
    small, middle, large = (found[size].timings for size in SIZES)
    for name in (SEMANTICS, NETWORK, BOTH):
        if name in large:
            ratio = ratio_of(large[name], small[name])
            yield f"{name}: cost at 10,000 to that at 200 ≤ 2", ratio, ratio[0] <= 2
    for name in (ZEN, ZEN_JSON):
        if name in middle and BOTH in middle:
            ratio = ratio_of(middle[name], middle[BOTH])
            yield f"{name}, to both, at 2,000 ≥ 5", ratio, ratio[0] >= 5
    if CLIPS in middle:
        ratio = ratio_of(middle[CLIPS], middle[SEMANTICS])
        yield "CLIPS, to semantics, at 2,000 ≥ 1", ratio, ratio[0] >= 1


def ratio_of(one: Timing, other: Timing) -> Ratio:
    """Of the means, and of the medians (which other processes disturb less)."""
    return one.mean / other.mean, one.p50 / other.p50


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS)
