"""Product safety at the border, from a declaration to what is decided, asked for, and why."""

from __future__ import annotations

import json
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.decide.audience import for_trader
from engine.decide.deciding import Decider
from engine.decide.decision import Channel, Decision, HeldStatus, ItemDecision
from engine.decide.draw import DrawKeys
from engine.decide.text import officer_text, trader_text
from engine.declaration.acts import read_acts
from engine.declaration.problems import MalformedError
from engine.declaration.reading import read_request
from engine.language.base import read_text
from engine.language.diagnostics import RefusedError
from engine.language.vocabulary import Vocabulary
from engine.release import Release

ROOT = Path(__file__).resolve().parent.parent
DECLARATIONS = ROOT / "features" / "declarations"
DAY = date(2026, 11, 23)
KEYS = DrawKeys(b"a key that only tests use, 32 bit")
SUSPENSION = "products/suspension"
FINDINGS = {
    "control.documentsMissing": "documents-missing",
    "control.markingMissing": "marking-missing",
    "control.markingFalse": "marking-false",
    "control.operatorMissing": "operator-missing",
    "control.causeForConcern": "cause-for-concern",
}


def sent(name: str, **known: Any) -> dict[str, Any]:
    """The declaration *name*, with further facts that authorities know of its first item."""
    body: dict[str, Any] = json.loads((DECLARATIONS / f"{name}.json").read_text("utf-8"))
    if known:
        facts = {fact.replace("__", "."): value for fact, value in known.items()}
        body.setdefault("known", {})["items"] = [{"item": 1, "facts": facts}]
    return body


def decide(decider: Decider, body: dict[str, Any], on: date = DAY) -> Decision:
    return decider.decide(read_request(json.dumps(body).encode()), on=on, keys=KEYS)


def story(decider: Decider, name: str, **known: Any) -> ItemDecision:
    return decide(decider, sent(name, **known)).items[0]


def tasks(item: ItemDecision) -> set[tuple[str, str]]:
    return {(one.reasons.rule, one.task.partition(":")[2]) for one in item.controls}


def risks(item: ItemDecision) -> set[tuple[str, str]]:
    return {
        (r.hazard.partition(":")[2], r.level.partition(":")[2]) for r in item.risks if r.certain
    }


def held(item: ItemDecision) -> set[str]:
    return {one.reasons.rule for one in item.statuses}


# The stories


def test_a_radio_toy_without_ce_marking_has_its_papers_checked(decider: Decider) -> None:
    item = story(decider, "radio-toy-unmarked")
    assert item.channel is Channel.YELLOW
    assert ("Disturbance", "High") in risks(item)
    assert ("products/radio/radio-toys", "Documentary") in tasks(item)
    because = {one.rule for one in item.applied}
    assert "products/conformity/unmarked#radio" in because
    assert item.statuses == ()


def test_a_power_bank_without_a_declaration_of_conformity_is_a_risk_of_fire(
    decider: Decider,
) -> None:
    item = story(decider, "power-bank-undeclared")
    assert ("Fire", "Serious") in risks(item)
    assert {task for rule, task in tasks(item) if rule == "products/batteries/power-banks"} == {
        "Documentary",
        "Physical",
    }
    (risk,) = [one for one in item.risks if one.certain and one.hazard == "hazard:Fire"]
    assert risk.rules == (
        "products/batteries/fire-danger",
        "products/conformity/undeclared#batteries",
    )


def test_no_marking_and_no_named_operator_is_held_against_a_cosmetic_product(
    decider: Decider,
) -> None:
    item = story(decider, "hair-dye")
    assert ("SkinSensitisation", "Medium") in risks(item)
    assert ("products/cosmetics/hair-dyes", "Documentary") in tasks(item)
    weighed = {one.rule for one in chain(item.applied, item.near_misses)}
    assert not any(rule.startswith("products/conformity/nobody-named") for rule in weighed)
    (risk,) = [one for one in item.risks if one.certain]
    assert risk.rules[1] == "products/conformity/poor-record#dyes"


def test_jewellery_that_is_declared_with_lead_is_examined(decider: Decider) -> None:
    item = story(decider, "lead-jewellery")
    assert ("HeavyMetals", "High") in risks(item)
    assert ("products/chemicals/jewellery", "Physical") in tasks(item)


def test_a_verified_test_report_spares_the_jewellery(decider: Decider) -> None:
    body = sent("lead-jewellery")
    papers = [{"type": "certificate:AccreditedTestReport", "id": "R1"}]
    body["declaration"]["goods"][0]["documents"] = papers
    claimed = decide(decider, body).items[0]
    assert ("products/chemicals/jewellery", "Physical") in tasks(claimed)
    body["known"] = {"documents": [{"id": "R1", "status": "verified"}]}
    verified = decide(decider, body).items[0]
    assert ("products/chemicals/jewellery", "Physical") not in tasks(verified)
    assert verified.risk_level == "level:Low"


def test_a_partly_completed_chainsaw_needs_a_declaration_of_incorporation(
    decider: Decider,
) -> None:
    item = story(decider, "chainsaw-partly-completed")
    assert ("Cut", "Serious") in risks(item)
    assert ("products/machinery/partly-completed", "Documentary") in tasks(item)
    assert ("products/machinery/chainsaws", "Physical") in tasks(item)


def test_of_a_mixed_consignment_only_the_protective_gloves_are_examined(decider: Decider) -> None:
    decision = decide(decider, sent("gloves-mixed"))
    acid, garden = decision.items
    assert ("FailureToProtect", "Serious") in risks(acid)
    assert ("products/ppe/grave-risks", "Physical") in tasks(acid)
    assert {rule for rule, _ in tasks(garden)} == {"customs/random"}
    assert garden.channel is Channel.GREEN
    assert garden.risk_level == garden.possible_risk_level == "level:Low"
    assert decision.order is not None
    assert decision.order.items == (1,)


def test_brake_pads_with_asbestos_are_sampled(decider: Decider) -> None:
    item = story(decider, "brake-pads-asbestos")
    assert item.channel is Channel.RED
    assert ("AsbestosFibres", "Serious") in risks(item)
    assert ("products/chemicals/asbestos", "SamplingAndTesting") in tasks(item)
    # What is declared selects a control; only a finding or an act suspends.
    assert item.status == "status:Proceed"


def test_a_refrigerator_with_a_gas_over_the_limit_is_examined(decider: Decider) -> None:
    item = story(decider, "refrigerator-high-gwp")
    assert ("GreenhouseGas", "High") in risks(item)
    assert ("products/refrigeration/high-gwp", "Physical") in tasks(item)


def test_a_refrigerator_just_under_the_limit_is_not(decider: Decider) -> None:
    body = sent("refrigerator-high-gwp")
    body["declaration"]["goods"][0]["facts"]["goods.refrigerantGwp"] = 149
    item = decide(decider, body).items[0]
    assert not any(rule.startswith("products/refrigeration") for rule, _ in tasks(item))


@pytest.mark.parametrize(
    "name",
    [
        "radio-toy-unmarked",
        "radio-toy-suspended",
        "power-bank-undeclared",
        "hair-dye",
        "lead-jewellery",
        "chainsaw-partly-completed",
        "gloves-mixed",
        "brake-pads-asbestos",
        "refrigerator-high-gwp",
    ],
)
def test_both_engines_agree_and_nothing_needless_is_asked_for(decider: Decider, name: str) -> None:
    decision = decide(decider, sent(name))
    assert decision.agreement is not False
    assert not decision.degraded
    assert decision.requests == ()
    proportions = {one.proportion for item in decision.items for one in item.controls}
    assert proportions == {"within"}


def test_partly_completed_machinery_is_not_blamed_for_the_marking_that_it_may_not_carry(
    decider: Decider,
) -> None:
    body = sent("chainsaw-partly-completed")
    facts = body["declaration"]["goods"][0]["facts"]
    facts["goods.ceMarked"] = False
    unmarked = "products/machinery/unmarked"
    assert unmarked not in {one.rule for one in decide(decider, body).items[0].applied}
    facts["goods.partlyCompleted"] = False
    assert unmarked in {one.rule for one in decide(decider, body).items[0].applied}


# Suspension of release


def test_a_declaration_alone_never_suspends(decider: Decider) -> None:
    item = story(decider, "radio-toy-unmarked")
    assert item.status == "status:Proceed"


@pytest.mark.parametrize("fact", FINDINGS)
def test_a_trader_cannot_state_a_finding(decider: Decider, fact: str) -> None:
    body = sent("radio-toy-unmarked")
    body["declaration"]["goods"][0]["facts"][fact] = True
    with pytest.raises(MalformedError):
        decide(decider, body)


@pytest.mark.parametrize(("fact", "name"), FINDINGS.items())
def test_each_finding_suspends_on_its_own_ground(decider: Decider, fact: str, name: str) -> None:
    item = story(decider, "radio-toy-unmarked", **{fact: True})
    assert held(item) == {f"{SUSPENSION}/{name}"}
    assert item.status == "status:Hold"
    assert item.channel is Channel.RED
    (hold,) = item.statuses
    assert hold.agency == "agency:Customs"
    assert hold.reasons.remedy
    assert {one.status for one in hold.reasons.basis} == {"law"}


def test_no_operator_named_suspends_no_cosmetic_product(decider: Decider) -> None:
    decision = decide(decider, sent("hair-dye", control__operatorMissing=True))
    assert held(decision.items[0]) == set()
    assert not decision.pending


def test_food_has_border_law_of_its_own(decider: Decider) -> None:
    decision = decide(decider, sent("dried-beans-nigeria", control__causeForConcern=True))
    assert not any(rule.startswith(SUSPENSION) for rule in held(decision.items[0]))


def test_the_authoritys_approval_lifts_the_suspension(decider: Decider) -> None:
    known = {"control__markingFalse": True, "authority__approvedRelease": True}
    item = story(decider, "radio-toy-unmarked", **known)
    assert held(item) == set()
    assert f"{SUSPENSION}/marking-false" in {one.rule for one in item.exempted}


# The clock


def suspended(decider: Decider, on: date, country: str | None = "BE", **known: Any) -> HeldStatus:
    body = sent("radio-toy-unmarked", control__markingFalse=True, **known)
    if country:
        body["known"]["facts"] = {"authority.country": country}
    (hold,) = decide(decider, body, on).items[0].statuses
    return hold


MONDAY = "2026-11-23"


def test_the_hold_names_its_deadline(decider: Decider) -> None:
    deadline = suspended(decider, DAY, control__suspendedOn=MONDAY).deadline
    assert deadline is not None
    assert (deadline.start, deadline.end) == (DAY, date(2026, 11, 27))
    assert deadline.ends_at.isoformat() == "2026-11-28T00:00:00+01:00"
    assert deadline.calendar == "customs of Belgium"
    assert deadline.complete
    assert not deadline.assumed
    assert [one.status for one in deadline.basis] == ["law", "to-confirm"]
    assert (deadline.state, deadline.task) == ("running", None)


def test_without_a_record_the_day_of_the_decision_is_that_of_the_suspension(
    decider: Decider,
) -> None:
    deadline = suspended(decider, DAY).deadline
    assert deadline is not None
    assert (deadline.start, deadline.assumed) == (DAY, True)


def test_a_day_that_lies_ahead_buys_no_time(decider: Decider) -> None:
    deadline = suspended(decider, DAY, control__suspendedOn="2027-06-01").deadline
    assert deadline is not None
    assert (deadline.start, deadline.assumed) == (DAY, True)


def test_an_authority_of_no_known_country_takes_the_calendar_of_the_institutions(
    decider: Decider,
) -> None:
    deadline = suspended(decider, DAY, None, control__suspendedOn=MONDAY).deadline
    assert deadline is not None
    assert deadline.calendar == "institutions of the Union"


@pytest.mark.parametrize(
    ("on", "state"),
    [(date(2026, 11, 27), "running"), (date(2026, 11, 28), "expired")],
)
def test_the_last_day_belongs_to_the_period(decider: Decider, on: date, state: str) -> None:
    deadline = suspended(decider, on, control__suspendedOn=MONDAY).deadline
    assert deadline is not None
    assert deadline.state == state


def test_expiry_makes_a_task_and_releases_nothing(decider: Decider) -> None:
    hold = suspended(decider, date(2026, 11, 30), control__suspendedOn=MONDAY)
    assert hold.status == "status:Hold"
    assert hold.deadline is not None
    assert hold.deadline.task is not None
    assert hold.deadline.task.startswith("Consider release")


def test_a_recorded_lapse_lifts_this_hold_and_no_other(decider: Decider) -> None:
    known = {
        "control__markingFalse": True,
        "control__suspensionLapsed": True,
        "control__suspendedOn": MONDAY,
    }
    assert held(story(decider, "radio-toy-unmarked", **known)) == set()
    beans = decide(decider, sent("dried-beans-nigeria", **known))
    assert beans.status == "status:Refuse"


def test_a_request_to_maintain_stops_the_clock(decider: Decider) -> None:
    hold = suspended(
        decider,
        date(2026, 12, 15),
        control__suspendedOn=MONDAY,
        control__suspensionLapsed=True,
        authority__maintainSuspension=True,
    )
    assert hold.deadline is not None
    assert (hold.deadline.state, hold.deadline.task) == ("stopped", None)


def test_the_order_carries_the_first_deadline_of_its_items(decider: Decider) -> None:
    decision = decide(decider, sent("radio-toy-suspended"))
    assert decision.order is not None
    assert decision.order.deadline is not None
    assert decision.order.deadline.end == date(2026, 11, 27)
    mixed = decide(decider, sent("gloves-mixed"))
    assert mixed.order is not None
    assert mixed.order.deadline is None


def test_officer_and_trader_are_told_the_deadline(decider: Decider, vocabulary: Vocabulary) -> None:
    decision = decide(decider, sent("radio-toy-suspended"))
    assert "clock: ends with 2026-11-27" in officer_text(decision, vocabulary)
    trader = for_trader(decision, vocabulary)
    told = trader.items[0].statuses[0].deadline
    assert told is not None
    assert told.end == date(2026, 11, 27)
    assert "the end of 2026-11-27" in trader_text(trader)


def test_a_trader_is_not_told_the_task_of_an_officer(
    decider: Decider, vocabulary: Vocabulary
) -> None:
    decision = decide(decider, sent("radio-toy-suspended"), date(2026, 12, 2))
    assert "task: Consider release" in officer_text(decision, vocabulary)
    encoded = msgspec.json.encode(for_trader(decision, vocabulary)).decode()
    assert '"task"' not in encoded
    assert '"state"' not in encoded


# Notices


def notices(vocabulary: Vocabulary) -> list[str]:
    return [text for term in vocabulary.of_kind("notice") for text in (term.id, term.definition)]


def test_the_notices_stand_as_law_words_them(vocabulary: Vocabulary) -> None:
    ending = "release for free circulation not authorised — Regulation (EU) 2019/1020"
    assert {term.definition for term in vocabulary.of_kind("notice")} == {
        f"Dangerous product — {ending}",
        f"Product not in conformity — {ending}",
    }


SUSPENDS = (ROOT / "rules" / SUSPENSION / "marking-false.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ('notice   = "notice:DangerousProduct"', "unknown-key"),
        ('status   = "status:Hold"\nnotice = "notice:DangerousProduct"', "unknown-key"),
        ('status   = "notice:DangerousProduct"', "unknown-term"),
        ('concludes = { "notice" = "notice:DangerousProduct" }', "wrong-phase"),
    ],
)
def test_no_rule_can_impose_a_notice(vocabulary: Vocabulary, new: str, code: str) -> None:
    text = SUSPENDS.replace('status   = "status:Hold"', new)
    assert text != SUSPENDS
    with pytest.raises(RefusedError) as error:
        read_text(text.encode(), "products/x", vocabulary, {})
    assert code in {one.code for one in error.value.diagnostics}


def test_no_fact_has_notices_for_values(vocabulary: Vocabulary) -> None:
    assert [fact.id for fact in vocabulary.facts.values() if fact.range == "notice"] == []


@pytest.mark.parametrize("path", sorted(DECLARATIONS.glob("*.json")), ids=lambda path: path.stem)
def test_no_decision_holds_a_notice_without_an_act(
    decider: Decider, vocabulary: Vocabulary, path: Path
) -> None:
    body = json.loads(path.read_text("utf-8"))
    body.setdefault("known", {})["items"] = [{"item": 1, "facts": dict.fromkeys(FINDINGS, True)}]
    decision = decide(decider, body)
    texts = [msgspec.json.encode(decision).decode(), officer_text(decision, vocabulary)]
    assert not any(notice in text for text in texts for notice in notices(vocabulary))


def refused_with_a_notice(decider: Decider, agency: str) -> Decision:
    act = {
        "id": "A1",
        "act": "refuse",
        "agency": agency,
        "authority": "market surveillance, product desk",
        "on": "2026-11-24",
        "item": 1,
        "reason": "reason:ProductSafety",
        "note": "The test found a serious risk.",
        "notice": "notice:DangerousProduct",
    }
    request = read_request(json.dumps(sent("radio-toy-suspended")).encode())
    recorded = read_acts(json.dumps({"acts": [act]}).encode())
    return decider.decide(request, on=date(2026, 11, 24), keys=KEYS, acts=recorded)


def test_a_recorded_act_of_the_authority_carries_the_notice(
    decider: Decider, vocabulary: Vocabulary
) -> None:
    decision = refused_with_a_notice(decider, "agency:MarketSurveillance")
    assert decision.status == "status:Refuse"
    words = vocabulary.terms["notice:DangerousProduct"].definition
    assert [one.notice for one in decision.acts] == [words]


def test_customs_cannot_enter_a_notice_on_their_own(decider: Decider) -> None:
    with pytest.raises(MalformedError):
        refused_with_a_notice(decider, "agency:Customs")


# A change of law


def on_day(decider: Decider, name: str, day: date) -> Decision:
    body = sent(name)
    body["declaration"] |= {"acceptedOn": day.isoformat(), "arrivedOn": day.isoformat()}
    return decide(decider, body, day)


@pytest.mark.parametrize(
    ("day", "rule", "law"),
    [
        (date(2027, 1, 19), "products/machinery/chainsaws", "Directive 2006/42/EC"),
        (date(2027, 1, 20), "products/machinery/chainsaws-2027", "Regulation (EU) 2023/1230"),
    ],
)
def test_the_law_on_machinery_changes_on_20_january_2027(
    decider: Decider, day: date, rule: str, law: str
) -> None:
    (item,) = on_day(decider, "chainsaw-partly-completed", day).items
    mine = [one.reasons for one in item.controls if one.reasons.rule.startswith(rule[:27])]
    assert {one.rule for one in mine} == {rule}
    assert any(one.cite.startswith(law) for one in mine[0].basis)
    assert ("Cut", "Serious") in risks(item)


@pytest.mark.parametrize(("day", "suffix"), [(date(2030, 7, 31), ""), (date(2030, 8, 1), "-2030")])
def test_the_law_on_toys_changes_on_1_august_2030(decider: Decider, day: date, suffix: str) -> None:
    (item,) = on_day(decider, "plush-toy-small-parts", day).items
    dangers = {one.rules[0] for one in item.risks if one.hazard == "hazard:Choking"}
    assert f"products/toys/small-parts-danger{suffix}" in dangers
    assert len(dangers & {f"products/toys/small-parts-danger{s}" for s in ("", "-2030")}) == 1


# The rules as a whole


def test_product_rules_are_many_and_say_what_they_rest_on(release: Release) -> None:
    mine = [rule for rule in release.base.rules if rule.id.startswith("products/")]
    assert len({rule.table for rule in mine}) >= 60
    for rule in mine:
        if not rule.mandate:
            assert rule.review_by is not None, rule.id
        assert rule.examples or "#" in rule.id, rule.id


def test_nothing_is_held_by_origin_alone(release: Release) -> None:
    mine = [rule for rule in release.base.rules if rule.id.startswith("products/")]
    tested = {leaf.test.fact for rule in mine for leaf in rule.leaves}
    assert not any("rigin" in fact for fact in tested)


def test_only_findings_of_controls_suspend(release: Release) -> None:
    holding = [r for r in release.base.rules if r.table.startswith(SUSPENSION)]
    assert len(holding) == len(FINDINGS)
    for rule in holding:
        assert rule.clock is not None
        assert set(FINDINGS) & {leaf.test.fact for leaf in rule.leaves}
