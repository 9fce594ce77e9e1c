"""Each criterion of the table of increased controls, from a declaration to what is imposed.

The table is read here with `csv` alone, and what must follow from a row is worked out from its
cells: nothing of the engine's reading of tables is used.
"""

from __future__ import annotations

import csv
import json
import shutil
from itertools import chain, combinations
from pathlib import Path

import pytest

from engine.decide.deciding import Decider
from engine.decide.network import Network
from engine.decide.semantics import Semantics
from engine.declaration.derive import item_facts
from engine.declaration.reading import read_request
from engine.release import checked
from engine.release import decider as decider_of
from tests.engines import needs_both_engines
from tests.food_sample import (
    ALL,
    ANALYSIS,
    CERTIFICATE,
    CHED,
    DAY,
    HOME,
    KEYS,
    LISTED,
    NOWHERE,
    PAPERS,
    SUSPENDED,
    assert_left_open,
    assert_spared,
    assert_triggered,
    criteria,
    decided,
    each_criterion,
    each_listed,
    first,
    imposing,
    item,
    origin_of,
    prescribed,
    sent,
    statuses,
    tasks,
)

pytestmark = needs_both_engines


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
    what = sent(row).but(
        {"netMassKg": 1.5, "grossMassKg": 30}, facts={"consignment.privateUse": True}
    )
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
