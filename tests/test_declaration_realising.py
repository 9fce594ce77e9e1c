"""What goods are, by the shipped ontology: classes met, values implied, contradictions reported.

Where there is Java, HermiT realises the same items: everyday 50, with COMMENSURA_FULL=1 500.
"""

from __future__ import annotations

import os
import random
from decimal import Decimal
from pathlib import Path

import pytest

from engine.decide.evaluation import evaluate
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.declaration.facts import GOVERNING_DATES, Facts, Value
from engine.declaration.realising import Realiser, axioms_of, realiser_of
from engine.knowledge import hermit
from engine.knowledge.axioms import read_axioms
from engine.knowledge.model import Model
from engine.knowledge.prototype import code_axioms
from engine.knowledge.reading import Reading, read
from engine.knowledge.sampling import sampled
from engine.knowledge.theory import Theory
from engine.language.condition import Operator, Test
from engine.language.expression import Atom, Flag, Named, Range, Some
from engine.language.vocabulary import Vocabulary
from tests.conftest import DAY

ITEMS = 500 if os.environ.get("COMMENSURA_FULL") == "1" else 50
needs_java = pytest.mark.skipif(hermit.java() is None, reason="no Java: one classifier only")


@pytest.fixture(scope="module")
def reading(knowledge_base: Path) -> Reading:
    return read(knowledge_base / "ontology")


@pytest.fixture(scope="module")
def theory(reading: Reading) -> Theory:
    return read_axioms(reading)[0]


def made_items(theory: Theory, count: int, seed: int = 7) -> list[list[Atom]]:
    model = Model((*theory.axioms, *code_axioms(theory.axioms)), theory.facts)
    return sampled(random.Random(seed), theory, model, count)


def values_of(item: list[Atom], theory: Theory) -> dict[str, Value]:
    """An item of atoms as a declaration would state it."""
    values: dict[str, Value] = {}
    kinds = set()
    for atom in item:
        match atom:
            case Named(name) if name.startswith("hs:"):
                values["goods.commodityCode"] = name.removeprefix("hs:")
            case Named(name):
                kinds.add(name)
            case Flag(fact, flag):
                values[fact] = flag
            case Range(fact, interval):
                assert interval.low is not None
                values[fact] = interval.low
            case Some(fact, term) if theory.facts[fact].type == "terms":
                held = values.get(fact, frozenset())
                assert isinstance(held, frozenset)
                values[fact] = held | {term}
            case Some(fact, term):
                values[fact] = term
    kinds.discard("core:Product")
    if kinds:
        values["goods.type"] = frozenset(kinds)
    return values


def one_code(item: list[Atom]) -> bool:
    """Whether a declaration can state it: several codes only where one is within the other."""
    codes = sorted((a.term for a in item if isinstance(a, Named) and a.term[:3] == "hs:"), key=len)
    return all(codes[-1].startswith(code) for code in codes)


@needs_java
def test_hermit_realises_the_same_items_alike(
    reading: Reading, theory: Theory, vocabulary: Vocabulary
) -> None:
    items = [item for item in made_items(theory, ITEMS * 2) if one_code(item)][:ITEMS]
    reasoned = hermit.reason(reading.graph, theory, items)
    realiser = Realiser(vocabulary)
    for item, theirs in zip(items, reasoned.items, strict=True):
        found = realiser.realise(values_of(item, theory))
        assert not found.contradiction
        assert found.types == {term for term in theirs if term.startswith("product:")}, item


def test_made_items_are_of_many_defined_classes(theory: Theory, vocabulary: Vocabulary) -> None:
    realiser = Realiser(vocabulary)
    items = [item for item in made_items(theory, 400) if one_code(item)]
    types = {term for item in items for term in realiser.realise(values_of(item, theory)).types}
    defined = {term for term in types if vocabulary.terms[term].means is not None}
    assert len(defined) >= 40


def test_what_is_remembered_of_a_kind_of_goods_is_what_follows_anew(
    theory: Theory, vocabulary: Vocabulary
) -> None:
    kept = Realiser(vocabulary)
    for item in (item for item in made_items(theory, 200) if one_code(item)):
        values = values_of(item, theory)
        first = kept.realise(values)
        assert kept.realise(values) == first == kept.forgetful().realise(values)


# Single goods


def realised(vocabulary: Vocabulary, **values: Value) -> frozenset[str]:
    stated = {f"goods.{name}": value for name, value in values.items()}
    return realiser_of(vocabulary).realise(stated).types


def test_a_number_on_the_boundary_is_on_the_side_that_the_definition_says(
    vocabulary: Vocabulary,
) -> None:
    toy = {"product": "product:Toy"}
    under = realised(vocabulary, **toy, intendedAgeMonths=Decimal("35.9"))
    exactly = realised(vocabulary, **toy, intendedAgeMonths=Decimal(36))
    assert "product:ToyForUnder3" in under
    assert "product:ToyForUnder3" not in exactly


def test_parts_of_parts_count(vocabulary: Vocabulary) -> None:
    # A lithium battery has lithium cells; goods that have the one have the other.
    assert "product:LithiumProduct" in realised(
        vocabulary, components=frozenset({"component:LithiumBattery"})
    )


def test_what_all_goods_of_a_class_have_is_known_of_each(vocabulary: Vocabulary) -> None:
    found = realiser_of(vocabulary).realise({"goods.product": "product:PowerBank"})
    assert found.values["goods.rechargeable"] is True
    assert "product:LithiumProduct" in found.types


def test_what_is_stated_is_not_stated_again(vocabulary: Vocabulary) -> None:
    values: dict[str, Value] = {"goods.product": "product:PowerBank", "goods.rechargeable": True}
    assert "goods.rechargeable" not in realiser_of(vocabulary).realise(values).values


def test_goods_that_cannot_be_are_only_what_they_are_stated_to_be(vocabulary: Vocabulary) -> None:
    values: dict[str, Value] = {"goods.product": "product:PowerBank", "goods.rechargeable": False}
    found = realiser_of(vocabulary).realise(values)
    assert found.contradiction
    assert found.types == vocabulary.terms["product:PowerBank"].ancestors
    assert found.values == {}


def test_a_code_makes_goods_what_all_under_it_are(vocabulary: Vocabulary) -> None:
    assert "product:HairDryer" in realised(vocabulary, commodityCode="85163100")
    assert "product:HairDryer" not in realised(vocabulary, commodityCode="8516")


def test_a_classified_vocabulary_holds_all_axioms_that_it_was_classified_by(
    theory: Theory, vocabulary: Vocabulary
) -> None:
    axioms, _ = axioms_of(vocabulary)
    for term, expression in theory.implications:
        if not isinstance(expression, Named):
            assert expression in vocabulary.terms[term].implies
    defined = {axiom.term: axiom.by for axiom in axioms if hasattr(axiom, "by")}
    assert defined == theory.definitions


# Realised, and tested by a rule


def is_a(term: str) -> Test:
    return Test(fact="goods.type", operator=Operator.IS_A, terms=(term,))


def test_a_rule_finds_a_class_met_where_goods_are_realised_as_it(
    theory: Theory, vocabulary: Vocabulary
) -> None:
    # The definition as a test looks into it, against the realised classes: two ways to one answer.
    realiser = Realiser(vocabulary)
    met = 0
    for item in (item for item in made_items(theory, 150, seed=9) if one_code(item)):
        values = values_of(item, theory)
        found = realiser.realise(values)
        bare = Facts(
            values={**values, **found.values},
            documents={},
            settled=frozenset(),
            days=dict.fromkeys(GOVERNING_DATES, DAY),
        )
        for term in theory.definitions:
            value = evaluate(is_a(term), bare, vocabulary)
            if value == TRUE:
                met += 1
                assert term in found.types
            elif value == FALSE:
                assert term not in found.types
    assert met > 100


@pytest.mark.parametrize(
    ("age", "value"), [(Decimal(18), TRUE), (Decimal(36), FALSE), (None, UNKNOWN)]
)
def test_a_definition_is_met_not_met_or_left_open(
    age: Decimal | None, value: int, vocabulary: Vocabulary
) -> None:
    values: dict[str, Value] = {"goods.type": frozenset({"product:PlushToy"})}
    if age is not None:
        values["goods.intendedAgeMonths"] = age
    facts = Facts(
        values=values,
        documents={},
        settled=frozenset(),
        days=dict.fromkeys(GOVERNING_DATES, DAY),
    )
    assert evaluate(is_a("product:ToyForUnder3"), facts, vocabulary) == value
