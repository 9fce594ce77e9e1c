"""What is refused at the door, and that every refusal names the field and the mend."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.declaration.declaration import Consignee, Request
from engine.declaration.facts import DocumentStatus, Stage
from engine.declaration.problems import MAX_PROBLEMS, MalformedError, Problem, pointer
from engine.declaration.reading import read_declaration, read_request
from engine.declaration.strict_json import MAX_BODY

EXAMPLES = sorted((Path(__file__).parent.parent / "features" / "declarations").glob("*.json"))


def body(**changes: Any) -> bytes:
    """A small request; *changes* replace parts of its only item."""
    item = {"item": 1, "commodityCode": "1207409000", "origin": "NG", **changes}
    return json.dumps({"declaration": {"id": "D1", "goods": [item]}}).encode()


def refusal(sent: bytes) -> tuple[Problem, ...]:
    with pytest.raises(MalformedError) as caught:
        read_request(sent)
    return caught.value.problems


def pointers(sent: bytes) -> list[str]:
    return [problem.pointer for problem in refusal(sent)]


def test_a_declaration_alone_is_read_with_pointers_from_its_own_root() -> None:
    assert read_declaration(b'{"id": "D1", "goods": [{"item": 1}]}').goods[0].item == 1
    with pytest.raises(MalformedError) as caught:
        read_declaration(b'{"id": "D1", "goods": []}')
    assert caught.value.problems[0].pointer == "/goods"


def test_stage_edition_and_status_have_defaults() -> None:
    declaration = read_request(body(documents=[{"type": "C678", "id": "X"}])).declaration
    assert (declaration.stage, declaration.hs_edition) == (Stage.ACCEPTED, 2022)
    assert declaration.goods[0].documents[0].status is DocumentStatus.DECLARED


def test_numbers_are_read_exactly() -> None:
    sent = body().replace(b'"item": 1', b'"item": 1, "netMassKg": 0.1000000000000000000001')
    mass = read_request(sent).declaration.goods[0].net_mass_kg
    assert mass == Decimal("0.1000000000000000000001")


def test_days_are_read_as_days() -> None:
    sent = b'{"declaration": {"id": "D", "acceptedOn": "2026-11-23", "goods": [{"item": 1}]}}'
    assert read_request(sent).declaration.accepted_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        body()[:-7],
        body() + b" {}",
        b"\x00" + body(),
        b"\xef\xbb\xbf" + body(),
        body().replace(b"NG", b"N\xff"),
        body().decode().encode("utf-16"),
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"[]",
        b"null",
        b"1" * 100_000,
        b'"' + b"a" * 100_000,
    ],
    ids=lambda sent: repr(sent[:12]),
)
def test_what_is_no_json_object_is_refused_as_a_whole(sent: bytes) -> None:
    assert pointers(sent) == [""]


@pytest.mark.parametrize(
    "number", [b"NaN", b"Infinity", b"-Infinity", b"1e999999", b"1e-999999", b"1" * 31, b"1e30"]
)
def test_a_number_that_is_not_exact_is_refused_where_it_stands(number: bytes) -> None:
    sent = body(netMassKg=7).replace(b'"netMassKg": 7', b'"netMassKg": ' + number)
    assert pointers(sent) == ["/declaration/goods/0/netMassKg"]


def test_a_number_of_thirty_digits_is_read() -> None:
    sent = body(netMassKg=7).replace(b": 7", b": " + b"9" * 30)
    assert read_request(sent).declaration.goods[0].net_mass_kg == Decimal("9" * 30)


def test_an_inexact_number_among_facts_is_refused_too() -> None:
    sent = body(facts={"goods.ratedVoltage": 7}).replace(b": 7", b": 1e999999")
    assert pointers(sent) == ["/declaration/goods/0/facts/goods.ratedVoltage"]


def test_a_number_in_quotes_is_refused() -> None:
    assert pointers(body(netMassKg="20")) == ["/declaration/goods/0/netMassKg"]


def test_nesting_within_facts_is_bounded() -> None:
    sent = body(facts={"x": 7}).replace(b": 7", b": " + b"[" * 500 + b"]" * 500)
    assert "nested" in refusal(sent)[0].message


def test_a_repeated_key_is_refused_where_it_stands() -> None:
    sent = body().replace(b'"origin": "NG"', b'"origin": "NG", "origin": "GH"')
    assert pointers(sent) == ["/declaration/goods/0/origin"]


def test_a_key_repeated_by_an_escape_is_the_same_key() -> None:
    sent = body().replace(b'"origin": "NG"', b'"origin": "NG", "\\u006frigin": "GH"')
    assert pointers(sent) == ["/declaration/goods/0/origin"]


def test_a_repeated_fact_is_refused() -> None:
    sent = body(facts={"a": 1}).replace(b'"a": 1', b'"a": 1, "a": 1')
    assert pointers(sent) == ["/declaration/goods/0/facts/a"]


def test_an_unknown_key_is_refused_with_the_nearest_known_one() -> None:
    (problem,) = refusal(body(netMass=20))
    assert problem.pointer == "/declaration/goods/0/netMass"
    assert problem.help == "did you mean `netMassKg`?"


def test_an_unknown_key_of_a_rate_is_refused() -> None:
    request = json.loads(body())
    request["known"] = {
        "rates": [{"source": "USD", "target": "EUR", "rate": 1, "on": "2026-11-23", "at": 1}]
    }
    assert pointers(json.dumps(request).encode()) == ["/known/rates/0/at"]


def test_a_missing_field_is_named() -> None:
    (problem,) = refusal(b'{"declaration": {"goods": [{"item": 1}]}}')
    assert (problem.pointer, problem.message) == ("/declaration/id", "`id` is missing")


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("commodityCode", 1207409000, "text"),
        ("netMassKg", [], "a number"),
        ("documents", {}, "a list"),
        ("item", 1.5, "a whole number"),
        ("item", True, "a whole number"),
        ("value", 31000, "an object"),
        ("facts", [], "an object"),
    ],
)
def test_a_wrong_type_is_refused_with_the_right_one(field: str, value: Any, wanted: str) -> None:
    (problem,) = refusal(body(**{field: value}))
    assert problem.pointer == f"/declaration/goods/0/{field}"
    assert problem.help == f"write {wanted}"


def test_an_unknown_stage_is_refused_with_the_nearest() -> None:
    (problem,) = refusal(b'{"declaration": {"id": "D", "stage": "accept", "goods": [{"item": 1}]}}')
    assert (problem.pointer, problem.help) == ("/declaration/stage", "did you mean `accepted`?")


@pytest.mark.parametrize("code", ["12074", "12", "120740900", "12074090001", "1207.40", "١٢٠٧"])
def test_a_commodity_code_has_4_6_8_or_10_digits(code: str) -> None:
    (problem,) = refusal(body(commodityCode=code))
    assert problem.pointer == "/declaration/goods/0/commodityCode"
    assert problem.help is not None


def test_a_code_with_dots_is_refused_with_the_code_without() -> None:
    (problem,) = refusal(body(commodityCode="1207.40"))
    assert problem.help == "write `120740`, without dots or spaces"


@pytest.mark.parametrize(
    "day", ["2026-02-30", "23.11.2026", "2026-11-23T00:00:00", "", "9999-12-31"]
)
def test_a_wrong_day_is_refused(day: str) -> None:
    sent = {"declaration": {"id": "D", "acceptedOn": day, "goods": [{"item": 1}]}}
    assert pointers(json.dumps(sent).encode()) == ["/declaration/acceptedOn"]


def with_consignee(consignee: object) -> bytes:
    sent = {"declaration": {"id": "D", "consignee": consignee, "goods": [{"item": 1}]}}
    return json.dumps(sent).encode()


@pytest.mark.parametrize("consignee", [{"id": "GB1"}, {"name": "Seeds Ltd"}])
def test_a_consignee_may_be_known_by_name_alone(consignee: dict[str, str]) -> None:
    found = read_request(with_consignee(consignee)).declaration.consignee
    assert found == Consignee(**consignee)


@pytest.mark.parametrize(
    ("consignee", "where"),
    [({}, ""), ({"id": " "}, "/id"), ({"name": ""}, "/name"), ({"name": "x" * 201}, "/name")],
)
def test_a_consignee_is_named_or_left_out(consignee: dict[str, str], where: str) -> None:
    assert pointers(with_consignee(consignee)) == [f"/declaration/consignee{where}"]


@pytest.mark.parametrize("identifier", ["", "   ", "x" * 201, "a\u0000b", "a\nb", "\ud800"])
def test_an_identifier_is_neither_blank_nor_long_nor_controlled(identifier: str) -> None:
    sent = {"declaration": {"id": identifier, "goods": [{"item": 1}]}}
    assert pointers(json.dumps(sent).encode()) == ["/declaration/id"]


def test_a_description_may_have_lines() -> None:
    sent = body(description="white\nsesame")
    assert read_request(sent).declaration.goods[0].description == "white\nsesame"


def test_all_faults_of_content_are_told_at_once() -> None:
    sent = body(item=0, commodityCode="1", netMassKg=-1, lot=" ")
    assert pointers(sent) == [
        "/declaration/goods/0/item",
        "/declaration/goods/0/commodityCode",
        "/declaration/goods/0/lot",
        "/declaration/goods/0/netMassKg",
    ]


def test_empty_goods_are_refused() -> None:
    assert pointers(b'{"declaration": {"id": "D", "goods": []}}') == ["/declaration/goods"]


def test_an_item_number_stands_once() -> None:
    sent = b'{"declaration": {"id": "D", "goods": [{"item": 1}, {"item": 1}]}}'
    (problem,) = refusal(sent)
    assert problem.pointer == "/declaration/goods/1/item"


def test_a_document_stands_once_in_its_list() -> None:
    papers = [{"type": "C678", "id": "X"}, {"type": "C678", "id": "X"}]
    assert pointers(body(documents=papers)) == ["/declaration/goods/0/documents/1"]


def test_more_than_ten_thousand_items_are_refused() -> None:
    goods = [{"item": number} for number in range(1, 10_002)]
    sent = json.dumps({"declaration": {"id": "D", "goods": goods}}).encode()
    assert pointers(sent) == ["/declaration/goods"]


def test_ten_thousand_items_are_read() -> None:
    goods = [{"item": number} for number in range(1, 10_001)]
    sent = json.dumps({"declaration": {"id": "D", "goods": goods}}).encode()
    assert len(read_request(sent).declaration.goods) == 10_000


def test_a_body_over_the_limit_is_refused_before_it_is_parsed() -> None:
    (problem,) = refusal(b"\xff" * (MAX_BODY + 1))
    assert "bytes" in problem.message


def test_a_body_of_too_many_values_is_refused() -> None:
    (problem,) = refusal(b"[" + b"1," * 600_000 + b"1]")
    assert "values" in problem.message


def test_numbers_under_an_endless_key_are_not_each_pointed_to() -> None:
    (problem,) = refusal(b'{"' + b"k" * 1_000_000 + b'": [' + b"NaN," * 100_000 + b"NaN]}")
    assert len(str(problem)) < 300


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"procedure": {"requested": "4000"}}, "procedure/requested"),
        ({"procedure": {"requested": "40", "previous": "x"}}, "procedure/previous"),
        ({"procedure": {"requested": "40", "additional": ["00"]}}, "procedure/additional/0"),
        ({"procedure": {"requested": "40", "additional": ["000"] * 201}}, "procedure/additional"),
        ({"packages": [{"type": "BX"}, {"count": -1}]}, "packages/1/count"),
        ({"packages": [{"marks": "x" * 1_001}]}, "packages/0/marks"),
        ({"packages": [{"colour": "red"}]}, "packages/0/colour"),
        ({"packages": [{}] * 201}, "packages"),
    ],
)
def test_a_procedure_or_package_that_cannot_be_meant_is_refused(
    changes: dict[str, Any], at: str
) -> None:
    assert pointers(body(**changes)) == [f"/declaration/goods/0/{at}"]


def test_an_authorisation_has_a_type_and_a_holder() -> None:
    sent = json.loads(body())
    sent["declaration"]["authorisations"] = [{"type": "AEOC", "holder": " "}]
    assert pointers(json.dumps(sent).encode()) == ["/declaration/authorisations/0/holder"]


def test_a_list_of_documents_is_bounded() -> None:
    papers = [{"type": "C678", "id": str(number)} for number in range(201)]
    assert pointers(body(documents=papers)) == ["/declaration/goods/0/documents"]


def test_versions_that_are_too_large_together_are_refused() -> None:
    def version(first: int) -> dict[str, Any]:
        return {"id": "D", "goods": [{"item": first + number} for number in range(6_000)]}

    sent = {"declaration": version(1), "earlier": [version(6_001)]}
    assert pointers(json.dumps(sent).encode()) == ["/declaration/goods"]


def test_a_refusal_names_no_more_problems_than_can_be_read() -> None:
    goods = [{"item": 0} for _ in range(500)]
    sent = json.dumps({"declaration": {"id": "D", "goods": goods}}).encode()
    assert len(refusal(sent)) == MAX_PROBLEMS


def test_a_former_version_is_of_the_same_declaration() -> None:
    sent = json.loads(body())
    sent["earlier"] = [{"id": "D2", "goods": [{"item": 1}]}]
    assert pointers(json.dumps(sent).encode()) == ["/earlier/0/id"]


def test_a_rate_is_above_zero() -> None:
    sent = json.loads(body())
    sent["known"] = {"rates": [{"source": "USD", "target": "EUR", "rate": 0, "on": "2026-11-23"}]}
    assert pointers(json.dumps(sent).encode()) == ["/known/rates/0/rate"]


def test_a_pointer_escapes_what_rfc_6901_escapes() -> None:
    assert pointer("a/b", "c~d", 0) == "/a~1b/c~0d/0"


def test_a_refusal_can_always_be_sent_on() -> None:
    for problem in refusal(b'{"\\ud800": NaN, "x\\u0000": 1}'):
        (problem.pointer + problem.message + (problem.help or "")).encode("utf-8")


def only_refusals(sent: bytes) -> None:
    """Read *sent*; anything but a request or a refusal that points somewhere fails the test."""
    problems: tuple[Problem, ...] | None = None
    try:
        request = read_request(sent)
    except MalformedError as refused:
        problems = refused.problems
    if problems is None:
        assert isinstance(request, Request)
        return
    assert problems
    assert all(problem.pointer == "" or problem.pointer[0] == "/" for problem in problems)


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
def test_arbitrary_bytes_are_never_worse_than_refused(sent: bytes) -> None:
    only_refusals(sent)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=200)
@given(st.sampled_from(EXAMPLES), st.data())
def test_a_mutated_example_is_never_worse_than_refused(path: Path, data: st.DataObject) -> None:
    tree = json.loads(path.read_bytes())
    here: Any = tree
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.booleans()):
            here[key] = data.draw(JSON)
            break
        here = here[key]
    only_refusals(json.dumps(tree).encode())


@given(st.sampled_from(EXAMPLES), st.data())
def test_an_example_with_bytes_changed_is_never_worse_than_refused(
    path: Path, data: st.DataObject
) -> None:
    sent = bytearray(path.read_bytes())
    start = data.draw(st.integers(0, len(sent) - 1))
    sent[start : start + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    only_refusals(bytes(sent))
