"""All features, through pytest-bdd, with the step library that the product itself ships."""

from __future__ import annotations

import functools
import inspect
from datetime import date
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine import release as releases
from engine.knowledge import load
from engine.language.base import read_base
from engine.specs import proofs
from engine.specs.steps import STEPS, Step, World

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"given": given, "when": when, "then": then}

scenarios(str(ROOT / "features"))


@pytest.fixture(scope="session")
def shipped() -> World:
    """The knowledge base as it ships."""
    release, _, _ = releases.checked(ROOT, date(2026, 11, 23))
    read = read_base(ROOT / "rules", load(ROOT / "ontology"))
    return World(release, read, ROOT / "features" / "declarations")


@pytest.fixture
def world(shipped: World) -> World:
    return World(shipped.release, shipped.read, shipped.declarations)


def bind(step: Step) -> None:
    """Register the library's function under its phrase, with the arguments it asks for."""

    @functools.wraps(step.run)
    def run(**arguments: object) -> None:
        step.run(**arguments)

    run.__signature__ = inspect.signature(step.run)  # type: ignore[attr-defined]
    KINDS[step.kind](parsers.parse(step.phrase), stacklevel=2)(run)


ALL = [*STEPS, *proofs.STEPS]

for _step in ALL:
    bind(_step)


def test_each_step_is_used_by_a_scenario() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "features").rglob("*.feature")]
    lines = [line.strip().partition(" ")[2] for text in texts for line in text.splitlines()]
    unused = [
        step.phrase
        for step in ALL
        if not any(parsers.parse(step.phrase).is_matching(line) for line in lines)
    ]
    assert unused == []
