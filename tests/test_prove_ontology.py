"""Every declaration satisfies the axioms: else something might be proved that is not so."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
import z3

from engine.decide.program import Program
from engine.declaration.derive import item_facts
from engine.language.vocabulary import Fact, FactType, Scope, Source, Vocabulary
from engine.prove.encoding import Encoding, space_of
from engine.prove.item import Item
from engine.prove.ontology import declared
from engine.prove.witness import read
from tests.decide_sample import DAY

FULL = os.environ.get("COMMENSURA_FULL") == "1"
DECLARATIONS = 5_000 if FULL else 250


@pytest.fixture(scope="module")
def item(program: Program) -> Item:
    found = Item(space_of(program), "1")
    Encoding(program, found)
    return found


@pytest.fixture(scope="module")
def axioms(item: Item) -> z3.Solver:
    solver = z3.Solver()
    solver.add(declared(item))
    return solver


def test_random_declarations_satisfy_the_axioms(
    program: Program, item: Item, axioms: z3.Solver
) -> None:
    rng, wrong = random.Random(20261126), []
    for body in declarations(program.vocabulary, rng):
        derived = item_facts(read(body), program.vocabulary, DAY)
        for one in derived.items:
            if axioms.check(item.pinned(one.facts)) != z3.sat:
                wrong.append(body)
    assert wrong == []


def test_the_axioms_leave_out_what_no_declaration_is(item: Item, axioms: z3.Solver) -> None:
    """Food is no toy, and a toy is a toy: the axioms say something at all."""
    vocabulary = item.space.vocabulary
    toy = item.among("goods.product", vocabulary.below("product:Toy"))
    known = item.known("goods.product")
    is_toy = item.member("goods.type", "product:Toy")
    assert axioms.check(known, toy, z3.Not(is_toy)) == z3.unsat
    assert axioms.check(is_toy, item.member("goods.type", "product:Food")) == z3.unsat
    assert axioms.check(is_toy) == z3.sat


def test_nothing_is_of_a_class_without_a_ground(item: Item, axioms: z3.Solver) -> None:
    known = [item.known(name) for kind, name, *_ in item.variables if kind == "known"]
    nothing = [z3.Not(one) for one in known if "goods.type" not in str(one)]
    assert axioms.check(*nothing, item.member("goods.type", "product:Toy")) == z3.unsat


# Random declarations


def declarations(vocabulary: Vocabulary, rng: random.Random) -> Iterator[dict[str, Any]]:
    facts = [
        fact
        for fact in vocabulary.facts.values()
        if fact.source in (Source.DECLARED, Source.LOOKED_UP)
        and fact.type not in (FactType.DOCUMENTS, FactType.DATE)
    ]
    for number in range(DECLARATIONS):
        goods = [
            goods_item(place, facts, vocabulary, rng) for place in range(1, rng.choice((2, 3, 4)))
        ]
        whole = [f for f in facts if f.scope is Scope.CONSIGNMENT and rng.random() < 0.3]
        declared_ = {f.id: value(f, vocabulary, rng) for f in whole if f.source is Source.DECLARED}
        found = {f.id: value(f, vocabulary, rng) for f in whole if f.source is Source.LOOKED_UP}
        yield {
            "declaration": {
                "id": f"R{number}",
                "stage": rng.choice(("pre-arrival", "arrival", "accepted", "post-release")),
                "facts": declared_,
                "goods": goods,
            },
            "known": {"facts": found},
        }


def goods_item(
    place: int, facts: list[Fact], vocabulary: Vocabulary, rng: random.Random
) -> dict[str, Any]:
    share = rng.choice((0.05, 0.2, 0.6))
    stated = [
        fact
        for fact in facts
        if fact.scope is Scope.ITEM
        and fact.source is Source.DECLARED
        and rng.random() < (0.8 if fact.id in ("goods.product", "goods.commodityCode") else share)
    ]
    papers = rng.sample(sorted(vocabulary.certificates), rng.choice((0, 1, 2)))
    return {
        "item": place,
        "facts": {fact.id: value(fact, vocabulary, rng) for fact in stated},
        "documents": [{"type": name, "id": f"{place}-{name}"} for name in papers],
    }


def value(fact: Fact, vocabulary: Vocabulary, rng: random.Random) -> object:
    match fact.type:
        case FactType.BOOLEAN:
            return rng.random() < 0.7
        case FactType.NUMBER:
            low, high = fact.minimum or 0, fact.maximum or 300
            return min(max(rng.choice((0, 1, 24, 25, 36, 75, 150, 250, 300)), low), high)
        case FactType.MONEY:
            return {
                "amount": rng.choice((0, 1, 45, 150, 1000)),
                "currency": rng.choice(("EUR", "USD")),
            }
        case FactType.TERM:
            return rng.choice(vocabulary.of_kind(str(fact.range))).id
        case FactType.TERMS:
            terms = [term.id for term in vocabulary.of_kind(str(fact.range))]
            return rng.sample(terms, rng.choice((1, 1, 2)))
        case FactType.CODE:
            named = sorted({code for term in vocabulary.terms.values() for code in term.codes})
            code = rng.choice(named if rng.random() < 0.7 else sorted(vocabulary.codes))
            return code.ljust(4, "0") if code.ljust(4, "0") in vocabulary.codes else "9503"
        case FactType.COUNTRY:
            return rng.choice(sorted(vocabulary.countries))
        case _:
            return rng.choice(("parts", "goods of all kinds"))
