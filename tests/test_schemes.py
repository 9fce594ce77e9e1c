"""Schemes: what an agency's plan samples, and that nothing else selects it or stops it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from engine.decide.deciding import Decider
from engine.decide.decision import Control, Decision
from engine.decide.draw import DrawKeys
from engine.decide.program import Program
from engine.declaration.reading import read_request
from engine.language.rule import SCHEME
from tests.border_sample import DAY, goods, imposed, known, the_item
from tests.engines import needs_both_engines
from tests.food_sample import Sent

pytestmark = needs_both_engines

RESIDUES = "schemes/pesticide-residues-2026"
PLANNED = {("control:SamplingAndTesting", Decimal("0.02"))}


def oranges(code: str = "08051022", use: str | None = "food", **facts: object) -> Sent:
    what = goods(code, use=use, origin="MA", originGrown="MA", exportCountry="MA")
    return known(what, **facts)


def planned(decider: Decider, what: Sent) -> set[tuple[str, Decimal]]:
    return imposed(the_item(decider, what), RESIDUES)


def test_listed_food_is_sampled_at_the_share_of_the_plan(decider: Decider) -> None:
    assert planned(decider, oranges()) == PLANNED


@pytest.mark.parametrize(("code", "use"), [("08055010", "food"), ("08051022", "industrial")])
def test_other_goods_and_other_uses_are_not(decider: Decider, code: str, use: str) -> None:
    assert planned(decider, oranges(code, use)) == set()


@pytest.mark.parametrize(
    ("arrived", "sampled"), [("2026-01-01", True), ("2026-12-31", True), ("2027-01-01", False)]
)
def test_the_plan_ends_with_its_year(decider: Decider, arrived: str, sampled: bool) -> None:
    what = oranges().but(arrivedOn=arrived)
    assert planned(decider, what) == (PLANNED if sampled else set())


def test_nobody_is_asked_or_held_for_the_sake_of_the_plan(decider: Decider) -> None:
    one = the_item(decider, oranges(use=None))
    (open_,) = [found for found in one.undetermined if found.rule == RESIDUES]
    assert open_.on_unknown == "pass"
    assert imposed(one, RESIDUES) == set()


@pytest.mark.parametrize("share", [0, Decimal("0.4")])
def test_the_plan_does_not_look_at_the_importer(decider: Decider, share: object) -> None:
    what = oranges(importer__inspections=25, importer__nonCompliantShare=float(str(share)))
    assert planned(decider, what) == PLANNED


def drawn(decider: Decider, number: int) -> tuple[Decision, Control]:
    sent = {
        "id": f"consignment-{number}",
        "arrivedOn": "2026-11-23",
        "goods": [{"item": 1, "commodityCode": "08051022", "origin": "MA", "intendedUse": "food"}],
    }
    request = read_request(json.dumps({"declaration": sent}).encode())
    decision = decider.decide(request, on=DAY, keys=DrawKeys(b"schemes"))
    (control,) = [c for c in decision.items[0].controls if c.reasons.rule == RESIDUES]
    return decision, control


def test_what_the_draw_selects_is_tagged_and_joins_the_order(decider: Decider) -> None:
    found = [drawn(decider, number) for number in range(200)]
    controls = [control for _, control in found]
    assert {(one.selected_by, one.mandate) for one in controls} == {("scheme", False)}
    assert all(one.selected == (one.draw < one.rate) for one in controls if one.draw is not None)
    chosen = [decision for decision, control in found if control.selected]
    assert 0 < len(chosen) < 20
    for decision in chosen:
        assert decision.order is not None
        assert "agency:FoodAndFeed" in {part.agency for part in decision.order.agencies}


def test_every_scheme_stands_in_its_folder_and_names_a_programme_of_its_own(
    program: Program,
) -> None:
    rules = [compiled.rule for compiled in program.rules]
    schemes = [rule for rule in rules if rule.selection == SCHEME]
    assert schemes
    assert schemes == [rule for rule in rules if rule.id.startswith("schemes/")]
    assert all(rule.grounds in rule.bases for rule in schemes)
