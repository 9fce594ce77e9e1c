"""The axioms by what they speak of: what plays a part in the derivation of what."""

from __future__ import annotations

import pytest

from engine.declaration.realising import TYPE
from engine.knowledge.model import Way
from engine.language.expression import Named
from engine.language.vocabulary import Vocabulary
from engine.prove.axiom_index import AxiomIndex


@pytest.fixture(scope="module")
def index(vocabulary: Vocabulary) -> AxiomIndex:
    scope = str(vocabulary.facts[TYPE].range)
    return AxiomIndex(vocabulary, [term.id for term in vocabulary.of_kind(scope)])


def every_way(index: AxiomIndex) -> list[Way]:
    """Those of definitions, those of alternatives, and each atom that some class entails."""
    defined = [way for ways in index.ways.values() for way in ways]
    chosen = [way for each in index.choices.values() for ways in each for way in ways]
    return [*defined, *chosen, *((atom,) for above in index.above.values() for atom in above)]


def test_a_way_touches_what_it_defines(index: AxiomIndex) -> None:
    assert [
        t for t, ways in index.ways.items() for way in ways if t not in index.touched(way)
    ] == []


def test_a_class_touches_itself_and_all_that_it_entails(index: AxiomIndex) -> None:
    for term, above in index.above.items():
        named = {atom.term for atom in above if isinstance(atom, Named)}
        assert {term} | named <= index.touched((Named(term),))


def test_a_fact_touches_the_classes_that_having_it_entails(index: AxiomIndex) -> None:
    about = [atom for way in every_way(index) for atom in way if not isinstance(atom, Named)]
    assert {atom.fact for atom in about} & index.domains.keys()
    for atom in about:
        assert {*index.domains.get(atom.fact, ())} <= index.touched((atom,))


def test_what_is_touched_leads_to_nothing_more(index: AxiomIndex) -> None:
    touched = {*map(index.touched, every_way(index))}
    alone = {term: index.touched((Named(term),)) for term in frozenset().union(*touched)}
    for found in touched:
        assert all(alone[term] <= found for term in found)


def test_most_classes_are_not_touched_by_most_ways(index: AxiomIndex) -> None:
    sizes = [len(index.touched(way)) for way in every_way(index)]
    assert sum(sizes) < len(sizes) * len(index.labels) / 2
