"""The review of a release: every scenario run, what safeguards found, what each reading decides.

Boundary: data and how it is made; pages and reports show it. A review is of one release, of the
features as they stood, and by this code: its *sources* tell when another is due.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from engine.decide.decision import ReleaseRef
from engine.specs import interpretations
from engine.specs.feature import Feature, Obligation, Scenario
from engine.specs.interpretations import Interpretation, Read
from engine.specs.reading import read_features
from engine.specs.runner import LIMIT, Outcome, ScenarioResult, StepResult, run_scenario
from engine.specs.safeguards import Finding, Safeguards
from engine.specs.world import Ground

FORMAT = "commensura-review-1"
FOLDER = "features"
_ENGINE = Path(__file__).resolve().parents[1]

Progress = Callable[[str, int, int], None]
"""Told the step, what of it is done, and how much there is."""


class Specifications(Struct, frozen=True, kw_only=True):
    """All that is reviewed against, from a folder `features`."""

    features: tuple[Feature, ...]
    register: tuple[Interpretation, ...]

    @classmethod
    def read(cls, folder: Path) -> Specifications:
        """What the folder says. Raises `RefusedError` with all that is wrong."""
        return cls(
            features=read_features(folder),
            register=interpretations.read_interpretations(folder / interpretations.FOLDER),
        )

    @property
    def obligations(self) -> Mapping[str, tuple[Obligation, ...]]:
        """The obligations of each clause, clauses in the order of the files."""
        found: dict[str, list[Obligation]] = {}
        for feature in self.features:
            for one in feature.obligations:
                found.setdefault(one.clause, []).append(one)
        return {clause: tuple(those) for clause, those in found.items()}


class Review(Struct, frozen=True, kw_only=True):
    """What came of reviewing a release on a day; *seconds* is how long it took.

    *results* are of every scenario, in order; *findings* those of safeguards on the rules by
    themselves; *readings* by the file of the interpretation.
    """

    release: ReleaseRef
    on: date
    sources: str
    specifications: Specifications
    results: tuple[ScenarioResult, ...]
    findings: tuple[Finding, ...]
    readings: dict[str, tuple[Read, ...]]
    seconds: float

    def of(self, scenarios: Iterable[Scenario]) -> tuple[ScenarioResult, ...]:
        """The results of those scenarios."""
        wanted = {(one.file, one.line) for one in scenarios}
        return tuple(
            one for one in self.results if (one.scenario.file, one.scenario.line) in wanted
        )


def review(
    ground: Ground,
    specifications: Specifications,
    on: date,
    progress: Progress,
    *,
    sources: str,
    limit: float = LIMIT,
) -> Review:
    """Run everything. *limit* is in seconds for each scenario. What *progress* raises ends it."""
    begun = time.monotonic()
    results: list[ScenarioResult] = []
    cases = [
        (scenario, obligation)
        for feature in specifications.features
        for obligation in feature.obligations
        for scenario in obligation.scenarios
    ]
    for done, (scenario, obligation) in enumerate(cases):
        progress("scenarios", done, len(cases))
        results.append(_brief(run_scenario(scenario, obligation, ground, limit=limit)))
    progress("scenarios", len(cases), len(cases))
    readings = {}
    for done, entry in enumerate(specifications.register):
        progress("readings", done, len(specifications.register))
        readings[entry.file] = interpretations.read_with(entry, ground, limit=limit)
    progress("safeguards", 0, 1)
    findings = Safeguards(ground.decider.program).of_rules(on)
    return Review(
        release=ground.release.ref,
        on=on,
        sources=sources,
        specifications=specifications,
        results=tuple(results),
        findings=findings,
        readings=readings,
        seconds=time.monotonic() - begun,
    )


def sources(folder: Path) -> str:
    """The digest of what a review is made by beside its release: the folder's files, and code."""
    total = hashlib.sha256()
    for root, pattern in ((folder, "*"), (_ENGINE, "*.py")):
        for path in sorted(path for path in root.rglob(pattern) if path.is_file()):
            total.update(path.relative_to(root).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return f"sha256:{total.hexdigest()}"


# Kept as a file: a result names its scenario by file and line, a decision stands once


class _Ran(Struct, frozen=True, kw_only=True):
    file: str
    line: int
    steps: tuple[StepResult, ...]
    seconds: float
    rules: tuple[str, ...]


class _Kept(Struct, frozen=True, kw_only=True):
    format: str
    release: ReleaseRef
    on: date
    sources: str
    specifications: Specifications
    results: tuple[_Ran, ...]
    findings: tuple[Finding, ...]
    readings: dict[str, tuple[Read, ...]]
    seconds: float


def written(found: Review) -> bytes:
    """A review as JSON."""
    return msgspec.json.encode(
        _Kept(
            format=FORMAT,
            release=found.release,
            on=found.on,
            sources=found.sources,
            specifications=found.specifications,
            results=tuple(
                _Ran(
                    file=one.scenario.file,
                    line=one.scenario.line,
                    steps=one.steps,
                    seconds=one.seconds,
                    rules=one.rules,
                )
                for one in found.results
            ),
            findings=found.findings,
            readings=found.readings,
            seconds=found.seconds,
        )
    )


def read(body: bytes) -> Review | None:
    """The review that *body* holds; None where another version of this code wrote it."""
    try:
        kept = msgspec.json.decode(body, type=_Kept)
    except msgspec.DecodeError:
        return None
    if kept.format != FORMAT:
        return None
    cases = {
        (scenario.file, scenario.line): (scenario, obligation)
        for feature in kept.specifications.features
        for obligation in feature.obligations
        for scenario in obligation.scenarios
    }
    results = []
    for one in kept.results:
        scenario, obligation = cases[one.file, one.line]
        results.append(
            ScenarioResult(
                scenario=scenario,
                obligation=obligation,
                steps=one.steps,
                seconds=one.seconds,
                rules=one.rules,
            )
        )
    return Review(
        release=kept.release,
        on=kept.on,
        sources=kept.sources,
        specifications=kept.specifications,
        results=tuple(results),
        findings=kept.findings,
        readings=kept.readings,
        seconds=kept.seconds,
    )


def _brief(result: ScenarioResult) -> ScenarioResult:
    """The same, with each decision at the step that took it only."""
    steps, last = [], None
    for step in result.steps:
        same = step.decision is not None and step.decision is last
        last = step.decision or last
        steps.append(msgspec.structs.replace(step, decision=None) if same else step)
    return msgspec.structs.replace(result, steps=tuple(steps))


def verdict(results: Iterable[ScenarioResult]) -> Outcome:
    """Of many results the first that did not pass."""
    others = (one.outcome for one in results if one.outcome is not Outcome.PASSED)
    return next(others, Outcome.PASSED)


def touched(results: Iterable[ScenarioResult]) -> frozenset[str]:
    """The ids of the rules that any of the results touched."""
    return frozenset(rule for result in results for rule in result.rules)
