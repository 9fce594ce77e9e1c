"""The ontology, from Turtle and CSV to a plain `Vocabulary`.

Boundary: the only room that imports rdflib and owlready2. Neither leaves it, nothing of them is
kept after loading, and no module goes to the network.
"""

from __future__ import annotations

from pathlib import Path

from engine.knowledge.axioms import read_axioms
from engine.knowledge.consistency import contradictions, second_opinion
from engine.knowledge.lint import lint
from engine.knowledge.prototype import Classification, classify
from engine.knowledge.reading import Reading, read
from engine.knowledge.shapes import incomplete
from engine.knowledge.theory import Theory
from engine.knowledge.vocabulary import build
from engine.language.diagnostics import RefusedError
from engine.language.vocabulary import Vocabulary

__all__ = ["BOTH", "PROTOTYPE", "load", "load_classified"]

PROTOTYPE, BOTH = "prototypes only", "prototypes and HermiT"
"""What classified: a release records it."""


def load(folder: Path) -> Vocabulary:
    """Read the ontology in *folder*; raise `RefusedError` with everything that is wrong with it."""
    return load_classified(folder, twice=False)[0]


def load_classified(folder: Path, *, twice: bool) -> tuple[Vocabulary, str]:
    """The same, and what classified it: where *twice*, HermiT too, if there is Java.

    Raises `RefusedError` also where the two classifiers differ on a class or on a made item.
    """
    reading, theory, classification = classified(folder)
    found, asked = second_opinion(reading, theory, classification) if twice else ([], False)
    if found:
        raise RefusedError(found)
    return build(reading, theory, classification), BOTH if asked else PROTOTYPE


def classified(folder: Path) -> tuple[Reading, Theory, Classification]:
    """The same before it is plain data: for this room only."""
    reading = read(folder)
    if found := lint(reading):
        raise RefusedError(found)
    theory, off_profile = read_axioms(reading)
    if off_profile:
        raise RefusedError(off_profile)
    if found := incomplete(reading):
        raise RefusedError(found)
    classification = classify(theory)
    if found := contradictions(reading, theory, classification):
        raise RefusedError(found)
    return reading, theory, classification
