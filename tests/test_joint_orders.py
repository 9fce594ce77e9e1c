"""Consignments at which several agencies meet: one order, one lead, each agency's own tasks."""

from __future__ import annotations

import pytest

from engine.decide.deciding import Decider
from tests.border_sample import example, held_by
from tests.engines import needs_both_engines

pytestmark = needs_both_engines

CUSTOMS, PRODUCTS, FOOD, PLANTS, ANIMALS = (
    "agency:Customs",
    "agency:MarketSurveillance",
    "agency:FoodAndFeed",
    "agency:PlantHealth",
    "agency:Veterinary",
)
MEETINGS = {
    "mixed-container-turkiye": [CUSTOMS, PRODUCTS, PLANTS, ANIMALS],
    "grocer-thailand": [CUSTOMS, PRODUCTS, PLANTS, ANIMALS],
    "festival-nigeria": [CUSTOMS, PRODUCTS, FOOD, PLANTS, ANIMALS],
}
each_meeting = pytest.mark.parametrize("name", MEETINGS)


@each_meeting
def test_one_joint_order_names_every_agency_that_intervenes(decider: Decider, name: str) -> None:
    order = example(decider, name).order
    assert order is not None
    assert order.joint
    assert [part.agency for part in order.agencies] == MEETINGS[name]


@each_meeting
def test_the_agency_of_the_most_intense_task_leads_and_ties_go_by_published_order(
    decider: Decider, name: str
) -> None:
    order = example(decider, name).order
    assert order is not None
    assert order.lead == PRODUCTS  # it examines the toys; customs asks for papers only


@each_meeting
def test_each_agency_keeps_its_own_tasks(decider: Decider, name: str) -> None:
    decision = example(decider, name)
    assert decision.order is not None
    for part in decision.order.agencies:
        chosen = {
            control.task
            for item in decision.items
            for control in item.controls
            if control.agency == part.agency and control.selected
        }
        assert set(part.tasks) == chosen - {"control:PostClearanceAudit"}
    tasks = {part.agency: set(part.tasks) for part in decision.order.agencies}
    assert tasks[CUSTOMS] == {"control:Documentary"}
    assert tasks[PRODUCTS] == {"control:Physical"}
    assert {"control:Documentary", "control:Identity"} <= tasks[PLANTS]
    assert {"control:Documentary", "control:Identity"} <= tasks[ANIMALS]


@each_meeting
def test_what_one_agency_does_stops_no_other(decider: Decider, name: str) -> None:
    """The record of the importer moves the toys and the shirts, and not what law prescribes."""
    decision = example(decider, name)
    for item in decision.items:
        for control in item.controls:
            if control.agency in (PLANTS, ANIMALS, FOOD):
                assert control.mandate
            else:
                assert not control.mandate


def test_shrimps_wait_for_their_document_and_the_turmeric_beside_them_does_not(
    decider: Decider,
) -> None:
    decision = example(decider, "grocer-thailand")
    turmeric, shrimps, bears, shirts = decision.items
    assert held_by(shrimps) == {"veterinary/entry-document-products"}
    assert [held_by(item) for item in (turmeric, bears, shirts)] == [set(), set(), set()]
    assert decision.status == "status:Hold"


def test_sesame_waits_for_certificate_and_analysis(decider: Decider) -> None:
    decision = example(decider, "festival-nigeria")
    assert held_by(decision.items[0]) == {"food/certificates#C079"}


@each_meeting
def test_nothing_is_asked_twice(decider: Decider, name: str) -> None:
    asked = [request.fact for request in example(decider, name).requests]
    assert len(asked) == len(set(asked))
