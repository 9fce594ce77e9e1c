"""Totals of a consignment and of each product in it: exact, and known only when all parts are."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine.declaration.facts import Lack, Money, Value
from engine.declaration.totals import CODE, MASS, OF_PRODUCT, PARTS, VALUE, Goods, totals
from engine.language.vocabulary import Source, Vocabulary
from tests.declaration_sample import derived, values

PRODUCT, CONSIGNMENT = "consignment.netMassOfProductKg", "consignment.netMassKg"
SESAME, BEANS, HEADING = "1207409000", "07133900", "1207"

masses = st.decimals(0, Decimal(10) ** 12, places=9, allow_nan=False)
known = st.fixed_dictionaries(
    {CODE: st.sampled_from(["120740", SESAME, BEANS, "610910"]), MASS: masses}
)
stated = st.fixed_dictionaries(
    {},
    optional={
        CODE: st.sampled_from(["120740", SESAME, "120799", HEADING, BEANS, "0713", "610910"]),
        MASS: masses,
        VALUE: st.builds(Money, masses, st.sampled_from(["EUR", "USD"])),
    },
)


def goods(rows: Sequence[dict[str, Value]]) -> list[Goods]:
    return [Goods(number, row) for number, row in enumerate(rows, start=1)]


def added(rows: Sequence[dict[str, Value]], total: str) -> list[Value | None]:
    return [one.values.get(total) for one in totals(goods(rows))]


# What is added up


@given(st.lists(st.decimals(0, Decimal(10) ** 20, places=9), min_size=1, max_size=20))
def test_a_total_is_exact(parts: list[Decimal]) -> None:
    (found, *_) = added([{MASS: mass} for mass in parts], CONSIGNMENT)
    assert isinstance(found, Decimal)
    assert Fraction(found) == sum(map(Fraction, parts))


@given(st.lists(stated, min_size=1, max_size=8), st.randoms())
def test_totals_do_not_depend_on_the_order_of_the_items(
    rows: list[dict[str, Value]], chance: Random
) -> None:
    here = goods(rows)
    there = chance.sample(here, len(here))
    before = dict(zip((one.number for one in here), totals(here), strict=True))
    after = dict(zip((one.number for one in there), totals(there), strict=True))
    assert {n: one.values for n, one in before.items()} == {
        n: one.values for n, one in after.items()
    }


@given(st.lists(known, min_size=1, max_size=6), st.integers(0, 5), masses)
def test_splitting_an_item_in_two_leaves_every_total(
    rows: list[dict[str, Value]], which: int, cut: Decimal
) -> None:
    split = rows[which % len(rows)]
    mass = split[MASS]
    assert isinstance(mass, Decimal)
    first = min(cut, mass)
    others = [row for row in rows if row is not split]
    halves = [{**split, MASS: first}, {**split, MASS: mass - first}]
    for total in (PRODUCT, CONSIGNMENT):
        whole = added([split, *others], total)
        assert added([*halves, *others], total) == [whole[0], *whole]


@given(st.lists(known, min_size=1, max_size=8))
def test_the_products_together_are_the_consignment(rows: list[dict[str, Value]]) -> None:
    by_product = {
        str(row[CODE])[:6]: total for row, total in zip(rows, added(rows, PRODUCT), strict=True)
    }
    assert sum(by_product.values(), Decimal(0)) == added(rows, CONSIGNMENT)[0]


def test_the_same_subheading_is_the_same_product_whatever_follows() -> None:
    rows = [{CODE: code, MASS: Decimal(1)} for code in ("120740", SESAME, "12074010", BEANS)]
    assert added(rows, PRODUCT) == [3, 3, 3, 1]


def test_the_values_of_a_product_share_a_currency_or_have_no_total() -> None:
    euro, dollar = Money(Decimal(5), "EUR"), Money(Decimal(5), "USD")
    rows = [{CODE: SESAME, VALUE: euro}, {CODE: SESAME, VALUE: euro}, {CODE: BEANS, VALUE: dollar}]
    total = "consignment.valueOfProduct"
    assert added(rows, total) == [Money(Decimal(10), "EUR")] * 2 + [dollar]
    assert added([*rows, {CODE: BEANS, VALUE: euro}], total)[2:] == [None, None]


# What stays unknown


def alike(one: Goods, other: Goods) -> bool | None:
    """Whether two items are of one product, None where their codes leave it open."""
    if one is other:
        return True
    a, b = one.product, other.product
    if len(a) == len(b) == 6:
        return a == b
    return None if a.startswith(b) or b.startswith(a) else False


@given(st.lists(stated, min_size=1, max_size=8))
def test_a_total_by_product_is_known_iff_no_item_leaves_it_open(
    rows: list[dict[str, Value]],
) -> None:
    here = goods(rows)
    for one, found in zip(here, totals(here), strict=True):
        same = [other for other in here if alike(one, other)]
        settled = all(alike(one, other) is not None for other in here)
        for total, fact in OF_PRODUCT.items():
            parts = [other.values[fact] for other in same if fact in other.values]
            amounts = [part.amount if isinstance(part, Money) else part for part in parts]
            currencies = {part.currency for part in parts if isinstance(part, Money)}
            if not settled or len(parts) < len(same) or len(currencies) > 1:
                assert total not in found.values
                continue
            value = found.values[total]
            number = value.amount if isinstance(value, Money) else value
            assert number == sum(amounts, Decimal(0))


@given(st.lists(stated, min_size=1, max_size=8))
def test_an_unknown_total_names_only_items_that_lack_the_fact(
    rows: list[dict[str, Value]],
) -> None:
    here = {one.number: one for one in goods(rows)}
    for one, found in zip(here.values(), totals(list(here.values())), strict=True):
        pairs = [(name, lack) for name, lacks in found.lacks.items() for lack in lacks]
        for total, lack in pairs:
            lacking = [here[number] for number in lack.items]
            assert lacking
            assert total not in found.values
            if lack.fact == CODE:
                assert all(len(other.product) < 6 for other in lacking)
            else:
                assert lack.fact == PARTS[total]
                assert all(lack.fact not in other.values for other in lacking)
            if total in OF_PRODUCT:
                assert all(alike(one, other) is not False for other in lacking)


def test_an_item_without_a_code_may_be_of_any_product() -> None:
    rows: list[dict[str, Value]] = [{CODE: SESAME, MASS: Decimal(1)}, {MASS: Decimal(1)}]
    assert added(rows, PRODUCT) == [None, None]
    assert totals(goods(rows))[0].lacks[PRODUCT] == (Lack(CODE, (2,)),)


def test_a_heading_may_be_of_any_product_under_it_and_of_no_other() -> None:
    rows = [{CODE: code, MASS: Decimal(1)} for code in (SESAME, HEADING, BEANS)]
    assert added(rows, PRODUCT) == [None, None, 1]


def test_what_stands_alone_is_its_own_product_whatever_its_code() -> None:
    for row in ({MASS: Decimal(3)}, {CODE: HEADING, MASS: Decimal(3)}):
        assert added([row], PRODUCT) == [3]


# In declarations


def test_each_item_has_the_total_of_its_own_product() -> None:
    result = derived(
        {"commodityCode": SESAME, "netMassKg": 1.5},
        {"commodityCode": BEANS, "netMassKg": 2},
        {"commodityCode": "120740", "netMassKg": 3},
    )
    found = [item.facts.values[PRODUCT] for item in result.items]
    assert found == [Decimal("4.5"), 2, Decimal("4.5")]


def test_a_code_that_is_none_of_the_system_tells_no_product() -> None:
    found = values(
        {"commodityCode": SESAME, "netMassKg": 1}, {"commodityCode": "998877", "netMassKg": 1}
    )
    assert PRODUCT not in found


def test_what_an_agency_found_of_another_item_counts() -> None:
    known = {"items": [{"item": 2, "facts": {CODE: SESAME, MASS: 9}}]}
    found = values({"commodityCode": SESAME, "netMassKg": 1}, {}, known=known)
    assert found[PRODUCT] == 10


def test_every_derived_fact_of_the_ontology_is_derived(vocabulary: Vocabulary) -> None:
    declared = {fact.id for fact in vocabulary.facts.values() if fact.source is Source.DERIVED}
    assert declared == {*PARTS, "goods.valuePerKg"}
