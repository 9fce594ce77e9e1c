"""WCO XML means what JSON means; what it says is mapped."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from engine.declaration.declaration import (
    Authorisation,
    Consignee,
    Package,
    Procedure,
)
from engine.declaration.derive import item_facts
from engine.declaration.facts import DocumentStatus, Stage
from engine.declaration.reading import read_declaration, read_request
from engine.declaration.wco import read_message
from engine.declaration.wco_header import MODES
from engine.language.vocabulary import Vocabulary
from tests.conftest import DAY
from tests.wco_sample import (
    EXAMPLES,
    SESAME_JSON,
    codes,
    declared,
    item,
    lodged,
    message,
    only_item,
    refused,
)

# One meaning, two spellings


def test_xml_and_json_of_one_story_are_the_same_declaration(vocabulary: Vocabulary) -> None:
    told_in_xml = read_message(EXAMPLES["sesame-nigeria"].read_bytes()).request()
    told_in_json = read_request(SESAME_JSON)
    as_xml = item_facts(told_in_xml, vocabulary, DAY)
    as_json = item_facts(told_in_json, vocabulary, DAY)
    assert as_xml.items == as_json.items
    mode = msgspec.structs.replace(told_in_xml.declaration, transport_mode="sea")
    assert mode == told_in_json.declaration


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_written_out_as_json_gives_the_same_facts(
    name: str, vocabulary: Vocabulary
) -> None:
    found = lodged(EXAMPLES[name].read_bytes())
    again = read_declaration(msgspec.json.encode(told(found.declaration)))
    assert again == found.declaration
    request = msgspec.structs.replace(found.request(), declaration=again)
    assert item_facts(request, vocabulary, DAY) == item_facts(found.request(), vocabulary, DAY)


def told(declaration: msgspec.Struct) -> object:
    """What is stated, with numbers as JSON numbers."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items() if part is not None}
        if isinstance(value, list | tuple):
            return [plain(part) for part in value]
        return msgspec.Raw(str(value).encode()) if isinstance(value, Decimal) else value

    return plain(msgspec.to_builtins(declaration, builtin_types=(Decimal,)))


def test_there_are_five_examples() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_leaves_nothing_unread(name: str, vocabulary: Vocabulary) -> None:
    found = lodged(EXAMPLES[name].read_bytes())
    assert found.reports == ()
    reports = item_facts(found.request(), vocabulary, DAY).reports
    assert {report.code.value for report in reports} <= {"undeclared-day"}


# What is mapped


def test_the_commodity_code_is_extended_by_two_digits_only() -> None:
    classification = (
        "<Classification><ID>{}</ID><IdentificationTypeCode>{}</IdentificationTypeCode>"
        "</Classification>"
    )
    parts = [("VATZ", "GN"), ("4604", "TRA"), ("00", "TRC"), ("12074090", "TSP"), ("0123-4", "CV")]
    inside = "".join(classification.format(*part) for part in parts)
    assert only_item(f"<Commodity>{inside}</Commodity>").commodity_code == "1207409000"


def test_a_subheading_is_not_extended() -> None:
    inside = (
        "<Classification><ID>120740</ID><IdentificationTypeCode>HS</IdentificationTypeCode>"
        "</Classification><Classification><ID>90</ID>"
        "<IdentificationTypeCode>TRC</IdentificationTypeCode></Classification>"
    )
    assert only_item(f"<Commodity>{inside}</Commodity>").commodity_code == "120740"


@pytest.mark.parametrize(
    ("origins", "taken"),
    [
        ([("MA", "1"), ("GB", "2")], "MA"),
        ([("TN", "2")], "TN"),
        ([("FR", "")], "FR"),
        ([("", "1")], None),
        ([("DE", "7")], None),
    ],
)
def test_a_preferential_origin_counts_only_where_it_stands_alone(
    origins: list[tuple[str, str]], taken: str | None
) -> None:
    inside = "".join(
        f"<Origin><CountryCode>{country}</CountryCode><TypeCode>{kind}</TypeCode></Origin>"
        for country, kind in origins
    )
    assert only_item(inside).origin == taken


@pytest.mark.parametrize(
    ("exemption", "status"),
    [
        ("", DocumentStatus.DECLARED),
        ("AC", DocumentStatus.DECLARED),
        ("AE", DocumentStatus.DECLARED),
        ("JP", DocumentStatus.DECLARED),
        ("XX", DocumentStatus.MISSING),
        ("XW", DocumentStatus.MISSING),
    ],
)
def test_no_code_of_the_trader_verifies_a_document_and_a_waiver_is_none(
    exemption: str, status: DocumentStatus
) -> None:
    (document,) = only_item(
        "<AdditionalDocument><CategoryCode>C</CategoryCode><TypeCode>678</TypeCode><ID>A1</ID>"
        f"<LPCOExemptionCode>{exemption}</LPCOExemptionCode></AdditionalDocument>"
    ).documents
    assert (document.type, document.id, document.status) == ("C678", "A1", status)


@pytest.mark.parametrize(
    ("unit", "mass"), [("", "12.5"), ("KGM", "12.5"), ("TNE", "12500"), ("GRM", "0.0125")]
)
def test_a_mass_is_in_kilograms(unit: str, mass: str) -> None:
    attribute = f' unitCode="{unit}"' if unit else ""
    measure = f"<NetNetWeightMeasure{attribute}>12.5</NetNetWeightMeasure>"
    found = only_item(f"<Commodity><GoodsMeasure>{measure}</GoodsMeasure></Commodity>")
    assert found.net_mass_kg == Decimal(mass)


def test_a_mass_in_another_unit_is_unknown_and_told() -> None:
    measure = '<GrossMassMeasure unitCode="LBR">3</GrossMassMeasure>'
    found = lodged(
        message("", item(f"<Commodity><GoodsMeasure>{measure}</GoodsMeasure></Commodity>"))
    )
    assert found.declaration.goods[0].gross_mass_kg is None
    assert codes(found) == ["unknown-unit"]


@pytest.mark.parametrize(
    ("amounts", "basis"), [("icd", "invoice"), ("cd", "customs"), ("d", "statistical")]
)
def test_a_value_says_what_it_is_based_on(amounts: str, basis: str) -> None:
    written = {
        "i": '<Commodity><InvoiceLine><ItemChargeAmount currencyID="EUR">7</ItemChargeAmount>'
        "</InvoiceLine></Commodity>",
        "c": '<CustomsValueAmount currencyID="EUR">8</CustomsValueAmount>',
        "d": '<StatisticalValueAmount currencyID="EUR">9</StatisticalValueAmount>',
    }
    value = only_item("".join(written[letter] for letter in amounts)).value
    assert value is not None
    assert value.basis == basis


def test_procedure_and_packages_are_kept() -> None:
    found = only_item(
        "<GovernmentProcedure><CurrentCode>53</CurrentCode><PreviousCode>00</PreviousCode>"
        "</GovernmentProcedure><GovernmentProcedure><CurrentCode>D03</CurrentCode>"
        "</GovernmentProcedure><Packaging><QuantityQuantity>5</QuantityQuantity>"
        "<TypeCode>BX</TypeCode></Packaging>"
    )
    assert found.procedure == Procedure(requested="53", previous="00", additional=("D03",))
    assert found.packages == (Package(count=5, type="BX"),)


def test_authorisations_are_named_and_not_believed() -> None:
    found = declared(
        "<AuthorisationHolder><ID>T1</ID><CategoryCode>AEOC</CategoryCode></AuthorisationHolder>"
        "<AEOMutualRecognitionParty><ID>P1</ID><RoleCode>MF</RoleCode>"
        "</AEOMutualRecognitionParty>"
    )
    assert found.authorisations == (
        Authorisation(type="AEOC", holder="T1"),
        Authorisation(type="AEO-PARTNER MF", holder="P1"),
    )


@pytest.mark.parametrize("place", ["Consignee", "Consignment Consignee"])
@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<ID>GB1</ID>", Consignee(id="GB1")),
        ("<Name>Seeds</Name><Address><CityName>X</CityName></Address>", Consignee(name="Seeds")),
        ("<Name>Seeds</Name><ID>GB1</ID>", Consignee(id="GB1", name="Seeds")),
        ("<Address><CityName>X</CityName></Address>", None),
        ("", None),
    ],
)
def test_a_consignee_is_kept_by_number_or_by_name(
    place: str, inside: str, found: Consignee | None
) -> None:
    opened = "".join(f"<{name}>" for name in place.split())
    closed = "".join(f"</{name}>" for name in reversed(place.split()))
    assert declared("", f"{opened}{inside}{closed}{item('')}").consignee == found


def test_the_consignee_of_the_shipment_goes_before_that_of_the_consignment() -> None:
    both = "<Consignment><Consignee><ID>B</ID></Consignee></Consignment>"
    found = declared("", f"{both}<Consignee><ID>A</ID></Consignee>{item('')}")
    assert found.consignee == Consignee(id="A")


def test_a_consignee_without_end_is_refused_by_its_element() -> None:
    problem = refused("", f"<Consignee><Name>{'x' * 201}</Name></Consignee>{item('')}")
    assert problem.pointer == "/MetaData/Declaration/GoodsShipment/Consignee/Name"


@pytest.mark.parametrize(
    ("kind", "stage"),
    [("IMA", Stage.ACCEPTED), ("IMD", Stage.PRE_ARRIVAL), ("IMY", Stage.POST_RELEASE)],
)
def test_the_type_says_the_stage(kind: str, stage: Stage) -> None:
    assert declared(kind=kind).stage is stage


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("102", "20261123"),
        ("203", "202611231530"),
        ("204", "20261123153000"),
        ("304", "20261123233000+01"),
        ("304", "20261123153000Z"),
        ("", "2026-11-23"),
        ("", "2026-11-23T15:30:00Z"),
    ],
)
def test_a_day_is_taken_as_written(code: str, text: str) -> None:
    attribute = f' formatCode="{code}"' if code else ""
    declaration = declared(
        f"<AcceptanceDateTime><DateTimeString{attribute}>{text}</DateTimeString>"
        "</AcceptanceDateTime>"
    )
    assert declaration.accepted_on == DAY


def test_the_reference_and_transport_document_are_those_of_the_whole_consignment() -> None:
    previous = "<PreviousDocument><ID>{}</ID><TypeCode>{}</TypeCode></PreviousDocument>"
    both = previous.format("U1", "DCR") + previous.format("BL1", "705")
    declaration = declared("", item(both) + item(previous.format("U1", "DCR"), 2))
    assert (declaration.ucr, declaration.transport_document) == ("U1", "BL1")
    several = declared("", item(both) + item(previous.format("U2", "DCR"), 2))
    assert several.ucr is None


def test_prefixes_and_namespaces_do_not_matter_but_extensions_do() -> None:
    body = message("<Declarant><ID>B1</ID></Declarant>").decode()
    prefixed = body.replace("<", "<w:").replace("<w:/", "</w:").replace("xmlns=", "xmlns:w=")
    assert lodged(prefixed.encode()).declaration == lodged(body.encode()).declaration
    extended = body.replace("<Declarant>", '<Declarant xmlns="urn:somebody">')
    found = lodged(extended.encode())
    assert found.declaration.declarant is None
    assert codes(found) == ["unknown-element"]


def test_the_modes_of_transport_are_those_of_the_ontology(vocabulary: Vocabulary) -> None:
    terms = {term for term in vocabulary.terms if term.startswith("mode:")}
    assert set(MODES.values()) == terms
