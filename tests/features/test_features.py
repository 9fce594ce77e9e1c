"""All features, through pytest-bdd, with the phrases that the product itself ships."""

from __future__ import annotations

import functools
import inspect
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.decide.deciding import Decider
from engine.release import Release
from engine.specs.phrase import TYPES, Phrase
from engine.specs.steps import PHRASES
from engine.specs.world import Ground, World

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"given": given, "when": when, "then": then}

scenarios(str(ROOT / "features"))


@pytest.fixture(scope="session")
def ground(release: Release, decider: Decider) -> Ground:
    """The knowledge base as it ships, decided by both engines."""
    return Ground.of(release, ROOT / "features" / "declarations", decider)


@pytest.fixture
def world(ground: Ground) -> World:
    return World(ground)


def bind(phrase: Phrase) -> None:
    """Register the library's function under its phrase, with the arguments it asks for."""

    @functools.wraps(phrase.run)
    def run(**arguments: object) -> None:
        phrase.run(**arguments)

    run.__signature__ = inspect.signature(phrase.run)  # type: ignore[attr-defined]
    KINDS[phrase.kind](parsers.parse(phrase.text, TYPES), stacklevel=2)(run)


for _phrase in PHRASES:
    bind(_phrase)
