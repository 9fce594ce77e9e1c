"""Many decisions by both engines over the shipped rules, with memory watched.

    python -m tests.benchmarks.soak [DECISIONS]

Exits with 1 on the first disagreement, or where memory grows by more than a twentieth after the
warm-up of one tenth.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date
from pathlib import Path

from engine import release as releases
from engine.decide.agreement import disagreements
from engine.decide.generate import Generator
from engine.decide.network import Network
from engine.decide.semantics import Semantics

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 5000


def main(decisions: int) -> int:
    """Run, and say what was seen; the exit code."""
    _, program, _ = releases.checked(ROOT, date(2026, 11, 23))
    semantics, network = Semantics(program), Network(program)
    rng, generator = random.Random(2), Generator(program)
    start, warm, rss = time.perf_counter(), 0, resident()
    undetermined = applying = 0
    for done in range(decisions):
        if done % SAMPLE == 0:
            rss = resident()
            warm = warm if done > decisions // 10 else rss
            print(f"\r{done:>9} of {decisions}, {rss / 1024:.1f} MiB", end="", file=sys.stderr)
        facts = generator.random_facts(rng)
        first, second = semantics.judge(facts), network.judge(facts)
        if first != second:
            print(f"\ndecision {done}: {disagreements(program, first, second)}\n{facts}")
            return 1
        applying += len(first.applies)
        undetermined += len(first.undetermined)
    seconds = time.perf_counter() - start
    print(file=sys.stderr)
    print(
        f"{decisions} decisions, no disagreement; {applying} rules applied, "
        f"{undetermined} undetermined; {decisions / seconds:.0f} a second"
    )
    print(f"memory {warm / 1024:.1f} MiB after the warm-up, {resident() / 1024:.1f} MiB at the end")
    return int(resident() > warm * 1.05)


def resident() -> int:
    """Resident memory of this process, in KiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS in /proc/self/status")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
