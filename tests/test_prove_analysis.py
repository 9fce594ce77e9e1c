"""Each analysis finds a defect that was put there, and finds none in rules without."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest

from engine.decide.program import Program
from engine.language.base import RuleBase
from engine.language.condition import Operator
from engine.language.law import Regulation
from engine.language.rule import Rule
from engine.prove.analysis import Analysis, analyse, lines
from engine.prove.asking import Finding, Kind
from engine.prove.proving import Prover
from tests.decide_sample import (
    ANY_GOODS,
    at_least,
    code,
    control,
    danger,
    decider_of,
    every,
    has,
    hold,
    is_a,
    leaf,
    likelihood,
    mandate,
    matrices,
    number,
    refuse,
    rule,
    task,
    vocabulary,
)

REPORT = "certificate:AccreditedTestReport"
HIGH = at_least("item.riskLevel", "level:High")
SURVEYORS = "agency:MarketSurveillance"

CLEAN = (
    rule("assess/toys", is_a("goods.type", "product:Toy"), danger("Choking", "Serious")),
    rule("assess/likely", code("9503", "8467", "8516"), likelihood("Choking", "High")),
    rule("assess/machines", code("8467", "8516"), danger("Choking", "High")),
    rule("control/toys", every(code("9503"), HIGH), control(task("Physical")), unless=has(REPORT)),
    rule(
        "control/machines",
        every(code("8467"), HIGH),
        control(task("Documentary")),
        agency=SURVEYORS,
    ),
    rule("control/random", ANY_GOODS, control(task("Identity", "0.01")), selection="random"),
    mandate("control/hold", code("1207"), hold(), unless=has("certificate:ChedD")),
    mandate("control/refuse", code("0713"), refuse()),
)
"""Rules without a defect."""

DEFECTS: dict[Kind, tuple[Rule, ...]] = {
    Kind.NEVER: (
        rule(
            "x",
            every(is_a("goods.type", "product:Toy"), is_a("goods.type", "product:Food"), HIGH),
            control(task("Documentary")),
        ),
    ),
    Kind.SUBSUMED: (
        rule(
            "x", every(code("950300"), HIGH), control(task("Physical", "0.5")), unless=has(REPORT)
        ),
    ),
    Kind.EQUAL: (
        rule(
            "x",
            every(
                HIGH,
                leaf("goods.commodityCode", Operator.KNOWN, flag=True),
                code("9503"),
            ),
            control(task("Physical")),
            unless=has(REPORT),
        ),
    ),
    Kind.DEFEATED: (mandate("x", code("950300"), control(task("Physical", "0.1"))),),
    Kind.STATUSES: (mandate("x", code("071320"), hold()),),
    Kind.TWICE: (
        rule("x", every(code("950300"), HIGH), control(task("Physical")), agency=SURVEYORS),
    ),
}


def found(*rules: Rule, regulations: dict[str, Regulation] | None = None) -> Analysis:
    """The analysis; without regulations no product can be a gap."""
    words = msgspec.structs.replace(vocabulary(), regulations=regulations or {})
    base = RuleBase(rules=rules, parameters={}, matrices=matrices(), calendars={})
    return analyse(Prover(decider_of(Program(base, words))))


def of_kind(analysis: Analysis, kind: Kind) -> list[Finding]:
    return [one for one in analysis.findings if one.kind is kind]


@cache
def found_with(kind: Kind) -> Analysis:
    """The analysis of rules with that defect."""
    return found(*CLEAN, *DEFECTS[kind])


@pytest.fixture(scope="module")
def clean() -> Analysis:
    return found(*CLEAN)


def test_rules_without_a_defect_give_no_alarm(clean: Analysis) -> None:
    assert (clean.findings, clean.undecided) == ((), ())


@pytest.mark.parametrize("kind", DEFECTS)
def test_a_defect_is_found_and_shown(kind: Kind) -> None:
    (one,) = of_kind(found_with(kind), kind)
    assert "x" in one.rules
    if kind is Kind.NEVER:
        assert one.tests == ("goods.type",)
    else:
        assert one.case is not None
        assert one.case.agreement is not False


def test_what_shows_a_finding_is_told_in_phrases() -> None:
    first, *steps, _ = lines(found_with(Kind.STATUSES), vocabulary())
    assert first.endswith("give the same goods two statuses")
    assert steps == [
        "    Given goods of which nothing is known",
        "    And it is accepted on 2026-11-23",
        '    And under "commodity code" the trader declares 071320',
    ]


def test_a_product_that_no_rule_of_its_authorities_looks_at_is_a_gap() -> None:
    act = vocabulary().regulations["regulation:ToySafetyDirective"]
    looked = rule("x", is_a("goods.type", "product:Toy"), danger("Fire", "High"), agency=SURVEYORS)
    assert of_kind(found(*CLEAN, looked, regulations={act.id: act}), Kind.GAP) == []
    others = [one for one in CLEAN if one.agency != SURVEYORS]
    (one,) = of_kind(found(*others, regulations={act.id: act}), Kind.GAP)
    assert "Toy" in one.says or "toy" in one.says
    assert one.case is not None


def test_numbers_that_leave_nothing_between_them_exclude_one_another() -> None:
    never = rule(
        "x",
        every(
            code("8516"),
            number("goods.ratedVoltage", Operator.OVER, 250),
            number("goods.ratedVoltage", Operator.AT_MOST, 240),
            HIGH,
        ),
        control(task("Documentary")),
    )
    (one,) = of_kind(found(*CLEAN, never), Kind.NEVER)
    assert one.tests == ("goods.ratedVoltage",)


def test_an_assumption_of_the_ontology_makes_a_rule_idle() -> None:
    """Every plush toy is a toy: what is asked of toys is asked of it already."""
    wide = rule("wide", is_a("goods.type", "product:Toy"), danger("Fire", "High"))
    narrow = rule("narrow", is_a("goods.type", "product:PlushToy"), danger("Fire", "High"))
    (one,) = of_kind(found(wide, narrow), Kind.SUBSUMED)
    assert one.rules == ("narrow", "wide")
