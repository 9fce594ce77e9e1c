"""What of a WCO message is refused or told is named by its element."""

from __future__ import annotations

import pytest

from engine.declaration.derive import item_facts
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.wco import Kind, read_message
from engine.language.vocabulary import Vocabulary
from tests.conftest import DAY
from tests.wco_sample import (
    codes,
    item,
    lodged,
    message,
    read,
    refused,
)


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
