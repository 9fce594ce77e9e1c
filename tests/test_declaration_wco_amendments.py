"""An amendment by a WCO message is laid over what it amends."""

from __future__ import annotations

import pytest

from engine.declaration.declaration import Consignee
from engine.declaration.facts import Stage
from engine.declaration.lodged import Lodged
from engine.declaration.problems import MalformedError
from engine.declaration.wco import Message, amended, read_message
from tests.wco_sample import (
    CORPUS,
    codes,
    item,
    lodged,
    message,
    needs_corpus,
    read,
)


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


def test_an_amendment_that_is_silent_on_the_consignee_keeps_it() -> None:
    earlier = lodged(message("", "<Consignee><Name>Seeds</Name></Consignee>" + item("")))
    silent = amended(amendment("", item("")), earlier)
    assert silent.declaration.consignee == Consignee(name="Seeds")
    other = amended(amendment("", "<Consignee><ID>GB2</ID></Consignee>"), earlier)
    assert other.declaration.consignee == Consignee(id="GB2")


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
