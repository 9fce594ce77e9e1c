"""Generated rule sets: chaining, negation, unknowns, exemptions, parameters, periods, tables.

Both engines, gated and ungated, give one answer. Everyday 12 rule sets of 60 items; with
COMMENSURA_FULL=1, 220 of 100.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decide.agreement import consult, disagreements
from engine.decide.answer import Answer
from engine.decide.gates import GateIndex, ItemTests
from engine.decide.kleene import Conclusions, Evaluator
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics, in_force
from engine.declaration.facts import GOVERNING_DATES, Facts
from engine.language.rule import Phase
from engine.release import Release
from tests.engines import needs_both_engines
from tests.generated import CHANGES, RuleSet, item, rule_set

FULL = os.environ.get("COMMENSURA_FULL") == "1"
RULE_SETS, ITEMS = (220, 100) if FULL else (12, 60)


@needs_both_engines
@settings(
    max_examples=RULE_SETS, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(seed=st.integers(0, 2**32 - 1), size=st.sampled_from([5, 30, 90, 250]))
def test_engines_agree_gated_and_ungated_on_generated_rule_sets(
    seed: int, size: int, release: Release
) -> None:
    made = rule_set(seed, size, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    first, *others = (
        Semantics(program),
        Network(program),
        Semantics(program, gated=False),
        Network(program, gated=False),
    )
    rng = random.Random(seed)
    for _ in range(ITEMS):
        facts = item(rng, made)
        answer = first.judge(facts)
        for other in others:
            assert disagreements(program, answer, other.judge(facts)) == [], facts


@needs_both_engines
def test_a_test_on_a_base_fact_is_evaluated_once_an_item(release: Release) -> None:
    made = rule_set(4, 90, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    asked: Counter[int] = Counter()

    def counted(number: int) -> Evaluator:
        evaluator = program.evaluators[number]

        def ask(facts: Facts, certain: Conclusions, possible: Conclusions) -> int:
            asked[number] += 1
            return evaluator(facts, certain, possible)

        return ask

    engines = [Semantics(program), Network(program)]
    program.evaluators[:] = [counted(number) for number in range(len(program.tests))]
    rng = random.Random(4)
    for _ in range(40):
        asked.clear()
        consult(program, engines, item(rng, made))
        assert asked
        assert all(asked[number] == 1 for number in asked if number not in program.concluded)


@pytest.fixture(scope="module")
def large(release: Release) -> tuple[RuleSet, Program]:
    """Two thousand rules, many shards a phase."""
    made = rule_set(7, 2000, release.vocabulary, release.base.matrices)
    return made, Program(made.base, made.vocabulary)


@pytest.fixture(scope="module")
def answers(large: tuple[RuleSet, Program]) -> list[tuple[Facts, Answer]]:
    made, program = large
    rng, semantics = random.Random(3), Semantics(program)
    items = [item(rng, made) for _ in range(300)]
    return [(facts, semantics.judge(facts)) for facts in items]


@pytest.fixture(scope="module")
def network(large: tuple[RuleSet, Program]) -> Network:
    """Made once: it takes 77 MB, and what durable-rules holds is never freed."""
    return Network(large[1])


@needs_both_engines
def test_a_conclusion_reaches_every_shard_that_needs_it(
    large: tuple[RuleSet, Program], answers: list[tuple[Facts, Answer]], network: Network
) -> None:
    # Seed 7 with 2,000 rules once lost a fact for a shard that had been visited before.
    for facts, answer in answers:
        assert disagreements(large[1], answer, network.judge(facts)) == []


def test_generated_items_chain_negate_and_leave_open(
    large: tuple[RuleSet, Program], answers: list[tuple[Facts, Answer]]
) -> None:
    program = large[1]
    applied = {number for _, answer in answers for number in answer.applies}
    assert {program.rules[number].rule.phase for number in applied} == set(Phase)
    assert any(program.rules[number].chained for number in applied)
    assert any(program.rules[number].rule.unless for number in applied)
    assert any(answer.undetermined for _, answer in answers)
    assert {level for _, answer in answers for level in answer.level} == set(program.levels)


def test_a_gate_is_asked_for_few_of_many_rules(large: tuple[RuleSet, Program]) -> None:
    made, program = large
    gates = {
        phase: {
            pattern.gate
            for compiled in program.by_phase[phase]
            for variant in compiled.variants
            for pattern in variant.patterns
            if pattern.gate is not None
        }
        for phase in Phase
    }
    index = GateIndex(program, gates)
    rng = random.Random(5)
    for _ in range(200):
        facts = item(rng, made)
        if len(str(facts.values.get("goods.commodityCode", ""))) >= 8:
            assert len(index.declared(ItemTests(program, facts))) < 12


# Law in force, around every day on which it changes


@pytest.mark.parametrize("day", CHANGES)
def test_a_rule_is_in_force_up_to_the_day_and_from_it(
    large: tuple[RuleSet, Program], day: date
) -> None:
    _, program = large
    changing = 0
    for compiled in program.rules:
        period = compiled.rule.effective
        facts = {
            offset: Facts(
                values={},
                documents={},
                settled=frozenset(),
                days=dict.fromkeys(GOVERNING_DATES, day + timedelta(days=offset)),
            )
            for offset in (-1, 0)
        }
        before, after = (in_force(compiled, facts[offset]) for offset in (-1, 0))
        if period.start == day:
            assert before is None
            assert after is not None
            changing += 1
        elif period.end == day:
            assert before is not None
            assert after is None
            changing += 1
    assert changing > 20


@needs_both_engines
@pytest.mark.parametrize("day", CHANGES)
@pytest.mark.parametrize("governing", GOVERNING_DATES)
def test_engines_agree_around_a_change_by_one_governing_date(
    large: tuple[RuleSet, Program],
    answers: list[tuple[Facts, Answer]],
    network: Network,
    day: date,
    governing: str,
) -> None:
    _, program = large
    semantics = Semantics(program)
    differing = 0
    for facts, _ in answers[:60]:
        pair = []
        for offset in (-1, 0):
            days = {**facts.days, governing: day + timedelta(days=offset)}
            moved = msgspec.structs.replace(facts, days=days)
            pair.append(semantics.judge(moved))
            assert disagreements(program, pair[-1], network.judge(moved)) == []
        differing += pair[0] != pair[1]
    assert differing > 0
