"""Seconds that each property takes over made bases of several sizes, tables included, in one run.

    python -m tests.benchmarks.proving [SIZE…]

The bar of a property is 30 s, or that it is listed as undecided. Then one rule is changed and asked
about among the others, as an author does: its bar is 2 s.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.decide.answer import Deferred
from engine.decide.deciding import Decider
from engine.decide.decision import ReleaseRef
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.knowledge import load
from engine.language.base import RuleBase, read_base
from engine.language.rule import Phase, Rule
from engine.language.vocabulary import Vocabulary
from engine.prove.properties import PROPERTIES
from engine.prove.proving import BUDGET, Outcome, Prover
from engine.prove.standing import Standing
from tests.generated import rule_set

ROOT = Path(__file__).resolve().parents[2]
SIZES = (300, 1_000, 3_000)
ASKED = 20
"""Rules that are changed and asked about."""

ONE_RULE = 2.0
"""Seconds that an author waits."""


def main(*sizes: int) -> None:
    """Print a line a size and property, and the bar."""
    vocabulary = load(ROOT / "ontology")
    shipped = read_base(ROOT / "rules", vocabulary).base
    slowest = 0.0
    for size in sizes or SIZES:
        made = rule_set(1, size, vocabulary, shipped.matrices)
        program = Program(made.base, made.vocabulary)
        reference = ReleaseRef(id=f"made-{size}", digest="sha256:0")
        decider = Decider(program, [Semantics(program), Network(program)], reference)
        start = time.monotonic()
        prover = Prover(decider)
        prover.possible((prover.first,))
        print(f"{size:>5} rules: {time.monotonic() - start:.1f} s to say them as formulas")
        for one in PROPERTIES.values():
            found = prover.answer(one.ask)
            slowest = max(slowest, found.seconds)
            why = f" ({found.reason})" if found.outcome is Outcome.UNDECIDED else ""
            print(f"{size:>5}  {one.id:<26} {found.outcome:<9} {found.seconds:>6.1f} s{why}")
            sys.stdout.flush()
        _write(made.base, made.vocabulary, reference)
    bar = "met" if slowest <= BUDGET + 1 else "missed"
    print(f"slowest {slowest:.1f} s; bar {BUDGET:.0f} s: {bar}")


def _write(base: RuleBase, vocabulary: Vocabulary, reference: ReleaseRef) -> None:
    """Change rules, one at a time, and ask about each what an author is told."""

    def decider(rules: Sequence[Rule]) -> Decider:
        changed = msgspec.structs.replace(base, rules=tuple(rules))
        program = Program(changed, vocabulary)
        network = Deferred(Network.name, lambda: Network(program))
        return Decider(program, [Semantics(program), network], reference)

    start = time.monotonic()
    standing = Standing(decider(base.rules))
    first = time.monotonic() - start
    imposing = [rule for rule in base.rules if rule.phase is Phase.CONTROL]
    seconds, left = [], 0
    for rule in imposing[:: max(len(imposing) // ASKED, 1)][:ASKED]:
        version = msgspec.structs.replace(rule, title=f"{rule.title}, changed")
        rules = [version if one is rule else one for one in base.rules]
        start = time.monotonic()
        said = standing.ask(decider(rules), rule.id)
        seconds.append(time.monotonic() - start)
        left += bool(said.undecided)
    median, worst = statistics.median(seconds), max(seconds)
    bar = "met" if median <= ONE_RULE else "missed"
    print(
        f"{len(base.rules):>5}  one rule, changed: median {median:.2f} s, at most {worst:.2f} s "
        f"of {len(seconds)}, {left} with something left open; "
        f"all others said once in {first:.1f} s; bar {ONE_RULE:.0f} s: {bar}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
