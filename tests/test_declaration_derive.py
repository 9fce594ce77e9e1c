"""What follows from a declaration by arithmetic, and what stays unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from engine.declaration.declaration import Document
from engine.declaration.documents import held, recognise, settled
from engine.declaration.facts import DocumentStatus, Money, Rate, Stage
from engine.declaration.problems import Remarks, ReportCode
from tests.declaration_sample import DAY, VOCABULARY, derived, reported, values

EUR = {"amount": 31000, "currency": "EUR"}


def test_totals_are_copied_to_every_item() -> None:
    result = derived({"netMassKg": 1.5, "value": EUR}, {"netMassKg": 2, "value": EUR})
    for item in result.items:
        assert item.facts.values["consignment.netMassKg"] == Decimal("3.5")
        assert item.facts.values["consignment.value"] == Money(Decimal(62000), "EUR")


def test_a_total_without_one_part_is_unknown() -> None:
    found = values({"netMassKg": 1, "value": EUR}, {})
    assert not {"consignment.netMassKg", "consignment.value"} & found.keys()


def test_values_in_two_currencies_have_no_total() -> None:
    dollars = {"amount": 1, "currency": "USD"}
    assert "consignment.value" not in values({"value": EUR}, {"value": dollars})


def test_a_total_counts_the_mass_that_an_agency_found() -> None:
    known = {"items": [{"item": 1, "facts": {"goods.netMassKg": 9}}]}
    assert values({"netMassKg": 1}, known=known)["consignment.netMassKg"] == 9


def test_value_per_kilogram_is_kept_to_six_places() -> None:
    found = values({"netMassKg": 3, "value": {"amount": 1, "currency": "EUR"}})
    assert found["goods.valuePerKg"] == Money(Decimal("0.333333"), "EUR")


def test_halves_in_value_per_kilogram_go_to_the_even_digit() -> None:
    found = values({"netMassKg": 2, "value": {"amount": 0.000005, "currency": "EUR"}})
    assert found["goods.valuePerKg"] == Money(Decimal("0.000002"), "EUR")


def test_value_per_kilogram_of_the_greatest_numbers_is_still_exact() -> None:
    value = {"amount": int("9" * 30), "currency": "EUR"}
    found = values({"netMassKg": 1e-29, "value": value})
    assert found["goods.valuePerKg"].amount == Decimal("9" * 30 + "0" * 29)


@pytest.mark.parametrize("item", [{"netMassKg": 0, "value": EUR}, {"value": EUR}, {"netMassKg": 1}])
def test_value_per_kilogram_needs_a_value_and_a_mass_above_zero(item: dict[str, object]) -> None:
    assert "goods.valuePerKg" not in values(item)


def test_what_the_declaration_says_holds_for_every_item() -> None:
    found = values({}, exportCountry="NG", transportMode="sea", intendedUse="food")
    assert found["consignment.exportCountry"] == "NG"
    assert found["consignment.transportMode"] == "mode:Sea"
    assert found["goods.intendedUse"] == "use:Food"


def test_a_consignee_states_no_fact() -> None:
    assert values(consignee={"id": "GB1", "name": "Seeds Ltd"}) == values()


def test_an_item_goes_before_the_declaration() -> None:
    item = {"intendedUse": "feed", "facts": {"consignment.exportCountry": "CN"}}
    found = values(item, exportCountry="NG", intendedUse="food")
    assert (found["goods.intendedUse"], found["consignment.exportCountry"]) == ("use:Feed", "CN")


def test_the_type_starts_from_the_declared_product_and_the_code() -> None:
    found = values({"commodityCode": "9503004100", "product": "PlushToy"})
    assert found["goods.type"] == frozenset({"product:PlushToy", "product:Toy"})


def test_a_code_shorter_than_a_class_needs_says_nothing_of_it() -> None:
    assert "goods.type" not in values({"commodityCode": "1207"})


def test_a_type_that_nothing_states_is_absent() -> None:
    assert "goods.type" not in values({"commodityCode": "8504409590"})


def test_consignment_documents_count_for_every_item() -> None:
    result = derived({}, {}, documents=[{"type": "C678", "id": "X", "status": "missing"}])
    assert all(
        item.facts.documents == {"certificate:ChedD": frozenset({DocumentStatus.MISSING})}
        for item in result.items
    )


def test_two_papers_of_one_kind_give_both_statuses() -> None:
    papers = [{"type": "C678", "id": "X"}, {"type": "C678", "id": "Y", "status": "missing"}]
    (item,) = derived({"documents": papers}).items
    expected = frozenset({DocumentStatus.DECLARED, DocumentStatus.MISSING})
    assert item.facts.documents["certificate:ChedD"] == expected


def status_on(day: date, issued: date | None, status: str = "verified") -> DocumentStatus:
    paper = Document(
        type="1793-CERT", id="X", issued_on=issued, analysed_on=day, status=DocumentStatus(status)
    )
    papers = recognise([paper], "", day, VOCABULARY, Remarks())
    (found,) = held(papers, {})["certificate:OfficialCertificate1793"]
    return found


def test_a_certificate_exactly_as_old_as_it_may_be_is_valid() -> None:
    assert status_on(date(2026, 11, 23), date(2026, 7, 23)) is DocumentStatus.VERIFIED


def test_a_certificate_one_day_older_is_expired() -> None:
    assert status_on(date(2026, 11, 24), date(2026, 7, 23)) is DocumentStatus.EXPIRED


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert status_on(date(2027, 2, 28), date(2026, 10, 31)) is DocumentStatus.VERIFIED
    assert status_on(date(2027, 3, 1), date(2026, 10, 31)) is DocumentStatus.EXPIRED


@pytest.mark.parametrize("status", ["declared", "presented", "verified", "rejected", "expired"])
def test_an_outdated_certificate_is_expired_whatever_else_is_known(status: str) -> None:
    assert status_on(DAY, date(2020, 1, 1), status) is DocumentStatus.EXPIRED


def test_a_missing_certificate_cannot_expire() -> None:
    assert status_on(DAY, date(2020, 1, 1), "missing") is DocumentStatus.MISSING


def test_an_old_analysis_expires_a_fresh_certificate() -> None:
    paper = {"type": "1793-CERT", "id": "X", "issuedOn": "2026-11-01", "analysedOn": "2026-05-22"}
    (item,) = derived({"documents": [paper]}, acceptedOn="2026-11-23").items
    found = item.facts.documents["certificate:OfficialCertificate1793"]
    assert found == {DocumentStatus.EXPIRED}


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_a_certificate_never_becomes_valid_again(issued: date, later: int) -> None:
    day = issued + relativedelta(days=later)
    before, after = status_on(day, issued), status_on(day + relativedelta(days=1), issued)
    assert before is DocumentStatus.VERIFIED or after is DocumentStatus.EXPIRED


def test_an_undated_certificate_keeps_its_status_and_is_reported() -> None:
    paper = {"type": "1793-ANALYSIS", "id": "X"}
    result = derived({"documents": [paper]})
    found = result.items[0].facts.documents["certificate:AnalysisResults1793"]
    assert found == {DocumentStatus.DECLARED}
    at = ["/declaration/goods/0/documents/0/analysedOn"]
    assert reported(result, ReportCode.UNDATED_DOCUMENT) == at


def test_expiry_is_judged_on_the_day_of_acceptance() -> None:
    paper = {"type": "1793-CERT", "id": "X", "issuedOn": "2026-01-01", "analysedOn": "2026-01-01"}
    (item,) = derived({"documents": [paper]}, acceptedOn="2026-04-01").items
    found = item.facts.documents["certificate:OfficialCertificate1793"]
    assert found == {DocumentStatus.DECLARED}


@pytest.mark.parametrize(
    ("stage", "count"),
    [(Stage.PRE_ARRIVAL, 0), (Stage.ARRIVAL, 3), (Stage.ACCEPTED, 4), (Stage.POST_RELEASE, 5)],
)
def test_absence_is_a_fact_only_from_the_stage_that_requires_the_paper(
    stage: Stage, count: int
) -> None:
    assert len(settled(stage, VOCABULARY)) == count


def test_a_day_that_is_not_declared_falls_back_and_is_reported() -> None:
    result = derived({}, acceptedOn="2026-11-20", dispatchedOn="2026-11-02")
    facts = result.items[0].facts
    assert facts.undeclared == {"arrival", "placing-on-market"}
    assert facts.days["acceptance"] == date(2026, 11, 20)
    assert facts.days["arrival"] == DAY
    assert reported(result, ReportCode.UNDECLARED_DAY) == [
        "/declaration/arrivedOn",
        "/declaration/placedOnMarketOn",
    ]


def test_a_missing_code_or_origin_is_reported_for_its_item() -> None:
    result = derived({"commodityCode": "120740", "originGrown": "NG"}, {})
    assert reported(result, ReportCode.MISSING_GATE) == [
        "/declaration/goods/1/commodityCode",
        "/declaration/goods/1/origin",
    ]


def test_rates_reach_every_item() -> None:
    rate = {"source": "USD", "target": "EUR", "rate": 0.9216, "on": "2026-11-23"}
    (item,) = derived({}, known={"rates": [rate]}).items
    expected = Rate(source="USD", target="EUR", rate=Decimal("0.9216"), on=DAY)
    assert item.facts.rates == (expected,)


def test_a_rate_in_an_unknown_currency_is_reported_and_left_out() -> None:
    rate = {"source": "XQQ", "target": "EUR", "rate": 1, "on": "2026-11-23"}
    result = derived({}, known={"rates": [rate]})
    assert reported(result, ReportCode.UNKNOWN_CURRENCY) == ["/known/rates/0/source"]
    assert result.items[0].facts.rates == ()


def test_an_item_keeps_the_lot_that_it_names() -> None:
    assert derived({"lot": "L-7"}).items[0].lot == "L-7"
