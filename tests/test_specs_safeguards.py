"""Safeguards on rules by themselves: each is flagged where its record speaks against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.decide.program import Program
from engine.language.condition import AllOf, Leaf, NoneOf, Operator, Test, leaves
from engine.language.period import Period
from engine.language.rule import Alternative, Control, Danger, Likelihood, Provisional, Rule, Task
from engine.release import Release
from engine.specs.safeguards import Finding, Kind, Safeguards, Verdict, joined, shown
from engine.specs.safeguards.finding import article
from tests.conftest import DAY

TOYS = "products/toys/small-parts"
ORIGIN = "customs/neighbour-origin"
WOOD = "plants/wood-packing"
DANGER = Danger(
    hazard="hazard:Undervaluation",
    population="population:GeneralPublic",
    interest="interest:FairTrade",
    level="level:High",
)

Changed = Callable[..., list[Finding]]


@pytest.fixture(scope="module")
def found(program: Program) -> tuple[Finding, ...]:
    """The findings about the shipped rules."""
    return Safeguards(program).of_rules(DAY)


@pytest.fixture(scope="module")
def changed(release: Release) -> Changed:
    """The findings about one shipped rule, once it says something else."""

    def findings(identifier: str, on: date = DAY, **fields: Any) -> list[Finding]:
        rules = tuple(
            replace(rule, **fields) if rule.id == identifier else rule
            for rule in release.base.rules
        )
        program = Program(replace(release.base, rules=rules), release.vocabulary)
        return [one for one in Safeguards(program).of_rules(on) if identifier in one.rules]

    return findings


def rule_of(release: Release, identifier: str) -> Rule:
    return next(rule for rule in release.base.rules if rule.id == identifier)


def verdict(findings: list[Finding], kind: Kind) -> tuple[Verdict, str]:
    (one,) = [finding for finding in findings if finding.kind is kind]
    return one.verdict, one.article


# The shipped rules


def test_no_shipped_rule_is_flagged(found: tuple[Finding, ...]) -> None:
    assert [one for one in found if one.flagged] == []


def test_every_shipped_rule_is_checked_for_its_basis_and_its_review(
    found: tuple[Finding, ...], release: Release
) -> None:
    for kind in (Kind.BASIS, Kind.REVIEW):
        told = [rule for one in found if one.kind is kind for rule in one.rules]
        assert sorted(told) == sorted(rule.id for rule in release.base.rules)


def test_illustrative_numbers_are_an_insufficient_record(changed: Changed) -> None:
    assert verdict(changed(TOYS), Kind.BASIS) == (Verdict.INSUFFICIENT, "TBT-5.1.2")


def test_a_mandate_above_the_ladder_is_reported_and_not_judged(
    found: tuple[Finding, ...],
) -> None:
    (one,) = [f for f in found if f.kind is Kind.CALIBRATION and "reported" in f.words]
    assert one.verdict is Verdict.NO_FLAG
    assert "food/increased-controls#C001" in one.rules


# What is caught


def test_a_lesser_measure_that_does_as_much_is_flagged(changed: Changed, release: Release) -> None:
    why = rule_of(release, TOYS).proportionality
    assert why is not None
    papers = Alternative(
        task="control:Documentary", contribution="equal", available=True, why="They tell."
    )
    better = replace(why, alternatives=(papers,))
    assert verdict(changed(TOYS, proportionality=better), Kind.ALTERNATIVE) == (
        Verdict.FLAG,
        "TBT-5.1.2",
    )


@pytest.mark.parametrize("part", [{"available": False}, {"contribution": "lower"}])
def test_a_lesser_measure_that_would_not_do_is_no_flag(
    changed: Changed, release: Release, part: dict[str, Any]
) -> None:
    why = rule_of(release, TOYS).proportionality
    assert why is not None
    papers = Alternative(
        task="control:Documentary", contribution="equal", available=True, why="They tell."
    )
    weighed = replace(why, alternatives=(replace(papers, **part),))
    found = changed(TOYS, proportionality=weighed)
    assert verdict(found, Kind.ALTERNATIVE)[0] is Verdict.NO_FLAG


@pytest.mark.parametrize(
    ("task", "expected"),
    [("control:Identity", Verdict.INSUFFICIENT), ("control:PostClearanceAudit", Verdict.FLAG)],
)
def test_under_sps_the_lesser_measure_must_be_significantly_lesser(
    changed: Changed, release: Release, task: str, expected: Verdict
) -> None:
    rule = rule_of(release, WOOD)
    assert rule.proportionality is not None
    other = Alternative(task=task, contribution="equal", available=True, why="It tells.")
    found = changed(
        WOOD,
        then=Control((Task(task="control:Physical", rate=Decimal("0.1")),)),
        proportionality=replace(rule.proportionality, alternatives=(other,)),
    )
    assert verdict(found, Kind.ALTERNATIVE) == (expected, "SPS-5.6")


def test_a_control_that_reaches_low_risk_is_flagged(changed: Changed) -> None:
    found = changed(
        "customs/audit", then=Control((Task(task="control:Physical", rate=Decimal(1)),))
    )
    assert verdict(found, Kind.CALIBRATION) == (Verdict.FLAG, "TFA-7.4.3")


def test_what_static_checks_find_is_said_under_its_article(changed: Changed) -> None:
    assert verdict(changed(TOYS, proportionality=None), Kind.OBJECTIVE) == (
        Verdict.FLAG,
        "TBT-5.1.2",
    )
    assert verdict(changed(TOYS, grounds=None), Kind.BASIS)[0] is Verdict.FLAG
    assert verdict(changed(TOYS, regime="TBT-regulation", grounds=None), Kind.BASIS) == (
        Verdict.FLAG,
        "TBT-2.5",
    )


@pytest.mark.parametrize(
    ("regime", "tag"),
    [("TBT-regulation", "TBT-2.3"), ("SPS", "SPS-2.2"), ("customs", "TFA-10.1.1")],
)
def test_a_review_that_is_overdue_is_flagged_in_its_regime(
    changed: Changed, regime: str, tag: str
) -> None:
    found = changed(TOYS, regime=regime, review_by=DAY)
    assert verdict(found, Kind.REVIEW) == (Verdict.FLAG, tag)


def test_a_rule_that_nobody_has_to_look_at_again_is_an_insufficient_record(
    changed: Changed,
) -> None:
    found = changed(TOYS, review_by=None, effective=Period(start=date(2026, 1, 1)))
    assert verdict(found, Kind.REVIEW)[0] is Verdict.INSUFFICIENT


def test_a_control_that_accepts_no_result_of_others_is_an_insufficient_record(
    changed: Changed,
) -> None:
    assert verdict(changed(TOYS, unless=None), Kind.RECOGNITION) == (
        Verdict.INSUFFICIENT,
        "TBT-6.1",
    )


def test_recognition_is_asked_in_conformity_assessment_only(changed: Changed) -> None:
    found = changed(TOYS, unless=None, regime="customs")
    assert [one for one in found if one.kind is Kind.RECOGNITION] == []


# Origin


def origin_only(release: Release) -> tuple[Leaf, ...]:
    return tuple(
        leaf
        for leaf in leaves(rule_of(release, ORIGIN).when)
        if leaf.test.fact.startswith("goods.origin")
    )


def test_origin_with_illustrative_numbers_is_an_insufficient_record(changed: Changed) -> None:
    assert verdict(changed(ORIGIN), Kind.DISCRIMINATION) == (Verdict.INSUFFICIENT, "TFA-7.4.2")


def test_origin_without_an_end_is_flagged(changed: Changed) -> None:
    found = changed(ORIGIN, review_by=None, effective=Period(start=date(2026, 1, 1)))
    assert verdict(found, Kind.DISCRIMINATION)[0] is Verdict.FLAG


def test_origin_without_evidence_is_flagged(changed: Changed, release: Release) -> None:
    then = rule_of(release, ORIGIN).then
    assert isinstance(then, Likelihood)
    found = changed(ORIGIN, then=replace(then, evidence=" "))
    assert verdict(found, Kind.DISCRIMINATION)[0] is Verdict.FLAG


def test_origin_alone_without_evidence_is_no_criterion(changed: Changed, release: Release) -> None:
    then = rule_of(release, ORIGIN).then
    assert isinstance(then, Likelihood)
    alone = AllOf(origin_only(release))
    assert verdict(changed(ORIGIN, when=alone), Kind.CRITERION)[0] is Verdict.NO_FLAG
    found = changed(ORIGIN, when=alone, then=replace(then, evidence=""))
    assert verdict(found, Kind.CRITERION) == (Verdict.FLAG, "TFA-7.4.4")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("law", Verdict.NO_FLAG),
        ("to-confirm", Verdict.INSUFFICIENT),
        ("illustrative", Verdict.FLAG),
    ],
)
def test_origin_that_law_names_is_as_sure_as_the_law(
    changed: Changed, release: Release, status: str, expected: Verdict
) -> None:
    row = "plants/rates#P11"
    bases = {
        name: replace(basis, status=status) for name, basis in rule_of(release, row).bases.items()
    }
    shared = {name: replace(b, status=status) for name, b in release.vocabulary.bases.items()}
    found = changed(row, bases={**shared, **bases})
    assert verdict(found, Kind.DISCRIMINATION) == (expected, "SPS-2.3")


# Authorised operators


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Verdict.NO_FLAG),
        ({"agency": "agency:MarketSurveillance"}, Verdict.FLAG),
        ({"mandate": True}, Verdict.FLAG),
        ({"then": DANGER}, Verdict.FLAG),
    ],
)
def test_an_authorised_operator_is_spared_what_customs_choose_alone(
    changed: Changed, fields: dict[str, Any], expected: Verdict
) -> None:
    found = changed("customs/low-value", **fields)
    assert verdict(found, Kind.AUTHORISED) == (expected, "TFA-7.7")


# Provisional measures


LIMBS = Provisional(
    insufficient="No study covers this pest.",
    relies_on="Interceptions of two seasons.",
    sought="A pest risk assessment.",
    sought_by="The plant health authority.",
    review=date(2027, 6, 1),
)


def test_a_provisional_measure_with_its_four_limbs_is_no_flag(changed: Changed) -> None:
    found = changed(WOOD, provisional=LIMBS)
    assert verdict(found, Kind.PROVISIONAL) == (Verdict.NO_FLAG, "SPS-5.7")


@pytest.mark.parametrize("limb", ["insufficient", "relies_on", "sought", "sought_by"])
def test_a_provisional_measure_without_one_limb_is_flagged(changed: Changed, limb: str) -> None:
    found = changed(WOOD, provisional=replace(LIMBS, **{limb: " "}))
    assert verdict(found, Kind.PROVISIONAL)[0] is Verdict.FLAG


def test_a_provisional_measure_past_its_review_is_flagged(changed: Changed) -> None:
    found = changed(WOOD, on=LIMBS.review, provisional=LIMBS)
    assert verdict(found, Kind.PROVISIONAL)[0] is Verdict.FLAG


def test_limbs_are_asked_for_under_sps_only(changed: Changed) -> None:
    found = changed(TOYS, provisional=replace(LIMBS, sought=""))
    assert [one for one in found if one.kind is Kind.PROVISIONAL] == []


@pytest.mark.parametrize("way", ["known is false", "none known"])
def test_a_blank_is_not_precaution(changed: Changed, release: Release, way: str) -> None:
    flag = way == "none known"
    blank = Leaf(
        test=Test(fact="goods.woodPackingMarked", operator=Operator.KNOWN, flag=flag),
        basis="sufficient-evidence",
        criterion="nature",
    )
    part = NoneOf((blank,)) if flag else blank
    found = changed(WOOD, when=AllOf((rule_of(release, WOOD).when, part)))
    assert verdict(found, Kind.PROVISIONAL) == (Verdict.FLAG, "SPS-5.7")


# Findings


NAMES = st.sampled_from(["a", "b", "c#1", "c#2"])
FINDINGS = st.lists(
    st.builds(
        Finding,
        kind=st.sampled_from(Kind),
        verdict=st.sampled_from(Verdict),
        regime=st.sampled_from(["SPS", "customs"]),
        article=st.just("TFA-7.4.3"),
        rules=st.lists(NAMES, max_size=3, unique=True).map(tuple),
        words=st.sampled_from(["x", "y"]),
    )
)


@settings(deadline=None)
@given(FINDINGS)
def test_joining_findings_loses_no_rule_and_is_done_once(findings: list[Finding]) -> None:
    whole = joined(findings)
    assert joined(whole) == whole
    for one in findings:
        (into,) = [w for w in whole if replace(w, rules=()) == replace(one, rules=())]
        assert set(one.rules) <= set(into.rules)


@settings(deadline=None)
@given(FINDINGS, st.sets(NAMES))
def test_no_hidden_rule_is_told_of(findings: list[Finding], hidden: set[str]) -> None:
    told = shown(findings, hidden)
    named = {rule for one in told for rule in one.rules}
    assert named == {rule for one in findings for rule in one.rules} - hidden
    if hidden:
        assert [one for one in told if not one.rules and one.kind is Kind.DISCRIMINATION] == []


def test_a_check_that_no_agreement_asks_in_a_regime_has_no_article() -> None:
    assert article(Kind.PROVISIONAL, "customs") is None
    assert article(Kind.PROVISIONAL, "SPS") == "SPS-5.7"
