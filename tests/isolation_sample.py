"""Rules and goods for tests of engines in processes of their own, of which none is left."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.decide.child import Factory
from engine.decide.decision import Decision
from engine.decide.isolation import Isolated
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from tests import faulty_engines as faulty
from tests.decide_sample import (
    ANY_GOODS,
    at_least,
    code,
    control,
    decide,
    decider_of,
    facts,
    mandate,
    program,
    rule,
    task,
)

SHORT = 0.3
"""Seconds that an engine is given which will never answer."""

BASE = program(
    mandate("law", ANY_GOODS, control(task("Documentary"))),
    rule("choice", at_least("item.riskLevel", "level:Low"), control(task("Physical"))),
    rule("mild", code(faulty.BAD), control(task("Identity"))),
)
BAD: dict[str, Any] = {"commodityCode": faulty.BAD}
GOOD: dict[str, Any] = {"commodityCode": "9503"}
BAD_FACTS = facts(goods__commodityCode=faulty.BAD)
GOOD_FACTS = facts(goods__commodityCode="9503")

Start = Callable[..., Isolated]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The processes that a test started; none of them is left, not even as a zombie."""
    pids: list[int] = []
    real = subprocess.Popen

    def recorded(*words: Any, **options: Any) -> Any:
        process = real(*words, **options)
        pids.append(process.pid)
        return process

    monkeypatch.setattr(subprocess, "Popen", recorded)
    yield pids
    monkeypatch.undo()
    assert [pid for pid in pids if alive(pid)] == []


@pytest.fixture
def isolated(started: list[int]) -> Iterator[Start]:
    """Start an engine that is closed with the test."""
    made: list[Isolated] = []

    def start(factory: Factory, compiled: Program = BASE, **options: Any) -> Isolated:
        made.append(Isolated(compiled, factory, **options))
        return made[-1]

    yield start
    for one in made:
        one.close()


def alive(pid: int) -> bool:
    """Whether there is such a process, if only as a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def by(engine: Isolated, *goods: dict[str, Any], compiled: Program = BASE) -> Decision:
    return decide(decider_of(compiled, Semantics(compiled), engine), *goods)
