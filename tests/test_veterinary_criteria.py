"""Animals and goods of animal origin: the table against its source, and what is decided and why."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

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
    known,
    left_open,
    needs_source,
    rate_rows,
    rows,
    the_item,
    with_paper,
)
from tests.engines import needs_both_engines

pytestmark = needs_both_engines

RATES = "veterinary/rates"
CHECKS = {("control:Documentary", Decimal(1)), ("control:Identity", Decimal(1))}
HOLD_PRODUCTS = "veterinary/entry-document-products"
HOLD_ANIMALS = "veterinary/entry-document-animals"
HOLD_CATCH = "veterinary/catch-certificate"


@cache
def table() -> list[dict[str, str]]:
    return rows(HOME / "rules" / "veterinary" / "rates.csv")


# The table


@needs_source
def test_every_rate_is_that_of_the_source() -> None:
    source = {r["risk_category"]: r for r in rows(SOURCES / "eu_2019_2129" / "annex1.csv")}
    for row in table():
        listed = source[row["category"]]
        assert Decimal(row["identity"]) * 100 == Decimal(listed["identity_pct"]), row
        assert Decimal(row["physical"]) * 100 == Decimal(listed["physical_pct"]), row
    assert {row["category"] for row in table()} == set(source)


@needs_source
def test_every_phrase_of_the_source_that_names_goods_has_a_row() -> None:
    source = rows(SOURCES / "eu_2019_2129" / "annex1.csv")
    phrases = {r["risk_category"]: len(r["goods"].split("; ")) for r in source}
    ids = {category: set[str]() for category in phrases}
    for row in table():
        ids[row["category"]].add(row["id"])
    assert {category: len(found) for category, found in ids.items()} == phrases


def test_identity_is_checked_on_every_consignment_of_every_category() -> None:
    assert {row["identity"] for row in table()} == {"1"}


def test_only_a_share_is_drawn_outside() -> None:
    assert all((row["generator"] == "ours") == (row["physical"] == "1") for row in table())


def test_every_term_and_code_is_known(vocabulary: Vocabulary) -> None:
    for row in table():
        words = " ".join(row[column] for column in ("ex", "type", "use", "state")).split()
        assert all(word in vocabulary.terms for word in words), row
        assert all(vocabulary.knows_code(code) for code in row["code"].split()), row


# Categories


COLD, DRY = {"goods__state": "state:Chilled"}, {"goods__state": "state:Dried"}
OPEN_SEA = {"goods__farmed": False, "goods__caughtAtSea": True}
POND = {"goods__farmed": True, "goods__caughtAtSea": False}
TIN, BAG = {"goods__hermeticContainer": True}, {"goods__hermeticContainer": False}
PIE = {"goods__materials": ["material:ProcessedAnimalProduct", "material:PlantProduct"]}
MEAT = {"goods__containsMeat": True, "goods__shelfStable": True}
NO_MEAT = {"goods__containsMeat": False, "goods__shelfStable": True}

STORIES = [
    ("day-old chicks", goods("01051119"), "I-animals", "1"),
    ("ornamental fish", goods("03011100"), "I-animals", "1"),
    (
        "minced beef",
        goods("02023090", use="food", product="MincedOrPreparedMeat"),
        "II-minced",
        "0.30",
    ),
    ("chicken breasts", goods("02071410", use="food"), "II-poultry", "0.30"),
    ("rabbit meat", goods("02081010", use="food"), "II-game", "0.30"),
    ("eggs in shell", goods("04072100", use="food"), "II-eggs", "0.30"),
    ("milk", goods("04012011", use="food"), "II-milk", "0.30"),
    ("chilled egg yolk", goods("04081989", use="food", **COLD), "II-egg-products", "0.30"),
    ("cheese, chilled", goods("04069021", use="food", **COLD), "II-dairy", "0.30"),
    ("farmed shrimps", goods("03061793", use="food", **POND, **BAG), "II-aquatic", "0.30"),
    ("live oysters", goods("03071190", use="food", **BAG), "II-aquatic", "0.30"),
    (
        "fishmeal for pigs",
        goods("23012000", use="feed", goods__forFarmedAnimals=True),
        "II-feed",
        "0.30",
    ),
    ("beef cuts", goods("02013000", use="food", product="MeatCuts"), "III-meat", "0.15"),
    ("lard", goods("15011090", use="food"), "III-fat", "0.15"),
    (
        "roast chicken",
        goods("16023219", use="food", product="MeatProduct"),
        "III-poultry-products",
        "0.15",
    ),
    ("egg powder", goods("04081181", use="food", **DRY), "III-egg-products", "0.15"),
    ("milk powder", goods("04021019", use="food", **DRY), "III-dairy", "0.15"),
    ("cod from the sea", goods("03044410", use="food", **OPEN_SEA), "III-fish", "0.15"),
    ("mussels in tins", goods("16055310", use="food", **TIN), "III-fish", "0.15"),
    ("honey", goods("04090000", use="food"), "III-honey", "0.15"),
    (
        "royal jelly",
        goods("04109000", use="food", product="ApicultureProduct"),
        "III-honey",
        "0.15",
    ),
    (
        "meat pie",
        goods("19059090", use="food", product="Food", **MEAT, **PIE),
        "III-composite",
        "0.15",
    ),
    ("hatching eggs", goods("04071100"), "III-hatching", "0.15"),
    (
        "bone meal to spread",
        goods("31010000", product="AnimalFertiliser"),
        "III-fertiliser",
        "0.15",
    ),
    ("snails", goods("03076000", use="food"), "III-frogs-snails", "0.15"),
    ("crickets", goods("04101010", use="food"), "III-insects", "0.15"),
    ("gelatine", goods("35030010", use="food"), "IV-gelatine", "0.05"),
    ("sausage skins", goods("05040000", use="food", product="Casings"), "IV-casings", "0.05"),
    ("bull semen", goods("05111000"), "IV-germinal", "0.05"),
    ("raw hides", goods("41012030", use="industrial"), "IV-by-products", "0.05"),
    (
        "milk biscuits",
        goods("19053199", use="food", product="Food", **NO_MEAT, **PIE),
        "IV-composite",
        "0.05",
    ),
    (
        "chondroitin",
        goods("39139000", use="food", product="HighlyRefinedProduct"),
        "V-refined",
        "0.01",
    ),
    ("straw", goods("12130000"), "V-straw-hay", "0.01"),
]


@pytest.mark.parametrize(
    ("what", "row", "rate"), [story[1:] for story in STORIES], ids=[story[0] for story in STORIES]
)
def test_goods_fall_in_one_category_and_are_checked_at_its_rate(
    decider: Decider, what: object, row: str, rate: str
) -> None:
    one = the_item(decider, what)  # type: ignore[arg-type]  # a story holds what was sent
    assert rate_rows(one, RATES) == {row: Decimal(rate)}
    assert imposed(one, "veterinary/entry-checks") == CHECKS
    assert {c.agency for c in one.controls if c.reasons.rule.startswith("veterinary/")} == {
        "agency:Veterinary"
    }


def test_a_share_is_drawn_by_the_system_of_the_union_and_all_by_nobody(decider: Decider) -> None:
    poultry = the_item(decider, goods("02071410", use="food"))
    chicks = the_item(decider, goods("01051119"))
    (drawn,) = (c for c in poultry.controls if c.task == "control:Physical")
    (whole,) = (c for c in chicks.controls if c.task == "control:Physical")
    assert (drawn.generator, drawn.selected, drawn.kind) == ("external", None, "minimum")
    assert (whole.generator, whole.selected) == ("ours", True)


# Near misses, and what stays open


def test_poultry_meat_for_technical_use_is_of_no_category_for_food(decider: Decider) -> None:
    one = the_item(decider, goods("02071410", use="industrial"))
    assert rate_rows(one, RATES) == {}
    assert imposed(one, "veterinary/entry-checks") == CHECKS


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        (goods("02071410"), "goods.intendedUse"),
        (goods("02023090", use="food"), "goods.product"),
        (goods("03061793", use="food", **BAG), "goods.farmed"),
        (goods("04069021", use="food"), "goods.state"),
        (goods("19053199", use="food"), "goods.materials"),
    ],
    ids=["use", "minced or not", "farmed or not", "cold or not", "composite or not"],
)
def test_what_the_words_leave_open_is_asked_for_and_never_guessed(
    decider: Decider, what: object, asked: str
) -> None:
    one = the_item(decider, what)  # type: ignore[arg-type]  # a case holds what was sent
    assert rate_rows(one, RATES) == {}
    assert one.pending
    assert any(asked in found.missing for found in one.undetermined)


def test_identity_is_checked_while_the_category_is_open(decider: Decider) -> None:
    assert (
        imposed(the_item(decider, goods("02023090", use="food")), "veterinary/entry-checks")
        == CHECKS
    )


def test_bicycles_concern_no_veterinary_rule(decider: Decider) -> None:
    one = the_item(decider, goods("87120030", use="consumer", origin="NL", exportCountry="GB"))
    assert imposed(one, "veterinary/") == set()
    assert not {rule for rule in left_open(one) if rule.startswith("veterinary/")}


def test_an_establishment_under_intensified_checks_is_checked_every_time(decider: Decider) -> None:
    what = goods("02071410", use="food")
    listed = known(what, goods__intensifiedChecks=True)
    every = ("control:Physical", Decimal(1))
    assert every in imposed(the_item(decider, listed), "veterinary/intensified")
    assert not imposed(the_item(decider, what), "veterinary/intensified")


# Change of law


def test_the_rates_hold_from_the_day_of_the_text(decider: Decider) -> None:
    what = goods("02071410", use="food")
    before = the_item(decider, what.but(arrivedOn="2021-12-25", acceptedOn="2021-12-25"))
    after = the_item(decider, what.but(arrivedOn="2021-12-26", acceptedOn="2021-12-26"))
    assert rate_rows(before, RATES) == {}
    assert rate_rows(after, RATES) == {"II-poultry": Decimal("0.30")}


# Documents


@pytest.mark.parametrize(
    ("what", "paper", "rule"),
    [
        (goods("02071410", use="food"), "N853", HOLD_PRODUCTS),
        (goods("01051119"), "C640", HOLD_ANIMALS),
        (goods("03011100"), "C640", HOLD_ANIMALS),
        (goods("03044410", use="food", **OPEN_SEA), "C673", HOLD_CATCH),
    ],
    ids=["poultry", "chicks", "ornamental fish", "cod"],
)
@pytest.mark.parametrize(
    ("status", "lifted"),
    [("verified", True), ("declared", False), ("presented", False), ("rejected", False)],
)
def test_only_a_final_document_lifts_the_hold(
    decider: Decider, what: object, paper: str, rule: str, status: str, lifted: bool
) -> None:
    one = the_item(decider, with_paper(what, paper, status))  # type: ignore[arg-type]  # as above
    assert (rule not in held_by(one)) is lifted


def test_a_hold_names_its_reason_and_its_remedy(decider: Decider) -> None:
    one = the_item(decider, goods("02071410", use="food"))
    (held,) = one.statuses
    assert (held.status, held.agency) == ("status:Hold", "agency:Veterinary")
    assert held.reasons.reason_class == "reason:DocumentsMissing"
    assert "CHED-P" in (held.reasons.remedy or "")


def test_live_fish_to_eat_go_by_the_document_for_products(decider: Decider) -> None:
    one = the_item(decider, goods("03019300", use="food", **POND, **BAG))
    assert held_by(one) == {HOLD_PRODUCTS}


def test_live_fish_of_unknown_use_leave_both_documents_open(decider: Decider) -> None:
    one = the_item(decider, goods("03019300"))
    assert {HOLD_PRODUCTS, HOLD_ANIMALS} <= left_open(one)


@pytest.mark.parametrize("caught", [False, None])
def test_farmed_fish_needs_no_catch_certificate_and_a_blank_is_asked(
    decider: Decider, caught: bool | None
) -> None:
    one = the_item(decider, goods("03061793", use="food").with_facts(caughtAtSea=caught))
    assert HOLD_CATCH not in held_by(one)
    assert (HOLD_CATCH in left_open(one)) is (caught is None)


# Stories


def test_frozen_chicken_of_brazil_with_its_papers_waits_for_the_draw_alone(
    decider: Decider,
) -> None:
    decision = example(decider, "poultry-meat-brazil")
    (one,) = decision.items
    assert decision.status == "status:Proceed"
    assert rate_rows(one, RATES) == {"II-poultry": Decimal("0.30")}
    assert decision.order is not None
    assert (decision.order.lead, decision.order.joint) == ("agency:Veterinary", False)


def test_day_old_chicks_are_examined_and_wait_for_their_document(decider: Decider) -> None:
    decision = example(decider, "day-old-chicks-united-kingdom")
    (one,) = decision.items
    assert held_by(one) == {HOLD_ANIMALS}
    assert rate_rows(one, RATES) == {"I-animals": Decimal(1)}
    assert decision.order is not None
    assert "control:Physical" in decision.order.agencies[0].tasks
