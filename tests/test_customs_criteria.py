"""Customs criteria, by what TFA 7.4.4 lists: what is concluded, what is done, and why."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from engine.decide.deciding import Decider
from engine.decide.program import Program
from engine.declaration.reading import read_request
from engine.language.rule import Control, Danger, Likelihood
from tests.border_sample import (
    DAY,
    goods,
    imposed,
    known,
    left_open,
    levels,
    the_item,
    with_paper,
)
from tests.engines import needs_both_engines
from tests.food_sample import KEYS, Sent

pytestmark = needs_both_engines

ALL, QUARTER, HALF = Decimal(1), Decimal("0.25"), Decimal("0.5")
GOOD = {
    "importer__inspections": 40,
    "importer__nonCompliantShare": 0,
    "importer__firstImport": False,
}
POOR = {**GOOD, "importer__inspections": 25, "importer__nonCompliantShare": 0.4}


def euro(amount: float) -> dict[str, object]:
    return {"amount": amount, "currency": "EUR"}


def parts(description: str = "Lens mounts for cameras", **facts: object) -> Sent:
    """New parts of cameras by sea."""
    what = goods("85299020", use="industrial", origin="CN", description=description,
                 exportCountry="CN", transportMode="sea", goods__condition="new")  # fmt: skip
    return known(what, **{**GOOD, **facts})


def bicycles(origin: str | None, shipped_from: str | None, **facts: object) -> Sent:
    what = goods("87120030", use="consumer", origin=origin, exportCountry=shipped_from,
                 transportMode="sea", goods__preferenceClaimed=False)  # fmt: skip
    return known(what, **{**GOOD, **facts})


def shoes(value: float, mode: str = "post", **facts: object) -> Sent:
    what = goods("64039996", use="consumer", origin="VN", exportCountry="VN", transportMode=mode,
                 value=euro(value), netMassKg=1)  # fmt: skip
    return known(what, **{**GOOD, **facts})


def customs(decider: Decider, what: Sent, rule: str) -> set[tuple[str, Decimal]]:
    return imposed(the_item(decider, what), f"customs/{rule}")


# The language of the rules


def test_each_criterion_of_the_article_is_used_by_some_rule(program: Program) -> None:
    rules = [c.rule for c in program.rules if c.rule.id.startswith("customs/")]
    used = {leaf.criterion for rule in rules for leaf in rule.leaves} - {None, "other"}
    assert used == {
        "code", "nature", "origin", "shipped-from", "value", "compliance", "transport"
    }  # fmt: skip


def test_no_customs_rule_holds_or_refuses_and_none_is_a_mandate(program: Program) -> None:
    for compiled in program.rules:
        rule = compiled.rule
        if rule.id.startswith("customs/"):
            assert isinstance(rule.then, Danger | Likelihood | Control), rule.id
            assert not rule.mandate


def test_what_makes_goods_suspicious_is_not_told_to_everyone(program: Program) -> None:
    for compiled in program.rules:
        rule = compiled.rule
        if rule.id.startswith("customs/") and isinstance(rule.then, Likelihood):
            assert rule.disclosure in {"agency", "restricted"}, rule.id


# Nature and description


@pytest.mark.parametrize("words", ["parts", "Parts", "PARTS", "General cargo"])
def test_a_description_that_names_nothing_is_asked_about(decider: Decider, words: str) -> None:
    one = the_item(decider, parts(words))
    assert levels(one, "hazard:Misclassification")["likelihood:High"] == "level:Medium"
    assert imposed(one, "customs/describe-goods") == {("control:Documentary", ALL)}


def test_a_description_that_tells_is_not(decider: Decider) -> None:
    assert customs(decider, parts(), "describe-goods") == set()


def test_without_a_description_nothing_is_imposed(decider: Decider) -> None:
    what = parts()
    one = the_item(decider, Sent({**what.goods, "description": None}, what.consignment, what.known))
    assert imposed(one, "customs/describe-goods") == set()
    assert "customs/describe-goods" in left_open(one)


# Commodity code


def test_goods_with_neighbours_are_audited_after_release_and_not_stopped(decider: Decider) -> None:
    one = the_item(decider, parts())
    assert one.risk_level == "level:Medium"
    assert imposed(one, "customs/audit") == {("control:PostClearanceAudit", QUARTER)}
    assert imposed(one, "customs/examine-goods") == set()


def test_at_high_risk_the_goods_are_looked_at_and_the_audit_falls_away(decider: Decider) -> None:
    one = the_item(decider, parts(**POOR))
    assert one.risk_level == "level:High"
    assert imposed(one, "customs/examine-goods") == {("control:Identity", ALL)}
    assert imposed(one, "customs/audit") == set()


# Origin, and the country shipped from


@pytest.mark.parametrize(
    ("origin", "shipped_from", "likely"),
    [("TH", "CN", True), ("CN", "CN", False), ("TH", "TH", False), ("TW", "CN", True)],
)
def test_goods_shipped_from_china_under_another_origin(
    decider: Decider, origin: str, shipped_from: str, likely: bool
) -> None:
    one = the_item(decider, bicycles(origin, shipped_from))
    found = levels(one, "hazard:FalseOrigin")
    assert ("likelihood:High" in found) is likely
    checks = {("control:Documentary", ALL)} if likely else set()
    assert imposed(one, "customs/verify-origin") == checks
    assert imposed(one, "customs/examine-origin") == (
        {("control:Physical", HALF)} if likely else set()
    )


@pytest.mark.parametrize(("origin", "shipped_from"), [("TH", None), (None, "CN")])
def test_a_country_that_is_not_stated_imposes_nothing(
    decider: Decider, origin: str | None, shipped_from: str | None
) -> None:
    what = bicycles(origin or "TH", shipped_from or "CN")
    what = what.but({"origin": origin}, exportCountry=shipped_from)
    assert customs(decider, what, "examine-origin") == set()


def test_a_verified_certificate_of_origin_spares_proof_and_examination(decider: Decider) -> None:
    for status, spared in (("verified", True), ("declared", False)):
        one = the_item(decider, with_paper(bicycles("TH", "CN"), "N861", status))
        assert (imposed(one, "customs/verify-origin") == set()) is spared
        assert (imposed(one, "customs/examine-origin") == set()) is spared


@pytest.mark.parametrize(
    ("claimed", "shipped_from", "likely"),
    [(True, "SG", True), (True, "BD", False), (False, "SG", False)],
)
def test_a_preference_for_goods_that_did_not_come_straight(
    decider: Decider, claimed: bool, shipped_from: str, likely: bool
) -> None:
    what = bicycles("BD", shipped_from).with_facts(preferenceClaimed=claimed)
    what = Sent(what.goods, what.consignment, bicycles("BD", "BD").known)
    found = levels(the_item(decider, what), "hazard:FalseOrigin")
    assert ("likelihood:High" in found) is likely


# The compliance record of traders


def test_a_first_import_from_a_place_of_transhipment_is_asked_for_proof(decider: Decider) -> None:
    new = the_item(decider, bicycles("KH", "KH", importer__firstImport=True))
    old = the_item(decider, bicycles("KH", "KH"))
    assert levels(new, "hazard:FalseOrigin") == {"likelihood:Medium": "level:Medium"}
    assert imposed(new, "customs/verify-origin") == {("control:Documentary", ALL)}
    assert imposed(new, "customs/examine-origin") == set()
    assert imposed(old, "customs/verify-origin") == set()


def test_a_newcomer_with_goods_of_high_duty_is_audited_and_not_stopped(decider: Decider) -> None:
    one = the_item(decider, shoes(9000, "sea", importer__firstImport=True))
    assert imposed(one, "customs/audit") == {("control:PostClearanceAudit", QUARTER)}
    assert imposed(one, "customs/examine-parcels") == set()


# Value and transport


@pytest.mark.parametrize(
    ("value", "mode", "opened"),
    [(90, "post", True), (149.99, "air", True), (150, "post", False), (90, "sea", False)],
)
def test_small_parcels_of_high_duty_goods_are_opened(
    decider: Decider, value: float, mode: str, opened: bool
) -> None:
    found = customs(decider, shoes(value, mode), "examine-parcels")
    assert found == ({("control:Physical", HALF)} if opened else set())


def test_what_counts_as_small_changes_with_the_day(decider: Decider) -> None:
    """A parameter with dated values: the law of the day of acceptance decides."""
    before = shoes(90).but(acceptedOn="2026-12-31")
    after = shoes(90).but(acceptedOn="2027-01-01")
    assert customs(decider, before, "examine-parcels") == {("control:Physical", HALF)}
    assert customs(decider, after, "examine-parcels") == set()
    assert customs(decider, shoes(49).but(acceptedOn="2027-01-01"), "examine-parcels") != set()


# Quantity


def suspected(
    decider: Decider, *parcel: tuple[str, float | None], private: bool = True
) -> set[int]:
    """The items of a parcel, of these codes and masses, that are likelier to be undervalued."""
    items = [
        {"item": number, "commodityCode": code, "origin": "VN", "netMassKg": mass}
        for number, (code, mass) in enumerate(parcel, start=1)
    ]
    facts = {"consignment.privateUse": private}
    stated = {name.replace("__", "."): value for name, value in GOOD.items()}
    sent = {
        "declaration": {"id": "P1", "acceptedOn": "2026-11-23", "facts": facts, "goods": items},
        "known": {"facts": stated},
    }
    decision = decider.decide(read_request(json.dumps(sent).encode()), on=DAY, keys=KEYS)
    assert decision.agreement is True
    rule = "customs/private-quantity"
    return {one.item for one in decision.items if rule in {found.rule for found in one.applied}}


SHOES, BOOTS, SHIRTS = "64039996", "64039991", "61091000"


def test_much_of_one_product_sent_in_private_is_suspected_however_it_is_split(
    decider: Decider,
) -> None:
    assert suspected(decider, (SHOES, 12)) == {1}
    assert suspected(decider, (SHOES, 6), (BOOTS, 6), (SHIRTS, 1)) == {1, 2}  # of one subheading


def test_exactly_the_threshold_or_several_products_are_not(decider: Decider) -> None:
    assert suspected(decider, (SHOES, 4), (SHOES, 6)) == set()
    assert suspected(decider, (SHOES, 9), (SHIRTS, 9)) == set()


def test_goods_of_trade_and_goods_of_unknown_mass_are_not(decider: Decider) -> None:
    assert suspected(decider, (SHOES, 12), private=False) == set()
    assert suspected(decider, (SHOES, 12), (SHOES, None)) == set()


# Authorised operators


@pytest.mark.parametrize(
    "what",
    [
        shoes(90, importer__authorised=True),
        shoes(9000, "sea", importer__authorised=True, importer__firstImport=True),
        parts(importer__authorised=True),
    ],
    ids=["parcel", "first import", "neighbours"],
)
def test_an_authorised_operator_is_less_likely_to_err_in_customs_matters(
    decider: Decider, what: Sent
) -> None:
    one = the_item(decider, what)
    assert one.risk_level == "level:Low"
    assert {c.selected_by for c in one.controls if c.agency == "agency:Customs"} == {"random"}


def test_authorisation_by_customs_says_nothing_to_other_agencies(decider: Decider) -> None:
    """An authorised importer of toys with a poor record, and of poultry meat."""
    toy = goods("95030041", use="consumer", product="PlushToy",
                goods__intendedAgeMonths=18, goods__smallParts=True)  # fmt: skip
    for authorised in (True, False):
        one = the_item(decider, known(toy, **{**POOR, "importer__authorised": authorised}))
        assert levels(one, "hazard:Choking") == {"likelihood:High": "level:Serious"}
        meat = known(goods("02071410", use="food"), importer__authorised=authorised)
        assert imposed(the_item(decider, meat), "veterinary/entry-checks") != set()


# The ladder


@pytest.mark.parametrize(
    "what",
    [parts("Parts"), parts(**POOR), bicycles("TH", "CN"), shoes(90), parts()],
    ids=["description", "record", "transhipment", "parcel", "neighbours"],
)
def test_no_customs_control_is_above_the_ladder(decider: Decider, what: Sent) -> None:
    found = [c for c in the_item(decider, what).controls if c.agency == "agency:Customs"]
    assert {c.proportion for c in found} == {"within"}
