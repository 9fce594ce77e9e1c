"""Declarations made from rows of the table of increased controls, and what must follow.

The table is read here with `csv` alone, and what must follow from a row is worked out from its
cells: nothing of the engine's reading of tables is used.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.decide.deciding import Decider
from engine.decide.decision import Decision, ItemDecision
from engine.decide.draw import DrawKeys
from engine.declaration.reading import read_request

HOME = Path(__file__).parent.parent
TABLE = HOME / "rules" / "food" / "increased-controls.csv"
DAY = date(2026, 11, 23)
KEYS = DrawKeys(b"a key that only these tests use..")
AGENCY = "agency:FoodAndFeed"
NOWHERE = "IS"
"""A country that no row names."""

CHED, CERTIFICATE, ANALYSIS = "C678", "1793-CERT", "1793-ANALYSIS"
PAPERS = {"I": (CHED,), "II": (CHED, CERTIFICATE, ANALYSIS)}

Row = dict[str, str]
Goods = dict[str, Any]


@cache
def criteria() -> dict[str, list[Row]]:
    """The lines of each criterion."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        found: dict[str, list[Row]] = {}
        for row in csv.DictReader(file):
            found.setdefault(row["id"], []).append(row)
    return found


LISTED = [name for name, lines in criteria().items() if lines[0]["annex"] != "IIa"]
SUSPENDED = [name for name, lines in criteria().items() if lines[0]["annex"] == "IIa"]
ALL = [*LISTED, *SUSPENDED]

each_criterion = pytest.mark.parametrize("name", ALL)
each_listed = pytest.mark.parametrize("name", LISTED)


@dataclass
class Sent:
    """A declaration of one item in the making."""

    goods: Goods = field(default_factory=dict)
    consignment: dict[str, Any] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def body(self) -> bytes:
        declaration = {
            "id": "26NL1793",
            "acceptedOn": "2026-11-23",
            "arrivedOn": "2026-11-21",
            "dispatchedOn": "2026-11-01",
            **self.consignment,
            "goods": [{"item": 1, **self.goods}],
        }
        return json.dumps({"declaration": declaration, "known": self.known}).encode()

    def but(self, goods: Goods | None = None, **consignment: Any) -> Sent:
        """The same with some of the goods' fields and the consignment's changed; None removes."""
        changed = {**self.goods, **(goods or {})}
        return Sent(
            {key: value for key, value in changed.items() if value is not None},
            {
                key: value
                for key, value in {**self.consignment, **consignment}.items()
                if value is not None
            },
            self.known,
        )

    def with_facts(self, **facts: Any) -> Sent:
        """The same with some of the item's further facts changed; None removes."""
        changed = {**self.goods.get("facts", {})}
        changed.update({f"goods.{name}": value for name, value in facts.items()})
        return self.but({"facts": {k: v for k, v in changed.items() if v is not None}})

    def with_papers(self, verified: tuple[str, ...], **others: str) -> Sent:
        """The same with all papers declared, those of *verified* found to be in order."""
        documents = [
            {"type": paper, "id": f"no-{paper}"} for paper in (CHED, CERTIFICATE, ANALYSIS)
        ]
        found = {**dict.fromkeys(verified, "verified"), **others}
        known = [{"id": f"no-{paper}", "status": status} for paper, status in found.items()]
        return Sent({**self.goods, "documents": documents}, self.consignment, {"documents": known})


def origin_of(row: Row) -> tuple[str, str, str]:
    """The field that holds the origin that counts for the row, the other one, and the country."""
    if row["origin_grown"]:
        return "originGrown", "originProcessed", row["origin_grown"]
    return "originProcessed", "originGrown", row["origin_processed"]


def sent(row: Row, code: str | None = None, *, product: bool = True) -> Sent:
    """A declaration of goods of the row: 20 t, for the first use it names.

    The country of origin for customs and the origin of the other kind are elsewhere.
    """
    right, wrong, country = origin_of(row)
    goods: Goods = {
        "commodityCode": code or row["code"],
        "origin": NOWHERE,
        right: country,
        wrong: NOWHERE,
        "intendedUse": row["use"].split()[0],
        "netMassKg": 20_000,
        "facts": {
            "goods.state": row["state"] or "state:Other",
            "goods.packedForConsumer": row["packed"] == "true",
        },
    }
    if not row["state"]:
        del goods["facts"]["goods.state"]
    if product and row["ex"]:
        goods["product"] = row["ex"]
    return Sent(goods, {"exportCountry": row["dispatched_from"] or country})


def first(name: str) -> Row:
    return criteria()[name][0]


def decided(decider: Decider, what: Sent) -> Decision:
    decision = decider.decide(read_request(what.body()), on=DAY, keys=KEYS)
    assert decision.agreement is True
    assert decision.engines == ("semantics", "durable-rules")
    assert not decision.degraded
    return decision


def item(decider: Decider, what: Sent) -> ItemDecision:
    (one,) = decided(decider, what).items
    return one


def imposing(one: ItemDecision) -> set[str]:
    """The criteria in whose name anything is imposed."""
    rules = [control.reasons.rule for control in one.controls]
    rules += [held.reasons.rule for held in one.statuses]
    return {rule.partition("#")[2] for rule in rules if rule.startswith("food/")}


def open_criteria(one: ItemDecision) -> set[str]:
    """The criteria that something unknown leaves open."""
    return {found.rule.partition("#")[2] for found in one.undetermined}


def tasks(one: ItemDecision, name: str) -> set[tuple[str, Decimal, str, str, bool]]:
    return {
        (control.task, control.rate, control.unit, control.kind, control.mandate)
        for control in one.controls
        if control.reasons.rule == f"food/increased-controls#{name}"
    }


def prescribed(row: Row) -> set[tuple[str, Decimal, str, str, bool]]:
    """What the row prescribes: documents always, identity and physical checks at its rate."""
    if not row["rate"]:
        return set()
    rate = Decimal(row["rate"])
    return {
        ("control:Documentary", Decimal(1), "consignment", "minimum", True),
        ("control:Identity", rate, "consignment", "minimum", True),
        ("control:Physical", rate, "consignment", "minimum", True),
    }


def expected_statuses(row: Row) -> set[tuple[str, str]]:
    name = row["id"]
    return {
        "I": {("status:Hold", f"food/entry-document#{name}")},
        "II": {
            ("status:Hold", f"food/entry-document#{name}"),
            ("status:Hold", f"food/certificates#{name}"),
        },
        "IIa": {("status:Refuse", f"food/entry-prohibited#{name}")},
    }[row["annex"]]


def statuses(one: ItemDecision, name: str) -> set[tuple[str, str]]:
    return {
        (held.status, held.reasons.rule)
        for held in one.statuses
        if held.reasons.rule.endswith(f"#{name}")
    }


def assert_triggered(decider: Decider, row: Row, what: Sent) -> None:
    one = item(decider, what)
    name = row["id"]
    assert tasks(one, name) == prescribed(row)
    assert statuses(one, name) == expected_statuses(row)
    assert one.status == ("status:Refuse" if row["annex"] == "IIa" else "status:Hold")
    assert all(c.agency == AGENCY for c in one.controls if c.reasons.rule.startswith("food/"))


def assert_spared(decider: Decider, name: str, what: Sent) -> None:
    """The criterion imposes nothing, and is not even left open."""
    one = item(decider, what)
    assert name not in imposing(one)
    assert name not in open_criteria(one)


def assert_left_open(decider: Decider, name: str, what: Sent) -> None:
    """The criterion imposes nothing, but the goods wait for an answer."""
    one = item(decider, what)
    assert name not in imposing(one)
    assert name in open_criteria(one)
    assert one.pending
    assert one.channel.rank >= 2  # at least yellow
