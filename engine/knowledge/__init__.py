"""The ontology, from Turtle and CSV to a plain `Vocabulary`.

Boundary: the only room that imports rdflib and owlready2. Neither leaves it, nothing of them is
kept after loading, and no module goes to the network.
"""

from __future__ import annotations

from pathlib import Path

from engine.knowledge.axioms import Theory, read_axioms
from engine.knowledge.consistency import contradictions, second_opinion
from engine.knowledge.lint import lint
from engine.knowledge.prototype import Classification, classify
from engine.knowledge.reading import Reading, read
from engine.knowledge.vocabulary import build
from engine.language.diagnostics import RefusedError
from engine.language.vocabulary import Vocabulary

__all__ = ["BOTH", "PROTOTYPE", "agree_on_classes", "load"]

PROTOTYPE, BOTH = "prototypes only", "prototypes and HermiT"
"""What classified: a release records it."""


def load(folder: Path) -> Vocabulary:
    """Read the ontology in *folder*; raise `RefusedError` with everything that is wrong with it."""
    return build(*_classified(folder))


def agree_on_classes(folder: Path) -> str:
    """Let HermiT classify the ontology in *folder* too, where there is Java; what classified.

    Raises `RefusedError` where the two classifiers differ on a class or on a made item.
    """
    found, asked = second_opinion(*_classified(folder))
    if found:
        raise RefusedError(found)
    return BOTH if asked else PROTOTYPE


def _classified(folder: Path) -> tuple[Reading, Theory, Classification]:
    reading = read(folder)
    if found := lint(reading):
        raise RefusedError(found)
    theory, off_profile = read_axioms(reading)
    if off_profile:
        raise RefusedError(off_profile)
    classification = classify(theory)
    if found := contradictions(reading, theory, classification):
        raise RefusedError(found)
    return reading, theory, classification
