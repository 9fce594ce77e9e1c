"""Definitions and implications in the notation of description logics, by owlready2."""

from __future__ import annotations

from io import BytesIO
from threading import RLock

import owlready2
from owlready2.dl_render import dl_render_concept_str
from rdflib import Graph

from engine.knowledge.hermit import handed
from engine.knowledge.names import BASE, iri
from engine.knowledge.theory import Theory


def rendered(graph: Graph, theory: Theory) -> dict[str, str]:
    """By class, what it is exactly (``≡ …``), or what else all of it is (``⊑ …``)."""
    world = owlready2.World(lock=RLock())
    try:
        given = handed(graph, theory).serialize(format="nt", encoding="utf-8")
        world.get_ontology(BASE).load(fileobj=BytesIO(given))
        found = {}
        implying = {term for term, _ in theory.implications if not term.startswith("hs:")}
        for term in sorted(theory.definitions.keys() | implying):
            held = world[str(iri(term))]
            parts = [f"≡ {_tidy(dl_render_concept_str(one))}" for one in held.equivalent_to]
            parts += [
                f"⊑ {_tidy(dl_render_concept_str(one))}"
                for one in held.is_a
                if not isinstance(one, owlready2.ThingClass)
            ]
            if parts:
                found[term] = "\n".join(sorted(parts))
        return found
    finally:
        world.close()


_TIDIED = ((" .", "."), (".{True}", ".{true}"), (".{False}", ".{false}"), (".float[", ".["))


def _tidy(text: str) -> str:
    """As it is written: no space before a dot, values of OWL and not of Python."""
    for found, better in _TIDIED:
        text = text.replace(found, better)
    return text
