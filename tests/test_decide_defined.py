"""Rules that test a defined class: what they decide, ask for, explain; and where they may stand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.decide.deciding import Decider
from engine.decide.decision import Decision
from engine.decide.draw import DrawKeys
from engine.decide.program import Program
from engine.declaration.reading import read_request
from engine.language.base import RuleBase
from engine.language.vocabulary import Vocabulary
from tests.checks_sample import Checks
from tests.decide_sample import control, decide, is_a, mandate, task
from tests.language_sample import DANGER, changed

DAY = date(2026, 11, 23)
MAGNETS = "products/toys/magnets-danger"


def toy(**facts: Any) -> dict[str, Any]:
    item = {
        "item": 1,
        "commodityCode": "95030075",
        "origin": "CN",
        "description": "Magnetic building set",
        "product": "product:ConstructionToy",
        "facts": {f"goods.{name}": value for name, value in facts.items()},
    }
    return {
        "declaration": {
            "id": "T1",
            "stage": "accepted",
            "acceptedOn": "2026-11-23",
            "goods": [item],
        }
    }


def decided(decider: Decider, **facts: Any) -> Decision:
    body = json.dumps(toy(**facts)).encode()
    return decider.decide(read_request(body), on=DAY, keys=DrawKeys(b"test"))


def applied(decision: Decision) -> set[str]:
    return {one.rule for item in decision.items for one in item.applied}


def test_goods_that_meet_the_definition_are_endangered(decider: Decider) -> None:
    decision = decided(decider, components=["component:Magnet"], magneticFlux=80)
    assert MAGNETS in applied(decision)
    assert decision.agreement is not False


def test_goods_just_under_the_bound_are_not(decider: Decider) -> None:
    decision = decided(decider, components=["component:Magnet"], magneticFlux=49)
    (item,) = decision.items
    assert MAGNETS not in applied(decision)
    assert all(MAGNETS not in risk.rules for risk in item.risks)


def test_a_class_left_open_is_no_certain_risk(decider: Decider) -> None:
    (item,) = decided(decider, components=["component:Magnet"]).items
    risks = [risk for risk in item.risks if MAGNETS in risk.rules]
    assert risks
    assert not any(risk.certain for risk in risks)


def test_the_explanation_names_the_class_in_words(decider: Decider) -> None:
    decision = decided(decider, components=["component:Magnet"], magneticFlux=80)
    weighed = next(w for i in decision.items for w in i.applied if w.rule == MAGNETS)
    (seen,) = [one for one in weighed.tests if "strong magnet" in one.test]
    assert seen.value == "true"
    assert "toy with a strong magnet" in seen.saw


def test_a_contradiction_in_the_declaration_is_reported_and_decided_on(decider: Decider) -> None:
    decision = decided(decider, components=["component:Magnet"], magneticFlux=80)
    assert not any(remark.code == "contradiction" for remark in decision.remarks)
    body = toy(rechargeable=False)
    body["declaration"]["goods"][0]["product"] = "product:PowerBank"
    body["declaration"]["goods"][0]["commodityCode"] = "85076000"
    request = read_request(json.dumps(body).encode())
    decision = decider.decide(request, on=DAY, keys=DrawKeys(b"test"))
    (remark,) = [one for one in decision.remarks if one.code == "contradiction"]
    assert remark.pointer == "/declaration/goods/0"


# What is asked for


def asking(decider: Decider, term: str, **item: Any) -> set[str]:
    """The facts asked for by a mandate on goods of the class, of an item of heading 9503."""
    mandated = mandate("a", is_a("goods.type", term), control(task("Physical")))
    base = RuleBase(rules=(mandated,), parameters={}, matrices=decider.program.matrices)
    program = Program(base, decider.program.vocabulary)
    decision = decide(program, {"commodityCode": "950300", **item})
    return {request.fact for request in decision.requests}


def test_a_request_names_what_the_definition_lacks(decider: Decider) -> None:
    plush = {"product": "product:PlushToy"}
    assert asking(decider, "product:ToyForUnder3", **plush) == {"goods.intendedAgeMonths"}
    magnetic = {**plush, "facts": {"goods.components": ["component:Magnet"]}}
    assert asking(decider, "product:ToyWithStrongMagnet", **magnetic) == {"goods.magneticFlux"}


def test_a_request_asks_for_the_product_where_the_definition_rests_on_it(
    decider: Decider,
) -> None:
    young = {"facts": {"goods.intendedAgeMonths": 18}}
    assert asking(decider, "product:ToyForUnder3", **young) == {"goods.product"}


def test_nothing_is_asked_for_where_the_definition_is_not_met(decider: Decider) -> None:
    old = {"product": "product:PlushToy", "facts": {"goods.intendedAgeMonths": 36}}
    assert asking(decider, "product:ToyForUnder3", **old) == set()


# Where such a test may stand


@pytest.fixture
def checks(knowledge_base: Path, tmp_path: Path, vocabulary: Vocabulary) -> Checks:
    return Checks(knowledge_base, tmp_path, vocabulary)


TEST = '{ fact = "goods.type", is_a = "product:ToyForUnder3", basis = "law" }'
CLASSIFIES = changed(
    DANGER,
    ('"assess"', '"classify"'),
    (
        'danger = { hazard = "hazard:Choking", level = "level:High", '
        'population = "population:ChildrenUnder3", interest = "interest:Safety" }',
        'concludes = { "goods.type" = "product:Toy" }',
    ),
)


def test_a_phase_that_concludes_classes_may_not_test_a_defined_one(checks: Checks) -> None:
    reads = CLASSIFIES.replace("product:Toy", "product:Doll").replace(
        '{ fact = "goods.commodityCode", within = "9503", basis = "law" },', f"{TEST},"
    )
    (found,) = checks("definition-in-phase", a=CLASSIFIES, b=reads)
    assert "product:ToyForUnder3" in found.message


def test_a_later_phase_may(checks: Checks) -> None:
    reads = DANGER.replace(
        '{ fact = "goods.commodityCode", within = "9503", basis = "law" },', f"{TEST},"
    )
    assert checks("definition-in-phase", a=CLASSIFIES, b=reads) == []
