"""A small vocabulary built by hand, with the facts that declarations and their tests speak of."""

from __future__ import annotations

from decimal import Decimal

from engine.language.vocabulary import (
    Certificate,
    Fact,
    FactType,
    Scope,
    Source,
    Term,
    Vocabulary,
)

_DECLARED = """
goods.commodityCode code item
goods.origin country item
goods.originGrown country item
goods.originProcessed country item
goods.description text item
goods.product term item product
goods.intendedUse term item use
goods.state term item state
goods.packedForConsumer boolean item
goods.netMassKg number item
goods.grossMassKg number item
goods.value money item
goods.intendedAgeMonths number item
goods.smallParts boolean item
goods.ceMarked boolean item
goods.mainsPowered boolean item
goods.ratedVoltage number item
documents documents item
consignment.exportCountry country consignment
consignment.privateUse boolean consignment
consignment.commercialSample boolean consignment
consignment.transportMode term consignment mode
"""
_LOOKED_UP = """
importer.authorised boolean consignment
importer.nonCompliantShare number consignment
importer.inspections number consignment
"""
_DERIVED = """
goods.valuePerKg money item
consignment.netMassKg number consignment
consignment.value money consignment
"""
_CONCLUDED = """
goods.type terms item product
item.riskLevel term item level
importer.record term consignment record
"""
_CLOSED = {"consignment.privateUse", "consignment.commercialSample", "documents"}
_MAXIMUM = {"importer.nonCompliantShare": Decimal(1), "goods.intendedAgeMonths": Decimal(1200)}
_CODES = """
07 Vegetables
0713 Dried leguminous vegetables
071339 Beans, other, dried
12 Oil seeds
1207 Other oil seeds
120740 Sesamum seeds
61 Knitted apparel
6109 T-shirts
610910 T-shirts of cotton
85 Electrical machinery
8504 Transformers and static converters
850440 Static converters
95 Toys
9503 Toys
950300 Toys
"""
_TERMS = """
product:Food
product:SesameSeeds product:Food 120740
product:DriedBeans product:Food 0713
product:Toy - 9503
product:PlushToy product:Toy
product:Garment - 6109
product:ElectricalEquipment
product:UsbCharger product:ElectricalEquipment
use:Food
use:Feed
use:Consumer
state:Dried
mode:Sea
mode:Air
level:High
record:Poor
"""


def _facts(lines: str, source: Source) -> dict[str, Fact]:
    found = {}
    for line in lines.split("\n"):
        if line:
            name, kind, scope, *domain = line.split()
            found[name] = Fact(
                id=name,
                label=name,
                definition=f"The fact {name}.",
                type=FactType(kind),
                source=source,
                scope=Scope(scope),
                range=domain[0] if domain else None,
                closed=name in _CLOSED,
                minimum=Decimal(0) if kind == "number" else None,
                maximum=_MAXIMUM.get(name),
            )
    return found


def _terms() -> dict[str, Term]:
    found: dict[str, Term] = {}
    for line in _TERMS.strip().split("\n"):
        name, parent, code, *_ = [*line.split(), "-", "-"]
        above = found[parent].ancestors if parent != "-" else frozenset()
        found[name] = Term(
            id=name,
            label=name,
            definition=f"The term {name}.",
            kind=name.partition(":")[0],
            ancestors=above | {name},
            codes=() if code == "-" else (code,),
        )
    return found


def _certificates() -> dict[str, Certificate]:
    sample = (
        Certificate(id="certificate:ChedD", label="", definition="", notations=("C678",)),
        Certificate(
            id="certificate:OfficialCertificate1793",
            label="",
            definition="",
            notations=("1793-CERT",),
            valid_months=4,
            analysis_months=6,
        ),
        Certificate(
            id="certificate:AnalysisResults1793",
            label="",
            definition="",
            notations=("1793-ANALYSIS",),
            analysis_months=6,
        ),
        Certificate(
            id="certificate:CommercialInvoice",
            label="",
            definition="",
            notations=("N380",),
            required_from="accepted",
        ),
        Certificate(
            id="certificate:AccreditedTestReport",
            label="",
            definition="",
            required_from="post-release",
        ),
    )
    return {certificate.id: certificate for certificate in sample}


def vocabulary_sample() -> Vocabulary:
    """The sample, fresh for each caller."""
    return Vocabulary(
        facts={
            **_facts(_DECLARED, Source.DECLARED),
            **_facts(_LOOKED_UP, Source.LOOKED_UP),
            **_facts(_DERIVED, Source.DERIVED),
            **_facts(_CONCLUDED, Source.CONCLUDED),
        },
        terms=_terms(),
        agencies={},
        certificates=_certificates(),
        groups={},
        bases={},
        codes=dict(line.split(" ", 1) for line in _CODES.strip().split("\n")),
        countries={"NG": "Nigeria", "CN": "China", "BD": "Bangladesh", "NA": "Namibia"},
        currencies=frozenset({"EUR", "USD", "NGN"}),
    )
