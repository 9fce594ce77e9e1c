"""A scenario as somebody edited it, read and run: what is typed is steps, and never code."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from api.service.sight import Sight
from engine.decide.deciding import Decider
from engine.decide.decision import ReleaseRef
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.language.diagnostics import Diagnostic, RefusedError
from engine.release import Release
from engine.specs.feature import Obligation, Scenario
from engine.specs.reading import read_feature
from engine.specs.runner import ScenarioResult, run_scenario
from engine.specs.world import Ground

LIMIT = 10.0
"""Seconds that an edited scenario may take."""

MAX_TEXT = 10_000
FILE = "scenario"
"""What diagnostics call the text."""

_FRAME = (
    "@TRY-1",
    "Feature: A scenario that is tried",
    "Rule: What is tried",
    "Source: none",
    "Modal: may",
    "Addressee: whoever tries it",
    "Regime: all",
    "Confidence: illustrative, checked 2026-11-26",
    "Not tested: all else",
    "",
)
"""What a feature file needs around a scenario."""


class Tried(Struct, frozen=True, kw_only=True):
    """What came of a text: the *result*, or why it says no scenario; *withheld*: not to be seen."""

    result: ScenarioResult | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    withheld: bool = False


def text_of(scenario: Scenario) -> str:
    """A scenario as one writes it."""
    lines = [f"  {step.keyword} {step.text}" for step in scenario.steps]
    return "\n".join([f"Scenario: {scenario.name}", *lines]) + "\n"


def ground_of(release: Release, ref: ReleaseRef, sight: Sight, declarations: Path) -> Ground:
    """What a scenario is tried on: the specification alone, and no rule that is not to be seen."""
    program = Program(release.base, release.vocabulary)
    decider = Decider(program, [Semantics(program)], ref)
    return Ground(release=release, decider=decider, declarations=declarations, hidden=sight.hidden)


def tried(text: str, obligation: Obligation, ground: Ground, sight: Sight) -> Tried:
    """Run the scenario that *text* says, as one of *obligation*; lines count from its first."""
    try:
        scenario = _read(text)
    except RefusedError as error:
        return Tried(diagnostics=tuple(_moved(one, text) for one in error.diagnostics))
    result = sight.result(run_scenario(scenario, obligation, ground, limit=LIMIT))
    return Tried(result=result, withheld=result is None)


def _read(text: str) -> Scenario:
    if len(text) > MAX_TEXT:
        raise _refused("too-long", f"the text has more than {MAX_TEXT} characters", "shorten it")
    first = next((line for line in map(str.strip, text.splitlines()) if line), "")
    if not first.startswith("Scenario"):
        raise _refused("no-scenario", "there is no scenario", "begin with `Scenario: …`")
    framed = "\n".join([*_FRAME, *text.splitlines()])
    scenarios = read_feature(framed, FILE).scenarios
    if len(scenarios) != 1:
        raise _refused("many", f"these are {len(scenarios)} scenarios", "try one at a time")
    steps = (replace(step, line=_line(step.line)) for step in scenarios[0].steps)
    return replace(scenarios[0], line=_line(scenarios[0].line), steps=tuple(steps))


def _moved(found: Diagnostic, text: str) -> Diagnostic:
    """At its line of the text; what is missing around it is missing at its end."""
    last = max(len(text.splitlines()), 1)
    return replace(found, line=min(max(_line(found.line), 1), last))


def _line(line: int) -> int:
    return line - len(_FRAME)


def _refused(code: str, message: str, mend: str) -> RefusedError:
    line = len(_FRAME) + 1
    return RefusedError([Diagnostic(code=code, message=message, file=FILE, line=line, help=mend)])
