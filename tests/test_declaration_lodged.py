"""What a store keeps of an XML declaration serves as well as the message that it came from."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.messages import Sent
from engine.decide.deciding import Decider
from engine.decide.draw import DrawKeys
from engine.declaration.declaration import Declaration, Document, Item
from engine.declaration.lodged import Lodged, Place
from engine.declaration.problems import Problem, pointer
from engine.declaration.wco import Kind, amended, read_message
from tests.wco_sample import CORPUS, EXAMPLES, corpus, item, message, needs_corpus

MASS = (
    "<Commodity><GoodsMeasure><NetNetWeightMeasure>{}</NetNetWeightMeasure></GoodsMeasure>"
    "</Commodity>"
)
ORIGINAL = message(
    "<ID>26GB1</ID>",
    item(MASS.format(12) + "<Origin><CountryCode>ZU</CountryCode></Origin>") + item("", 2),
)
AMENDMENT = message("<ID>26GB1</ID>", item(MASS.format(89)), function="13", kind="COR")


def lodged(body: bytes) -> Lodged:
    found = read_message(body).lodged
    assert found is not None
    return found


def stored(kept: Lodged) -> Lodged:
    """*kept* as a store gives it back."""
    return msgspec.json.decode(msgspec.json.encode(kept), type=Lodged)


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_kept_comes_back_unchanged(name: str) -> None:
    kept = lodged(EXAMPLES[name].read_bytes())
    assert stored(kept) == kept


@needs_corpus
def test_what_is_kept_of_every_real_declaration_comes_back_unchanged() -> None:
    found = [read_message(path.read_bytes()) for path in corpus()]
    kept = [one.lodged for one in found if one.lodged is not None]
    assert len(kept) > 120
    assert [one for one in kept if stored(one) != one] == []


def test_an_amendment_is_laid_over_what_was_stored_as_over_what_was_read() -> None:
    kept = lodged(ORIGINAL)
    together = amended(read_message(AMENDMENT), stored(kept))
    assert together == amended(read_message(AMENDMENT), kept)
    assert together.declaration.goods[0].net_mass_kg == 89


def test_amendments_follow_one_another_through_the_store() -> None:
    kept = again = lodged(ORIGINAL)
    for mass in (1, 2, 3):
        amendment = read_message(
            message("<ID>26GB1</ID>", item(MASS.format(mass)), function="13", kind="COR")
        )
        kept, again = amended(amendment, kept), amended(amendment, stored(again))
    assert again == kept
    assert len(again.earlier) == 3


@needs_corpus
@pytest.mark.parametrize(
    ("declaration", "amends"),
    [
        ("TT_IM005b/TT_IM005b.xml", "TT_IM005b/TT_IM005b_Amendment.xml"),
        (
            "TT_Add_Item_Scenario_v1/Step1_Declaration.xml",
            "TT_Add_Item_Scenario_v1/Step2_Amendment.xml",
        ),
        ("TT_IM077a/TT_IM077a.xml", "TT_IM077a/Movement_Messages/Step2_GPN.xml"),
    ],
)
def test_real_amendments_are_laid_over_what_was_stored(declaration: str, amends: str) -> None:
    kept = lodged((CORPUS / declaration).read_bytes())
    later = read_message((CORPUS / amends).read_bytes())
    assert later.kind in (Kind.AMENDMENT, Kind.PRESENTATION)
    assert amended(later, stored(kept)) == amended(later, kept)


def test_a_decision_on_what_was_stored_names_the_elements(decider: Decider) -> None:
    kept = lodged(ORIGINAL)
    read, given_back = (Sent(request=one.request(), lodged=one) for one in (kept, stored(kept)))
    decision = decider.decide(read.request, on=date(2026, 11, 23), keys=DrawKeys(b"test"))
    told = given_back.told(decision)
    assert told == read.told(decision)
    (country,) = [one for one in told.remarks if one.code == "unknown-country"]
    assert country.pointer.endswith("/GovernmentAgencyGoodsItem[1]/Origin/CountryCode")
    assert country.line is not None


def test_a_field_that_is_not_stated_is_named_by_what_lacks_it() -> None:
    problem = Problem(pointer="/declaration/goods/1/commodityCode", message="missing")
    found = stored(lodged(ORIGINAL)).located(problem)
    assert found.pointer.endswith("/GovernmentAgencyGoodsItem[2]")
    assert found.message == "missing"


@pytest.mark.parametrize("where", ["/known/facts/importer.record", "/earlier/0/id", ""])
def test_a_pointer_that_leads_elsewhere_stays(where: str) -> None:
    problem = Problem(pointer=where, message="wrong")
    assert lodged(ORIGINAL).located(problem) == problem


text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@given(kind=text, identifier=text, number=st.integers(1, 99))
def test_the_place_of_a_document_is_found_whatever_its_name(
    kind: str, identifier: str, number: int
) -> None:
    document = Document(type=kind, id=identifier)
    goods = (Item(item=number, documents=(document,)),)
    place = Place("/Declaration/AdditionalDocument/TypeCode", 7)
    kept = Lodged(
        declaration=Declaration(id="1", goods=goods),
        places={pointer("goods", number, "documents", kind, identifier, "type"): place},
    )
    problem = Problem(pointer="/declaration/goods/0/documents/0/type", message="unknown")
    found = stored(kept).located(problem)
    assert (found.pointer, found.line) == place
