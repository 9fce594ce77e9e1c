"""XML is read safely or refused: attacks, broken bytes, and thousands of mutated messages."""

from __future__ import annotations

import os
import random

import pytest

from engine.declaration.derive import item_facts
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.strict_xml import MAX_ELEMENTS, MAX_LEVELS, MAX_XML, is_xml, parse_xml
from engine.declaration.wco import Kind, read_message
from engine.language.vocabulary import Vocabulary
from tests.conftest import DAY
from tests.mutations import mutated
from tests.wco_sample import CORPUS, EXAMPLES, corpus, message, nothing_outside_is_touched

MUTATIONS = 20_000 if os.environ.get("COMMENSURA_FULL") else 300

BOMB = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY b{n} '{'&a;' * 10}'>" for n in range(10)
)


def refusal(body: bytes) -> str:
    with nothing_outside_is_touched(), pytest.raises(MalformedError) as refused:
        read_message(body)
    return str(refused.value)


@pytest.mark.parametrize(
    "doctype",
    [
        BOMB + "]><a>&b9;</a>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
        "<!DOCTYPE a PUBLIC '-//x//y' 'http://127.0.0.1:9/a.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/p'> %p;]><a/>",
        "<!DOCTYPE a><a/>",
    ],
)
def test_a_doctype_is_refused_and_nothing_is_fetched(doctype: str) -> None:
    assert "a DOCTYPE is never read" in refusal(doctype.encode())


def test_an_entity_that_is_declared_nowhere_is_refused() -> None:
    assert "undefined entity" in refusal(b"<a>&x;</a>")


def test_an_inclusion_is_only_an_element() -> None:
    body = b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></a>'
    with nothing_outside_is_touched():
        assert read_message(body).kind is Kind.OTHER


def test_a_hundred_megabytes_are_refused_unread() -> None:
    assert f"more than {MAX_XML} bytes" in refusal(b"<a>" + b" " * 100_000_000 + b"</a>")


def test_ten_thousand_levels_are_refused() -> None:
    assert f"nested more than {MAX_LEVELS} levels" in refusal(b"<a>" * 10_000 + b"</a>" * 10_000)


def test_the_deepest_that_is_read_is_read() -> None:
    parse_xml(b"<a>" * MAX_LEVELS + b"</a>" * MAX_LEVELS)


def test_more_elements_than_any_declaration_has_are_refused() -> None:
    body = b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>"
    assert f"more than {MAX_ELEMENTS} elements" in refusal(body)


def test_many_attributes_count_as_elements_do() -> None:
    attributes = " ".join(f'a{n}=""' for n in range(MAX_ELEMENTS))
    assert "elements" in refusal(f"<a {attributes}/>".encode())


def test_a_name_without_end_is_refused() -> None:
    assert "a name of 100000 characters" in refusal(b"<" + b"a" * 100_000 + b"/>")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<a/>".encode("utf-16"), "UTF-16"),
        ("<a/>".encode("utf-16-le"), "UTF-16"),
        ("<a/>".encode("utf-16-be"), "UTF-16"),
        ("<a>é</a>".encode("latin-1"), "not UTF-8 at byte 3"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "encoding `ISO-8859-1` is not read"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "encoding `UTF-7` is not read"),
        (b'<?xml version="1.1"?><a/>', "XML 1.1"),
        (b"<a>\x00</a>", "not XML"),
        ("<a>\x85</a>".encode(), "control character"),
        (b"<a><b></a>", "mismatched tag"),
        (b"<a/><b/>", "junk after"),
        (b"<", "not XML"),
        (b"<a xmlns:p=''/>", "not XML"),
        (b"<p:a/>", "unbound prefix"),
        (b"<!-- nothing -->", "no element"),
    ],
)
def test_what_is_not_whole_xml_in_utf_8_is_refused(body: bytes, fault: str) -> None:
    assert is_xml(body)
    assert fault in refusal(body)


def test_every_truncation_is_refused() -> None:
    body = EXAMPLES["sesame-nigeria"].read_bytes().rstrip()
    for end in range(1, len(body), 37):
        assert "not XML" in refusal(body[:end]) or end < 5


def test_a_fault_names_its_line_and_the_element_it_is_in() -> None:
    with pytest.raises(MalformedError) as refused:
        parse_xml(b"<a>\n<b>\n<c></b></a>")
    (problem,) = refused.value.problems
    assert (problem.pointer, problem.line) == ("/a/b/c", 3)
    assert str(problem).startswith("/a/b/c (line 3): not XML: mismatched tag")


def test_a_path_tells_children_of_one_name_apart() -> None:
    root = parse_xml(b"<a><b/><c/><b><d/></b></a>")
    assert [element.path for element in root.walk()] == [
        "/a",
        "/a/b[1]",
        "/a/c",
        "/a/b[2]",
        "/a/b[2]/d",
    ]


def test_white_space_is_made_single() -> None:
    assert parse_xml(b"<a>\n  cut\t roses <!-- x -->fresh </a>").text == "cut roses fresh"


def test_a_byte_order_mark_and_blank_lines_are_passed_over() -> None:
    body = b"\xef\xbb\xbf\r\n" + message()
    assert is_xml(body)
    assert read_message(body).kind is Kind.DECLARATION


def test_json_is_not_taken_for_xml() -> None:
    assert not is_xml(b' {"declaration": "<a/>"}')


def test_mutated_messages_are_read_or_refused_and_nothing_else(vocabulary: Vocabulary) -> None:
    bodies = [path.read_bytes() for path in EXAMPLES.values()]
    if CORPUS.is_dir():
        bodies += [path.read_bytes() for path in corpus() if path.stat().st_size < 60_000][::9]
    chance = random.Random(20261123)
    read = refused = 0
    with nothing_outside_is_touched():
        for _ in range(MUTATIONS):
            body = mutated(chance.choice(bodies), chance.choice(bodies), chance)
            try:
                found = read_message(body)
                if found.kind is Kind.DECLARATION and found.lodged is not None:
                    for report in item_facts(found.request(), vocabulary, DAY).reports:
                        problem = Problem(pointer=report.pointer, message=report.message)
                        assert found.lodged.located(problem).line
                read += 1
            except MalformedError as error:
                refused += len(error.problems) > 0
    print(f"\n{MUTATIONS} mutated messages: {read} read, {refused} refused")
    assert read + refused == MUTATIONS
    assert min(read, refused) > MUTATIONS / 20
