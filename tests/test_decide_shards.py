"""What durable-rules cannot take is refused before it is given, with the rule named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from engine.decide import shards
from engine.decide.program import Program, UnsuitableError
from engine.decide.shards import (
    NAMES_PER_SHARD,
    PATTERNS_PER_SHARD,
    clashing,
    plans,
)
from engine.language.condition import AllOf, AnyOf, Condition, Leaf, Operator, Test
from engine.language.diagnostics import RefusedError
from engine.language.rule import Phase, Rule
from engine.release import Release, checked
from tests.generated import rule_set, with_made_facts


def number(index: int) -> Leaf:
    test = Test(fact="made.number0", operator=Operator.UNDER, number=Decimal(index))
    return Leaf(test=test, basis="made", criterion="nature")


def compiled(release: Release, when: Condition) -> Program:
    made = rule_set(1, 5, release.vocabulary, release.base.matrices)
    first = next(rule for rule in made.base.rules if rule.phase is Phase.CONTROL)
    rule: Rule = msgspec.structs.replace(first, id="made/odd", when=when, unless=None)
    base = msgspec.structs.replace(made.base, rules=(rule,))
    return Program(base, with_made_facts(release.vocabulary))


def test_names_with_one_hash_are_found() -> None:
    assert clashing(["t1", "hdgkpmkc", "idcmcime"]) == ("hdgkpmkc", "idcmcime")


def test_names_with_different_hashes_are_no_clash() -> None:
    assert clashing(f"{mark}{index}" for mark in "tfuv" for index in range(2000)) is None


def test_a_rule_of_too_many_alternatives_is_named(release: Release) -> None:
    wide = AnyOf(tuple(number(index) for index in range(65)))
    with pytest.raises(UnsuitableError, match="65 alternatives") as refused:
        compiled(release, wide)
    assert refused.value.rule.id == "made/odd"


def test_alternatives_that_multiply_are_refused_before_they_are_listed(release: Release) -> None:
    pairs = tuple(AnyOf((number(2 * i), number(2 * i + 1))) for i in range(40))
    with pytest.raises(UnsuitableError, match="alternatives"):
        compiled(release, AllOf(pairs))


def test_an_alternative_of_too_many_tests_is_named(release: Release) -> None:
    program = compiled(release, AllOf(tuple(number(i) for i in range(NAMES_PER_SHARD + 5))))
    with pytest.raises(UnsuitableError, match="tests, more than") as refused:
        plans(program)
    assert refused.value.rule.id == "made/odd"


def test_no_shard_exceeds_what_the_c_module_takes(release: Release) -> None:
    made = rule_set(2, 3000, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    for plan in plans(program):
        assert len(plan.definition) <= PATTERNS_PER_SHARD
        assert len(plan.names) <= 253
        for rule in plan.definition.values():
            assert len(rule["all"]) <= 16


def test_every_pattern_stands_in_one_shard(release: Release) -> None:
    made = rule_set(2, 500, release.vocabulary, release.base.matrices)
    program = Program(made.base, made.vocabulary)
    expected = sorted(
        compiled.number
        for compiled in program.rules
        for variant in compiled.variants
        for _ in variant.patterns
    )
    assert sorted(n for plan in plans(program) for n in plan.rules.values()) == expected


def test_publishing_names_the_rule_that_no_shard_holds(
    knowledge_base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "NAMES_PER_SHARD", 2)
    with pytest.raises(RefusedError) as refused:
        checked(knowledge_base, date(2026, 11, 23))
    (found,) = refused.value.diagnostics
    assert found.code == "too-wide"
    assert found.file.startswith("rules/")
