"""Shipped declarations decided by the specification, some rules saying something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from engine.decide.deciding import Decider
from engine.decide.decision import Decision, ReleaseRef
from engine.decide.draw import DrawKeys
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.declaration import Request
from engine.declaration.reading import read_request
from engine.language.rule import Rule
from engine.release import Release
from engine.specs.safeguards import Finding, Kind, Safeguards, Verdict
from tests.conftest import DAY, ROOT

KEYS = DrawKeys(b"a key of tests")
REF = ReleaseRef(id="test", digest="sha256:0")

Edit = Callable[[dict[str, Any]], None]


def rule_of(release: Release, identifier: str) -> Rule:
    """The shipped rule of that id."""
    return next(rule for rule in release.base.rules if rule.id == identifier)


def program_of(release: Release, *changed: Rule) -> Program:
    """The program of the release with some rules in place of those of their ids, or added."""
    rules = {rule.id: rule for rule in (*release.base.rules, *changed)}
    base = replace(release.base, rules=tuple(rules[name] for name in sorted(rules)))
    return Program(base, release.vocabulary)


def filed(name: str, edit: Edit = lambda _: None) -> Request:
    """A declaration of `features/declarations`, once *edit* has changed its body."""
    path: Path = ROOT / "features" / "declarations" / f"{name}.json"
    body = json.loads(path.read_text("utf-8"))
    edit(body)
    return read_request(json.dumps(body).encode())


def decided(program: Program, request: Request, before: Decision | None = None) -> Decision:
    """The decision on it."""
    decider = Decider(program, [Semantics(program)], REF)
    return decider.decide(request, on=DAY, keys=KEYS, before=before)


def found(program: Program, request: Request) -> tuple[Finding, ...]:
    """All findings about a declaration and its decision."""
    return Safeguards(program).of_declaration(request, decided(program, request))


def of(findings: tuple[Finding, ...], kind: Kind, *verdicts: Verdict) -> list[Finding]:
    """The findings of one kind, and of these verdicts if any are named."""
    return [
        one for one in findings if one.kind is kind and (not verdicts or one.verdict in verdicts)
    ]
