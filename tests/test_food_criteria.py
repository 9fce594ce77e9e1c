"""Each criterion of the table of increased controls, from a declaration to what is imposed.

The table is read here with `csv` alone, and what must follow from a row is worked out from its
cells: nothing of the engine's reading of tables is used.
"""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest

from engine.decide.deciding import Decider
from engine.decide.decision import Decision, ItemDecision
from engine.decide.draw import DrawKeys
from engine.decide.network import Network
from engine.decide.semantics import Semantics
from engine.declaration.derive import item_facts
from engine.declaration.reading import read_request
from engine.release import checked
from engine.release import decider as decider_of

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
        documents = [{"type": paper, "id": f"no-{paper}"} for paper in (CHED, CERTIFICATE, ANALYSIS)]
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


def test_the_table_has_69_criteria() -> None:
    assert len(criteria()) == 69


# Triggered


@each_criterion
def test_every_line_with_its_product_triggers_its_criterion(decider: Decider, name: str) -> None:
    for row in criteria()[name]:
        assert_triggered(decider, row, sent(row))


@each_criterion
def test_ten_digits_with_a_listed_subdivision_trigger_an_ex_line(
    decider: Decider, name: str
) -> None:
    for row in criteria()[name]:
        for subdivision in row["subdivision"].split():
            code = row["code"].ljust(8, "0") + subdivision
            assert_triggered(decider, row, sent(row, code, product=False))


@each_criterion
def test_a_longer_code_under_a_line_triggers_it(decider: Decider, name: str) -> None:
    for row in criteria()[name]:
        if len(row["code"]) == 8:
            assert_triggered(decider, row, sent(row, row["code"] + "00"))


@each_criterion
def test_both_engines_give_the_same_answer_to_the_goods_of_every_line(
    decider: Decider, name: str
) -> None:
    semantics, network = decider.engines
    assert (type(semantics), type(network)) == (Semantics, Network)
    for row in criteria()[name]:
        for product in (True, False):
            request = read_request(sent(row, product=product).body())
            (one,) = item_facts(request, decider.program.vocabulary, DAY).items
            assert semantics.judge(one.facts) == network.judge(one.facts)


@each_criterion
def test_the_first_day_of_the_text_is_covered(decider: Decider, name: str) -> None:
    assert_triggered(decider, first(name), sent(first(name)).but(dispatchedOn="2026-02-18"))


@each_criterion
def test_every_use_that_a_row_names_triggers_it(decider: Decider, name: str) -> None:
    for use in first(name)["use"].split():
        assert_triggered(decider, first(name), sent(first(name)).but({"intendedUse": use}))


# Spared by a near miss


@each_criterion
def test_goods_of_another_origin_of_the_kind_that_counts_are_spared(
    decider: Decider, name: str
) -> None:
    right, wrong, country = origin_of(first(name))
    what = sent(first(name)).but({right: NOWHERE, wrong: country, "origin": country})
    assert_spared(decider, name, what)


@each_criterion
def test_an_origin_of_the_other_kind_or_for_customs_alone_imposes_nothing_yet(
    decider: Decider, name: str
) -> None:
    right, wrong, country = origin_of(first(name))
    for stated in ({wrong: country}, {"origin": country}, {wrong: country, "origin": country}):
        what = sent(first(name)).but({right: None, wrong: None, "origin": None, **stated})
        assert_left_open(decider, name, what)


@each_criterion
def test_an_origin_that_counts_is_what_is_asked_for(decider: Decider, name: str) -> None:
    right, _, country = origin_of(first(name))
    decision = decided(decider, sent(first(name)).but({right: None, "origin": country}))
    assert f"goods.{right}" in {request.fact for request in decision.requests}


@each_criterion
def test_goods_of_another_code_are_spared(decider: Decider, name: str) -> None:
    assert_spared(decider, name, sent(first(name)).but({"commodityCode": "8712003000"}))


@each_criterion
def test_goods_dispatched_the_day_before_the_text_are_spared(decider: Decider, name: str) -> None:
    what = sent(first(name)).but(dispatchedOn="2026-02-17")
    assert_spared(decider, name, what)


SMALL = [
    ("privateUse", "state:Dried", "2", "2.001"),
    ("privateUse", "state:Fresh", "5", "5.001"),
    ("commercialSample", "state:Dried", "10", "10.001"),
    ("commercialSample", "state:Fresh", "50", "50.001"),
]


@pytest.mark.parametrize(("kind", "state", "limit", "more"), SMALL)
@each_criterion
def test_small_private_consignments_and_samples_are_spared_up_to_the_limit(
    decider: Decider, name: str, kind: str, state: str, limit: str, more: str
) -> None:
    row = first(name)
    what = sent(row).but(facts={f"consignment.{kind}": True}).with_facts(state=state)
    assert_spared(decider, name, what.but({"netMassKg": float(limit)}))
    above = what.but({"netMassKg": float(more)})
    if row["state"] in ("", state):
        assert_triggered(decider, row, above)
    else:
        assert_spared(decider, name, above)


@each_criterion
def test_a_small_consignment_for_trade_is_not_spared(decider: Decider, name: str) -> None:
    assert_triggered(decider, first(name), sent(first(name)).but({"netMassKg": 1}))


@each_criterion
def test_the_mass_of_all_items_together_counts_and_not_the_gross_mass(
    decider: Decider, name: str
) -> None:
    row = first(name)
    what = sent(row).but({"netMassKg": 1.5, "grossMassKg": 30}, facts={"consignment.privateUse": True})
    assert_spared(decider, name, what)
    content = json.loads(what.body())
    (goods,) = content["declaration"]["goods"]
    content["declaration"]["goods"] = [goods, {**goods, "item": 2, "netMassKg": 4.5}]
    decision = decider.decide(read_request(json.dumps(content).encode()), on=DAY, keys=KEYS)
    assert all(name in imposing(one) for one in decision.items)


@each_criterion
def test_goods_for_another_use_are_spared(decider: Decider, name: str) -> None:
    row = first(name)
    others = {"use:Industrial", "use:Consumer", "use:Feed", "use:Food"} - set(row["use"].split())
    for use in sorted(others):
        assert_spared(decider, name, sent(row).but({"intendedUse": use}))


@each_criterion
def test_goods_of_unknown_use_are_left_open(decider: Decider, name: str) -> None:
    assert_left_open(decider, name, sent(first(name)).but({"intendedUse": None}))


@each_criterion
def test_an_ex_code_alone_imposes_nothing_and_waits(decider: Decider, name: str) -> None:
    for row in criteria()[name]:
        if row["ex"]:
            assert_left_open(decider, name, sent(row, product=False))


@each_criterion
def test_ten_digits_of_another_subdivision_are_spared(decider: Decider, name: str) -> None:
    listed: dict[str, set[str]] = {}
    for row in criteria()[name]:
        listed.setdefault(row["code"], set()).update(row["subdivision"].split())
    for row in criteria()[name]:
        if row["subdivision"]:
            assert "99" not in listed[row["code"]]
            assert_spared(decider, name, sent(row, row["code"] + "99", product=False))


@each_criterion
def test_a_code_too_short_to_tell_is_left_open(decider: Decider, name: str) -> None:
    row = first(name)
    if len(row["code"]) > 4:
        assert_left_open(decider, name, sent(row, row["code"][:4]))


@pytest.mark.parametrize("name", [n for n in ALL if first(n)["dispatched_from"]])
def test_goods_dispatched_from_elsewhere_are_spared_where_a_row_names_the_country(
    decider: Decider, name: str
) -> None:
    assert_spared(decider, name, sent(first(name)).but(exportCountry=NOWHERE))
    assert_left_open(decider, name, sent(first(name)).but(exportCountry=None))


@pytest.mark.parametrize("name", [n for n in ALL if first(n)["packed"]])
def test_goods_in_bulk_are_spared_where_a_row_means_packed_goods(
    decider: Decider, name: str
) -> None:
    assert_spared(decider, name, sent(first(name)).with_facts(packedForConsumer=False))
    assert_left_open(decider, name, sent(first(name)).with_facts(packedForConsumer=None))


@pytest.mark.parametrize("name", [n for n in ALL if first(n)["state"]])
def test_fresh_goods_are_spared_where_a_row_means_dried_ones(decider: Decider, name: str) -> None:
    assert_spared(decider, name, sent(first(name)).with_facts(state="state:Fresh"))
    assert_left_open(decider, name, sent(first(name)).with_facts(state=None))


# Papers


def subsets(papers: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(papers, n) for n in range(len(papers) + 1)))


@each_listed
def test_all_papers_together_lift_the_hold_and_no_fewer(decider: Decider, name: str) -> None:
    row = first(name)
    needed = set(PAPERS[row["annex"]])
    for verified in subsets((CHED, CERTIFICATE, ANALYSIS)):
        one = item(decider, sent(row).with_papers(verified))
        held = {rule for _, rule in statuses(one, name)}
        assert (not held) == (needed <= set(verified))
        assert (f"food/entry-document#{name}" in held) == (CHED not in verified)
        assert (f"food/certificates#{name}" in held) == (
            row["annex"] == "II" and not {CERTIFICATE, ANALYSIS} <= set(verified)
        )


@each_listed
def test_papers_that_lift_the_hold_leave_the_controls(decider: Decider, name: str) -> None:
    row = first(name)
    one = item(decider, sent(row).with_papers((CHED, CERTIFICATE, ANALYSIS)))
    assert not statuses(one, name)
    assert tasks(one, name) == prescribed(row)
    assert f"food/entry-document#{name}" in {found.rule for found in one.exempted}


@pytest.mark.parametrize("status", ["missing", "declared", "presented", "rejected", "expired"])
@each_listed
def test_a_paper_of_any_other_status_lifts_nothing(
    decider: Decider, name: str, status: str
) -> None:
    row = first(name)
    papers = PAPERS[row["annex"]]
    for paper in papers:
        others = tuple(other for other in papers if other != paper)
        what = sent(row).with_papers(others, **{paper: status})
        assert statuses(item(decider, what), name) != set()


@pytest.mark.parametrize("name", [n for n in LISTED if first(n)["annex"] == "II"])
@pytest.mark.parametrize(
    ("paper", "dates"),
    [
        (CERTIFICATE, {"issuedOn": "2026-07-22", "analysedOn": "2026-07-20"}),
        (CERTIFICATE, {"issuedOn": "2026-10-01", "analysedOn": "2026-05-22"}),
        (ANALYSIS, {"issuedOn": "2026-10-01", "analysedOn": "2026-05-22"}),
    ],
)
def test_an_expired_certificate_lifts_nothing_though_it_was_verified(
    decider: Decider, name: str, paper: str, dates: dict[str, str]
) -> None:
    what = sent(first(name)).with_papers((CHED, CERTIFICATE, ANALYSIS))
    documents = [
        {**document, **(dates if document["type"] == paper else {})}
        for document in what.goods["documents"]
    ]
    found = statuses(item(decider, what.but({"documents": documents})), name)
    assert found == {("status:Hold", f"food/certificates#{name}")}


@pytest.mark.parametrize("name", SUSPENDED)
def test_no_paper_lifts_a_suspension(decider: Decider, name: str) -> None:
    one = item(decider, sent(first(name)).with_papers((CHED, CERTIFICATE, ANALYSIS)))
    assert one.status == "status:Refuse"


# A further row


def test_a_further_row_is_a_change_of_data_only(decider: Decider, tmp_path: Path) -> None:
    further = {
        **first("C027"),
        "id": "C900",
        "row": "99",
        "product": "Hops of the north",
        "origin_grown": NOWHERE,
        "code": "121020",
        "ex": "",
        "subdivision": "",
        "use": "use:Food",
        "rate": "0.35",
    }
    for folder in ("ontology", "rules"):
        shutil.copytree(HOME / folder, tmp_path / folder)
    with (tmp_path / "rules" / "food" / "increased-controls.csv").open(
        "a", encoding="utf-8", newline=""
    ) as file:
        csv.DictWriter(file, list(further)).writerow(further)
    release, _, _ = checked(tmp_path, DAY)
    assert_spared(decider, "C900", sent(further))
    extended = decider_of(release)
    assert_triggered(extended, further, sent(further))
    assert_spared(extended, "C900", sent(further).but({"originGrown": "NO"}))
