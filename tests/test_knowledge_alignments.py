"""Alignments refer to other vocabularies: they declare nothing, and nothing follows from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.knowledge import load
from engine.language.vocabulary import Alignment, Vocabulary
from tests.knowledge_sample import PREFIXES, edit, more, refusal, written

HEAD = PREFIXES + "@prefix gs1: <https://ref.gs1.org/voc/> .\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def align(folder: Path, text: str, file: str = "alignments.ttl") -> None:
    (folder / file).write_text(HEAD + text, encoding="utf-8")


def test_a_term_is_aligned_in_a_module_of_its_own(folder: Path) -> None:
    align(folder, "product:Toy skos:broadMatch gs1:Product ; rdfs:seeAlso <https://toys.example> .")
    assert load(folder).terms["product:Toy"].alignments == (
        Alignment("broadMatch", "https://ref.gs1.org/voc/Product"),
        Alignment("seeAlso", "https://toys.example"),
    )


def test_a_term_is_aligned_where_it_is_declared(folder: Path) -> None:
    edit(
        folder,
        "use:Play a core:Use ;",
        "use:Play a core:Use ; rdfs:seeAlso <https://play.example> ;",
    )
    assert load(folder).terms["use:Play"].alignments == (
        Alignment("seeAlso", "https://play.example"),
    )


def test_what_is_no_term_is_aligned_too(folder: Path) -> None:
    align(folder, "core:Fact skos:closeMatch gs1:A .\nfact:goods.age skos:closeMatch gs1:B .")
    assert load(folder).alignments == {
        "core:Fact": (Alignment("closeMatch", "https://ref.gs1.org/voc/A"),),
        "fact:goods.age": (Alignment("closeMatch", "https://ref.gs1.org/voc/B"),),
    }


def test_an_alignment_changes_nothing_else(folder: Path) -> None:
    before = load(folder)
    align(folder, "use:Play skos:exactMatch gs1:Play .\ncore:Use skos:exactMatch gs1:Use .")
    after = load(folder)
    assert after.facts == before.facts
    assert {name: term for name, term in after.terms.items() if name != "use:Play"} == {
        name: term for name, term in before.terms.items() if name != "use:Play"
    }


def test_a_block_that_says_more_is_a_second_declaration(folder: Path) -> None:
    align(folder, 'product:Toy skos:exactMatch gs1:Toy ; core:allUnder "9503" .')
    (found,) = refusal(folder)
    assert (found.code, found.message) == ("duplicate-id", "`product:Toy` is declared twice")


def test_a_term_is_aligned_in_one_place(folder: Path) -> None:
    align(folder, "product:Toy skos:broadMatch gs1:Product .")
    align(folder, "product:Toy skos:closeMatch gs1:Toy .", "more.ttl")
    (found,) = refusal(folder)
    assert (found.code, found.file) == ("duplicate-id", "ontology/more.ttl")
    assert found.message == "`product:Toy` is aligned twice"


def test_what_is_aligned_is_declared(folder: Path) -> None:
    align(folder, "product:Doll skos:closeMatch gs1:Doll .\nproduct:Dol skos:closeMatch gs1:Doll .")
    (found,) = refusal(folder)
    assert (found.code, found.help) == ("unknown-term", "did you mean `product:Doll`?")
    assert (found.file, found.line) == ("ontology/alignments.ttl", HEAD.count("\n") + 2)


@pytest.mark.parametrize(
    "iri",
    [
        "product:Doll",
        "<https://w3id.org/commensura>",
        "<urn:x:toy>",
        "<Toy>",
        "<http:toy>",
        '"a toy"',
        "[ ]",
    ],
)
def test_an_alignment_names_a_web_address_elsewhere(folder: Path, iri: str) -> None:
    align(folder, f"# The next line is wrong\nproduct:Toy skos:closeMatch {iri} .")
    found = [one for one in refusal(folder) if one.code == "wrong-alignment"]
    assert [one.file for one in found] == ["ontology/alignments.ttl"]
    assert "no web address outside this project" in found[0].message


def test_one_term_elsewhere_is_matched_in_one_way(folder: Path) -> None:
    align(folder, "product:Toy skos:exactMatch gs1:Toy ;\n    skos:broadMatch gs1:Toy .")
    (found,) = refusal(folder)
    assert found.code == "wrong-alignment"
    assert "in two ways: `exactMatch` and `broadMatch`" in found.message


def test_a_mistyped_relation_is_refused(folder: Path) -> None:
    align(folder, "product:Toy skos:nearMatch gs1:Toy .")
    assert "unknown-property" in [found.code for found in refusal(folder)]


def test_an_indented_alignment_is_one_as_well(folder: Path) -> None:
    more(folder, "  product:Toy skos:closeMatch <https://a.example/b> .\n")
    assert load(folder).terms["product:Toy"].alignments == (
        Alignment("closeMatch", "https://a.example/b"),
    )


def test_the_kinds_are_aligned_with_the_criteria_vocabulary(vocabulary: Vocabulary) -> None:
    matches = {
        name: {one.iri.rpartition("/")[2] for one in found}
        for name, found in vocabulary.alignments.items()
    }
    assert matches["core:Rule"] == {"Criterion", "Requirement"}
    assert "ontology#LegalResource" in matches["core:Regulation"]
    assert "EvidenceType" in matches["core:Certificate"]
