"""Officers' acts: what they change, what they leave in sight, and what no officer may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.decide.decision import Decision
from engine.decide.program import Program
from engine.declaration.acts import Act, read_acts
from engine.declaration.problems import MalformedError, Problem
from tests.decide_sample import (
    ANY_GOODS,
    DAY,
    KEYS,
    body,
    control,
    decider_of,
    hold,
    is_,
    mandate,
    program,
    request,
    rule,
    task,
)

SMALL = is_("goods.smallParts", True)
TOY: dict[str, Any] = {"commodityCode": "9503"}
RANDOM = rule("choice", ANY_GOODS, control(task("Physical")), selection="random")
LAW = mandate("law", ANY_GOODS, control(task("Documentary")))
HELD = mandate("held", ANY_GOODS, hold())
OPEN = mandate("open", SMALL, control(task("Identity")))


def act(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "A1",
        "act": kind,
        "agency": "agency:Customs",
        "authority": "duty officer, north quay",
        "on": "2026-11-23",
        "reason": "reason:ProductSafety",
        "note": "Said why.",
        **more,
    }


def acts(*each: dict[str, Any]) -> tuple[Act, ...]:
    return read_acts(json.dumps({"acts": each}).encode())


def after(compiled: Program, *each: dict[str, Any], goods: int = 1) -> Decision:
    asked = request(*([TOY] * goods))
    return decider_of(compiled).decide(asked, on=DAY, keys=KEYS, acts=acts(*each))


def refused(compiled: Program, *each: dict[str, Any]) -> tuple[Problem, ...]:
    with pytest.raises(MalformedError) as caught:
        after(compiled, *each)
    return caught.value.problems


def customs(compiled: Program) -> str:
    """The agency of the sample's rules, as acts must name it."""
    return compiled.rules[0].rule.agency


# What they do


def test_an_added_control_is_selected_by_hand_and_joins_the_order() -> None:
    compiled = program(LAW)
    decision = after(compiled, act("add", task="control:SamplingAndTesting"))
    (item,) = decision.items
    added = next(one for one in item.controls if one.selected_by == "manual")
    assert (added.task, added.selected, added.mandate) == (
        "control:SamplingAndTesting",
        True,
        False,
    )
    assert (added.reasons.because, added.reasons.reason_class) == (
        "Said why.",
        "reason:ProductSafety",
    )
    assert added.reasons.appeal.body
    assert decision.channel == "red"
    assert decision.order is not None
    assert "control:SamplingAndTesting" in decision.order.agencies[0].tasks


def test_a_waived_discretionary_control_stays_in_sight_and_selects_nothing() -> None:
    compiled = program(RANDOM)
    decision = after(compiled, act("waive", rule="choice", agency=customs(compiled)))
    (item,) = decision.items
    assert [one.lifted for one in item.controls] == ["A1"]
    assert (decision.channel, decision.order) == ("green", None)
    assert decision.acts[0].effective


def test_a_substitute_takes_the_place_of_what_a_rule_imposes() -> None:
    compiled = program(RANDOM)
    change = act("substitute", rule="choice", task="control:Identity", agency=customs(compiled))
    (item,) = after(compiled, change).items
    assert [(one.task, one.lifted) for one in item.controls] == [
        ("control:Physical", "A1"),
        ("control:Identity", None),
    ]


def test_a_hold_by_an_officer_holds_until_its_own_agency_releases() -> None:
    compiled = program(RANDOM)
    held = act("hold", id="H1", agency="agency:MarketSurveillance")
    assert after(compiled, held).status == "status:Hold"
    other = act("release", id="R1", agency="agency:Customs")
    assert after(compiled, held, other).status == "status:Hold"
    own = act("release", id="R2", agency="agency:MarketSurveillance")
    decision = after(compiled, held, own)
    assert decision.status == "status:Proceed"
    assert [one.effective for one in decision.acts] == [True, True]


def test_a_release_by_one_agency_leaves_what_the_law_holds() -> None:
    compiled = program(HELD)
    decision = after(compiled, act("release", agency=customs(compiled)))
    assert decision.status == "status:Hold"
    assert not decision.acts[0].effective


def test_part_of_a_consignment_may_be_released() -> None:
    compiled = program(HELD)
    part = act("release", item=1, rule="held", power="customs-controls", agency=customs(compiled))
    decision = after(compiled, part, goods=2)
    assert [item.status for item in decision.items] == ["status:Proceed", "status:Hold"]
    assert decision.status == "status:Hold"


def test_a_waived_request_is_not_asked_for_and_holds_nothing_up() -> None:
    compiled = program(OPEN)
    assert after(compiled).pending
    decision = after(compiled, act("waive", fact="goods.smallParts", agency=customs(compiled)))
    assert (decision.pending, decision.requests, decision.channel) == (False, (), "green")


def test_an_act_that_finds_nothing_to_change_says_so() -> None:
    compiled = program(OPEN)
    waived = act("waive", rule="open", power="customs-controls", agency=customs(compiled))
    assert not after(compiled, waived).acts[0].effective


def test_a_new_version_keeps_what_was_notified_and_loses_what_was_waived() -> None:
    compiled = program(mandate("old", SMALL, control(task("Physical"))), LAW)
    goods = {**TOY, "facts": {"goods.smallParts": True}}
    first = body(goods)["declaration"]
    amended = request({**TOY, "facts": {"goods.smallParts": False}}, earlier=[first])
    decider = decider_of(compiled)
    (kept,) = decider.decide(amended, on=DAY, keys=KEYS).items
    assert any(one.notified and one.lifted is None for one in kept.controls)
    waived = act("waive", rule="old", power="customs-controls", agency=customs(compiled))
    (lost,) = decider.decide(amended, on=DAY, keys=KEYS, acts=acts(waived)).items
    assert all(one.lifted == "A1" for one in lost.controls if one.notified)


# What no officer may do


def test_a_mandate_is_waived_only_under_a_named_power() -> None:
    compiled = program(LAW)
    (found,) = refused(compiled, act("waive", rule="law", agency=customs(compiled)))
    assert (found.pointer, "named power" in found.message) == ("/acts/0/power", True)
    allowed = act("waive", rule="law", power="customs-controls", agency=customs(compiled))
    assert after(compiled, allowed).acts[0].power is not None


def test_a_mandate_may_be_replaced_by_as_much_without_one() -> None:
    compiled = program(LAW)
    more = act("substitute", rule="law", task="control:Physical", agency=customs(compiled))
    assert after(compiled, more).acts[0].effective
    less = {**more, "task": "control:PostClearanceAudit"}
    (found,) = refused(compiled, less)
    assert found.pointer == "/acts/0/power"


def test_an_agency_sets_aside_its_own_controls_only() -> None:
    compiled = program(RANDOM)
    other = next(a for a in compiled.vocabulary.agencies if a != customs(compiled))
    (found,) = refused(compiled, act("waive", rule="choice", agency=other))
    assert (found.pointer, "its own controls" in found.message) == ("/acts/0/rule", True)


@pytest.mark.parametrize(
    ("kind", "more", "pointer"),
    [
        ("add", {}, "/acts/0/task"),
        ("add", {"task": "control:Phisical"}, "/acts/0/task"),
        ("add", {"task": "control:Physical", "rule": "law"}, "/acts/0/rule"),
        ("waive", {}, "/acts/0/rule"),
        ("waive", {"rule": "lwa"}, "/acts/0/rule"),
        ("hold", {"agency": "agency:Nobody"}, "/acts/0/agency"),
        ("hold", {"reason": "reason:None"}, "/acts/0/reason"),
        ("hold", {"item": 9}, "/acts/0/item"),
        ("hold", {"on": "2026-11-24"}, "/acts/0/on"),
        ("hold", {"note": " "}, "/acts/0/note"),
        ("hold", {"notice": "notice:Any"}, "/acts/0/notice"),
        ("forbid", {}, "/acts/0/act"),
        ("hold", {"more": 1}, "/acts/0/more"),
    ],
)
def test_a_fault_in_an_act_is_named_with_its_field(
    kind: str, more: dict[str, Any], pointer: str
) -> None:
    assert pointer in [found.pointer for found in refused(program(LAW), act(kind, **more))]


def test_a_notice_is_carried_by_market_surveillance_alone() -> None:
    found = refused(program(LAW), act("refuse", notice="notice:Any"))
    assert any("market surveillance authority only" in one.message for one in found)


def test_an_act_recorded_twice_is_refused() -> None:
    (found,) = refused(program(LAW), act("hold"), act("hold"))
    assert found.pointer == "/acts/1/id"


def test_a_decision_without_acts_carries_no_notice() -> None:
    decision = after(program(HELD))
    assert decision.acts == ()


def test_what_a_waived_control_covered_is_asked_for_again() -> None:
    covered = rule(
        "open", SMALL, control(task("Physical")), selection="random", on_unknown="request"
    )
    compiled = program(RANDOM, covered)
    assert not after(compiled).pending
    assert after(compiled, act("waive", rule="choice", agency=customs(compiled))).pending
