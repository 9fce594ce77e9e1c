"""Golden texts: how each operator, group and consequence is read aloud."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from engine.language.base import read_text
from engine.language.condition import Operator, leaves
from engine.language.expression import GOODS, Interval, Range
from engine.language.period import Period
from engine.language.rule import DatedNumber, Parameter
from engine.language.sentences import Reading, listed, number, percent, spaced
from engine.language.vocabulary import Basis, Vocabulary
from engine.release import Release
from tests.language_sample import DANGER, changed, read, with_test

THEN = (
    'danger = { hazard = "hazard:Choking", level = "level:High", '
    'population = "population:ChildrenUnder3", interest = "interest:Safety" }'
)

TESTS = {
    '"goods.smallParts", is = true': "small parts: yes",
    '"goods.ceMarked", is = false': "CE marking: no",
    '"goods.state", is = "state:Dried"': "the state of the goods is dried",
    '"goods.state", one_of = ["state:Dried", "state:Fresh"]': (
        "the state of the goods is dried or fresh"
    ),
    '"goods.origin", is = "NG"': "the country of origin is Nigeria (NG)",
    '"goods.origin", one_of = ["NG", "TR", "IR"]': (
        "the country of origin is Nigeria (NG), Türkiye (TR) or Iran (IR)"
    ),
    '"goods.origin", within = "group:EuropeanUnion"': (
        "the country of origin belongs to European Union"
    ),
    '"goods.product", is_a = "product:Toy"': "the product is a kind of toy",
    '"goods.type", is_a = "product:Toy"': "the product type is a kind of toy",
    '"goods.type", is = "product:Toy"': "the product type includes toy",
    '"goods.commodityCode", within = ["61", "6203"]': "the commodity code falls under 61 or 6203",
    '"goods.commodityCode", within = "11063090", ex = "product:HazelnutProduct", subdivision = ["40", "50"]': (
        "the commodity code falls under (as hazelnuts and products) ex 1106 30 90 40/50"
    ),
    '"documents", has = "certificate:AccreditedTestReport", status = "verified"': (
        "among the documents is: accredited test report, verified"
    ),
    '"documents", has = "certificate:AccreditedTestReport"': (
        "among the documents is: accredited test report, at least declared"
    ),
    '"goods.intendedAgeMonths", under = 36': "the intended age is less than 36 months",
    '"goods.netMassKg", at_most = 0.50': "the net mass is at most 0.5 kg",
    '"goods.netMassKg", over = 10': "the net mass is more than 10 kg",
    '"goods.netMassKg", at_least = 10': "the net mass is at least 10 kg",
    '"goods.netMassKg", is = 10': "the net mass is exactly 10 kg",
    '"goods.ratedVoltage", between = [50, 1000]': (
        "the rated voltage is from 50 to 1000 V, both included"
    ),
    '"goods.value", over = { amount = 150, currency = "EUR" }': "the value is more than 150 EUR",
    '"item.riskLevel", at_least = "level:High"': "the risk level is at least high",
    '"goods.origin", known = true': "the country of origin is known",
    '"goods.origin", known = false': "the country of origin is not known",
}


@pytest.mark.parametrize("test", TESTS)
def test_test_is_read_aloud(test: str, vocabulary: Vocabulary) -> None:
    (leaf,) = leaves(read(with_test(f'{{ fact = {test}, basis = "law" }}'), vocabulary).when)
    assert Reading(vocabulary).test(leaf.test) == TESTS[test]


@pytest.mark.parametrize("operator", list(Operator))
def test_every_operator_has_its_golden_text(operator: Operator) -> None:
    assert any(re.search(rf"\b{operator}\b =", test) for test in TESTS)


@pytest.mark.parametrize("test", TESTS)
def test_operators_are_words_and_no_signs(test: str) -> None:
    assert not set("<>=≤≥") & set(TESTS[test])


def test_parameter_is_read_by_its_title(vocabulary: Vocabulary) -> None:
    basis = Basis(cite="c", gist="g", status="law", checked=date(2026, 1, 1))
    value = DatedNumber(period=Period(), number=Decimal(3), basis=basis)
    low = Parameter(id="parameters/x", title="Low value", unit="EUR", values=(value,))
    text = with_test(
        '{ fact = "goods.value", under = { parameter = "parameters/x" }, basis = "law" }'
    )
    rule = read_text(text.encode(), "x", vocabulary, {low.id: low})
    (leaf,) = leaves(rule.when)
    assert Reading(vocabulary, {low.id: low}).test(leaf.test) == (
        "the value is less than the parameter “Low value”"
    )


A, B = (
    f'{{ fact = "goods.{name}", is = true, basis = "law" }}' for name in ("smallParts", "ceMarked")
)

GROUPS = {
    f"{{ all = [ {A}, {B} ] }}": ["  - small parts: yes", "  - CE marking: yes"],
    f"{{ any = [ {A}, {B} ] }}": [
        "  - at least one of these holds:",
        "    - small parts: yes",
        "    - CE marking: yes",
    ],
    f"{{ none = [ {A}, {B} ] }}": [
        "  - none of these holds:",
        "    - small parts: yes",
        "    - CE marking: yes",
    ],
    f"{{ none = [ {A} ] }}": ["  - this does not hold:", "    - small parts: yes"],
    f"{{ any = [ {A} ] }}": ["  - small parts: yes"],
    f"{{ any = [ {A}, {{ all = [ {A}, {B} ] }} ] }}": [
        "  - at least one of these holds:",
        "    - small parts: yes",
        "    - all of these hold:",
        "      - small parts: yes",
        "      - CE marking: yes",
    ],
}


@pytest.mark.parametrize("group", GROUPS)
def test_group_is_read_aloud(group: str, vocabulary: Vocabulary) -> None:
    when = read(with_test(group), vocabulary).when
    assert list(Reading(vocabulary).block(when)) == GROUPS[group]


CONSEQUENCES = {
    ("record", 'concludes = { "importer.record" = "record:Poor" }'): (
        "The compliance record is taken to be poor"
    ),
    ("classify", 'concludes = { "goods.type" = "product:Toy" }'): (
        "The product type is taken to include toy"
    ),
    ("assess", THEN): (
        "If non-compliant, the product is dangerous "
        "(choking; exposed: children under 3; level: high)"
    ),
    ("assess", THEN.replace('level = "level:High"', "severity = 4, harm = 0.001")): (
        "If non-compliant, the product is dangerous "
        "(choking; exposed: children under 3; severity 4 of 4, probability of harm 0.001)"
    ),
    (
        "assess",
        'likelihood = { hazard = "hazard:Choking", band = "likelihood:High", evidence = "x" }',
    ): ("The likelihood of non-compliance (choking) is high"),
    (
        "control",
        'control = [ { task = "control:Documentary", rate = 1 }, { task = "control:Physical", rate = 0.125, unit = "lot", kind = "minimum" } ]',
    ): (
        "Market surveillance carries out: documentary check of every consignment "
        "and physical check of at least 12.5 % of lots"
    ),
    ("control", 'status = "status:Hold"'): (
        "Market surveillance sets the status of the goods to: hold"
    ),
}


@pytest.mark.parametrize(("phase", "then"), CONSEQUENCES)
def test_consequence_is_read_aloud(phase: str, then: str, vocabulary: Vocabulary) -> None:
    rule = read(changed(DANGER, ('"assess"', f'"{phase}"'), (THEN, then)), vocabulary)
    assert Reading(vocabulary).consequence(rule) == CONSEQUENCES[phase, then]


def test_mandate_must_be_carried_out(vocabulary: Vocabulary) -> None:
    text = changed(
        DANGER,
        ('"assess"', '"control"\nmandate = true'),
        (THEN, 'control = [ { task = "control:Physical", rate = 1 } ]'),
    )
    assert Reading(vocabulary).consequence(read(text, vocabulary)) == (
        "Market surveillance must carry out: physical check of every consignment"
    )


@pytest.mark.parametrize(
    ("selection", "words"),
    [("random", "carries out at random"), ("scheme", "carries out by a scheme")],
)
def test_what_does_not_follow_the_risk_is_said(
    selection: str, words: str, vocabulary: Vocabulary
) -> None:
    text = changed(
        DANGER,
        ('"assess"', f'"control"\nselection = "{selection}"'),
        (THEN, 'control = [ { task = "control:Identity", rate = 0.02 } ]'),
    )
    assert Reading(vocabulary).consequence(read(text, vocabulary)) == (
        f"Market surveillance {words}: identity check of 2 % of consignments"
    )


def test_whole_rule_is_read_aloud(release: Release) -> None:
    (rule,) = [rule for rule in release.base.rules if rule.id == "products/toys/small-parts"]
    assert Reading(release.vocabulary, release.base.parameters).rule(rule) == (
        "Market surveillance carries out: physical check of every consignment,\n"
        "when\n"
        "  - the commodity code falls under 9503\n"
        "  - the product type is a kind of toy\n"
        "  - the intended age is less than 36 months\n"
        "  - small parts: yes\n"
        "  - the risk level is at least high\n"
        "unless\n"
        "  - among the documents is: accredited test report, verified."
    )


def test_every_shipped_rule_is_read_aloud(release: Release) -> None:
    reading = Reading(release.vocabulary, release.base.parameters)
    assert all(reading.rule(rule).endswith(".") for rule in release.base.rules)


def test_words_numbers_and_codes_are_written_as_usual() -> None:
    assert [listed(list("abc"[:n]), "or") for n in range(4)] == ["", "a", "a or b", "a, b or c"]
    assert [number(Decimal(text)) for text in ("10", "1E+2", "0.50")] == ["10", "100", "0.5"]
    assert percent(Decimal("0.20")) == "20 %"
    assert spaced("1207409000") == "1207 40 90 00"


def test_a_definition_is_read_aloud(vocabulary: Vocabulary) -> None:
    means = vocabulary.terms["product:ToyWithStrongMagnet"].means
    assert means is not None
    assert list(Reading(vocabulary).expression(means)) == [
        "- all of these hold:",
        "  - it is: toy",
        "  - the components include magnet",
        "  - the magnetic flux index is at least 50 kG²mm²",
    ]


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (Interval(Decimal(36), Decimal(36)), "exactly 36"),
        (Interval(high=Decimal(36), under=True), "less than 36"),
        (Interval(Decimal(1), Decimal(3), over=True), "more than 1 and at most 3"),
    ],
)
def test_an_interval_is_read_in_words(
    vocabulary: Vocabulary, interval: Interval, words: str
) -> None:
    said = Reading(vocabulary).atom(Range("goods.intendedAgeMonths", interval))
    assert said.startswith(f"the intended age is {words}")


def test_any_goods_are_called_so(vocabulary: Vocabulary) -> None:
    assert Reading(vocabulary).atom(GOODS) == "it is goods of any kind"
