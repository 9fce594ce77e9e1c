"""The ontology, from Turtle and CSV to a plain `Vocabulary`.

Boundary: the only room that imports rdflib and owlready2. Neither leaves it, nothing of them is
kept after loading, and no module goes to the network.
"""

from __future__ import annotations

from pathlib import Path

from engine.knowledge.classes import classify
from engine.knowledge.lint import empty_classes, lint
from engine.knowledge.reading import read
from engine.knowledge.vocabulary import build
from engine.language.diagnostics import RefusedError
from engine.language.vocabulary import Vocabulary

__all__ = ["load"]


def load(folder: Path) -> Vocabulary:
    """Read the ontology in *folder*; raise `RefusedError` with everything that is wrong with it."""
    reading = read(folder)
    if found := lint(reading):
        raise RefusedError(found)
    hierarchy = classify(reading.graph)
    if found := empty_classes(reading, hierarchy):
        raise RefusedError(found)
    return build(reading, hierarchy)
