"""A counterexample is offered as a scenario that runs, and says just what the declaration said."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from engine.declaration.derive import item_facts
from engine.prove.proofs import Proofs
from engine.prove.properties import PROPERTIES
from engine.prove.proving import Case, Outcome
from engine.prove.scenario import scenario, told
from engine.prove.witness import read
from engine.specs.matching import Matched, match
from engine.specs.runner import Outcome as Run
from engine.specs.runner import run_scenario
from engine.specs.world import Ground, World
from tests.conftest import DAY
from tests.specs_text import feature_of

PLAIN = {
    "id": "A",
    "stage": "accepted",
    "acceptedOn": "2026-11-23",
    "arrivedOn": "2026-11-23",
    "dispatchedOn": "2026-11-02",
    "placedOnMarketOn": "2026-11-23",
}
FULL: dict[str, Any] = {
    "declaration": {
        **PLAIN,
        "exportCountry": "NG",
        "goods": [
            {
                "item": 1,
                "commodityCode": "1207409000",
                "originGrown": "TR",
                "product": "product:SesameSeeds",
                "netMassKg": 2.5,
                "value": {"amount": 100, "currency": "EUR"},
                "facts": {"goods.smallParts": False},
                "documents": [{"type": "C678", "id": "D-1"}, {"type": "N851", "id": "D-2"}],
            }
        ],
    },
    "known": {
        "facts": {"importer.authorised": True, "importer.nonCompliantShare": 0.25},
        "documents": [{"id": "D-2", "status": "verified"}],
        "items": [{"item": 1, "facts": {"goods.intensifiedChecks": True}}],
    },
}
BARE: dict[str, Any] = {
    "declaration": {**PLAIN, "goods": [{"item": 1, "commodityCode": "9503", "originGrown": "CN"}]}
}


def text_of(ground: Ground, *bodies: dict[str, Any]) -> str | None:
    return scenario(case_of(*bodies), "Something holds", ground.release.vocabulary)


def case_of(*bodies: dict[str, Any]) -> Case:
    return Case(requests=bodies, says="something is shown", agreement=True)


def said(ground: Ground, text: str) -> World:
    """The world after all that a scenario says is given."""
    world = World(ground)
    for step in feature_of(text.partition("Scenario: ")[2]).scenarios[0].steps:
        if step.kind == "given":
            meant = match(step)
            assert isinstance(meant, Matched), meant
            meant.run(world=world, **meant.arguments)
    return world


def facts_of(ground: Ground, body: dict[str, Any]) -> object:
    request = read(msgspec.convert(body, dict[str, Any]))
    facts = item_facts(request, ground.release.vocabulary, DAY).items[0].facts
    return replace(facts, undeclared=frozenset())  # a day may be left to be the day of acceptance


@pytest.mark.parametrize("body", [FULL, BARE])
def test_the_steps_say_what_the_declaration_said(ground: Ground, body: dict[str, Any]) -> None:
    text = text_of(ground, body)
    assert text is not None
    again, meant = facts_of(ground, said(ground, text).request), facts_of(ground, body)
    assert again == meant


@pytest.mark.parametrize("pair", [(FULL, BARE), (BARE, FULL), (FULL, FULL)])
def test_the_steps_of_a_twin_say_what_differs(
    ground: Ground, pair: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    text = text_of(ground, *pair)
    assert text is not None
    world = said(ground, text)
    assert world.twin is not None
    assert [facts_of(ground, one) for one in (world.twin, world.request)] == [
        facts_of(ground, one) for one in pair
    ]


def test_a_scenario_has_no_field_names(ground: Ground) -> None:
    text = text_of(ground, FULL, BARE)
    assert text is not None
    assert text.startswith(
        "Scenario: Something is shown\n  Given goods of which nothing is known\n"
    )
    assert text.endswith("Then they show that not always something holds")
    assert not [word for word in ("commodityCode", "goods.", "{", "acceptedOn") if word in text]


@pytest.mark.parametrize(
    "body",
    [
        {**BARE, "known": {"rates": [{}]}},
        {"declaration": {**BARE["declaration"], "stage": "arrival"}},
        {"declaration": {**BARE["declaration"], "arrivedOn": "2026-11-21"}},
        {"declaration": {**PLAIN, "goods": [{"item": 1}, {"item": 2}]}},
    ],
    ids=["rates", "stage", "days", "items"],
)
def test_what_phrases_have_no_words_for_makes_no_scenario(
    ground: Ground, body: dict[str, Any]
) -> None:
    assert text_of(ground, body) is None


def test_what_is_declared_is_told_in_phrases(ground: Ground) -> None:
    lines = told(case_of(BARE), ground.release.vocabulary)
    assert lines == [
        "Given goods of which nothing is known",
        "And it is accepted on 2026-11-23",
        "And it was dispatched on 2026-11-02",
        'And under "commodity code" the trader declares 9503',
        'And under "country where grown" the trader declares China',
    ]


def test_what_phrases_have_no_words_for_is_told_as_json(ground: Ground) -> None:
    wordless = {**BARE, "known": {"rates": [{}]}}
    lines = told(case_of(BARE, wordless), ground.release.vocabulary)
    assert [json.loads(line) for line in lines] == [BARE, wordless]


def test_what_a_twin_does_not_say_is_taken_back_in_the_order_in_which_it_was_said(
    ground: Ground,
) -> None:
    """So that the text is the same whenever it is told."""
    one, twin = told(case_of(FULL, BARE), ground.release.vocabulary), "And a twin of it"
    said, back = one[: one.index(twin)], one[one.index(twin) :]
    labels = [line.split('"')[1] for line in back if "blank" in line or "no record" in line]
    assert len(labels) > 5
    assert labels == [label for line in said for label in line.split('"')[1:2] if label in labels]


def test_a_counterexample_of_the_shipped_rules_runs_as_it_is_printed(ground: Ground) -> None:
    asked = PROPERTIES["no-gap"]
    found = Proofs(ground.decider).answer(asked, 30)
    assert found.outcome is Outcome.REFUTED
    assert found.case is not None
    text = scenario(found.case, asked.title, ground.release.vocabulary)
    assert text is not None
    (obligation,) = feature_of(text.partition("Scenario: ")[2]).obligations
    result = run_scenario(obligation.scenarios[0], obligation, ground)
    assert result.outcome is Run.PASSED, result.words
