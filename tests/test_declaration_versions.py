"""An amendment is decided on what all versions together state."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw
from msgspec.structs import replace

from engine.declaration.declaration import Declaration, Document, Item, Package
from engine.declaration.derive import item_facts
from engine.declaration.facts import DocumentStatus, Stage
from engine.declaration.reading import read_request
from engine.declaration.versions import merge
from tests.declaration_sample import DAY, VOCABULARY

COUNTRIES = st.none() | st.sampled_from(["NG", "CN", "BD"])
FACTS = st.dictionaries(
    st.sampled_from(["goods.origin", "goods.smallParts", "goods.ratedVoltage"]),
    st.sampled_from([Raw(b"1"), Raw(b"true"), Raw(b'"NG"')]),
)
DOCUMENTS = st.lists(
    st.builds(
        Document,
        type=st.sampled_from(["C678", "N853"]),
        id=st.sampled_from(["X", "Y"]),
        status=st.sampled_from([DocumentStatus.MISSING, DocumentStatus.DECLARED]),
        issued_on=st.none() | st.dates(),
    ),
    unique_by=lambda document: (document.type, document.id),
    max_size=3,
).map(tuple)
GOODS = st.lists(
    st.builds(
        Item,
        item=st.integers(1, 4),
        origin=COUNTRIES,
        lot=st.none() | st.text(max_size=2),
        documents=DOCUMENTS,
        facts=FACTS,
    ),
    unique_by=lambda item: item.item,
    min_size=1,
    max_size=4,
).map(tuple)
DECLARATIONS = st.builds(
    Declaration,
    id=st.just("D"),
    stated_stage=st.none() | st.sampled_from(Stage),
    export_country=COUNTRIES,
    documents=DOCUMENTS,
    goods=GOODS,
)


def by_number(declaration: Declaration) -> dict[int, Item]:
    return {item.item: item for item in declaration.goods}


@given(DECLARATIONS)
def test_a_declaration_merged_with_itself_is_itself(declaration: Declaration) -> None:
    assert merge(declaration, declaration) == declaration


@given(DECLARATIONS, DECLARATIONS)
def test_what_the_later_version_states_stands(earlier: Declaration, later: Declaration) -> None:
    merged = merge(earlier, later)
    for field in ("stated_stage", "export_country"):
        stated = getattr(later, field)
        assert getattr(merged, field) == (getattr(earlier, field) if stated is None else stated)
    items = by_number(merged)
    for item in later.goods:
        assert item.origin in (None, items[item.item].origin)
        assert item.facts.items() <= items[item.item].facts.items()


@given(DECLARATIONS, DECLARATIONS)
def test_what_only_the_earlier_version_names_is_kept(
    earlier: Declaration, later: Declaration
) -> None:
    merged = by_number(merge(earlier, later))
    assert merged.keys() == by_number(earlier).keys() | by_number(later).keys()


@given(DECLARATIONS, DECLARATIONS, st.randoms())
def test_the_order_of_items_does_not_matter(
    earlier: Declaration, later: Declaration, chance: Any
) -> None:
    def shuffled(declaration: Declaration) -> Declaration:
        goods = list(declaration.goods)
        chance.shuffle(goods)
        return replace(declaration, goods=tuple(goods))

    plain, mixed = merge(earlier, later), merge(shuffled(earlier), shuffled(later))
    assert by_number(plain) == by_number(mixed)


@given(DECLARATIONS, DECLARATIONS, DECLARATIONS)
def test_versions_may_be_merged_in_any_grouping(
    first: Declaration, second: Declaration, third: Declaration
) -> None:
    left = merge(merge(first, second), third)
    right = merge(first, merge(second, third))
    assert by_number(left) == by_number(right)


def decided(*versions: dict[str, Any]) -> dict[str, Any]:
    """The facts of the first item when the last of *versions* amends the others."""
    *earlier, declaration = [{"id": "D", **version} for version in versions]
    sent = json.dumps({"declaration": declaration, "earlier": earlier}).encode()
    return dict(item_facts(read_request(sent), VOCABULARY, DAY).items[0].facts.values)


def test_an_amendment_is_decided_with_what_the_earlier_version_said() -> None:
    first = {"exportCountry": "NG", "goods": [{"item": 1, "origin": "NG", "netMassKg": 5}]}
    found = decided(first, {"goods": [{"item": 1, "netMassKg": 7}]})
    assert found["goods.origin"] == found["consignment.exportCountry"] == "NG"
    assert found["consignment.netMassKg"] == 7


def test_a_later_fact_silences_the_earlier_field() -> None:
    first = {"goods": [{"item": 1, "origin": "NG"}]}
    found = decided(first, {"goods": [{"item": 1, "facts": {"goods.origin": "CN"}}]})
    assert found["goods.origin"] == "CN"


def test_a_later_field_silences_the_earlier_fact() -> None:
    first = {"goods": [{"item": 1, "facts": {"goods.origin": "CN"}}]}
    assert decided(first, {"goods": [{"item": 1, "origin": "NG"}]})["goods.origin"] == "NG"


def test_a_silent_amendment_does_not_move_the_stage() -> None:
    earlier = Declaration(id="D", stated_stage=Stage.PRE_ARRIVAL, goods=(Item(item=1),))
    later = Declaration(id="D", goods=(Item(item=1),))
    assert merge(earlier, later).stage is Stage.PRE_ARRIVAL


def test_a_missing_document_that_is_named_again_is_declared() -> None:
    missing = Document(type="C678", id="X", status=DocumentStatus.MISSING)
    earlier = Declaration(id="D", documents=(missing,), goods=(Item(item=1),))
    later = replace(earlier, documents=(Document(type="C678", id="X"),))
    assert merge(earlier, later).documents[0].status is DocumentStatus.DECLARED


def test_packages_stay_unless_they_are_stated_anew() -> None:
    def stated(**packages: Any) -> Declaration:
        return Declaration(id="D", goods=(Item(item=1, **packages),))

    one, none = (Package(count=5),), ()
    assert merge(stated(packages=one), stated()).goods[0].packages == one
    assert merge(stated(packages=one), stated(packages=none)).goods[0].packages == none
