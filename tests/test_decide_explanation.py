"""Why: what each test saw, what nearly applied, what was exempted, and how much else there was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide.decision import ItemDecision, Weighed
from engine.decide.explanation import NEAR_MISSES
from engine.language.condition import Operator
from engine.language.period import Period
from engine.language.rule import Rule
from tests.decide_sample import (
    ANY_GOODS,
    at_least,
    code,
    control,
    danger,
    either,
    every,
    has,
    hold,
    is_,
    likelihood,
    mandate,
    neither,
    number,
    only_item,
    program,
    rule,
    task,
)

TOY: dict[str, Any] = {"commodityCode": "950300", "netMassKg": 3}
SMALL, MARKED = is_("goods.smallParts", True), is_("goods.ceMarked", True)


def explained(*rules: Rule, item: dict[str, Any] | None = None, **rest: Any) -> ItemDecision:
    return only_item(program(*rules), item or TOY, **rest)


def with_facts(**facts: Any) -> dict[str, Any]:
    return {**TOY, "facts": {f"goods.{name}": value for name, value in facts.items()}}


def seen(weighed: Weighed) -> list[tuple[str, str]]:
    return [(one.value, one.saw) for one in weighed.tests]


def near(item: ItemDecision) -> list[str]:
    return [one.rule for one in item.near_misses]


# What was seen


def test_an_applied_rule_tells_the_value_that_each_test_saw() -> None:
    (found,) = explained(
        mandate("a", every(code("9503"), number("goods.netMassKg", Operator.UNDER, 5)), hold())
    ).applied
    assert (found.rule, found.verdict) == ("a", "applies")
    assert seen(found) == [("true", "9503 00"), ("true", "3")]


@pytest.mark.parametrize(
    ("item", "saw"),
    [
        ({"origin": "NG"}, "Nigeria (NG)"),
        ({}, "not known"),
    ],
)
def test_a_country_is_told_by_name_and_code(item: dict[str, Any], saw: str) -> None:
    test = either(ANY_GOODS, is_("goods.origin", "NG"))
    (found,) = explained(mandate("a", test, hold()), item={**TOY, **item}).applied
    assert found.tests[1].saw == saw


def test_an_absent_closed_fact_is_told_as_taken_for_no() -> None:
    test = either(ANY_GOODS, is_("consignment.privateUse", True))
    (found,) = explained(mandate("a", test, hold())).applied
    assert found.tests[1].saw == "not stated, taken as no"


@pytest.mark.parametrize(
    ("stage", "documents", "saw"),
    [
        ("pre-arrival", [], "not known yet"),
        ("arrival", [], "missing"),
        ("arrival", [{"type": "C678", "id": "1"}], "declared"),
    ],
)
def test_a_document_is_told_by_its_status(
    stage: str, documents: list[dict[str, Any]], saw: str
) -> None:
    held = mandate("a", ANY_GOODS, hold(), unless=has("certificate:ChedD"))
    (found,) = explained(held, stage=stage, documents=documents).applied
    (exemption,) = [one for one in found.tests if one.exempts]
    assert exemption.saw == saw


def test_an_assumed_conclusion_is_told_as_assumed() -> None:
    test = either(ANY_GOODS, is_("importer.record", "record:Poor"))
    (found,) = explained(mandate("a", test, hold())).applied
    assert found.tests[1].saw == "good (assumed)"


def test_a_possible_level_is_told_as_possible() -> None:
    item = explained(
        rule("d", SMALL, danger("Fire", "Serious")),
        rule("l", ANY_GOODS, likelihood("Fire", "High")),
        mandate("z", either(ANY_GOODS, at_least("item.riskLevel", "level:High")), hold()),
    )
    weighed = next(one for one in item.applied if one.rule == "z")
    assert seen(weighed)[1] == ("unknown", "low, possibly serious")


# Near misses


def test_a_near_miss_is_one_false_test_away_and_says_which() -> None:
    when = every(code("9503"), SMALL, MARKED)
    item = explained(mandate("a", when, hold()), item=with_facts(smallParts=True, ceMarked=False))
    (found,) = item.near_misses
    assert (found.rule, found.verdict) == ("a", "does not apply")
    assert seen(found) == [("true", "9503 00"), ("true", "yes"), ("false", "no")]


def test_a_rule_two_false_tests_away_is_no_near_miss() -> None:
    when = every(code("9503"), SMALL, MARKED)
    item = explained(mandate("a", when, hold()), item=with_facts(smallParts=False, ceMarked=False))
    assert near(item) == []


def test_a_rule_one_false_test_away_from_an_alternative_is_a_near_miss() -> None:
    when = every(code("9503"), either(every(SMALL, MARKED), is_("goods.mainsPowered", True)))
    item = explained(
        mandate("a", when, hold()),
        item=with_facts(smallParts=False, ceMarked=False, mainsPowered=False),
    )
    assert near(item) == ["a"]


def test_a_test_that_must_be_false_can_be_the_one_that_missed() -> None:
    when = every(code("9503"), neither(SMALL))
    item = explained(mandate("a", when, hold()), item=with_facts(smallParts=True))
    assert near(item) == ["a"]


def test_a_rule_that_an_exemption_stops_too_is_no_near_miss() -> None:
    when = every(code("9503"), SMALL)
    stopped = mandate("a", when, hold(), unless=MARKED)
    item = explained(stopped, item=with_facts(smallParts=False, ceMarked=True))
    assert near(item) == []
    free = explained(stopped, item=with_facts(smallParts=False, ceMarked=False))
    assert near(free) == ["a"]


def test_only_controls_and_statuses_are_near_misses() -> None:
    item = explained(
        rule("d", every(code("9503"), SMALL), danger("Fire", "High")),
        item=with_facts(smallParts=False),
    )
    assert near(item) == []


def test_a_rule_not_in_force_is_no_near_miss() -> None:
    old = mandate("a", every(code("9503"), SMALL), hold(), effective=Period(end=date(2020, 1, 1)))
    assert near(explained(old, item=with_facts(smallParts=False))) == []


def test_near_misses_with_fewer_unknowns_come_first() -> None:
    item = explained(
        mandate("a", every(code("9503"), SMALL, MARKED), hold()),
        mandate("b", every(code("9503"), SMALL), hold()),
        item=with_facts(smallParts=False),
    )
    assert near(item) == ["b", "a"]


def test_the_rules_that_are_not_listed_are_counted() -> None:
    many = [mandate(f"r{n:02}", every(code("9503"), SMALL), hold()) for n in range(NEAR_MISSES + 5)]
    others = [mandate(f"z{n}", every(code("8712"), MARKED), hold()) for n in range(3)]
    item = explained(*many, *others, item=with_facts(smallParts=False, ceMarked=False))
    assert len(item.near_misses) == NEAR_MISSES
    assert item.others == 5 + 3


@settings(max_examples=40, deadline=None)
@given(
    facts=st.dictionaries(
        st.sampled_from(["smallParts", "ceMarked", "mainsPowered"]), st.booleans()
    )
)
def test_every_rule_is_listed_once_or_counted(facts: dict[str, bool]) -> None:
    mains = is_("goods.mainsPowered", True)
    rules = [
        mandate("a", every(SMALL, MARKED), hold(), unless=mains),
        mandate("b", either(SMALL, mains), control(task("Physical"))),
        mandate("c", every(neither(SMALL), neither(MARKED), mains), hold()),
        rule("d", MARKED, danger("Fire", "High")),
        mandate("e", every(code("8712"), mains), hold()),
    ]
    item = explained(*rules, item=with_facts(**facts))
    applied = {one.rule for one in item.applied}
    near_by = set(near(item))
    exempted = {one.rule for one in item.exempted}
    open_rules = {one.rule for one in item.undetermined}
    assert not applied & near_by
    assert not applied & exempted
    assert not near_by & (exempted | open_rules)
    listed = applied | near_by | exempted | open_rules
    undetermined_danger = {"d"} if "ceMarked" not in facts else set()
    assert item.others == len(rules) - len(listed | undetermined_danger)


# Exemptions


def test_an_exempted_rule_names_the_exemption_and_what_it_would_impose() -> None:
    lifted = mandate(
        "a", ANY_GOODS, control(task("Physical")), unless=has("certificate:AccreditedTestReport")
    )
    item = explained(
        lifted,
        documents=[{"type": "certificate:AccreditedTestReport", "id": "R"}],
        known={"documents": [{"id": "R", "status": "verified"}]},
    )
    (found,) = item.exempted
    assert (found.rule, found.agency) == ("a", "agency:Customs")
    assert "accredited test report" in found.by
    assert found.would_impose.tasks == ("control:Physical",)
    assert item.controls == ()


def test_an_exemption_names_only_what_held() -> None:
    lifted = mandate("a", ANY_GOODS, hold(), unless=either(SMALL, MARKED))
    (found,) = explained(lifted, item=with_facts(smallParts=False, ceMarked=True)).exempted
    assert "CE" in found.by
    assert "small parts" not in found.by


def test_a_rule_that_would_not_apply_anyway_is_not_told_as_exempted() -> None:
    lifted = mandate("a", code("8712"), hold(), unless=MARKED)
    assert explained(lifted, item=with_facts(ceMarked=True)).exempted == ()


def test_a_likelihood_that_an_authorised_operator_is_spared_is_told_as_exempted() -> None:
    spared = rule(
        "l", ANY_GOODS, likelihood("Fire", "High"), unless=is_("importer.authorised", True)
    )
    item = explained(spared, known={"facts": {"importer.authorised": True}})
    assert [one.rule for one in item.exempted] == ["l"]
