"""Every element of real WCO messages is mapped, or listed as not used."""

from __future__ import annotations

import pytest

from engine.declaration.problems import MalformedError
from engine.declaration.strict_xml import Element
from engine.declaration.wco import Kind, read_message
from engine.declaration.wco_elements import ENVELOPE, NOT_USED, USED, listed
from tests.wco_sample import (
    corpus,
    needs_corpus,
)


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
