"""From verdicts to what is done with the goods: controls, statuses, ladder, channel, order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide.decision import Decision, ItemDecision
from engine.language.rule import Consequence, Rule
from tests.decide_sample import (
    ANY_GOODS,
    BASIS,
    at_least,
    code,
    control,
    danger,
    decide,
    every,
    has,
    hold,
    is_,
    likelihood,
    mandate,
    only_item,
    program,
    refuse,
    rule,
    task,
)

TOY: dict[str, Any] = {"commodityCode": "9503"}
CUSTOMS, SURVEILLANCE, FOOD = "agency:Customs", "agency:MarketSurveillance", "agency:FoodAndFeed"
AUDIT, PAPERS, IDENTITY, PHYSICAL, SAMPLING = (
    "PostClearanceAudit",
    "Documentary",
    "Identity",
    "Physical",
    "SamplingAndTesting",
)
CHED = "certificate:ChedD"


def imposed(*rules: Rule, item: dict[str, Any] = TOY, **rest: Any) -> ItemDecision:
    return only_item(program(*rules), item, **rest)


def by(agency: str, name: str, then: Consequence, **more: Any) -> Rule:
    return mandate(name, ANY_GOODS, then, agency=agency, **more)


def tasks(item: ItemDecision) -> set[tuple[str, str]]:
    return {(control.agency, control.task) for control in item.controls}


# Union and maximum


def test_controls_are_the_union_and_each_keeps_its_agency() -> None:
    item = imposed(
        by(CUSTOMS, "a", control(task(PAPERS))),
        by(FOOD, "b", control(task(PAPERS), task(PHYSICAL))),
    )
    assert tasks(item) == {
        (CUSTOMS, "control:Documentary"),
        (FOOD, "control:Documentary"),
        (FOOD, "control:Physical"),
    }


def test_the_status_is_the_maximum() -> None:
    assert imposed(by(CUSTOMS, "a", control(task(PAPERS)))).status == "status:Proceed"
    assert imposed(by(CUSTOMS, "a", hold())).status == "status:Hold"
    assert imposed(by(CUSTOMS, "a", hold()), by(FOOD, "b", refuse())).status == "status:Refuse"


def test_the_status_of_a_decision_is_the_worst_of_its_items() -> None:
    compiled = program(mandate("a", code("9503"), hold()), mandate("b", code("8712"), refuse()))
    decision = decide(compiled, TOY, {"commodityCode": "8712"}, {"commodityCode": "4901"})
    assert [item.status for item in decision.items] == [
        "status:Hold",
        "status:Refuse",
        "status:Proceed",
    ]
    assert (decision.status, decision.channel) == ("status:Refuse", "red")


def test_one_agencys_refusal_does_not_cancel_anothers_task() -> None:
    item = imposed(by(FOOD, "a", refuse()), by(CUSTOMS, "b", control(task(PHYSICAL))))
    assert item.status == "status:Refuse"
    assert [(c.task, c.selected) for c in item.controls] == [("control:Physical", True)]


@settings(max_examples=25, deadline=None)
@given(
    chosen=st.lists(
        st.tuples(
            st.sampled_from((CUSTOMS, SURVEILLANCE, FOOD)), st.sampled_from((PAPERS, PHYSICAL))
        ),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    refused=st.booleans(),
)
def test_a_further_rule_never_takes_a_control_away(
    chosen: list[tuple[str, str]], refused: bool
) -> None:
    rules = [by(agency, f"r{n}", control(task(name))) for n, (agency, name) in enumerate(chosen)]
    before = imposed(*rules)
    after = imposed(*rules, by(FOOD, "z", refuse() if refused else hold()))
    assert tasks(before) <= tasks(after)


# Mandates and the ladder


def at_level(level: str, *rules: Rule) -> ItemDecision:
    """The item at a risk level, which danger High makes with the fitting band."""
    band = {"Low": "VeryLow", "Medium": "Medium", "High": "High"}[level]
    item = imposed(
        rule("d", ANY_GOODS, danger("Fire", "High")),
        rule("l", ANY_GOODS, likelihood("Fire", band)),
        *rules,
    )
    assert item.risk_level == f"level:{level}"
    return item


def proportions(item: ItemDecision) -> list[tuple[str, Decimal]]:
    return [(control.proportion, control.rate) for control in item.controls]


def test_a_mandate_above_the_ladder_is_reported_and_not_altered() -> None:
    item = at_level("Low", by(FOOD, "z", control(task(PHYSICAL, "0.5"))))
    assert proportions(item) == [("reported", Decimal("0.5"))]


def risk_rule(name: str, rate: str = "1", at: str = "Low") -> Rule:
    return rule("z", at_least("item.riskLevel", f"level:{at}"), control(task(name, rate)))


def test_a_discretionary_control_above_the_ladder_is_flagged_and_not_altered() -> None:
    assert proportions(at_level("Medium", risk_rule(PHYSICAL))) == [("flagged", Decimal(1))]
    assert at_level("Medium", risk_rule(PHYSICAL)).controls[0].selected


def test_a_control_on_the_ladder_is_within_it() -> None:
    assert proportions(at_level("Medium", risk_rule(PAPERS))) == [("within", Decimal(1))]
    assert proportions(at_level("High", risk_rule(PHYSICAL))) == [("within", Decimal(1))]


def test_the_rate_counts_on_the_ladder_too() -> None:
    assert proportions(at_level("Low", risk_rule(AUDIT, "0.05"))) == [("within", Decimal("0.05"))]
    assert proportions(at_level("Low", risk_rule(AUDIT, "0.06"))) == [("flagged", Decimal("0.06"))]


def test_a_random_selection_is_not_measured_by_the_ladder() -> None:
    drawn = rule("z", ANY_GOODS, control(task(IDENTITY, "0.01")), selection="random")
    assert proportions(at_level("Low", drawn)) == [("within", Decimal("0.01"))]


def test_a_scheme_above_the_ladder_is_reported_and_not_judged() -> None:
    planned = rule("z", ANY_GOODS, control(task(PHYSICAL, "0.02")), selection="scheme")
    assert proportions(at_level("Low", planned)) == [("reported", Decimal("0.02"))]
    assert proportions(at_level("High", planned)) == [("within", Decimal("0.02"))]


def test_a_possible_risk_is_not_low_risk() -> None:
    item = imposed(
        rule("d", is_("goods.smallParts", True), danger("Fire", "Serious")),
        rule("l", ANY_GOODS, likelihood("Fire", "High")),
        by(FOOD, "z", control(task(PHYSICAL))),
    )
    assert (item.risk_level, item.possible_risk_level) == ("level:Low", "level:Serious")
    assert proportions(item) == [("within", Decimal(1))]


def test_an_overdue_rule_still_applies_and_says_so() -> None:
    item = imposed(by(FOOD, "z", control(task(PAPERS)), review_by=date(2026, 11, 23)))
    assert item.controls[0].reasons.overdue
    assert item.controls[0].selected


# Risks


def test_each_pair_is_told_with_its_hazard_and_rules() -> None:
    item = imposed(
        rule("d", ANY_GOODS, danger("Fire", "Serious"), agency=SURVEILLANCE),
        rule("l", ANY_GOODS, likelihood("Fire", "High")),
        rule("m", ANY_GOODS, likelihood("Fire", "Low")),
    )
    assert [(r.hazard, r.danger, r.likelihood, r.level, r.agency) for r in item.risks] == [
        ("hazard:Fire", "level:Serious", "likelihood:High", "level:Serious", SURVEILLANCE),
        ("hazard:Fire", "level:Serious", "likelihood:Low", "level:Medium", SURVEILLANCE),
    ]
    assert [risk.rules for risk in item.risks] == [("d", "l"), ("d", "m")]


def test_a_likelihood_without_danger_is_reported() -> None:
    item = imposed(rule("l", ANY_GOODS, likelihood("Fire", "VeryHigh")))
    assert (item.lone_likelihoods, item.risks) == (("l",), ())


def test_a_likelihood_with_its_danger_is_not_alone() -> None:
    item = imposed(
        rule("d", ANY_GOODS, danger("Fire", "Low")), rule("l", ANY_GOODS, likelihood("Fire", "Low"))
    )
    assert item.lone_likelihoods == ()


def test_a_possible_pair_is_told_as_not_certain() -> None:
    item = imposed(
        rule("d", ANY_GOODS, danger("Fire", "Serious")),
        rule("l", is_("goods.smallParts", True), likelihood("Fire", "High")),
    )
    assert [(risk.level, risk.certain) for risk in item.risks] == [
        ("level:Medium", True),
        ("level:Serious", False),
    ]


# Channel

PAPER_HOLD = by(FOOD, "h", hold(), unless=has(CHED))


@pytest.mark.parametrize(
    ("rules", "lane"),
    [
        ([], "green"),
        ([by(CUSTOMS, "a", control(task(AUDIT)))], "blue"),
        ([by(CUSTOMS, "a", control(task(PAPERS)))], "yellow"),
        ([by(CUSTOMS, "a", control(task(IDENTITY)))], "red"),
        ([by(CUSTOMS, "a", control(task(PHYSICAL)))], "red"),
        ([by(CUSTOMS, "a", control(task(SAMPLING)))], "red"),
        ([PAPER_HOLD], "yellow"),
        ([by(FOOD, "h", hold())], "red"),
        ([by(FOOD, "h", hold(), unless=is_("goods.smallParts", True))], "red"),
        ([PAPER_HOLD, by(CUSTOMS, "g", hold())], "red"),
        ([by(FOOD, "h", refuse())], "red"),
        ([PAPER_HOLD, by(CUSTOMS, "a", control(task(PHYSICAL)))], "red"),
        ([by(CUSTOMS, "a", control(task(AUDIT), task(PAPERS)))], "yellow"),
        ([by(CUSTOMS, "a", control(task(PHYSICAL, "0.000000000001")))], "green"),  # not drawn
        ([mandate("q", is_("goods.smallParts", True), hold())], "yellow"),  # an open request
        ([by(CUSTOMS, "a", control(task(PHYSICAL, generator="external")))], "yellow"),
    ],
)
def test_the_channel_follows_the_gravest_thing_found(rules: list[Rule], lane: str) -> None:
    anchor = mandate("x", code("8712"), hold())
    assert imposed(anchor, *rules).channel == lane


def test_a_hold_that_only_papers_lift_names_them() -> None:
    (held,) = imposed(PAPER_HOLD).statuses
    assert held.lifted_by == (CHED,)


def test_unselected_goods_under_a_mandate_still_wait_for_their_document() -> None:
    rarely = by(FOOD, "a", control(task(PHYSICAL, "0.000000000001")))
    item = imposed(rarely, PAPER_HOLD)
    assert [control.selected for control in item.controls] == [False]
    assert (item.status, item.channel) == ("status:Hold", "yellow")


def test_a_finalised_entry_document_lifts_the_hold_and_leaves_the_task() -> None:
    papers = [{"type": "C678", "id": "CHED-1"}]
    known = {"documents": [{"id": "CHED-1", "status": "verified"}]}
    item = imposed(
        PAPER_HOLD,
        by(FOOD, "a", control(task(PHYSICAL))),
        item={**TOY, "documents": papers},
        known=known,
    )
    assert item.status == "status:Proceed"
    assert [control.selected for control in item.controls] == [True]
    assert [found.rule for found in item.exempted] == ["h"]


# Order


def ordered(*rules: Rule) -> Decision:
    return decide(program(*rules), TOY)


def test_two_agencies_that_intervene_get_one_joint_order() -> None:
    order = ordered(
        by(CUSTOMS, "a", control(task(PAPERS))),
        by(FOOD, "b", control(task(PHYSICAL), task(PAPERS))),
    ).order
    assert order is not None
    assert order.joint
    assert {entry.agency: entry.tasks for entry in order.agencies} == {
        CUSTOMS: ("control:Documentary",),
        FOOD: ("control:Physical", "control:Documentary"),
    }


def test_the_agency_of_the_most_intense_task_leads() -> None:
    order = ordered(
        by(CUSTOMS, "a", control(task(PAPERS))), by(FOOD, "b", control(task(SAMPLING)))
    ).order
    assert order is not None
    assert order.lead == FOOD


@pytest.mark.parametrize(("first", "second"), list(combinations((CUSTOMS, SURVEILLANCE, FOOD), 2)))
def test_ties_go_by_published_order(first: str, second: str) -> None:
    order = ordered(
        by(second, "a", control(task(PHYSICAL))), by(first, "b", control(task(PHYSICAL)))
    ).order
    assert order is not None
    assert order.lead == first


def test_one_agency_alone_is_not_joint() -> None:
    order = ordered(by(FOOD, "a", control(task(PHYSICAL), task(PAPERS)))).order
    assert order is not None
    assert not order.joint


def test_an_unselected_task_joins_no_order() -> None:
    order = ordered(
        by(CUSTOMS, "a", control(task(SAMPLING, "0.000000000001"))),
        by(FOOD, "b", control(task(PAPERS))),
    ).order
    assert order is not None
    assert (order.lead, order.joint) == (FOOD, False)


def test_a_task_that_another_system_draws_joins_no_order() -> None:
    assert ordered(by(FOOD, "a", control(task(PHYSICAL, generator="external")))).order is None


def test_an_audit_after_release_needs_no_order() -> None:
    assert ordered(by(CUSTOMS, "a", control(task(AUDIT)))).order is None


def test_an_order_spans_the_items_that_are_selected() -> None:
    compiled = program(
        mandate("a", code("9503"), control(task(PHYSICAL))),
        mandate("b", code("8712"), control(task(PAPERS)), agency=FOOD),
    )
    decision = decide(compiled, TOY, {"commodityCode": "4901"}, {"commodityCode": "8712"})
    assert decision.order is not None
    assert (decision.order.items, decision.order.joint) == ((1, 3), True)


# Reasons


def test_a_control_gives_its_law_its_reason_class_its_remedy_and_its_appeal() -> None:
    (found,) = imposed(by(FOOD, "a", control(task(PAPERS)))).controls
    reasons = found.reasons
    assert (reasons.rule, reasons.reason_class) == ("a", "reason:ProductSafety")
    assert reasons.remedy == "Do what rule a asks."
    assert reasons.because == "Rule a says so."
    assert reasons.appeal.days == 30
    assert "food safety authority" in reasons.appeal.body


def test_the_law_of_each_test_is_cited_once() -> None:
    when = every(ANY_GOODS, code("9503"))
    (found,) = imposed(mandate("a", when, control(task(PAPERS)))).controls
    assert found.reasons.basis == (BASIS,)
