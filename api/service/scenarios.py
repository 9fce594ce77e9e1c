"""A scenario as somebody edited it, read and run: what is typed is steps, and never code."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from api.service.sight import Sight
from engine.language.diagnostics import Diagnostic, RefusedError
from engine.release import Release
from engine.specs.apart import run_apart
from engine.specs.feature import Feature, Obligation, Scenario
from engine.specs.matching import unmatched
from engine.specs.reading import read_feature
from engine.specs.runner import ScenarioResult

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


def tried(
    text: str, obligation: Obligation, release: Release, sight: Sight, declarations: Path
) -> Tried:
    """Run the scenario that *text* says, as one of *obligation*; lines count from its first.

    It runs in a process of its own, once it is clear; it names no rule that is not to be seen.
    """
    try:
        feature = _read(text)
    except RefusedError as error:
        return Tried(diagnostics=tuple(_moved(one, text) for one in error.diagnostics))
    found = unmatched(feature)
    if found:
        return Tried(diagnostics=tuple(_moved(one, text) for one in found))
    (ran,) = run_apart(feature, release, declarations, limit=LIMIT, hidden=sight.hidden)
    result = sight.result(_placed(ran, obligation))
    return Tried(result=result, withheld=result is None)


def _read(text: str) -> Feature:
    if len(text) > MAX_TEXT:
        raise _refused("too-long", f"the text has more than {MAX_TEXT} characters", "shorten it")
    first = next((line for line in map(str.strip, text.splitlines()) if line), "")
    if not first.startswith("Scenario"):
        raise _refused("no-scenario", "there is no scenario", "begin with `Scenario: …`")
    framed = "\n".join([*_FRAME, *text.splitlines()])
    feature = read_feature(framed, FILE)
    if len(feature.scenarios) != 1:
        words = f"these are {len(feature.scenarios)} scenarios"
        raise _refused("many", words, "try one at a time")
    return feature


def _placed(result: ScenarioResult, obligation: Obligation) -> ScenarioResult:
    """The same as of *obligation*, at the lines of the text."""
    scenario = replace(result.scenario, line=_line(result.scenario.line))
    steps = tuple(
        replace(
            one,
            step=replace(one.step, line=_line(one.step.line)),
            diagnostics=tuple(
                replace(said, line=_line(said.line)) if said.file == FILE else said
                for said in one.diagnostics
            ),
        )
        for one in result.steps
    )
    return replace(result, scenario=scenario, obligation=obligation, steps=steps)


def _moved(found: Diagnostic, text: str) -> Diagnostic:
    """At its line of the text; what is missing around it is missing at its end."""
    last = max(len(text.splitlines()), 1)
    return replace(found, line=min(max(_line(found.line), 1), last))


def _line(line: int) -> int:
    return line - len(_FRAME)


def _refused(code: str, message: str, mend: str) -> RefusedError:
    line = len(_FRAME) + 1
    return RefusedError([Diagnostic(code=code, message=message, file=FILE, line=line, help=mend)])
