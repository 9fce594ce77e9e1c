"""Plants and what may carry pests: the table against its source, and what is decided and why."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from itertools import groupby

import pytest

from engine.decide.deciding import Decider
from engine.language.vocabulary import Vocabulary
from tests.border_sample import (
    HOME,
    SOURCES,
    example,
    goods,
    held_by,
    imposed,
    left_open,
    levels,
    needs_source,
    rate_rows,
    rows,
    the_item,
    with_paper,
)
from tests.engines import needs_both_engines
from tests.food_sample import Sent

pytestmark = needs_both_engines

TABLES = ("plants/rates", "plants/rates-territory", "plants/rates-machinery")
CHECKS = {("control:Documentary", Decimal(1)), ("control:Identity", Decimal(1))}
PAPERS = {"C085": "plants/entry-document", "N851": "plants/phytosanitary-certificate"}
FRESH = {"goods__state": "state:Fresh"}
USED = {"goods__condition": "condition:Used"}
ELSEWHERE = "IS"
"""A third country of Europe that no row names."""


@cache
def table() -> list[dict[str, str]]:
    return rows(HOME / "rules" / "plants" / "rates.csv")


@cache
def by_id() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in table():
        found.setdefault(row["id"], []).append(row)
    return found


def rates(decider: Decider, what: Sent) -> dict[str, Decimal]:
    one = the_item(decider, what)
    return {row: rate for name in TABLES for row, rate in rate_rows(one, name).items()}


def country_for(row: dict[str, str]) -> str:
    return row["origin"] or ("RS" if row["origin_group"] else "UG")


def sent(row: dict[str, str], **changed: object) -> Sent:
    """Goods of the first code of a row, grown and shipped where it says."""
    country = country_for(row)
    facts: dict[str, object] = {"goods__state": row["state"].split()[0]} if row["state"] else {}
    if row["scope"] == "territory":
        facts["goods__grownOnCanaryIslands"] = True
    if row["scope"] == "shipped":
        facts |= USED
    fields = {"originGrown": country, "exportCountry": country, "product": row["ex"] or None}
    return goods(row["code"].split()[0], **{**fields, **facts, **changed})


# The table


@needs_source
def test_every_row_is_that_of_the_source_in_its_order() -> None:
    source = rows(SOURCES / "eu_2022_2389" / "annex1.csv")
    found = [lines[0] for lines in by_id().values()]
    assert len(found) == len(source) == 52
    for row, listed in zip(found, source, strict=True):
        assert [row[name] for name in ("group", "product", "from")] == [
            listed[name] for name in ("group", "product", "origin")
        ]
        assert Decimal(row["rate"]) * 100 == Decimal(listed["min_pct"]), row


@needs_source
def test_every_line_of_a_row_has_its_words_and_its_rate() -> None:
    shared = ("scope", "group", "product", "from", "origin", "origin_group", "rate")
    for lines in by_id().values():
        assert len({tuple(line[name] for name in shared) for line in lines}) == 1
    ids = [key for key, _ in groupby(row["id"] for row in table())]
    assert len(ids) == len(set(ids))


def test_a_named_country_is_its_code_and_a_group_is_not(vocabulary: Vocabulary) -> None:
    for row in table():
        if row["origin"] and row["scope"] == "grown":
            named = {"USA": "United States", "Türkiye": "T", "Réunion": "R", "Viet Nam": "V"}
            start = named.get(row["from"], row["from"])
            assert vocabulary.countries[row["origin"]].startswith(start), row
        if row["from"].startswith("European third countries"):
            assert row["origin_group"] == "group:EuropeanThirdCountries"
        if " third countries" in row["from"]:
            assert not row["origin"]


@pytest.mark.parametrize(
    ("words", "codes"),
    [("other than Egypt", "EG"), ("other than Cameroon", "CM"), ("other than Türkiye", "TR")],
)
def test_a_country_that_is_left_out_stands_in_every_line(words: str, codes: str) -> None:
    lines = [row for row in table() if words in row["from"]]
    assert lines
    assert all(codes in row["except"].split() for row in lines)


# Each row


@pytest.mark.parametrize("name", by_id())
def test_every_line_is_checked_at_its_rate_and_identity_always(decider: Decider, name: str) -> None:
    for row in by_id()[name]:
        for code in row["code"].split():
            one = the_item(decider, sent(row).but({"commodityCode": code}))
            found = {n: r for t in TABLES for n, r in rate_rows(one, t).items()}
            assert found == {name: Decimal(row["rate"])}, code
            assert imposed(one, "plants/entry-checks") == CHECKS
            assert held_by(one) == set(PAPERS.values())


@pytest.mark.parametrize("name", [n for n, lines in by_id().items() if lines[0]["origin"]])
def test_the_same_goods_grown_elsewhere_are_not_of_the_row(decider: Decider, name: str) -> None:
    row = by_id()[name][0]
    assert name not in rates(decider, sent(row, originGrown=ELSEWHERE, exportCountry=ELSEWHERE))


@pytest.mark.parametrize(
    "name", [n for n, lines in by_id().items() if lines[0]["scope"] == "grown"]
)
def test_where_it_grew_is_asked_for_and_not_guessed(decider: Decider, name: str) -> None:
    row = by_id()[name][0]
    one = the_item(decider, sent(row, originGrown=None, origin=country_for(row)))
    assert f"plants/rates#{name}" in left_open(one)
    assert rate_rows(one, "plants/rates") == {}
    assert one.pending


@pytest.mark.parametrize("name", [n for n, lines in by_id().items() if lines[0]["ex"]])
def test_a_code_that_holds_other_plants_too_leaves_the_row_open(
    decider: Decider, name: str
) -> None:
    row = by_id()[name][0]
    one = the_item(decider, sent(row, product=None))
    assert f"plants/rates#{name}" in left_open(one)


@pytest.mark.parametrize("country", ["IT", "CH", "LI"])
def test_goods_of_the_union_and_of_switzerland_are_of_no_third_country(
    decider: Decider, country: str
) -> None:
    what = goods("08061010", originGrown=country, exportCountry=country)
    one = the_item(decider, what)
    assert rate_rows(one, "plants/rates") == {}
    assert imposed(one, "plants/") == set()


@pytest.mark.parametrize(
    ("code", "left_out", "others"),
    [("09101100", "PE", "TH"), ("09103000", "PE", "UG"), ("07061000", "CM", "PE")],
    ids=["ginger", "turmeric", "carrots"],
)
def test_roots_that_the_row_leaves_out_go_by_their_country(
    decider: Decider, code: str, left_out: str, others: str
) -> None:
    def roots(country: str) -> Sent:
        return goods(code, originGrown=country, exportCountry=country, **FRESH)

    assert "P50" not in rates(decider, roots(left_out))
    assert rates(decider, roots(others)) == {"P50": Decimal("0.05")}


def test_turmeric_of_thailand_has_a_rate_of_its_own_and_no_other(decider: Decider) -> None:
    what = goods("09103000", originGrown="TH", exportCountry="TH", **FRESH)
    assert rates(decider, what) == {"P51": Decimal("0.35")}


def test_dried_turmeric_is_no_plant_that_is_checked(decider: Decider) -> None:
    what = goods("09103000", originGrown="TH", exportCountry="TH", goods__state="state:Dried")
    assert imposed(the_item(decider, what), "plants/") == set()


def test_reunion_has_a_code_and_the_canary_islands_a_fact(decider: Decider) -> None:
    fruit = goods(
        "08109020", originGrown="RE", exportCountry="RE", product="GranadillaOrPassionFruit"
    )
    assert rates(decider, fruit) == {"P35": Decimal("0.10")}
    tomatoes = goods("07020000", originGrown="ES", exportCountry="ES")
    assert rates(decider, tomatoes.with_facts(grownOnCanaryIslands=True)) == {
        "P48": Decimal("0.15")
    }
    assert rates(decider, tomatoes.with_facts(grownOnCanaryIslands=False)) == {}
    assert "plants/rates-territory#P48" in left_open(the_item(decider, tomatoes))


def test_used_machines_go_by_where_they_are_shipped_from(decider: Decider) -> None:
    plough = goods("84321000", origin="DE", exportCountry="GB", **USED)
    assert rates(decider, plough) == {"P52": Decimal("0.05")}
    assert rates(decider, plough.but(exportCountry="FR")) == {}
    assert rates(decider, plough.with_facts(condition="condition:New")) == {}
    assert rates(decider, plough.with_facts(condition=None)) == {}  # no reason for precaution


# Change of law


def test_the_rates_hold_from_the_day_of_the_text(decider: Decider) -> None:
    roses = goods("06031100", originGrown="KE", exportCountry="KE")
    assert rates(decider, roses.but(arrivedOn="2025-02-28")) == {}
    assert rates(decider, roses.but(arrivedOn="2025-03-01")) == {"P11": Decimal("0.25")}


def test_apples_of_the_united_kingdom_are_of_a_european_third_country(decider: Decider) -> None:
    apples = goods("08081080", originGrown="GB", exportCountry="GB")
    assert rates(decider, apples) == {"P18": Decimal("0.10")}


# Documents


@pytest.mark.parametrize(("paper", "rule"), PAPERS.items())
@pytest.mark.parametrize(("status", "lifted"), [("verified", True), ("declared", False)])
def test_each_paper_lifts_its_own_hold_once_it_is_final(
    decider: Decider, paper: str, rule: str, status: str, lifted: bool
) -> None:
    roses = goods("06031100", originGrown="KE", exportCountry="KE")
    one = the_item(decider, with_paper(roses, paper, status))
    assert held_by(one) == set(PAPERS.values()) - ({rule} if lifted else set())


@pytest.mark.parametrize("code", ["08039010", "08041000", "08043000", "08106000", "08011200"])
def test_five_kinds_of_fruit_need_no_paper(decider: Decider, code: str) -> None:
    one = the_item(decider, goods(code, originGrown="EC", exportCountry="EC", **FRESH))
    assert held_by(one) == set()


def test_fresh_or_dried_is_asked_for_where_the_code_does_not_tell(decider: Decider) -> None:
    one = the_item(decider, goods("08045000", originGrown="BR", exportCountry="BR"))
    assert set(PAPERS.values()) <= left_open(one)


def test_seed_is_checked_where_it_is_to_be_sown(decider: Decider) -> None:
    seed = goods("12099180", exportCountry="CL")
    assert held_by(the_item(decider, seed.but({"intendedUse": "planting"}))) == set(PAPERS.values())
    assert held_by(the_item(decider, seed.but({"intendedUse": "feed"}))) == set()


# Wood packing

LATHE = goods("84581120", exportCountry="CN", origin="CN", goods__woodPacking=True)


def test_unmarked_raw_wood_is_held_and_examined(decider: Decider) -> None:
    one = the_item(decider, LATHE.with_facts(woodPacking=True, woodPackingMarked=False))
    assert held_by(one) == {"plants/wood-unmarked"}
    assert levels(one, "hazard:PlantPest") == {"likelihood:VeryHigh": "level:High"}
    assert imposed(one, "plants/wood-packing") == {("control:Physical", Decimal(1))}


def test_marked_wood_goes_on(decider: Decider) -> None:
    one = the_item(decider, LATHE.with_facts(woodPacking=True, woodPackingMarked=True))
    assert held_by(one) == set()
    assert imposed(one, "plants/") == set()
    assert one.risk_level == "level:Low"


def test_a_blank_on_packing_is_no_reason_for_precaution_and_one_on_the_mark_is_asked(
    decider: Decider,
) -> None:
    one = the_item(decider, LATHE.with_facts(woodPacking=None))
    assert (held_by(one), one.possible_risk_level) == (set(), "level:Low")
    assert "plants/wood-unmarked" not in left_open(one)
    assert "plants/wood-unmarked" in left_open(the_item(decider, LATHE))


# Stories


def test_cut_roses_of_kenya_with_their_papers(decider: Decider) -> None:
    decision = example(decider, "cut-roses-kenya")
    (one,) = decision.items
    assert decision.status == "status:Proceed"
    assert rate_rows(one, "plants/rates") == {"P11": Decimal("0.25")}
    assert decision.order is not None
    assert decision.order.lead == "agency:PlantHealth"


def test_a_used_tractor_waits_for_its_certificate(decider: Decider) -> None:
    (one,) = example(decider, "used-tractor-united-kingdom").items
    assert held_by(one) == {"plants/phytosanitary-certificate"}
    assert rate_rows(one, "plants/rates-machinery") == {"P52": Decimal("0.05")}


def test_oranges_of_egypt_are_of_two_agencies_and_lemons_of_south_africa_of_none_listed(
    decider: Decider,
) -> None:
    decision = example(decider, "citrus-egypt-south-africa")
    oranges, lemons = decision.items
    assert rate_rows(oranges, "plants/rates") == {"P22": Decimal("0.50")}
    assert rate_rows(oranges, "food/increased-controls") == {"C012": Decimal("0.10")}
    assert rate_rows(lemons, "plants/rates") == {}
    assert imposed(lemons, "plants/entry-checks") == CHECKS
    assert held_by(lemons) == {"plants/phytosanitary-certificate"}
    assert decision.order is not None
    assert decision.order.joint


def test_lathes_in_raw_wood(decider: Decider) -> None:
    (one,) = example(decider, "lathes-in-raw-wood").items
    assert held_by(one) == {"plants/wood-unmarked"}
