"""The formulas say what the specification says: on random items, of shipped and of random rules."""

from __future__ import annotations

import random

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.decide.generate import Generator
from engine.decide.program import Program, UnsuitableError
from engine.decide.semantics import Semantics
from engine.declaration.facts import Facts
from engine.language.rule import Rule
from tests.full import often
from tests.prove_sample import Solved
from tests.random_rules import VOCABULARY, based, items, rules

ITEMS, BASES = often((10_000, 1_000), (500, 60))

SMALL = msgspec.structs.replace(
    VOCABULARY,
    codes={"9503": "toys", "950300": "toys", "8712": "bicycles"},
    countries={"NG": "Nigeria", "CN": "China", "AQ": "Antarctica"},
    currencies=frozenset({"EUR", "XAF"}),
)


def test_the_solver_decides_shipped_rules_as_the_specification_does(program: Program) -> None:
    solved, semantics = Solved(program), Semantics(program)
    generator, rng = Generator(program), random.Random(20261126)
    known = program.vocabulary.knows_code
    asked, found = 0, []
    while asked < ITEMS:
        facts = generator.random_facts(rng)
        code = facts.values.get("goods.commodityCode")
        if isinstance(code, str) and (len(code) < 4 or not known(code)):
            continue  # no declaration has such a code
        asked += 1
        if not solved.agrees(facts, semantics.judge(facts)):
            found.append(facts)
    assert found == []


@settings(
    max_examples=BASES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(found=st.lists(rules(), min_size=1, max_size=6), cases=st.lists(items(), max_size=8))
def test_the_solver_decides_random_rules_as_the_specification_does(
    found: list[Rule], cases: list[Facts]
) -> None:
    try:
        program = Program(based(found), SMALL)
    except UnsuitableError:
        assume(False)
    solved, semantics = Solved(program), Semantics(program)
    for facts in cases:
        assert solved.agrees(facts, semantics.judge(facts))
