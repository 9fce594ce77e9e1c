"""The register of interpretations: where a clause can be read in two ways, what each would decide.

An entry is a file of `features/interpretations`. Each reading is a case in steps of the library, so
that what it would decide is decided, and not asserted. An entry never says which reading is right;
it says which one the rules follow, and why.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from engine.decide.decision import Decision
from engine.language.diagnostics import Diagnostic, RefusedError
from engine.specs.feature import CLAUSE, STATUSES, Step
from engine.specs.matching import match
from engine.specs.runner import LIMIT, Outcome, StepResult, run_steps
from engine.specs.world import Ground

FOLDER = "interpretations"
_KINDS = {"Given": "given", "When": "when", "Then": "then", "And": "", "But": ""}


class Reading(Struct, frozen=True, kw_only=True):
    """One way to read a clause: whose *gist*, and the case that shows what follows from it."""

    name: str
    gist: str
    steps: tuple[Step, ...]


class Interpretation(Struct, frozen=True, kw_only=True):
    """A clause that can be read in more than one way.

    *followed* names the reading that the rules follow, *why* says for which reason; *status* and
    *checked* are as of a legal basis.
    """

    file: str
    clause: str
    title: str
    question: str
    followed: str
    why: str
    status: str
    checked: date
    readings: tuple[Reading, ...]


class Read(Struct, frozen=True, kw_only=True):
    """What a reading decides: each step's result, and the *decision*, if it came to one."""

    name: str
    steps: tuple[StepResult, ...]
    decision: Decision | None

    @property
    def outcome(self) -> Outcome:
        """That of the first step that did not pass."""
        others = (one.outcome for one in self.steps if one.outcome is not Outcome.PASSED)
        return next(others, Outcome.PASSED)


class _Reading(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    gist: str
    steps: str


class _Entry(Struct, frozen=True, forbid_unknown_fields=True):
    clause: str
    title: str
    question: str
    followed: str
    why: str
    status: str
    checked: date
    reading: tuple[_Reading, ...]


def read_interpretations(folder: Path) -> tuple[Interpretation, ...]:
    """The register in *folder*, by name of file. Raises `RefusedError` with all that is wrong."""
    found: list[Diagnostic] = []
    entries = []
    for path in sorted(folder.glob("*.toml")):
        file = f"{folder.parent.name}/{folder.name}/{path.name}"
        try:
            entries.append(_entry(path.read_text("utf-8"), file))
        except RefusedError as error:
            found += error.diagnostics
        except UnicodeDecodeError:
            found.append(Diagnostic(code="not-utf-8", message="the file is not UTF-8", file=file))
    if found:
        raise RefusedError(found)
    return tuple(entries)


def read_with(entry: Interpretation, ground: Ground, *, limit: float = LIMIT) -> tuple[Read, ...]:
    """What each reading of an entry decides by the rules of *ground*."""
    found = []
    for reading in entry.readings:
        steps = run_steps(reading.steps, ground, limit=limit)
        taken = [one.decision for one in steps if one.decision is not None]
        found.append(Read(name=reading.name, steps=steps, decision=taken[-1] if taken else None))
    return tuple(found)


def _entry(text: str, file: str) -> Interpretation:
    try:
        said = msgspec.convert(tomllib.loads(text), type=_Entry)
    except tomllib.TOMLDecodeError as error:
        raise _refused(file, "no-toml", str(error)) from None
    except msgspec.ValidationError as error:
        mend = "an entry has clause, title, question, followed, why, status, checked, [[reading]]"
        raise _refused(file, "no-interpretation", str(error), mend) from None
    names = [one.name for one in said.reading]
    if not CLAUSE.fullmatch(said.clause):
        raise _refused(file, "no-clause", f"`{said.clause}` is no clause", "as `TBT-5.1.2`")
    if said.status not in STATUSES:
        mend = f"one of {', '.join(STATUSES)}"
        raise _refused(file, "no-status", f"`{said.status}` is no status", mend)
    if len(set(names)) < max(len(names), 2):
        raise _refused(file, "one-reading", "it has no two readings of unlike names", "add one")
    if said.followed not in names:
        raise _refused(file, "no-reading", f"`{said.followed}` is no reading", "name one of them")
    lines = text.splitlines()
    readings, last = [], 0
    for one in said.reading:
        first = _line_of(lines, one.steps, last)
        steps = _steps(one.steps, file, first)
        last = steps[-1].line
        readings.append(Reading(name=one.name, gist=one.gist, steps=steps))
    return Interpretation(
        file=file,
        clause=said.clause,
        title=said.title,
        question=said.question,
        followed=said.followed,
        why=said.why,
        status=said.status,
        checked=said.checked,
        readings=tuple(readings),
    )


def _line_of(lines: Sequence[str], steps: str, after: int) -> int:
    """The line on which the steps begin, below the line *after*."""
    first = next((line.strip() for line in steps.splitlines() if line.strip()), "")
    below = enumerate(lines[after:], after + 1)
    return next((number for number, line in below if line.strip() == first), after + 1)


def _steps(text: str, file: str, first: int) -> tuple[Step, ...]:
    found: list[Step] = []
    kind = ""
    said = [line.strip() for line in text.strip().splitlines()]
    for number, line in enumerate(said, first):
        keyword, _, words = line.partition(" ")
        if keyword not in _KINDS or not words:
            mend = "begin it with Given, When, Then or And"
            raise _refused(file, "no-step", f"`{line[:80]}` is no step", mend, line=number)
        kind = _KINDS[keyword] or kind
        step = Step(file=file, line=number, kind=kind, keyword=keyword, text=words.strip())
        meant = match(step)
        if isinstance(meant, Diagnostic):
            raise RefusedError([meant])
        found.append(step)
    if not any(step.kind == "when" for step in found):
        mend = "say when the declaration is decided"
        raise _refused(file, "no-decision", "a reading decides nothing", mend, line=first)
    return tuple(found)


def _refused(
    file: str, code: str, message: str, mend: str | None = None, line: int = 1
) -> RefusedError:
    return RefusedError([Diagnostic(code=code, message=message, file=file, line=line, help=mend)])
