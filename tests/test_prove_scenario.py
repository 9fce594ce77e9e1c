"""A counterexample is offered as a scenario, whose table says just what the declaration said."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from engine.declaration.derive import item_facts
from engine.prove.proving import Case
from engine.prove.scenario import request, rows, scenario
from engine.prove.witness import read
from tests.decide_sample import DAY, vocabulary

DATES = {
    "stage": "arrival",
    "acceptedOn": "2026-11-23",
    "arrivedOn": "2026-11-21",
    "dispatchedOn": "2026-11-02",
    "placedOnMarketOn": "2026-12-01",
}
BODIES: list[dict[str, Any]] = [
    {"declaration": {"id": "A", **DATES, "goods": [{"item": 1, "commodityCode": "9503"}]}},
    {
        "declaration": {
            "id": "A",
            **DATES,
            "exportCountry": "NG",
            "goods": [
                {
                    "item": 1,
                    "commodityCode": "1207409000",
                    "product": "product:SesameSeeds",
                    "intendedUse": "use:Food",
                    "netMassKg": 2.5,
                    "value": {"amount": 100, "currency": "EUR"},
                    "facts": {"goods.smallParts": False, "goods.materials": ["material:TreeNut"]},
                    "documents": [
                        {"type": "C678", "id": "D-1"},
                        {"type": "1793-CERT", "id": "D-2"},
                    ],
                },
                {"item": 2, "commodityCode": "970600", "netMassKg": 3},
            ],
        },
        "known": {
            "facts": {"importer.authorised": True, "importer.nonCompliantShare": 0.25},
            "documents": [{"id": "D-2", "status": "verified"}],
            "items": [{"item": 1, "facts": {"goods.intensifiedChecks": True}}],
        },
    },
]


@pytest.mark.parametrize("body", BODIES)
def test_the_table_of_a_scenario_says_what_the_declaration_said(body: dict[str, Any]) -> None:
    again = request(list(rows(body, vocabulary())), vocabulary(), "A")
    first, second = (item_facts(read(one), vocabulary(), DAY).items for one in (body, again))
    assert first == second


def test_a_scenario_has_no_field_names() -> None:
    case = Case(requests=tuple(BODIES), says="something is shown", agreement=True)
    text = scenario(case, "Something holds", vocabulary())
    assert text is not None
    assert text.startswith("Scenario: Something is shown\n  Given goods of which is known\n")
    assert "  And other goods of which is known\n" in text
    assert text.endswith("Then they show that not always something holds")
    assert not [word for word in ("commodityCode", "goods.", "{", "acceptedOn") if word in text]


def test_a_label_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError, match="colour of the box"):
        request([("colour of the box", "red")], vocabulary(), "A")


def test_rates_of_exchange_make_no_scenario() -> None:
    rated = {**BODIES[0], "known": {"rates": [{}]}}
    case = Case(requests=(rated,), says="x", agreement=True)
    assert scenario(msgspec.structs.replace(case), "x", vocabulary()) is None
