"""Both engines over the shipped rules: the same answer, gated or not, on generated items.

Everyday 10,000 items, every fifth ungated too; 20,000, all of them, with COMMENSURA_FULL=1.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from engine.decide.agreement import disagreements
from engine.decide.answer import Answer
from engine.decide.explanation import Explainer, Explaining
from engine.decide.gates import ItemTests
from engine.decide.generate import Generator
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.facts import Facts
from engine.language.rule import Phase
from tests.engines import needs_both_engines
from tests.full import FULL, often

pytestmark = needs_both_engines

ITEMS, UNGATED = often((20_000, 1), (10_000, 20))
"""How many items, and which of them are judged without gates, too: every fifth in a short form."""
DAYS = [
    date(2026, 2, 17),
    date(2026, 2, 18),
    date(2025, 12, 31),
    date(2027, 12, 31),
    date(2030, 8, 1),
]


@dataclass
class Seen:
    """What the generated items brought about."""

    disagreements: list[str] = field(default_factory=list)
    applied: Counter[int] = field(default_factory=Counter)
    open: Counter[int] = field(default_factory=Counter)
    certain_levels: Counter[str] = field(default_factory=Counter)
    possible_levels: Counter[str] = field(default_factory=Counter)
    values: Counter[int] = field(default_factory=Counter)
    exempted: set[int] = field(default_factory=set)


def items(program: Program, count: int, seed: int) -> Iterator[Facts]:
    generator, rng = Generator(program), random.Random(seed)
    for _ in range(count):
        yield generator.random_facts(rng, DAYS)


@pytest.fixture(scope="module")
def seen(program: Program) -> Seen:
    """All engines on all items, once for the tests below."""
    found = Seen()
    gated = [Semantics(program), Network(program)]
    ungated = [Semantics(program, gated=False), Network(program, gated=False)]
    shared = Explaining(program)
    for number, facts in enumerate(items(program, ITEMS, seed=1793)):
        engines = gated if number % UNGATED else [*gated, *ungated]
        first, *others = [engine.judge(facts) for engine in engines]
        for engine, other in zip(engines[1:], others, strict=True):
            for text in disagreements(program, first, other):
                found.disagreements.append(f"{engine.name}: {text}: {facts}")
        note(found, program, facts, first)
        explainer = Explainer(shared, facts, first)
        found.exempted.update(n for n, _ in explainer.exempted())
    return found


def note(found: Seen, program: Program, facts: Facts, answer: Answer) -> None:
    found.applied.update(answer.applies)
    found.open.update(answer.undetermined)
    found.certain_levels[answer.level[0]] += 1
    found.possible_levels[answer.level[1]] += 1
    tests = ItemTests(program, facts)
    base = (n for n in range(0, len(program.tests), 7) if n not in program.concluded)
    found.values.update(tests[number] for number in base)


def test_the_engines_agree_gated_and_ungated_on_every_generated_item(seen: Seen) -> None:
    assert seen.disagreements == []


def test_the_items_bring_nearly_every_rule_to_apply(seen: Seen, program: Program) -> None:
    assert len(seen.applied) >= (1.0 if FULL else 0.9) * len(program.rules)


def test_the_items_leave_nearly_every_rule_open(seen: Seen, program: Program) -> None:
    assert len(seen.open) >= 0.9 * len(program.rules)


def test_the_items_give_tests_every_value(seen: Seen) -> None:
    assert set(seen.values) == {TRUE, FALSE, UNKNOWN}


def test_the_items_come_to_every_risk_level(seen: Seen) -> None:
    every = {"level:Low", "level:Medium", "level:High", "level:Serious"}
    assert set(seen.possible_levels) == every
    assert set(seen.certain_levels) == every


def test_the_items_exempt_rules_of_every_file_that_has_an_exemption(
    seen: Seen, program: Program
) -> None:
    files = {c.rule.table for c in program.rules if c.rule.unless is not None}
    assert {program.rules[number].rule.table for number in seen.exempted} == files


def test_the_items_reach_rules_of_every_phase(seen: Seen, program: Program) -> None:
    assert {program.rules[number].rule.phase for number in seen.applied} == set(Phase)
