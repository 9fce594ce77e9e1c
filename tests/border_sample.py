"""Consignments for rules of veterinary, plant health and customs agencies, and their decisions.

Boundary: builds declarations and reads decisions; what must follow is said in the tests.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.decide.deciding import Decider
from engine.decide.decision import Decision, ItemDecision
from engine.declaration.reading import read_request
from tests.food_sample import KEYS, Sent, decided

HOME = Path(__file__).parent.parent
EXAMPLES = HOME / "features" / "declarations"
SOURCES = HOME.parent / "shared" / "data"
DAY = date(2026, 11, 23)
needs_source = pytest.mark.skipif(
    not SOURCES.is_dir(), reason="../shared/data is absent: this clone has no source data"
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def goods(code: str | None, *, use: str | None = None, **fields: Any) -> Sent:
    """One item under *code*; keywords with a dot in mind are written ``goods__farmed``."""
    facts = {name.replace("__", "."): fields.pop(name) for name in list(fields) if "__" in name}
    consignment = {
        name: fields.pop(name) for name in ("exportCountry", "transportMode") if name in fields
    }
    item = {"commodityCode": code, "intendedUse": use, "facts": facts, **fields}
    return Sent({key: value for key, value in item.items() if value is not None}, consignment)


def known(what: Sent, **facts: Any) -> Sent:
    """The same, with what an agency knows of the importer and, by ``goods__…``, of the goods."""
    stated = {name.replace("__", "."): value for name, value in facts.items()}
    item = {name: value for name, value in stated.items() if name.startswith("goods.")}
    others = {name: value for name, value in stated.items() if name not in item}
    found = {**what.known, "facts": others, "items": [{"item": 1, "facts": item}]}
    return Sent(what.goods, what.consignment, found)


def with_paper(what: Sent, kind: str, status: str) -> Sent:
    """The same with one paper declared, found by an agency to be of *status*."""
    documents = [*what.goods.get("documents", ()), {"type": kind, "id": f"no-{kind}"}]
    found = [*what.known.get("documents", ()), {"id": f"no-{kind}", "status": status}]
    return Sent(
        {**what.goods, "documents": documents},
        what.consignment,
        {**what.known, "documents": found},
    )


def the_item(decider: Decider, what: Sent) -> ItemDecision:
    (one,) = decided(decider, what).items
    return one


def imposed(one: ItemDecision, subject: str) -> set[tuple[str, Decimal]]:
    """Tasks and rates that rules below *subject* impose."""
    return {(c.task, c.rate) for c in one.controls if c.reasons.rule.startswith(subject)}


def rate_rows(one: ItemDecision, table: str) -> dict[str, Decimal]:
    """The rows of *table* that impose a physical check, with its rate."""
    physical = [c for c in one.controls if c.task == "control:Physical"]
    found = [c for c in physical if c.reasons.rule.startswith(f"{table}#")]
    return {c.reasons.rule.partition("#")[2]: c.rate for c in found}


def held_by(one: ItemDecision) -> set[str]:
    return {held.reasons.rule for held in one.statuses}


def left_open(one: ItemDecision) -> set[str]:
    return {found.rule for found in one.undetermined}


def levels(one: ItemDecision, hazard: str) -> dict[str, str]:
    """Likelihood and risk level of each certain pair of *hazard*."""
    return {r.likelihood: r.level for r in one.risks if r.hazard == hazard and r.certain}


def example(decider: Decider, name: str) -> Decision:
    """The decision on one of the declarations that features speak of."""
    request = read_request((EXAMPLES / f"{name}.json").read_bytes())
    decision = decider.decide(request, on=DAY, keys=KEYS)
    assert decision.agreement is True
    assert not decision.degraded
    return decision


def declaration(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_bytes())
    return content
