"""pytest-bdd bound to the phrases that the product ships: nothing is written twice.

A plugin, which `tests/features` registers. It wants a fixture `ground`.
"""

from __future__ import annotations

import functools
import inspect

import pytest
from pytest_bdd import given, parsers, then, when

from engine.specs.phrase import TYPES, Phrase
from engine.specs.steps import PHRASES
from engine.specs.world import Ground, World

KINDS = {"given": given, "when": when, "then": then}


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
