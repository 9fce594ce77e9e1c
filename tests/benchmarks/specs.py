"""The review of the shipped knowledge base, its safeguards and its mutation score.

    python -m tests.benchmarks.specs

Bars: every scenario run in 30 s, both engines deciding; the mutation score in 5 minutes on two
cores, and at least nine of ten changes noticed. The findings on rules and on all shipped
declarations with their twins have no bar of their own.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from api.inputs import read_all
from api.safeguarded import safeguarded
from engine import release as releases
from engine.specs.mutation import score
from engine.specs.review import Specifications, review
from engine.specs.world import Ground

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
BAR_REVIEW, BAR_SECONDS, BAR_SHARE = 30.0, 300.0, 0.9


def main() -> bool:
    """Print the figures; whether both bars are held."""
    release, program, _ = releases.checked(ROOT, DAY)
    folder = ROOT / "features"
    ground = Ground.of(release, folder / "declarations", releases.decider(release))
    reviewed = review(ground, Specifications.read(folder), DAY, releases.silent, sources="")
    print(f"\n{len(reviewed.results)} scenarios: {reviewed.seconds:.1f} s; bar {BAR_REVIEW:.0f} s")
    files = sorted((ROOT / "features" / "declarations").glob("*.json"))
    messages, _ = read_all(files, None)
    start = time.perf_counter()
    told = safeguarded(program, messages, DAY, releases.silent)
    guarding = time.perf_counter() - start
    findings = [*told.rules, *(one for some in told.declarations.values() for one in some)]
    counts = Counter(str(one.verdict) for one in findings)
    print(
        f"\nsafeguards on {len(release.base.rules)} rules, {len(messages)} declarations: ", end=""
    )
    print(f"{guarding:.2f} s; {dict(counts)}")
    start = time.perf_counter()
    found = score(release.base, release.vocabulary)
    mutating = time.perf_counter() - start
    print(f"mutation: {found.killed:,} of {found.mutants:,} changes noticed ({found.share:.1%})")
    print(f"  in {mutating:.1f} s; bar {BAR_SECONDS:.0f} s and {BAR_SHARE:.0%}")
    kinds = Counter(str(one.what) for one in found.survivors)
    print(f"  survivors: {dict(kinds)}")
    swift = reviewed.seconds <= BAR_REVIEW and mutating <= BAR_SECONDS
    return swift and found.share >= BAR_SHARE


if __name__ == "__main__":
    sys.exit(not main())
