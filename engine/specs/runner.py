"""Features run outside a test framework, step by step, with the evidence behind each step.

Nothing in a feature is code: a step either means one function of the library or is a diagnostic.
Time is looked at before each step and each decision; `apart` keeps it whatever happens in one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from engine.decide.decision import Decision
from engine.declaration.problems import MalformedError
from engine.language.diagnostics import Diagnostic
from engine.specs.feature import Feature, Obligation, Scenario, Step
from engine.specs.matching import Matched, match
from engine.specs.phrase import Phrase
from engine.specs.safeguards import Finding
from engine.specs.steps import PHRASES
from engine.specs.world import FailedError, Ground, StoppedError, UnclearError, World

LIMIT = 30.0
"""Seconds that a scenario may take."""


class Outcome(StrEnum):
    """What became of a step, and of the scenario with it."""

    PASSED = "passed"
    FAILED = "failed"  # an assertion does not hold
    UNCLEAR = "unclear"  # the step, or a word in it, means nothing or two things
    STOPPED = "stopped"  # the time was up, or nobody waits any more
    NOT_RUN = "not run"


class StepResult(Struct, frozen=True, kw_only=True):
    """What became of a step, and what stands behind it.

    *words* say why it did not pass, or what a reader must know though it did. *decision* is the one
    that it took or spoke of; *rules* are the ids of those that it named or set in, *diagnostics*
    what static checks said of them, or what is unclear of the step, at its line; *findings* what
    safeguards said.
    """

    step: Step
    outcome: Outcome
    words: str = ""
    decision: Decision | None = None
    rules: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    findings: tuple[Finding, ...] = ()


class ScenarioResult(Struct, frozen=True, kw_only=True):
    """What became of a scenario; *seconds* is how long it took.

    *rules* are the ids of those that it touched: named, set in, or decisive for some goods in it.
    """

    scenario: Scenario
    obligation: Obligation
    steps: tuple[StepResult, ...]
    seconds: float
    rules: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """That of the first step that was run, or could not be, and did not pass."""
        return Outcome.PASSED if self.stopping is None else self.stopping.outcome

    @property
    def words(self) -> str:
        """Why it did not pass."""
        return "" if self.stopping is None else self.stopping.words

    @property
    def stopping(self) -> StepResult | None:
        """The step at which it ended before its time."""
        passing = (Outcome.PASSED, Outcome.NOT_RUN)
        return next((one for one in self.steps if one.outcome not in passing), None)


def run(
    features: Sequence[Feature],
    ground: Ground,
    *,
    limit: float = LIMIT,
    stop: Callable[[], bool] = lambda: False,
    phrases: Sequence[Phrase] = PHRASES,
) -> Iterator[ScenarioResult]:
    """Each scenario's result, in order, as soon as it is there.

    *limit* is in seconds for each scenario; *stop* says whether the caller has gone away.
    """
    for feature in features:
        for obligation in feature.obligations:
            for scenario in obligation.scenarios:
                yield run_scenario(
                    scenario, obligation, ground, limit=limit, stop=stop, phrases=phrases
                )


def run_scenario(
    scenario: Scenario,
    obligation: Obligation,
    ground: Ground,
    *,
    limit: float = LIMIT,
    stop: Callable[[], bool] = lambda: False,
    phrases: Sequence[Phrase] = PHRASES,
) -> ScenarioResult:
    """Run one scenario in a world of its own."""
    begun = time.monotonic()
    steps, world = _run(scenario.steps, ground, limit, stop, phrases)
    return ScenarioResult(
        scenario=scenario,
        obligation=obligation,
        steps=steps,
        seconds=time.monotonic() - begun,
        rules=tuple(sorted({**world.rules, **world.touched})),
    )


def run_steps(
    steps: Sequence[Step],
    ground: Ground,
    *,
    limit: float = LIMIT,
    stop: Callable[[], bool] = lambda: False,
    phrases: Sequence[Phrase] = PHRASES,
) -> tuple[StepResult, ...]:
    """Run steps in a world of their own. Those after the first that does not pass are not run.

    What is unclear is found before anything is run.
    """
    return _run(steps, ground, limit, stop, phrases)[0]


def _run(
    steps: Sequence[Step],
    ground: Ground,
    limit: float,
    stop: Callable[[], bool],
    phrases: Sequence[Phrase],
) -> tuple[tuple[StepResult, ...], World]:
    begun = time.monotonic()

    def left() -> float:
        return limit - (time.monotonic() - begun)

    def pace() -> None:
        if stop():
            raise StoppedError("stopped: nobody waits for it any more")
        if left() < 0:
            raise StoppedError(f"stopped after {limit:g} s")

    meant = [match(step, phrases) for step in steps]
    clear = all(isinstance(one, Matched) for one in meant)
    world = World(ground, pace, left)
    results: list[StepResult] = []
    for step, one in zip(steps, meant, strict=True):
        if isinstance(one, Diagnostic):
            results.append(_unclear(step, one))
        elif not clear or any(result.outcome is not Outcome.PASSED for result in results):
            results.append(StepResult(step=step, outcome=Outcome.NOT_RUN))
        else:
            results.append(_run_step(step, one, world))
    return tuple(results), world


def _unclear(step: Step, found: Diagnostic) -> StepResult:
    words = f"{found.message}; {found.help}" if found.help else found.message
    return StepResult(step=step, outcome=Outcome.UNCLEAR, words=words, diagnostics=(found,))


def _run_step(step: Step, meant: Matched, world: World) -> StepResult:
    named = set(world.rules)
    told, found = len(world.diagnostics), len(world.findings)
    world.told.clear()
    outcome, words = Outcome.PASSED, ""
    try:
        world.pace()
        meant.run(world=world, **meant.arguments)
        words = "; ".join(world.told)
    except UnclearError as error:
        return _unclear(
            step,
            Diagnostic(code="unclear-step", message=str(error), file=step.file, line=step.line),
        )
    except StoppedError as error:
        outcome, words = Outcome.STOPPED, str(error)
    except (FailedError, MalformedError) as error:  # the latter: a case that nobody may declare
        outcome, words = Outcome.FAILED, str(error)
    return StepResult(
        step=step,
        outcome=outcome,
        words=words,
        decision=world.decision if step.kind != "given" else None,
        rules=tuple(rule for rule in world.rules if rule not in named),
        diagnostics=tuple(world.diagnostics[told:]),
        findings=tuple(world.findings[found:]),
    )
