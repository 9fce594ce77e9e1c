"""One declaration, version after version: dates, stages, totals, items, amendments (design §5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.decide.deciding import versions_of
from engine.decide.decision import Decision
from engine.declaration.problems import MalformedError
from engine.language.condition import Operator
from engine.language.period import Period
from tests.decide_sample import (
    ANY_GOODS,
    DAY,
    KEYS,
    body,
    code,
    control,
    decide,
    decider_of,
    every,
    has,
    hold,
    is_,
    mandate,
    number,
    only_item,
    program,
    request,
    rule,
    task,
)

TOY: dict[str, Any] = {"commodityCode": "9503"}
BIKE: dict[str, Any] = {"commodityCode": "8712"}


def rules_of(decision: Decision) -> set[str]:
    return {one.rule for item in decision.items for one in item.applied}


# Who may state what


@pytest.mark.parametrize(
    "facts",
    [
        {"importer.nonCompliantShare": 0},
        {"importer.authorised": True},
        {"importer.record": "record:Good"},
        {"item.riskLevel": "level:Low"},
        {"consignment.netMassKg": 1},
    ],
)
def test_a_trader_cannot_post_its_own_good_record(facts: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        decide(program(mandate("a", ANY_GOODS, hold())), TOY, facts=facts)


def test_a_looked_up_fact_arrives_in_known() -> None:
    lifted = mandate("a", ANY_GOODS, hold(), unless=is_("importer.authorised", True))
    known = {"facts": {"importer.authorised": True}}
    assert decide(program(lifted), TOY, known=known).status == "status:Proceed"


@pytest.mark.parametrize("status", ["presented", "verified"])
def test_a_trader_cannot_verify_its_own_certificate(status: str) -> None:
    documents = [{"type": "C678", "id": "1", "status": status}]
    with pytest.raises(MalformedError):
        decide(program(mandate("a", ANY_GOODS, hold())), TOY, documents=documents)


def test_a_declared_certificate_is_a_claim_and_lifts_nothing() -> None:
    held = mandate("a", ANY_GOODS, hold(), unless=has("certificate:ChedD"))
    documents = [{"type": "C678", "id": "1"}]
    assert decide(program(held), TOY, documents=documents).status == "status:Hold"


# Stages

MISSING = mandate("a", every(ANY_GOODS, has("certificate:ChedD", "declared")), hold())


@pytest.mark.parametrize(
    ("stage", "pending"), [("pre-arrival", True), ("arrival", False), ("accepted", False)]
)
def test_documents_are_unknown_until_the_law_requires_them(stage: str, pending: bool) -> None:
    decision = decide(program(MISSING), TOY, stage=stage)
    assert (decision.pending, decision.stage) == (pending, stage)
    assert decision.status == "status:Proceed"


# Totals and items


def test_totals_are_computed_before_the_rules_of_an_item() -> None:
    heavy = mandate("a", number("consignment.netMassKg", Operator.OVER, 5), hold())
    light, other = {**TOY, "netMassKg": 3}, {**BIKE, "netMassKg": 3}
    assert only_item(program(heavy), light).status == "status:Proceed"
    decision = decide(program(heavy), light, other)
    assert [item.status for item in decision.items] == ["status:Hold", "status:Hold"]


def test_net_and_gross_mass_are_distinct() -> None:
    heavy = mandate("a", number("goods.netMassKg", Operator.OVER, 5), hold())
    item = only_item(program(heavy), {**TOY, "netMassKg": 3, "grossMassKg": 9})
    assert item.status == "status:Proceed"
    assert only_item(program(heavy), {**TOY, "grossMassKg": 9}).pending


def test_rules_run_once_per_item_with_consignment_facts_copied_to_each() -> None:
    compiled = program(
        mandate("a", every(code("9503"), is_("consignment.exportCountry", "NG")), hold())
    )
    decision = decide(compiled, TOY, BIKE, TOY, exportCountry="NG")
    assert [item.status for item in decision.items] == [
        "status:Hold",
        "status:Proceed",
        "status:Hold",
    ]


def test_the_channel_of_a_decision_is_the_gravest_of_its_items() -> None:
    compiled = program(
        mandate("a", code("9503"), control(task("Documentary"))),
        mandate("b", code("8712"), control(task("PostClearanceAudit"))),
    )
    decision = decide(compiled, BIKE, TOY)
    assert [item.channel for item in decision.items] == ["blue", "yellow"]
    assert decision.channel == "yellow"


# What is not understood


@pytest.mark.parametrize(
    ("item", "code_of_remark"),
    [
        ({"commodityCode": "9999"}, "unknown-code"),
        ({**TOY, "origin": "XX"}, "unknown-country"),
        ({}, "missing-gate"),
    ],
)
def test_what_is_not_understood_is_reported_and_the_decision_goes_on(
    item: dict[str, Any], code_of_remark: str
) -> None:
    decision = decide(program(mandate("a", code("9503"), hold())), item)
    assert code_of_remark in {remark.code for remark in decision.remarks}


# Dates


def test_law_in_force_is_that_of_the_rules_governing_date() -> None:
    old = mandate(
        "old", ANY_GOODS, hold(), date="dispatch", effective=Period(end=date(2026, 2, 18))
    )
    new = mandate(
        "new", ANY_GOODS, hold(), date="dispatch", effective=Period(start=date(2026, 2, 18))
    )
    other = mandate("other", ANY_GOODS, hold(), date="arrival")
    compiled = program(old, new, other)
    dates = {"acceptedOn": "2026-11-23", "arrivedOn": "2026-11-21"}
    assert rules_of(decide(compiled, TOY, dispatchedOn="2026-02-17", **dates)) == {"old", "other"}
    assert rules_of(decide(compiled, TOY, dispatchedOn="2026-02-18", **dates)) == {"new", "other"}


def test_an_undeclared_governing_date_falls_back_to_the_day_and_is_reported() -> None:
    new = mandate("new", ANY_GOODS, hold(), date="dispatch", effective=Period(start=DAY))
    deciding = decider_of(program(new))
    today = deciding.decide(request(TOY), on=DAY, keys=KEYS)
    before = deciding.decide(request(TOY), on=date(2026, 11, 22), keys=KEYS)
    assert (rules_of(today), rules_of(before)) == ({"new"}, set())
    remarks = [remark for remark in today.remarks if remark.code == "undeclared-day"]
    assert "/declaration/dispatchedOn" in {remark.pointer for remark in remarks}


def test_a_declared_governing_date_is_not_reported() -> None:
    new = mandate("new", ANY_GOODS, hold(), date="dispatch")
    decision = decide(program(new), TOY, dispatchedOn="2026-11-01")
    assert "/declaration/dispatchedOn" not in {remark.pointer for remark in decision.remarks}


# Versions

CHECK = decider_of(
    program(
        mandate("toy", code("9503"), control(task("Physical"))),
        mandate("bike", code("8712"), control(task("Documentary"))),
    )
)
FIRST = body(TOY)["declaration"]


def amended(*goods: dict[str, Any], **rest: Any) -> Decision:
    return decide(CHECK, *goods, **rest)


def test_a_first_version_supersedes_nothing() -> None:
    decision = amended(TOY)
    assert (decision.version, decision.supersedes) == (1, None)


def test_an_amendment_supersedes_the_decision_before_it() -> None:
    decision = amended(TOY, earlier=[FIRST])
    assert (decision.version, decision.supersedes) == (2, amended(TOY).id)
    third = amended(TOY, earlier=[FIRST, FIRST])
    assert (third.version, third.supersedes) == (3, decision.id)


def test_an_amendment_is_decided_on_the_merged_facts() -> None:
    decision = amended({}, earlier=[FIRST])  # silent on the code
    assert "toy" in rules_of(decision)


def test_a_notified_control_is_kept_when_an_amendment_ends_its_reason() -> None:
    (item,) = amended(BIKE, earlier=[FIRST]).items
    found = {(control.task, control.notified, control.selected) for control in item.controls}
    assert found == {("control:Physical", True, True), ("control:Documentary", False, True)}
    assert item.channel == "red"


def test_a_notified_control_outlasts_a_second_amendment() -> None:
    second = body(BIKE)["declaration"]
    (item,) = amended(BIKE, earlier=[FIRST, second]).items
    assert ("control:Physical", True) in {(c.task, c.notified) for c in item.controls}


def test_a_control_that_still_applies_is_not_listed_twice() -> None:
    (item,) = amended(TOY, earlier=[FIRST]).items
    assert [(control.task, control.notified) for control in item.controls] == [
        ("control:Physical", False)
    ]


def test_a_control_that_was_never_selected_does_not_outlast_its_reason() -> None:
    rarely = decider_of(
        program(
            mandate("toy", code("9503"), control(task("Physical", "0.000000000001"))),
            mandate("bike", code("8712"), control(task("Documentary"))),
        )
    )
    (item,) = decide(rarely, BIKE, earlier=[FIRST]).items
    assert [control.task for control in item.controls] == ["control:Documentary"]


def test_a_control_notified_for_one_item_is_not_kept_for_another() -> None:
    earlier = body(TOY, BIKE)["declaration"]
    decision = amended(TOY, {**BIKE, "description": "amended"}, earlier=[earlier])
    assert [control.task for control in decision.items[1].controls] == ["control:Documentary"]


def test_versions_of_different_declarations_are_refused() -> None:
    with pytest.raises(MalformedError, match="another declaration"):
        amended(TOY, earlier=[{**FIRST, "id": "D2"}])


def test_all_versions_are_decided_in_turn() -> None:
    found = CHECK.decide_versions(versions_of(request(BIKE, earlier=[FIRST])), on=DAY, keys=KEYS)
    assert [decision.version for decision in found] == [1, 2]
    assert found[1].supersedes == found[0].id


def test_a_version_decided_after_the_one_before_it_is_decided_as_in_turn() -> None:
    asked = request(BIKE, earlier=[FIRST])
    first, second = CHECK.decide_versions(versions_of(asked), on=DAY, keys=KEYS)
    assert CHECK.decide(asked, on=DAY, keys=KEYS, before=first) == second


def test_a_decision_names_its_release() -> None:
    decision = amended(TOY)
    assert decision.release == CHECK.release


def test_a_random_rule_on_known_goods_waits_for_nothing() -> None:
    drawn = rule("a", ANY_GOODS, control(task("Identity", "0.01")), selection="random")
    assert not decide(program(drawn), {}).pending
