"""A glance at all patterns finds what a look at each of them finds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.answer import Answer
from engine.decide.explanation import NEAR_MISSES, Explainer, Explaining
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.decide.patterns import _Lanes
from engine.decide.program import Program
from engine.decide.semantics import Semantics, in_force
from engine.declaration.facts import Facts
from engine.language.rule import Control, GoodsStatus
from engine.release import Release
from tests import decide_sample as sample
from tests.generated import item, rule_set


def near(explainer: Explainer, program: Program, facts: Facts, answer: Answer) -> list[int]:
    """By brute force: one need false, nothing in the way; the fewest unknown first, of those the
    ones of which the most that must hold is not false.
    """
    found = []
    for compiled in program.rules:
        if not isinstance(compiled.rule.then, Control | GoodsStatus):
            continue
        if compiled.number in answer.applies | answer.undetermined:
            continue
        variant = compiled.always or in_force(compiled, facts)
        counts = []
        for pattern in variant.patterns if variant is not None else ():
            needs = [*pattern.needs, *((test, True) for test in pattern.joins)]
            values = [
                explainer.value(test) if sign else TRUE - explainer.value(test)
                for test, sign in needs
            ]
            blocked = any(
                explainer.value(test) == (TRUE if sign else FALSE) for test, sign in pattern.blocks
            )
            if values.count(FALSE) == 1 and not blocked:
                both = zip(needs, values, strict=True)
                held = sum(sign and value != FALSE for (_, sign), value in both)
                counts.append((values.count(UNKNOWN), -held))
        if counts:
            found.append((*min(counts), compiled.number))
    return [number for *_, number in sorted(found)[:NEAR_MISSES]]


@given(st.lists(st.integers(0, 11), max_size=40), st.integers(0, 11))
def test_the_lanes_that_hold_a_count_are_found(counts: list[int], count: int) -> None:
    lanes = _Lanes(len(counts), 11)
    counted = sum(lanes.one(place) * each for place, each in enumerate(counts))
    found = list(lanes.places(lanes.holding(count, counted)))
    assert found == [place for place, each in enumerate(counts) if each == count]


@pytest.mark.parametrize("seed", range(12))
def test_near_misses_are_those_one_false_test_away(seed: int, release: Release) -> None:
    made = rule_set(seed, 150, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    shared, semantics, rng = Explaining(program), Semantics(program), random.Random(seed)
    for _ in range(25):
        facts = item(rng, made)
        answer = semantics.judge(facts)
        explainer = Explainer(shared, facts, answer)
        assert explainer.near_misses() == near(explainer, program, facts, answer)


@pytest.mark.parametrize("seed", range(12))
def test_exempted_rules_are_those_that_would_apply_but_for_their_exemption(
    seed: int, release: Release
) -> None:
    made = rule_set(seed, 150, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    shared, semantics, rng = Explaining(program), Semantics(program), random.Random(seed)
    bare = {
        compiled.number: compiled for compiled in program.rules if compiled.rule.unless is not None
    }
    for _ in range(25):
        facts = item(rng, made)
        answer = semantics.judge(facts)
        explainer = Explainer(shared, facts, answer)
        expected = []
        for number, compiled in bare.items():
            variant = compiled.always or in_force(compiled, facts)
            if variant is None or variant.unless is None or number in answer.applies:
                continue
            if explainer.holds(variant.when) == TRUE and explainer.holds(variant.unless) == TRUE:
                expected.append(number)
        assert [number for number, _ in explainer.exempted()] == expected


def test_a_rule_that_needs_nothing_is_no_near_miss() -> None:
    program = sample.program(sample.rule("bare", sample.every(), sample.hold()))
    stands = sample.facts()
    explainer = Explainer(Explaining(program), stands, Semantics(program).judge(stands))
    assert explainer.near_misses() == []
