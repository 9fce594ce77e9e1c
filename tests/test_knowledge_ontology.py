"""What the shipped ontology says: the words that rules of every subject count on."""

import csv
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from engine.decide.program import Program
from engine.declaration.realising import realiser_of
from engine.knowledge import load
from engine.language.expression import Named, atoms
from engine.language.vocabulary import FactType, Scope, Source, Vocabulary

HOME = Path(__file__).parent.parent
SHARED = HOME.parent / "shared" / "data"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="../shared/data is absent: this clone has no source data"
)


@cache
def vocabulary() -> Vocabulary:
    return load(HOME / "ontology")


def labels(kind: str) -> list[str]:
    return [term.id.partition(":")[2] for term in vocabulary().of_kind(kind)]


@pytest.mark.parametrize(
    ("kind", "order"),
    [
        ("control", "PostClearanceAudit Documentary Identity Physical SamplingAndTesting"),
        ("status", "Proceed Hold Refuse"),
        ("level", "Low Medium High Serious"),
        ("likelihood", "VeryLow Low Medium High VeryHigh"),
        ("record", "Good Fair Poor"),
    ],
)
def test_ordered_kinds_run_from_weakest_to_strongest(kind: str, order: str) -> None:
    assert labels(kind) == order.split()


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("use", "Food Feed Consumer Industrial Repair Return Recovery Other"),
        ("condition", "New Used Refurbished Defective"),
        ("state", "Fresh Chilled Frozen Dried CrushedOrGround Processed"),
        ("mode", "Sea Rail Road Air Post"),
        (
            "reason",
            "ProductSafety FoodSafety DocumentsMissing FiscalAccuracy RandomSelection "
            "EntryProhibited PlantHealth AnimalHealth ControlProgramme",
        ),
        (
            "objective",
            "HumanHealthOrSafety AnimalOrPlantLifeOrHealth Environment DeceptivePractices "
            "NationalSecurity CorrectRevenue",
        ),
        (
            "interest",
            "Health Safety Environment Climate Property ImmaterialAssets FairTrade",
        ),
        (
            "population",
            "ChildrenUnder3 Children Adults OlderPersons Women Workers GeneralPublic",
        ),
    ],
)
def test_every_kind_has_the_words_that_rules_need(kind: str, needed: str) -> None:
    assert set(needed.split()) <= set(labels(kind))


def test_agencies_stand_in_their_published_order() -> None:
    found = sorted(vocabulary().agencies.values(), key=lambda agency: agency.rank)
    assert [agency.id.partition(":")[2] for agency in found] == [
        "Customs",
        "MarketSurveillance",
        "FoodAndFeed",
        "PlantHealth",
        "Veterinary",
    ]


def test_no_appeal_rule_claims_to_be_law() -> None:
    assert {agency.appeal_status for agency in vocabulary().agencies.values()} == {"to-confirm"}


@pytest.mark.parametrize(
    ("term", "ancestor"),
    [
        ("product:PlushToy", "product:Toy"),
        ("product:UsbCharger", "product:ElectricalEquipment"),
        ("product:SesameSeeds", "product:Food"),
        ("product:GroundnutProduct", "product:GroundnutProductOrMixture"),
        ("hazard:Salmonella", "hazard:Microbiological"),
        ("hazard:Aflatoxins", "hazard:Mycotoxin"),
        ("population:ChildrenUnder3", "population:Children"),
        ("component:LithiumButtonCell", "component:Battery"),
        ("material:Lead", "material:ToxicMetal"),
        ("function:FallProtection", "function:GraveRiskProtection"),
    ],
)
def test_a_rule_on_the_wider_class_covers_the_narrower(term: str, ancestor: str) -> None:
    assert vocabulary().is_a(term, ancestor)
    assert not vocabulary().is_a(ancestor, term)


@pytest.mark.parametrize(
    ("term", "ancestor"),
    [
        ("product:RadioToy", "product:RadioEquipment"),
        ("product:RadioToy", "product:ElectricToy"),
        ("product:RadioToy", "product:ConnectedProductForChildren"),
        ("product:ToyWithReachableButtonCell", "product:BatteryToy"),
        ("product:Rattle", "product:ToyForUnder3"),
        ("product:UsbCharger", "product:MainsCharger"),
        ("product:PowerBank", "product:LithiumProduct"),  # its battery has lithium cells
        ("product:Kettle", "product:HeatingAppliance"),
        ("product:Respirator", "product:PpeCategoryIII"),
        ("product:Chainsaw", "product:HandheldMachine"),
        ("product:HouseholdRefrigerator", "product:RefrigerationEquipment"),
        ("product:AsbestosConstructionProduct", "product:AsbestosArticle"),
        ("product:SeedForSowing", "product:PlantForPlanting"),
        ("product:SesameSeeds", "product:AllergenicFood"),
        ("product:CompositeFoodWithMeat", "product:FoodOfAnimalOrigin"),
    ],
)
def test_what_follows_from_definitions_needs_no_statement(term: str, ancestor: str) -> None:
    assert vocabulary().is_a(term, ancestor)
    assert not vocabulary().is_a(ancestor, term)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("product:PlushToy", "product:Rice"),
        ("product:UsbCharger", "product:Toy"),
        ("product:Rice", "product:SesameSeeds"),
        ("product:Okra", "product:Drumsticks"),
        ("product:SweetPepper", "product:CapsicumOtherThanSweet"),
        ("product:HairDryer", "product:Cosmetic"),
    ],
)
def test_what_nothing_can_be_at_once_is_disjoint(left: str, right: str) -> None:
    assert vocabulary().are_disjoint(left, right)
    assert vocabulary().are_disjoint(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("product:HazelnutProduct", "product:PistachioProduct"),  # a mixture is both
        ("product:SpiceMix", "product:CuminSeeds"),
        ("product:BetelLeafFoodstuff", "product:BetelLeaves"),
        ("product:Toy", "product:Cosmetic"),  # play make-up
        ("product:Toy", "product:ElectricalEquipment"),
        ("product:Food", "product:LiveAnimal"),  # an oyster
    ],
)
def test_what_may_coincide_is_not_disjoint(left: str, right: str) -> None:
    assert not vocabulary().are_disjoint(left, right)


def test_no_term_is_disjoint_from_itself() -> None:
    known = vocabulary()
    assert not [term for term in known.terms if known.are_disjoint(term, term)]


def test_ancestors_are_of_the_same_kind_and_include_the_term() -> None:
    for term in vocabulary().terms.values():
        assert term.id in term.ancestors
        assert {ancestor.partition(":")[0] for ancestor in term.ancestors} == {term.kind}


def test_not_all_goods_of_9503_are_toys() -> None:
    assert all("9503" not in term.codes for term in vocabulary().terms.values())


@pytest.mark.parametrize(
    ("fact", "type_", "source", "scope"),
    [
        ("goods.commodityCode", FactType.CODE, Source.DECLARED, Scope.ITEM),
        ("goods.originGrown", FactType.COUNTRY, Source.DECLARED, Scope.ITEM),
        ("goods.product", FactType.TERM, Source.DECLARED, Scope.ITEM),
        ("goods.type", FactType.TERMS, Source.CONCLUDED, Scope.ITEM),
        ("goods.subjectTo", FactType.TERMS, Source.CONCLUDED, Scope.ITEM),
        ("goods.valuePerKg", FactType.MONEY, Source.DERIVED, Scope.ITEM),
        ("documents", FactType.DOCUMENTS, Source.DECLARED, Scope.ITEM),
        ("consignment.netMassKg", FactType.NUMBER, Source.DERIVED, Scope.CONSIGNMENT),
        ("consignment.netMassOfProductKg", FactType.NUMBER, Source.DERIVED, Scope.ITEM),
        ("consignment.valueOfProduct", FactType.MONEY, Source.DERIVED, Scope.ITEM),
        ("consignment.exportCountry", FactType.COUNTRY, Source.DECLARED, Scope.CONSIGNMENT),
        ("importer.nonCompliantShare", FactType.NUMBER, Source.LOOKED_UP, Scope.CONSIGNMENT),
        ("importer.record", FactType.TERM, Source.CONCLUDED, Scope.CONSIGNMENT),
    ],
)
def test_a_fact_says_what_it_is_and_who_may_state_it(
    fact: str, type_: FactType, source: Source, scope: Scope
) -> None:
    found = vocabulary().facts[fact]
    assert (found.type, found.source, found.scope) == (type_, source, scope)


def test_only_what_the_design_closes_is_closed() -> None:
    assert {fact.id for fact in vocabulary().facts.values() if fact.closed} == {
        "goods.subjectTo",
        "consignment.privateUse",
        "consignment.commercialSample",
        "importer.authorised",
        "goods.intensifiedChecks",
        # What an authority has recorded: nothing of it is so until somebody has.
        "control.documentsMissing",
        "control.markingMissing",
        "control.markingFalse",
        "control.operatorMissing",
        "control.causeForConcern",
        "control.suspensionLapsed",
        "authority.maintainSuspension",
        "authority.approvedRelease",
    }


def test_the_risk_level_is_low_unless_concluded_and_takes_the_worst() -> None:
    level = vocabulary().facts["item.riskLevel"]
    assert level.assumption == "level:Low"
    assert level.order == ("level:Low", "level:Medium", "level:High", "level:Serious")


def test_a_compliance_record_takes_the_worst_conclusion() -> None:
    record = vocabulary().facts["importer.record"]
    assert record.order == ("record:Good", "record:Fair", "record:Poor")


def test_bounds_are_exact_decimals() -> None:
    share = vocabulary().facts["importer.nonCompliantShare"]
    assert (share.minimum, share.maximum) == (Decimal(0), Decimal(1))
    assert isinstance(share.maximum, Decimal)


@pytest.mark.parametrize(
    ("notation", "certificate"),
    [
        ("C678", "certificate:ChedD"),
        ("N853", "certificate:ChedP"),
        ("C085", "certificate:ChedPP"),
        ("C640", "certificate:ChedA"),
        ("N851", "certificate:Phytosanitary"),
        ("1793-CERT", "certificate:OfficialCertificate1793"),
    ],
)
def test_a_document_code_stands_for_its_certificate(notation: str, certificate: str) -> None:
    assert vocabulary().certificate_of_notation[notation] == certificate


def test_the_official_certificate_lasts_4_months_and_its_analysis_6() -> None:
    found = vocabulary().certificates["certificate:OfficialCertificate1793"]
    assert (found.valid_months, found.analysis_months) == (4, 6)
    assert found.required_from == "arrival"


def test_the_results_of_analysis_last_6_months() -> None:
    found = vocabulary().certificates["certificate:AnalysisResults1793"]
    assert (found.valid_months, found.analysis_months) == (None, 6)


@pytest.mark.parametrize(
    ("day", "count", "with_uk"),
    [
        (date(1957, 12, 31), 0, False),
        (date(1958, 1, 1), 6, False),
        (date(2013, 7, 1), 28, True),
        (date(2020, 1, 31), 28, True),
        (date(2020, 2, 1), 27, False),
    ],
)
def test_union_membership_goes_by_the_day(day: date, count: int, with_uk: bool) -> None:
    members = {
        membership.country
        for membership in vocabulary().groups["group:EuropeanUnion"].members
        if day in membership.period
    }
    assert (len(members), "GB" in members) == (count, with_uk)


@pytest.mark.parametrize(
    "basis",
    [
        "proportion",
        "recognition",
        "authorised-operator",
        "random-selection",
        "risk-management",
        "integrated-risk",
        "matrix-2019-417",
    ],
)
def test_a_shared_basis_has_a_source_and_a_day(basis: str) -> None:
    found = vocabulary().bases[basis]
    assert found.cite
    assert found.gist
    assert found.status in {"law", "illustrative", "to-confirm"}
    assert found.checked == date(2026, 11, 23)
    assert (found.href or "").startswith("http")


def test_namibia_is_a_country() -> None:
    assert vocabulary().countries["NA"] == "Namibia"


def test_codes_keep_their_leading_zeros() -> None:
    assert vocabulary().knows_code("0902")
    assert not vocabulary().knows_code("902")


def test_hs_2022_is_complete() -> None:
    codes = vocabulary().codes
    assert [sum(len(code) == length for code in codes) for length in (2, 4, 6)] == [96, 1228, 5612]
    assert "9999" not in codes


@needs_shared
def test_hs_2022_is_that_of_its_source() -> None:
    path = SHARED / "hs_nomenclature" / "harmonized-system.csv"
    with path.open(encoding="utf-8-sig", newline="") as source:
        rows = [row for row in csv.DictReader(source) if row["section"] != "TOTAL"]
    assert vocabulary().codes == {row["hscode"]: row["description"] for row in rows}


@needs_shared
def test_countries_and_currencies_are_those_of_their_source() -> None:
    path = SHARED / "country_codes" / "country-codes.csv"
    with path.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    assert set(vocabulary().countries) == {row["ISO3166-1-Alpha-2"] for row in rows}
    currencies = {
        currency
        for row in rows
        for currency in row["ISO4217-currency_alphabetic_code"].split(",")
        if currency
    }
    # The source gives Türkiye no currency.
    assert vocabulary().currencies == currencies | {"TRY"}


def test_the_example_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HOME)
    text = (HOME / "ontology" / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert examples
    for example in examples:
        exec(compile(example, "ontology/README.md", "exec"), {})


def test_only_this_room_imports_the_ontology_libraries() -> None:
    importing = re.compile(r"^\s*(?:import|from) (?:rdflib|owlready2)\b", re.MULTILINE)
    offenders = [
        path.relative_to(HOME).as_posix()
        for room in ("engine", "api")
        for path in (HOME / room).rglob("*.py")
        if "knowledge" not in path.parts and importing.search(path.read_text(encoding="utf-8"))
    ]
    assert offenders == []


def tied(vocabulary: Vocabulary, term: str) -> bool:
    """Whether a product, something it is, or what its definition names is tied to HS 2022."""
    held = vocabulary.terms[term]
    own = any(
        vocabulary.terms[above].codes or vocabulary.terms[above].found_under
        for above in held.ancestors
    )
    named = [] if held.means is None else [a for a in atoms(held.means) if isinstance(a, Named)]
    codes = [atom for atom in named if atom.term.startswith("hs:")]
    classes = [atom.term for atom in named if atom.term in vocabulary.terms]
    return own or bool(codes) or any(tied(vocabulary, name) for name in classes)


def test_every_product_that_a_shipped_rule_names_is_tied_to_the_harmonized_system(
    program: Program,
) -> None:
    tests = [leaf.test for compiled in program.rules for leaf in compiled.rule.leaves]
    named = {term for test in tests for term in test.terms if term.startswith("product:")}
    named |= {line.ex for test in tests for line in test.codes if line.ex is not None}
    assert len(named) > 30
    assert {term for term in named if not tied(program.vocabulary, term)} == set()


def test_from_a_code_under_which_a_class_is_found_nothing_follows() -> None:
    assert vocabulary().terms["product:Toy"].found_under == ("950300",)
    realised = realiser_of(vocabulary()).realise({"goods.commodityCode": "95030041"})
    assert "product:Toy" not in realised.types
