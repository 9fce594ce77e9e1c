"""WCO XML means what JSON means; what it says is mapped, or listed, or told."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from engine.declaration.declaration import (
    Authorisation,
    Consignee,
    Declaration,
    Item,
    Package,
    Procedure,
)
from engine.declaration.derive import item_facts
from engine.declaration.facts import DocumentStatus, Stage
from engine.declaration.lodged import Lodged
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.reading import read_declaration, read_request
from engine.declaration.strict_xml import Element
from engine.declaration.wco import Kind, Message, amended, read_message
from engine.declaration.wco_elements import ENVELOPE, NOT_USED, USED, listed
from engine.declaration.wco_header import MODES
from engine.language.vocabulary import Vocabulary
from tests.conftest import DAY
from tests.wco_sample import (
    CORPUS,
    EXAMPLES,
    SESAME_JSON,
    corpus,
    item,
    message,
    needs_corpus,
)


def read(*arguments: str, **options: str) -> Message:
    return read_message(message(*arguments, **options))


def lodged(body: bytes) -> Lodged:
    found = read_message(body).lodged
    assert found is not None
    return found


def declared(*arguments: str, **options: str) -> Declaration:
    return lodged(message(*arguments, **options)).declaration


def only_item(inside: str) -> Item:
    (found,) = declared("", item(inside)).goods
    return found


def refused(*arguments: str, **options: str) -> Problem:
    with pytest.raises(MalformedError) as raised:
        read(*arguments, **options)
    (problem,) = raised.value.problems
    return problem


def codes(found: Message | Lodged) -> list[str]:
    kept = found.lodged if isinstance(found, Message) else found
    assert kept is not None
    return [report.code.value for report in kept.reports]


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


def test_an_amendment_that_is_silent_on_the_consignee_keeps_it() -> None:
    earlier = lodged(message("", "<Consignee><Name>Seeds</Name></Consignee>" + item("")))
    silent = amended(amendment("", item("")), earlier)
    assert silent.declaration.consignee == Consignee(name="Seeds")
    other = amended(amendment("", "<Consignee><ID>GB2</ID></Consignee>"), earlier)
    assert other.declaration.consignee == Consignee(id="GB2")


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


# What is refused or told, with its element


@pytest.mark.parametrize(
    ("inside", "path", "words"),
    [
        (
            "<Commodity><Classification><ID>1207.40</ID>"
            "<IdentificationTypeCode>TSP</IdentificationTypeCode></Classification></Commodity>",
            "/Commodity/Classification/ID",
            "write `120740`",
        ),
        (
            "<Commodity><GoodsMeasure><NetNetWeightMeasure>-1</NetNetWeightMeasure>"
            "</GoodsMeasure></Commodity>",
            "/Commodity/GoodsMeasure/NetNetWeightMeasure",
            "a mass of -1 kg",
        ),
        (
            "<Commodity><GoodsMeasure><NetNetWeightMeasure>1e3</NetNetWeightMeasure>"
            "</GoodsMeasure></Commodity>",
            "/Commodity/GoodsMeasure/NetNetWeightMeasure",
            "is no number",
        ),
        (
            "<StatisticalValueAmount>5</StatisticalValueAmount>",
            "/StatisticalValueAmount",
            "an amount without a currency",
        ),
        (
            "<Packaging/><Packaging><QuantityQuantity>few</QuantityQuantity></Packaging>",
            "/Packaging[2]/QuantityQuantity",
            "is no whole number",
        ),
        (
            "<GovernmentProcedure><CurrentCode>4000</CurrentCode></GovernmentProcedure>",
            "/GovernmentProcedure/CurrentCode",
            "is no code of a procedure",
        ),
    ],
)
def test_a_fault_names_the_element_and_the_mend(inside: str, path: str, words: str) -> None:
    problem = refused("", item("<Origin/>") + item(inside, 2))
    items = "/MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]"
    assert problem.pointer == items + path
    assert words in str(problem)
    assert problem.line == 3
    assert problem.help


@pytest.mark.parametrize(
    ("goods", "words"),
    [
        ("", "no goods are declared"),
        (item("") + item(""), "a second item has the number 1"),
        (item("<SequenceNumeric>2</SequenceNumeric>"), "`SequenceNumeric` is stated twice"),
        ("<GovernmentAgencyGoodsItem/>", "the item has no `SequenceNumeric`"),
        (item("", 0), "the item number is 0"),
    ],
)
def test_goods_that_cannot_be_told_apart_are_refused(goods: str, words: str) -> None:
    with pytest.raises(MalformedError, match=words):
        read("", goods)


def test_a_day_that_is_none_is_refused() -> None:
    day = '<AcceptanceDateTime><DateTimeString formatCode="{}">{}</DateTimeString>'
    for code, text in (("304", "20261323120000Z"), ("102", "2026112"), ("7", "20261123")):
        problem = refused(day.format(code, text) + "</AcceptanceDateTime>")
        assert problem.pointer == "/MetaData/Declaration/AcceptanceDateTime/DateTimeString"


def test_an_unknown_country_or_code_is_told_by_its_element(vocabulary: Vocabulary) -> None:
    goods = item(
        "<Commodity><Classification><ID>99887766</ID>"
        "<IdentificationTypeCode>TSP</IdentificationTypeCode></Classification></Commodity>"
        "<Origin><CountryCode>ZU</CountryCode></Origin>"
    )
    found = lodged(message("", goods))
    told_of = {}
    for report in item_facts(found.request(), vocabulary, DAY).reports:
        problem = found.located(Problem(pointer=report.pointer, message=report.message))
        told_of[report.code.value] = problem.pointer.rpartition("Item")[2]
    assert told_of["unknown-country"] == "/Origin/CountryCode"
    assert told_of["unknown-code"] == "/Commodity/Classification/ID"


def test_items_announced_and_not_here_are_told() -> None:
    assert codes(read("<GoodsItemQuantity>3</GoodsItemQuantity>")) == ["count-mismatch"]


def test_an_element_in_neither_table_is_told() -> None:
    assert codes(read("<Novelty><ID>1</ID></Novelty>")) == ["unknown-element"]


def test_a_document_without_a_number_is_told_and_not_taken() -> None:
    found = read("", item("<AdditionalDocument><TypeCode>678</TypeCode></AdditionalDocument>"))
    assert codes(found) == ["unnumbered"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<MetaData><Response><Declaration/></Response></MetaData>", Kind.NOTIFICATION),
        (b"<inventoryLinkingMovementRequest/>", Kind.MOVEMENT),
        (b"<DeclarationStatusResponse/>", Kind.STATUS),
        (b"<invoice/>", Kind.OTHER),
        (message(kind="EXA"), Kind.EXPORT),
        (message(function="13", kind="COR"), Kind.AMENDMENT),
        (message("", "", function="13", kind="INV"), Kind.CANCELLATION),
        (message("", "", function="13", kind="GPR"), Kind.PRESENTATION),
    ],
)
def test_what_is_no_declaration_by_itself_says_what_it_is(body: bytes, kind: Kind) -> None:
    found = read_message(body)
    assert found.kind is kind
    with pytest.raises(MalformedError) as raised:
        found.request()
    (problem,) = raised.value.problems
    assert problem.help
    assert problem.pointer.startswith("/")


def test_other_functions_types_versions_and_several_declarations_are_refused() -> None:
    assert refused(function="5").pointer == "/MetaData/Declaration/FunctionCode"
    assert refused(function="13", kind="ABC").pointer == "/MetaData/Declaration/TypeCode"
    body = message().replace(
        b"<Declaration>", b"<WCODataModelVersionCode>4.0</WCODataModelVersionCode><Declaration>"
    )
    for sent in (body, b"<a>" + message() * 2 + b"</a>"):
        with pytest.raises(MalformedError):
            read_message(sent)


# Amendments


def amendment(inside: str = "", goods: str = "") -> Message:
    return read(inside, goods, function="13", kind="COR", number="A1")


def first(**options: str) -> Lodged:
    goods = item("<Origin><CountryCode>NG</CountryCode></Origin>") + item("", 2)
    return lodged(message("<ID>26GB1</ID>", goods, **options))


def test_an_amendment_is_laid_over_what_it_amends() -> None:
    mass = (
        "<Commodity><GoodsMeasure><NetNetWeightMeasure>89</NetNetWeightMeasure></GoodsMeasure>"
        "</Commodity>"
    )
    together = amended(amendment("<ID>26GB1</ID>", item(mass)), first())
    assert together.declaration.id == "X1"
    assert together.declaration.goods[0].net_mass_kg == 89
    assert together.declaration.goods[0].origin == "NG"
    assert together.earlier == (first().declaration,)
    assert together.request().earlier == together.earlier


def test_an_amendment_may_add_an_item() -> None:
    together = amended(amendment("", item("", 3)), first())
    assert {one.item for one in together.declaration.goods} == {1, 2, 3}


def test_nothing_is_withdrawn_without_an_officer() -> None:
    pointers = "".join(
        f"<Pointer><SequenceNumeric>{number}</SequenceNumeric>"
        f"<DocumentSectionCode>{section}</DocumentSectionCode></Pointer>"
        for section, number in (("42A", 1), ("67A", 1), ("68A", 2))
    )
    together = amended(amendment(f"<Amendment>{pointers}</Amendment>"), first())
    assert {one.item for one in together.declaration.goods} == {1, 2}
    assert codes(together) == ["withdrawal"]
    assert "GovernmentAgencyGoodsItem 2" in together.reports[0].message


def test_an_amendment_of_another_declaration_is_refused() -> None:
    with pytest.raises(MalformedError, match="it is about `26GB2`, not about `26GB1`"):
        amended(amendment("<ID>26GB2</ID>"), first())


def test_a_presentation_brings_goods_lodged_before_to_arrival() -> None:
    presented = read("", "", function="13", kind="GPR")
    assert amended(presented, first(kind="IMD")).declaration.stage is Stage.ARRIVAL
    assert amended(presented, first()).declaration.stage is Stage.ACCEPTED


def test_a_fault_of_two_versions_together_names_its_element() -> None:
    many = "".join(
        f"<AdditionalDocument><TypeCode>N{letter}</TypeCode><ID>{{}}{number}</ID>"
        "</AdditionalDocument>"
        for letter in "AB"
        for number in range(75)
    )
    earlier = lodged(message("", item(many.format(*["a"] * 150))))
    later = amendment("", item(many.format(*["b"] * 150)))
    with pytest.raises(MalformedError) as raised:
        amended(later, earlier)
    assert "GovernmentAgencyGoodsItem" in raised.value.problems[0].pointer


# The corpus


def paths(element: Element, at: str = "") -> set[str]:
    found = set()
    for child in element.children:
        here = f"{at}/{child.name}".lstrip("/")
        found |= {here, *paths(child, here)}
    return found


def test_no_element_is_both_used_and_not() -> None:
    assert USED.keys() & NOT_USED.keys() == set()
    assert all(reason for reason in (*USED.values(), *NOT_USED.values()))


@needs_corpus
def test_every_element_of_the_corpus_is_used_or_listed() -> None:
    seen: set[str] = set()
    for path in corpus():
        found = read_message(path.read_bytes())
        if found.lodged is None and found.kind is not Kind.CANCELLATION:
            continue
        seen |= paths(found.at)
        if found.root.name == "MetaData":
            assert {child.name for child in found.root.children} <= ENVELOPE | {"Declaration"}
    assert len(seen) > 150
    assert sorted(path for path in seen if not listed(path)) == []


@needs_corpus
def test_every_file_of_the_corpus_is_a_declaration_or_refused_by_name() -> None:
    kinds: dict[str, int] = {}
    for path in corpus():
        found = read_message(path.read_bytes())
        kinds[found.kind] = kinds.get(found.kind, 0) + 1
        if found.kind is not Kind.DECLARATION:
            with pytest.raises(MalformedError):
                found.request()
    print(f"\n{sum(kinds.values())} files: {kinds}")
    assert kinds[Kind.DECLARATION] > 120
    assert kinds.get(Kind.OTHER, 0) == 0


@needs_corpus
@pytest.mark.parametrize(
    ("folder", "declaration", "amends"),
    [
        ("TT_IM005b", "TT_IM005b.xml", "TT_IM005b_Amendment.xml"),
        ("TT_IM011a", "TT_IM011a.xml", "TT_IM011a_Amendment.xml"),
        ("TT_IM017a", "Step1_TT_IM017a.xml", "TT_IM017a_Amendment.xml"),
        ("TT_IM033b", "TT_IM033b.xml", "TT_IM033b_Amendment.xml"),
        ("TT_IM061b", "TT_IM061a.xml", "TT_IM061b_Amendment.xml"),
        ("TT_Add_Item_Scenario_v1", "Step1_Declaration.xml", "Step2_Amendment.xml"),
        ("TT_IM077a", "TT_IM077a.xml", "Movement_Messages/Step2_GPN.xml"),
    ],
)
def test_real_amendments_are_laid_over_what_they_amend(
    folder: str, declaration: str, amends: str
) -> None:
    earlier = lodged((CORPUS / folder / declaration).read_bytes())
    later = read_message((CORPUS / folder / amends).read_bytes())
    together = amended(later, earlier)
    assert together.request().declaration.id == earlier.request().declaration.id
    assert len(together.request().declaration.goods) >= len(earlier.request().declaration.goods)
