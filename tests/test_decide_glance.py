"""What a glance sees of an item is what the evaluators say."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.answer import Answer
from engine.decide.codes import CodeTree, code_value
from engine.decide.explanation import by_fact
from engine.decide.generate import Generator
from engine.decide.glance import Glance
from engine.decide.kleene import FALSE, TRUE, UNKNOWN, Values
from engine.decide.patterns import PatternIndex
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.facts import Facts
from engine.language.condition import Operator
from engine.release import Release
from tests import decide_sample as sample
from tests.decide_sample import hold, number, rule
from tests.generated import item, rule_set

# Few digits, so that codes fall under each other often.
CODES = st.text("01", min_size=2, max_size=6)


@given(st.lists(CODES, max_size=12), CODES)
def test_a_tree_of_codes_finds_what_a_look_at_each_finds(codes: list[str], declared: str) -> None:
    tree = CodeTree((code, number) for number, code in enumerate(codes))
    values = [code_value(declared, code) for code in codes]
    assert sorted(tree.above(declared)) == [n for n, v in enumerate(values) if v == TRUE]
    assert sorted(tree.below(declared)) == [n for n, v in enumerate(values) if v == UNKNOWN]


def asked(program: Program, facts: Facts, answer: Answer) -> Values:
    """What each evaluator says, where it is not that its test is false."""
    certain, possible = by_fact(answer.certain), by_fact(answer.possible)
    values = [evaluate(facts, certain, possible) for evaluate in program.evaluators]
    return {test: value for test, value in enumerate(values) if value != FALSE}


def glance_of(program: Program) -> Glance:
    return Glance(program, PatternIndex(program))


def seen(glance: Glance, facts: Facts, answer: Answer) -> Values:
    return glance.at(facts, by_fact(answer.certain), by_fact(answer.possible)).values


@pytest.mark.parametrize("seed", range(12))
def test_a_glance_sees_what_each_evaluator_says_by_made_rules(seed: int, release: Release) -> None:
    made = rule_set(seed, 150, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    glance, semantics, rng = glance_of(program), Semantics(program), random.Random(seed)
    for _ in range(60):
        facts = item(rng, made)
        answer = semantics.judge(facts)
        assert seen(glance, facts, answer) == asked(program, facts, answer)


def test_a_glance_sees_what_each_evaluator_says_by_the_shipped_rules(program: Program) -> None:
    glance, semantics = glance_of(program), Semantics(program)
    generator, rng = Generator(program), random.Random(2019)
    for _ in range(100):
        facts = generator.random_facts(rng)
        answer = semantics.judge(facts)
        assert seen(glance, facts, answer) == asked(program, facts, answer)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_seen_in_pieces_counts_as_what_is_seen_at_once(seed: int, release: Release) -> None:
    made = rule_set(seed, 150, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    patterns, semantics, rng = PatternIndex(program), Semantics(program), random.Random(seed)
    glance = Glance(program, patterns)
    for _ in range(60):
        facts = item(rng, made)
        answer = semantics.judge(facts)
        values, counts = glance.at(facts, by_fact(answer.certain), by_fact(answer.possible))
        assert counts == patterns.counts(values)


BOUNDS = (3, 36)
BASE = sample.program(
    *(
        rule(f"{how}-{bound}", number("goods.intendedAgeMonths", how, bound), hold())
        for how in (Operator.UNDER, Operator.AT_MOST, Operator.OVER, Operator.AT_LEAST)
        for bound in BOUNDS
    ),
    rule("between", number("goods.intendedAgeMonths", Operator.BETWEEN, *BOUNDS), hold()),
)


@given(st.lists(st.decimals("0", "40", places=1), min_size=1, max_size=8))
def test_a_number_is_seen_on_its_own_side_of_each_bound(stated: list[Decimal]) -> None:
    glance = glance_of(BASE)
    for value in [*stated, *map(Decimal, BOUNDS), *stated]:
        stands = sample.facts(goods__intendedAgeMonths=value)
        assert glance.at(stands, {}, {}).values == {
            test: found
            for test, evaluate in enumerate(BASE.evaluators)
            if (found := evaluate(stands, {}, {})) != FALSE
        }
