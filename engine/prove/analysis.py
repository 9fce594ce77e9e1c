"""What rules of several agencies are to one another, over every declaration.

Rules that can never apply, that another makes idle, that say the same in other words; exemptions
that a mandate defeats, statuses that do not go together, inspections done twice, products that
nobody looks at. Classes and codes count, as the axioms have them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from msgspec import Struct

from engine.language.vocabulary import Vocabulary
from engine.prove.analyst import Analyst
from engine.prove.asking import Finding, real
from engine.prove.proving import Prover
from engine.prove.scenario import as_json, told

BUDGET = 120.0
"""Seconds for a whole analysis."""

Progress = Callable[[str, int, int], None]


class Analysis(Struct, frozen=True, kw_only=True):
    """All findings; *undecided* says what was not looked at to the end, and why."""

    findings: tuple[Finding, ...]
    undecided: tuple[str, ...]
    seconds: float


def analyse(
    prover: Prover,
    *,
    budget: float = BUDGET,
    progress: Progress = lambda _name, _done, _total: None,
) -> Analysis:
    """Everything that is found within the *budget*, in seconds."""
    start = time.monotonic()
    analyst = Analyst(prover, real(prover), start + budget)
    found: list[Finding] = []
    steps = (
        analyst.never,
        analyst.subsumed,
        analyst.defeated,
        analyst.statuses,
        analyst.twice,
        analyst.gaps,
    )
    for done, step in enumerate(steps):
        progress("analysis", done, len(steps))
        found += step()
    progress("analysis", len(steps), len(steps))
    return Analysis(
        findings=tuple(found),
        undecided=tuple(analyst.undecided),
        seconds=round(time.monotonic() - start, 3),
    )


def lines(analysis: Analysis, vocabulary: Vocabulary | None = None) -> Iterator[str]:
    """The findings as text; what shows them in phrases, where it is known in which *vocabulary*."""
    for one in analysis.findings:
        names = ", ".join(f"`{name}`" for name in one.rules)
        yield f"{one.kind}  {names}: {one.says}" if names else f"{one.kind}  {one.says}"
        if one.case is not None:
            said = as_json(one.case) if vocabulary is None else told(one.case, vocabulary)
            yield from (f"    {line}" for line in said)
    for what in analysis.undecided:
        yield f"undecided  {what}"
    yield f"{len(analysis.findings)} findings in {analysis.seconds:.1f} s"
