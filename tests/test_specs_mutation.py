"""Mutation score: what is changed, what notices it, and that the shipped rules are noticed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine import release as releases
from engine.decide.examples import imposed, run_examples
from engine.decide.program import Program
from engine.language.base import ReadBase, RuleBase
from engine.language.condition import Operator
from engine.language.period import Period
from engine.language.rule import Control, Example, Rule, Task
from engine.language.vocabulary import Group, Membership
from engine.release import Release
from engine.specs.mutants import Mutant, Mutating, What
from engine.specs.mutation import RuleScore, Score, _Trying, score
from tests.decide_sample import hold, leaf, mandate, matrices, vocabulary
from tests.evidence_sample import SIGNER
from tests.specs_sample import rule_of

TOYS = "products/toys/small-parts"


@pytest.fixture(scope="module")
def shipped(release: Release) -> Score:
    return score(release.base, release.vocabulary)


def mutants_of(release: Release, rule: Rule) -> list[Mutant]:
    return list(Mutating(release.vocabulary, release.base.parameters).of(rule))


def scored(release: Release, *rules: Rule) -> RuleScore:
    base = replace(release.base, rules=rules)
    (one,) = score(base, release.vocabulary).rules
    return one


def without(rule: Rule, *names: str) -> Rule:
    """The rule without some of its examples."""
    left = tuple(example for example in rule.examples if example.name not in names)
    assert len(left) == len(rule.examples) - len(names)
    return replace(rule, examples=left)


def test_nine_of_ten_changes_of_the_shipped_rules_are_noticed(shipped: Score) -> None:
    assert shipped.mutants > 1_500
    assert shipped.share >= 0.9


def test_every_file_of_rules_has_a_score(shipped: Score, release: Release) -> None:
    assert [one.rule for one in shipped.rules] == sorted({r.table for r in release.base.rules})
    assert all(one.mutants for one in shipped.rules)


def test_a_release_on_disk_has_the_same_score(shipped: Score, release_file: Path) -> None:
    loaded = releases.load(release_file, SIGNER.public)
    assert score(loaded.base, loaded.vocabulary) == shipped


def test_survivors_are_listed_with_what_was_changed(shipped: Score) -> None:
    assert len(shipped.survivors) == shipped.mutants - shipped.killed
    assert "without `goods.origin known true`" in {one.words for one in shipped.survivors}


def test_each_kind_of_change_is_made(release: Release) -> None:
    assert {mutant.what for mutant in mutants_of(release, rule_of(release, TOYS))} == set(What)


def test_a_mutant_differs_from_its_rule_by_one_thing(release: Release) -> None:
    rule = rule_of(release, TOYS)
    for mutant in mutants_of(release, rule):
        parts = ("when", "unless", "then")
        changed = [part for part in parts if getattr(mutant.rule, part) != getattr(rule, part)]
        assert len(changed) == 1
        assert replace(mutant.rule, when=rule.when, unless=rule.unless, then=rule.then) == rule


def test_no_two_mutants_of_a_rule_are_the_same(release: Release) -> None:
    for rule in release.base.rules[:60]:
        made = [
            (m.rule.when, m.rule.unless, m.rule.then, str(m.parameters))
            for m in mutants_of(release, rule)
        ]
        assert len({repr(one) for one in made}) == len(made)


def test_without_its_near_misses_a_threshold_survives(release: Release) -> None:
    rule = rule_of(release, TOYS)
    blind = without(rule, "exactly 36 months", "intended age: 35 months")
    words = {one.words for one in scored(release, blind).survivors if one.what is What.THRESHOLD}
    assert "`goods.intendedAgeMonths under 36` → `goods.intendedAgeMonths under 37`" in words
    assert "`goods.intendedAgeMonths under 36` → `goods.intendedAgeMonths under 35`" in words
    assert not [one for one in scored(release, rule).survivors if one.what is What.THRESHOLD]


def test_a_bound_taken_in_is_noticed_at_the_bound_alone(release: Release) -> None:
    blind = without(rule_of(release, TOYS), "exactly 36 months")
    words = {one.words for one in scored(release, blind).survivors if one.what is What.OPERATOR}
    assert words == {"`goods.intendedAgeMonths under 36` → `goods.intendedAgeMonths at_most 36`"}


def test_a_rate_that_no_example_states_survives(release: Release) -> None:
    rule = rule_of(release, TOYS)
    silent = replace(rule, examples=tuple(replace(one, gives=None) for one in rule.examples))
    assert {one.what for one in scored(release, silent).survivors} == {What.RATE}


def test_a_claimed_report_tells_verified_from_declared(release: Release) -> None:
    blind = without(rule_of(release, TOYS), "a report that is only claimed exempts nothing")
    assert any("verified" in one.words for one in scored(release, blind).survivors)


def test_values_of_parameters_are_thresholds(release: Release) -> None:
    made = mutants_of(release, rule_of(release, "customs/low-value"))
    moved = {mutant.words for mutant in made if mutant.parameters}
    assert moved == {
        "`parameters/low-garment-value` 5 → 4",
        "`parameters/low-garment-value` 5 → 6",
    }


def test_of_a_table_the_rows_that_examples_name_are_tried(release: Release) -> None:
    rows = [rule for rule in release.base.rules if rule.table == "plants/rates"]
    named = {example.row for rule in rows for example in rule.examples}
    blind = [replace(rule, examples=()) for rule in rows]
    survivors = scored(release, *blind).survivors
    assert {one.rule for one in survivors} == {rows[0].id}
    tried = {f"plants/rates#{row}" for row in named}
    assert {one.rule for one in scored(release, *rows).survivors} <= tried


def test_a_scenario_notices_what_no_example_does(release: Release) -> None:
    rule = replace(rule_of(release, TOYS), examples=())
    base = replace(release.base, rules=(rule,))
    asked: list[str] = []

    def notices(mutant: Rule) -> bool:
        asked.append(mutant.id)
        return mutant.then != rule.then

    found = score(base, release.vocabulary, notices=notices)
    assert What.RATE not in {one.what for one in found.survivors}
    assert len(asked) == found.mutants


def test_only_the_rules_that_were_named_are_scored(release: Release) -> None:
    found = score(release.base, release.vocabulary, only=[TOYS, "food/scope"])
    assert [one.rule for one in found.rules] == ["food/scope", TOYS]


def test_progress_runs_to_the_end(release: Release) -> None:
    told: list[tuple[int, int]] = []
    score(
        release.base,
        release.vocabulary,
        only=["food/scope", TOYS],
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(0, 2), (1, 2), (2, 2)]


RATES = st.decimals("0.01", "1", places=2)


@settings(deadline=None)
@given(RATES)
def test_a_rate_is_halved_and_doubled_within_a_share(release: Release, rate: Decimal) -> None:
    then = Control((Task(task="control:Physical", rate=rate),))
    made = mutants_of(release, replace(rule_of(release, TOYS), then=then))
    rates = {
        m.rule.then.tasks[0].rate
        for m in made
        if m.what is What.RATE and isinstance(m.rule.then, Control)
    }
    assert rates == {moved for moved in (rate / 2, rate * 2) if moved <= 1}


def test_an_example_says_what_is_imposed_exactly(release: Release) -> None:
    rule = rule_of(release, TOYS)
    example = rule.examples[0]
    assert imposed(rule, replace(example, gives={"control:Physical": Decimal("1.0")}))
    assert not imposed(rule, replace(example, gives={"control:Physical": Decimal("0.5")}))
    assert not imposed(rule, replace(example, gives={}))
    assert imposed(rule, replace(example, gives=None))


def test_an_example_that_misstates_a_rate_is_refused(release: Release) -> None:
    rule = rule_of(release, TOYS)
    wrong = replace(rule.examples[0], gives={"control:Physical": Decimal("0.5")})
    told = ReadBase.without_files(replace(release.base, rules=(replace(rule, examples=(wrong,)),)))
    program = Program(told.base, release.vocabulary)
    (found,) = run_examples(told, program)
    assert found.code == "example-fails"
    assert "the rule imposes control:Physical at 1" in found.message


def test_a_mutant_is_asked_on_the_days_of_its_own_groups() -> None:
    """Nigeria leaves one of the groups on a day, and is in the other for good."""
    known = vocabulary()
    lasting = Group(
        id="group:Lasting", label="l", definition="l", members=(Membership(country="NG"),)
    )
    known = replace(known, groups={**known.groups, lasting.id: lasting})
    example = Example(name="one", given={"goods.origin": "NG"}, expect="applies")
    kept, left = (
        mandate(
            "r",
            leaf("goods.origin", Operator.WITHIN, terms=(group,)),
            hold(),
            effective=Period(start=date(2026, 1, 1)),
            examples=(example,),
        )
        for group in ("group:Lasting", "group:League")
    )
    trying = _Trying(RuleBase(rules=(kept,), parameters={}, matrices=matrices()), known)
    mutants = [Mutant(rule=rule, what=What.TERM, words="w") for rule in (kept, left)]
    assert [trying.killed(mutant) for mutant in mutants] == [False, True]
