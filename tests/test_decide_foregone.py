"""What is foregone is what the evaluators say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.codes import CodeTree, code_value
from engine.decide.foregone import Foregone
from engine.decide.generate import Generator
from engine.decide.kleene import TRUE, UNKNOWN
from engine.decide.program import Program
from engine.release import Release
from tests.generated import item, rule_set

# Few digits, so that codes fall under each other often.
CODES = st.text("01", min_size=2, max_size=6)


@given(st.lists(CODES, max_size=12), CODES)
def test_a_tree_of_codes_finds_what_a_look_at_each_finds(codes: list[str], declared: str) -> None:
    tree = CodeTree((code, number) for number, code in enumerate(codes))
    values = [code_value(declared, code) for code in codes]
    assert sorted(tree.above(declared)) == [n for n, v in enumerate(values) if v == TRUE]
    assert sorted(tree.below(declared)) == [n for n, v in enumerate(values) if v == UNKNOWN]


@pytest.mark.parametrize("seed", range(6))
def test_on_made_rules(seed: int, release: Release) -> None:
    made = rule_set(seed, 150, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    foregone, rng = Foregone(program), random.Random(seed)
    for _ in range(40):
        facts = item(rng, made)
        found = foregone.values(facts)
        assert found == {n: program.evaluators[n](facts, {}, {}) for n in found}


def test_on_the_shipped_rules(program: Program) -> None:
    foregone, generator, rng = Foregone(program), Generator(program), random.Random(2019)
    for _ in range(60):
        facts = generator.random_facts(rng)
        found = foregone.values(facts)
        assert found == {n: program.evaluators[n](facts, {}, {}) for n in found}


def test_few_tests_of_the_shipped_rules_are_left(program: Program) -> None:
    facts = Generator(program).random_facts(random.Random(1))
    base = len(program.tests) - len(program.concluded)
    assert len(Foregone(program).values(facts)) > 0.5 * base
