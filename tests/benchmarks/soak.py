"""Many decisions by both engines over generated rules, with memory watched.

    python -m tests.benchmarks.soak [DECISIONS]

Rules chain within and across phases, negate, exempt, and leave things open. Every five hundredth
item is also judged ungated. Exits with 1 on the first disagreement, or where memory grows by more
than a twentieth after a warm-up of one tenth.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date
from pathlib import Path

from engine import release as releases
from engine.decide.agreement import disagreements
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from tests.generated import item, rule_set

ROOT = Path(__file__).resolve().parents[2]
RULES, SAMPLE, UNGATED = 2000, 5000, 500


def main(decisions: int) -> int:
    """Run, and say what was seen; the exit code."""
    release, _, _ = releases.checked(ROOT, date(2026, 11, 23))
    made = rule_set(11, RULES, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    semantics, network = Semantics(program), Network(program)
    ungated = Network(program, gated=False)
    rng = random.Random(2)
    start, warm = time.perf_counter(), 0
    undetermined = applying = 0
    for done in range(decisions):
        if done % SAMPLE == 0:
            rss = resident()
            if done <= decisions // 10:
                warm = rss
            print(f"\r{done:>9} of {decisions}, {rss / 1024:.1f} MiB", end="", file=sys.stderr)
        facts = item(rng, made)
        first = semantics.judge(facts)
        engines = (network, ungated) if done % UNGATED == 0 else (network,)
        for engine in engines:
            second = engine.judge(facts)
            if first != second:
                print(f"\ndecision {done}: {disagreements(program, first, second)}\n{facts}")
                return 1
        applying += len(first.applies)
        undetermined += len(first.undetermined)
    seconds = time.perf_counter() - start
    print(file=sys.stderr)
    print(
        f"{decisions} decisions over {RULES} generated rules, no disagreement; {applying} rules "
        f"applied, {undetermined} undetermined; {decisions / seconds:.0f} a second"
    )
    print(f"memory {warm / 1024:.1f} MiB after the warm-up, {resident() / 1024:.1f} MiB at the end")
    return int(resident() > warm * 1.05)


def resident(process: int | str = "self") -> int:
    """Resident memory of a process, or of this one, in KiB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError(f"no VmRSS in /proc/{process}/status")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
