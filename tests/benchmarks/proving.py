"""Seconds that each property takes over made bases of several sizes, tables included, in one run.

    python -m tests.benchmarks.proving [SIZE…]

The bar (issue 7) is 30 s a property, or that it is listed as undecided.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from engine.decide.deciding import Decider
from engine.decide.decision import ReleaseRef
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.knowledge import load
from engine.language.base import read_base
from engine.prove.properties import PROPERTIES
from engine.prove.proving import BUDGET, Outcome, Prover
from tests.generated import rule_set

ROOT = Path(__file__).resolve().parents[2]
SIZES = (300, 1_000, 3_000)


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
    bar = "met" if slowest <= BUDGET + 1 else "missed"
    print(f"slowest {slowest:.1f} s; bar {BUDGET:.0f} s: {bar}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
