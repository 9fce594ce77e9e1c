"""Safeguards on declarations and decisions: twins, levels, requests, low risk, one order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from engine.decide.decision import Decision
from engine.decide.program import Program
from engine.language.condition import AllOf, AnyOf, Condition, Leaf, Operator, Test
from engine.language.period import Period
from engine.language.rule import Control, Rule, Task
from engine.release import Release
from engine.specs.safeguards import Finding, Kind, Safeguards, Verdict
from tests.conftest import DAY, ROOT
from tests.specs_sample import decided, filed, found, of, program_of, rule_of

SHIRTS, TOY, ROSES = "cotton-t-shirts", "plush-toy-small-parts", "cut-roses-kenya"
FLAG, INSUFFICIENT, NO_FLAG = Verdict.FLAG, Verdict.INSUFFICIENT, Verdict.NO_FLAG


def test_of(fact: str, operator: Operator, **operand: Any) -> Leaf:
    test = Test(fact=fact, operator=operator, **operand)
    return Leaf(test=test, basis="risk-management", criterion="origin")


test_of.__test__ = False  # type: ignore[attr-defined]  # makes a condition


def known(fact: str) -> Leaf:
    return test_of(fact, Operator.KNOWN, flag=True)


def country(fact: str, code: str) -> Leaf:
    return test_of(fact, Operator.IS, terms=(code,))


def control(release: Release, when: Condition, task: str = "control:Documentary") -> Rule:
    """A discretionary customs control on goods that meet *when*, whatever their risk."""
    return replace(
        rule_of(release, "customs/verify-value"),
        id="customs/made-up",
        when=when,
        then=Control((Task(task=task, rate=Decimal(1)),)),
        on_unknown="request",
        examples=(),
    )


def examined_by_origin(release: Release, **fields: Any) -> Program:
    """All goods of Bangladesh have their papers looked at."""
    return program_of(release, replace(control(release, country("goods.origin", "BD")), **fields))


# Twins


@pytest.mark.parametrize("path", sorted((ROOT / "features" / "declarations").glob("*.json")))
def test_no_shipped_declaration_is_flagged(path: Any, program: Program) -> None:
    assert [one for one in found(program, filed(path.stem)) if one.flagged] == []


def test_goods_that_no_rule_knows_by_origin_are_treated_alike(program: Program) -> None:
    told = of(found(program, filed(SHIRTS)), Kind.DISCRIMINATION)
    assert {one.verdict for one in told} == {NO_FLAG}
    assert "treated alike with any other origin" in {one.words for one in told}


def test_another_origin_that_law_sets_apart_is_named_with_its_rule(program: Program) -> None:
    told = of(found(program, filed(ROSES)), Kind.DISCRIMINATION, INSUFFICIENT)
    assert {rule for one in told for rule in one.rules} >= {"plants/rates#P11", "plants/rates#P08"}
    assert {one.article for one in told} == {"SPS-2.3"}


def test_a_control_of_one_origin_without_an_end_is_flagged(release: Release) -> None:
    endless = examined_by_origin(release, review_by=None, effective=Period(start=date(2026, 1, 1)))
    (one,) = of(found(endless, filed(SHIRTS)), Kind.DISCRIMINATION, FLAG)
    assert one.rules == ("customs/made-up",)
    assert one.article == "TFA-7.4.2"
    assert "instead of BD" in one.words


def test_goods_of_any_other_origin_have_the_same_finding(release: Release) -> None:
    """The pair is flagged from either side."""
    endless = examined_by_origin(release, review_by=None, effective=Period(start=date(2026, 1, 1)))

    def of_india(body: dict[str, Any]) -> None:
        body["declaration"]["goods"][0]["origin"] = "IN"

    (one,) = of(found(endless, filed(SHIRTS, of_india)), Kind.DISCRIMINATION, FLAG)
    assert one.words.startswith("origin BD instead of IN")


def test_a_control_of_one_origin_with_an_end_and_illustrative_numbers_is_no_flag_and_no_clearance(
    release: Release,
) -> None:
    told = of(found(examined_by_origin(release), filed(SHIRTS)), Kind.DISCRIMINATION)
    assert [one.verdict for one in told if one.rules == ("customs/made-up",)] == [INSUFFICIENT]


def test_a_control_of_one_country_of_dispatch_is_found_by_twins_of_the_route(
    release: Release,
) -> None:
    rule = replace(
        control(release, country("consignment.exportCountry", "BD")),
        review_by=None,
        effective=Period(start=date(2026, 1, 1)),
    )
    (one,) = of(found(program_of(release, rule), filed(SHIRTS)), Kind.DISCRIMINATION, FLAG)
    assert one.words.startswith("country shipped from")


def test_a_control_of_some_traders_is_found_by_twins_of_the_trader(release: Release) -> None:
    rule = replace(
        control(release, test_of("importer.authorised", Operator.IS, flag=True)),
        review_by=None,
        effective=Period(start=date(2026, 1, 1)),
    )
    (one,) = of(found(program_of(release, rule), filed(SHIRTS)), Kind.DISCRIMINATION, FLAG)
    assert one.words.startswith("trader (")


def test_a_likelihood_that_changes_no_control_is_no_other_treatment(program: Program) -> None:
    """Shirts of low value are likelier undervalued; of shirts at their value nothing follows."""
    told = of(found(program, filed(SHIRTS)), Kind.DISCRIMINATION)
    assert [one for one in told if "customs/low-value" in one.rules] == []


# Levels


def test_control_that_stops_above_medium_is_flagged(release: Release) -> None:
    medium = test_of("item.riskLevel", Operator.IS, terms=("level:Medium",))
    rule = control(release, AllOf((known("goods.commodityCode"), medium)))
    (one,) = of(found(program_of(release, rule), filed(SHIRTS)), Kind.CONCENTRATION)
    assert (one.verdict, one.article) == (FLAG, "TFA-7.4.3")


def test_control_that_goes_on_above_medium_is_no_flag(release: Release) -> None:
    medium = test_of("item.riskLevel", Operator.AT_LEAST, terms=("level:Medium",))
    rule = control(release, AllOf((known("goods.commodityCode"), medium)))
    (one,) = of(found(program_of(release, rule), filed(SHIRTS)), Kind.CONCENTRATION)
    assert one.verdict is NO_FLAG


# Low risk


def test_goods_of_low_risk_that_are_kept_by_choice_are_flagged(release: Release) -> None:
    made_up = control(release, known("goods.commodityCode"))
    (one,) = of(found(program_of(release, made_up), filed(SHIRTS)), Kind.LOW_RISK)
    assert (one.verdict, one.rules, one.article) == (FLAG, (made_up.id,), "TFA-7.4.3")


def test_goods_of_low_risk_that_wait_for_an_answer_nobody_needs_are_flagged(
    release: Release,
) -> None:
    open_fact = test_of("goods.powerWatt", Operator.AT_LEAST, number=Decimal(1))
    made_up = control(release, AllOf((known("goods.commodityCode"), open_fact)))
    (one,) = of(found(program_of(release, made_up), filed(SHIRTS)), Kind.LOW_RISK)
    assert (one.verdict, one.rules) == (FLAG, (made_up.id,))


def test_goods_of_low_risk_that_law_keeps_are_no_flag(release: Release) -> None:
    made_up = replace(control(release, known("goods.commodityCode")), mandate=True)
    (one,) = of(found(program_of(release, made_up), filed(SHIRTS)), Kind.LOW_RISK)
    assert one.verdict is NO_FLAG


def test_goods_of_low_risk_that_are_released_are_no_flag(program: Program) -> None:
    (one,) = of(found(program, filed(SHIRTS)), Kind.LOW_RISK)
    assert (one.verdict, one.words) == (NO_FLAG, "the risk is low, and the goods are released")


def test_goods_of_high_risk_are_not_asked_about_low_risk(program: Program) -> None:
    assert of(found(program, filed(TOY)), Kind.LOW_RISK) == []


# Requests


def made_to_ask(release: Release) -> Program:
    """Shirts have to say how many watts they have."""
    watts = test_of("goods.powerWatt", Operator.AT_LEAST, number=Decimal(1))
    return program_of(release, control(release, AllOf((known("goods.commodityCode"), watts))))


def test_a_first_request_is_no_flag(release: Release) -> None:
    (one,) = of(found(made_to_ask(release), filed(SHIRTS)), Kind.REQUEST)
    assert (one.verdict, one.article) == (NO_FLAG, "TFA-10.4")


def test_a_request_of_conformity_assessment_is_told_under_its_own_article(
    release: Release,
) -> None:
    watts = test_of("goods.powerWatt", Operator.AT_LEAST, number=Decimal(1))
    rule = control(release, AllOf((known("goods.commodityCode"), watts)))
    program = program_of(release, replace(rule, regime="TBT-conformity"))
    (one,) = of(found(program, filed(SHIRTS)), Kind.REQUEST)
    assert one.article == "TBT-5.2"


def test_a_request_for_what_was_given_is_flagged(release: Release) -> None:
    program = made_to_ask(release)

    def watts(body: dict[str, Any]) -> None:
        body["declaration"]["goods"][0]["facts"]["goods.powerWatt"] = 5

    asked = decided(program, filed(SHIRTS))
    told = Safeguards(program).of_declaration(filed(SHIRTS, watts), asked)
    assert [one.verdict for one in of(told, Kind.REQUEST)] == [FLAG]


def test_a_request_that_stands_twice_is_flagged(release: Release) -> None:
    program = made_to_ask(release)
    asked = decided(program, filed(SHIRTS))
    twice = replace(asked, requests=asked.requests * 2)
    told = Safeguards(program).of_declaration(filed(SHIRTS), twice)
    assert [one.verdict for one in of(told, Kind.REQUEST)] == [FLAG]


def test_more_digits_of_a_code_are_no_repeated_request(program: Program) -> None:
    def short(body: dict[str, Any]) -> None:
        body["declaration"]["goods"][0]["commodityCode"] = "0603"

    told = of(found(program, filed(ROSES, short)), Kind.REQUEST)
    assert [one for one in told if "more of it is asked for" in one.words]
    assert of(tuple(told), Kind.REQUEST, FLAG) == []


# Decisions


@pytest.fixture(scope="module")
def examined(program: Program) -> Decision:
    """A toy that is examined."""
    return decided(program, filed(TOY))


def told_of(program: Program, decision: Decision, kind: Kind) -> list[Finding]:
    return of(Safeguards(program).of_decision(decision), kind)


def test_a_control_above_the_ladder_is_flagged_in_the_decision(release: Release) -> None:
    made_up = control(release, known("goods.commodityCode"), "control:Physical")
    program = program_of(release, made_up)
    told = told_of(program, decided(program, filed(SHIRTS)), Kind.CALIBRATION)
    assert [one.rules for one in told if one.flagged] == [(made_up.id,)]


def test_a_notified_control_whose_rule_has_ended_is_flagged(
    program: Program, release: Release, examined: Decision
) -> None:
    toys = rule_of(release, "products/toys/small-parts")
    assert "products/toys/small-parts" in {
        control.reasons.rule for item in examined.items for control in item.controls
    }
    ended = program_of(release, replace(toys, effective=Period(end=DAY)))
    after = decided(ended, filed(TOY), before=examined)
    (one,) = told_of(ended, after, Kind.ENDED)
    assert (one.verdict, one.rules) == (FLAG, ("products/toys/small-parts",))
    assert told_of(program, examined, Kind.ENDED) == []


def test_a_hold_without_a_place_of_appeal_is_flagged(program: Program) -> None:
    held = decided(program, filed("sesame-nigeria"))
    item = held.items[0]
    silent = tuple(
        replace(one, reasons=replace(one.reasons, appeal=replace(one.reasons.appeal, body="")))
        for one in item.statuses
    )
    changed = replace(held, items=(replace(item, statuses=silent),))
    assert {one.verdict for one in told_of(program, changed, Kind.REASONS)} == {FLAG}
    assert FLAG not in {one.verdict for one in told_of(program, held, Kind.REASONS)}


def test_agencies_that_intervene_by_one_order_are_no_flag_and_apart_are(program: Program) -> None:
    joint = decided(program, filed("mixed-container-turkiye"))
    (one,) = told_of(program, joint, Kind.JOINT_ORDER)
    assert (one.verdict, one.article) == (NO_FLAG, "WP6-V")
    (one,) = told_of(program, replace(joint, order=None), Kind.JOINT_ORDER)
    assert one.verdict is FLAG


def test_a_finding_changes_no_decision(release: Release) -> None:
    made_up = control(release, known("goods.commodityCode"))
    program = program_of(release, made_up)
    before = decided(program, filed(SHIRTS))
    Safeguards(program).of_declaration(filed(SHIRTS), before)
    assert decided(program, filed(SHIRTS)) == before


def test_every_way_to_the_same_treatment_is_alike(release: Release) -> None:
    """Two rules that share the work between origins impose the same, so twins are alike."""
    here = control(release, country("goods.origin", "BD"))
    there = replace(
        control(release, AnyOf((country("goods.origin", "IN"), country("goods.origin", "PK")))),
        id="customs/made-up-too",
    )

    def others(one: Finding) -> bool:
        return bool({"customs/made-up", "customs/made-up-too"} & set(one.rules))

    told = of(found(program_of(release, here, there), filed(SHIRTS)), Kind.DISCRIMINATION)
    assert all("IN" not in one.words for one in told if others(one))
