"""Goods of which a declaration says what declarations hold, and nothing odd, are not held up.

One in seven of all subheadings of HS 2022, marked as law asks, from a trader with a good record;
with COMMENSURA_FULL=1 every one. "A blank field in a declaration is never a reason for precaution."
"""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date

import pytest

from engine.decide.deciding import Decider
from engine.decide.decision import Decision
from engine.decide.draw import DrawKeys
from engine.declaration.reading import read_request

EVERY = 1 if os.environ.get("COMMENSURA_FULL") == "1" else 7
TURNS_ON = {
    "goods.caughtAtSea": ("03", "1604", "1605"),  # a catch certificate
    "goods.product": ("0511", "0810", "1214", "30", "3101", "3105"),  # codes that hold more goods
    "goods.state": ("0714", "0804", "0805", "0910"),  # fresh plants carry pests, dried ones do not
}
"""What mandates of veterinary and plant health law turn on, and the codes that leave it open."""

KNOWN = {
    "importer.authorised": False,
    "importer.firstImport": False,
    "importer.inspections": 30,
    "importer.nonCompliantShare": 0.01,
}


def ordinary(code: str) -> bytes:
    goods = {
        "item": 1,
        "commodityCode": code,
        "origin": "CN",
        "originGrown": "CN",
        "originProcessed": "CN",
        "description": "goods of trade",
        "netMassKg": 100,
        "value": {"amount": 5000, "currency": "EUR"},
        "facts": {"goods.ceMarked": True},
    }
    declaration = {
        "id": f"ordinary-{code}",
        "stage": "accepted",
        "acceptedOn": "2026-11-23",
        "arrivedOn": "2026-11-22",
        "dispatchedOn": "2026-11-01",
        "exportCountry": "CN",
        "intendedUse": "consumer",
        "goods": [goods],
    }
    return json.dumps({"declaration": declaration, "known": {"facts": KNOWN}}).encode()


@pytest.fixture(scope="module")
def decisions(decider: Decider) -> list[Decision]:
    codes = sorted(code for code in decider.program.vocabulary.codes if len(code) == 6)
    keys = DrawKeys(b"ordinary")
    return [
        decider.decide(read_request(ordinary(code)), on=date(2026, 11, 23), keys=keys)
        for code in codes[::EVERY]
    ]


def test_ordinary_goods_are_asked_for_nothing_but_what_a_mandate_turns_on(
    decisions: list[Decision],
) -> None:
    asked = Counter(
        (request.fact, decision.declaration)
        for decision in decisions
        for request in decision.requests
        if not decision.declaration.removeprefix("ordinary-").startswith(
            TURNS_ON.get(request.fact, ())
        )
    )
    assert asked == Counter()


def test_ordinary_goods_of_low_risk_are_released_but_for_random_shares_and_schemes(
    decisions: list[Decision],
) -> None:
    # TFA 7.4.3: low risk without a mandate and not drawn by a declared share is released.
    assert len(decisions) > 800
    for decision in decisions:
        (item,) = decision.items
        drawn = any(
            one.selected and one.selected_by in ("random", "scheme") for one in item.controls
        )
        # What is asked for is what a mandate turns on: until it is answered, the mandate may bind.
        mandated = any(c.mandate for c in item.controls) or item.statuses or decision.requests
        if item.possible_risk_level == "level:Low" and not mandated:
            assert (decision.channel == "green") is not drawn
