"""Who may state what, and what becomes of words that nobody knows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.declaration.facts import DocumentStatus, Money
from engine.declaration.problems import MalformedError, Problem, ReportCode
from tests.declaration_sample import VOCABULARY, derived, reported, values


def problems(*items: dict[str, Any], known: Any = None, **declaration: Any) -> tuple[Problem, ...]:
    with pytest.raises(MalformedError) as caught:
        derived(*items, known=known, **declaration)
    return caught.value.problems


@pytest.mark.parametrize(
    "fact", ["importer.authorised", "consignment.netMassKg", "goods.type", "importer.record"]
)
def test_a_trader_states_only_declared_facts(fact: str) -> None:
    (problem,) = problems({}, facts={fact: True})
    assert problem.pointer == f"/declaration/facts/{fact}"
    assert problem.help is not None


def test_a_trader_is_told_where_a_looked_up_fact_belongs() -> None:
    (problem,) = problems({"facts": {"importer.nonCompliantShare": 0}})
    assert "`known`" in (problem.help or "")


def test_an_unknown_fact_is_refused_with_the_nearest_one() -> None:
    (problem,) = problems({"facts": {"goods.smallPart": True}})
    assert problem.pointer == "/declaration/goods/0/facts/goods.smallPart"
    assert problem.help == "did you mean `goods.smallParts`?"


def test_an_agency_states_looked_up_and_declared_facts() -> None:
    facts = {"importer.authorised": True, "consignment.transportMode": "mode:Air"}
    found = values({}, known={"facts": facts})
    assert found["importer.authorised"] is True
    assert found["consignment.transportMode"] == "mode:Air"


@pytest.mark.parametrize("fact", ["consignment.value", "importer.record", "goods.type"])
def test_not_even_an_agency_states_what_is_derived_or_concluded(fact: str) -> None:
    (problem,) = problems({}, known={"facts": {fact: "x"}})
    assert problem.pointer == f"/known/facts/{fact}"


def test_what_an_agency_knows_goes_before_what_is_declared() -> None:
    known = {"items": [{"item": 1, "facts": {"goods.origin": "CN"}}]}
    assert values({"origin": "NG"}, known=known)["goods.origin"] == "CN"


def test_what_an_agency_knows_of_one_item_says_nothing_of_another() -> None:
    known = {"items": [{"item": 1, "facts": {"goods.origin": "CN"}}]}
    result = derived({"origin": "NG"}, {"origin": "NG"}, known=known)
    assert result.items[1].facts.values["goods.origin"] == "NG"


def test_knowledge_of_an_item_that_is_not_declared_is_refused() -> None:
    (problem,) = problems({}, known={"items": [{"item": 7}]})
    assert problem.pointer == "/known/items/0/item"


@pytest.mark.parametrize("status", ["presented", "verified", "rejected", "expired"])
def test_a_trader_cannot_verify_its_own_document(status: str) -> None:
    paper = {"type": "C678", "id": "X", "status": status}
    (problem,) = problems({"documents": [paper]})
    assert problem.pointer == "/declaration/goods/0/documents/0/status"


def test_a_trader_cannot_verify_a_document_of_the_consignment() -> None:
    (problem,) = problems({}, documents=[{"type": "C678", "id": "X", "status": "verified"}])
    assert problem.pointer == "/declaration/documents/0/status"


def test_an_agency_gives_a_declared_document_its_status() -> None:
    known = {"documents": [{"id": "X", "status": "verified"}]}
    result = derived({"documents": [{"type": "C678", "id": "X"}]}, known=known)
    held = result.items[0].facts.documents
    assert held == {"certificate:ChedD": frozenset({DocumentStatus.VERIFIED})}


def test_an_agency_may_judge_a_shared_document_for_one_item_only() -> None:
    known = {"items": [{"item": 2, "documents": [{"id": "X", "status": "rejected"}]}]}
    result = derived({}, {}, documents=[{"type": "C678", "id": "X"}], known=known)
    statuses = [item.facts.documents["certificate:ChedD"] for item in result.items]
    assert statuses == [{DocumentStatus.DECLARED}, {DocumentStatus.REJECTED}]


def test_a_finding_about_no_declared_document_is_refused() -> None:
    (problem,) = problems({}, known={"documents": [{"id": "X", "status": "verified"}]})
    assert problem.pointer == "/known/documents/0/id"


def test_a_finding_about_another_items_document_is_refused() -> None:
    known = {"items": [{"item": 2, "documents": [{"id": "X", "status": "verified"}]}]}
    (problem,) = problems({"documents": [{"type": "C678", "id": "X"}]}, {}, known=known)
    assert problem.pointer == "/known/items/0/documents/0/id"


@pytest.mark.parametrize("name", ["use:Food", "food", "Food", "FOOD", "USE:food"])
def test_a_term_is_named_in_any_case_with_or_without_its_kind(name: str) -> None:
    assert values({"intendedUse": name})["goods.intendedUse"] == "use:Food"


def test_a_bare_name_means_the_term_of_the_facts_own_range() -> None:
    found = values({"product": "food", "intendedUse": "food"})
    assert (found["goods.product"], found["goods.intendedUse"]) == ("product:Food", "use:Food")


def test_a_term_of_another_kind_is_reported_and_unknown() -> None:
    result = derived({"intendedUse": "product:Toy"})
    assert "goods.intendedUse" not in result.items[0].facts.values
    at = ["/declaration/goods/0/intendedUse"]
    assert reported(result, ReportCode.UNKNOWN_TERM) == at


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("origin", "ZZ", ReportCode.UNKNOWN_COUNTRY),
        ("origin", "ng", ReportCode.UNKNOWN_COUNTRY),
        ("commodityCode", "9999999999", ReportCode.UNKNOWN_CODE),
        ("product", "Sesamy", ReportCode.UNKNOWN_TERM),
        ("description", "  ", ReportCode.BLANK_TEXT),
    ],
)
def test_an_unknown_word_is_reported_and_its_fact_unknown(
    field: str, value: str, code: ReportCode
) -> None:
    result = derived({field: value})
    assert reported(result, code) == [f"/declaration/goods/0/{field}"]
    assert f"goods.{field}" not in result.items[0].facts.values


def test_an_unknown_currency_is_reported_and_the_value_unknown() -> None:
    result = derived({"value": {"amount": 1, "currency": "XQQ"}})
    at = "/declaration/goods/0/value/currency"
    assert reported(result, ReportCode.UNKNOWN_CURRENCY) == [at]
    assert "goods.value" not in result.items[0].facts.values


def test_an_unknown_document_type_is_reported_and_ignored() -> None:
    result = derived({"documents": [{"type": "C67", "id": "X"}]})
    at = ["/declaration/goods/0/documents/0/type"]
    assert reported(result, ReportCode.UNKNOWN_DOCUMENT_TYPE) == at
    assert result.items[0].facts.documents == {}


def test_codes_of_another_edition_are_reported_once_and_unknown() -> None:
    sesame = {"commodityCode": "1207409000"}
    result = derived(sesame, sesame, hsEdition=2017)
    assert reported(result, ReportCode.HS_EDITION) == ["/declaration/hsEdition"]
    assert all("goods.commodityCode" not in item.facts.values for item in result.items)


def test_an_items_unknown_country_does_not_fall_back_to_the_declarations() -> None:
    found = values({"facts": {"consignment.exportCountry": "ZZ"}}, exportCountry="NG")
    assert "consignment.exportCountry" not in found


@pytest.mark.parametrize(
    ("fact", "value"),
    [("goods.intendedAgeMonths", 1201), ("goods.netMassKg", -1), ("goods.ratedVoltage", -0.1)],
)
def test_a_number_out_of_bounds_is_refused(fact: str, value: float) -> None:
    (problem,) = problems({"facts": {fact: value}})
    assert problem.pointer == f"/declaration/goods/0/facts/{fact}"


def test_a_number_at_its_bound_is_taken() -> None:
    assert values({"facts": {"goods.intendedAgeMonths": 1200}})["goods.intendedAgeMonths"] == 1200


def test_a_negative_value_is_refused_under_facts_too() -> None:
    (problem,) = problems({"facts": {"goods.value": {"amount": -1, "currency": "EUR"}}})
    assert problem.pointer == "/declaration/goods/0/facts/goods.value/amount"


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("goods.smallParts", "yes"),
        ("goods.intendedAgeMonths", "18"),
        ("goods.value", 5),
        ("goods.origin", 5),
        ("goods.commodityCode", "12"),
        ("goods.commodityCode", 1207),
        ("documents", []),
    ],
)
def test_a_fact_of_the_wrong_shape_is_refused_where_it_stands(fact: str, value: Any) -> None:
    (problem,) = problems({"facts": {fact: value}})
    assert problem.pointer == f"/declaration/goods/0/facts/{fact}"
    assert problem.help is not None


def test_null_among_facts_states_nothing() -> None:
    assert "goods.smallParts" not in values({"facts": {"goods.smallParts": None}})


def test_money_among_facts_is_money() -> None:
    found = values({"facts": {"goods.value": {"amount": 1.5, "currency": "EUR"}}})
    assert found["goods.value"] == Money(Decimal("1.5"), "EUR")


def test_a_fact_stated_twice_and_differently_is_refused() -> None:
    (problem,) = problems({"origin": "NG", "facts": {"goods.origin": "CN"}})
    assert problem.pointer == "/declaration/goods/0/facts/goods.origin"


def test_a_fact_stated_twice_alike_is_taken() -> None:
    assert values({"origin": "NG", "facts": {"goods.origin": "NG"}})["goods.origin"] == "NG"


def test_an_unknown_word_does_not_pass_for_the_known_one_beside_it() -> None:
    (problem,) = problems({"origin": "ZZ", "facts": {"goods.origin": "NG"}})
    assert problem.pointer == "/declaration/goods/0/facts/goods.origin"


def test_a_fact_of_one_item_is_not_stated_for_all() -> None:
    (problem,) = problems({}, facts={"goods.netMassKg": 1})
    assert problem.pointer == "/declaration/facts/goods.netMassKg"


def test_all_faults_of_stating_are_told_at_once() -> None:
    found = problems({"facts": {"goods.typ": 1, "goods.smallParts": 1}}, facts={"goods.type": []})
    assert len(found) == 3


JSON_VALUE: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=6), st.just([])
)


@given(st.dictionaries(st.sampled_from(sorted(VOCABULARY.facts)), JSON_VALUE, max_size=4))
def test_no_value_of_any_fact_is_worse_than_refused(facts: dict[str, Any]) -> None:
    found: tuple[Problem, ...] = ()
    try:
        derived({"facts": facts})
    except MalformedError as refused:
        found = refused.problems
    assert all(problem.pointer.startswith("/declaration/goods/0/facts") for problem in found)
