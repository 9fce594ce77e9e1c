"""Faults put into a sound ontology are refused, each with the axioms or the words that do it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.knowledge import load
from engine.language.expression import Every, Interval, Named, Range, Some
from tests.knowledge_sample import edit, more, refusal, term, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def test_the_sample_is_sound_and_its_definitions_are_read(folder: Path) -> None:
    vocabulary = load(folder)
    early = vocabulary.terms["product:EarlyToy"]
    interval = Interval(high=36, under=True)  # type: ignore[arg-type]  # equal to the decimal
    assert early.means == Every((Named("product:Toy"), Range("goods.age", interval)))
    assert early.ancestors == {"product:EarlyToy", "product:Toy"}
    assert vocabulary.terms["component:Pack"].implies == (
        Some("goods.components", "component:Cell"),
    )


# What contradicts itself


def test_a_class_below_two_disjoint_ones_names_just_those_axioms(folder: Path) -> None:
    edit(folder, "rdfs:subClassOf product:Toy", "rdfs:subClassOf product:Toy , product:Food")
    (found,) = refusal(folder)
    assert (found.code, found.file) == ("empty-class", "ontology/terms.ttl")
    assert found.message == (
        "nothing can be `product:Doll`: every `product:Doll` is `product:Food`; every "
        "`product:Doll` is `product:Toy`; nothing is both `product:Food` and `product:Toy`"
    )


def test_a_class_whose_interval_is_empty_is_refused(folder: Path) -> None:
    bounds = "( [ xsd:maxExclusive 36.0 ] [ xsd:minInclusive 36.0 ] )"
    edit(folder, "( [ xsd:maxExclusive 36.0 ] )", bounds)
    (found,) = refusal(folder)
    assert found.message.startswith("nothing can be `product:EarlyToy`: `product:EarlyToy` is")


def test_a_class_beyond_the_bounds_of_its_fact_is_refused(folder: Path) -> None:
    edit(folder, "xsd:maxExclusive 36.0", "xsd:maxExclusive 0.0")
    (found,) = refusal(folder)
    assert found.code == "empty-class"


def test_an_implication_against_a_definition_is_refused_with_both(folder: Path) -> None:
    denied = "[ a owl:Restriction ; owl:onProperty fact:goods.mainsPowered ; owl:hasValue false ]"
    more(
        folder, term(f"product:Odd a owl:Class ; rdfs:subClassOf product:Gadget , {denied}", "odd")
    )
    (found,) = refusal(folder)
    assert "`product:Gadget` is something with `goods.mainsPowered` true" in found.message
    assert "`product:Odd` is something with `goods.mainsPowered` false" in found.message


def test_what_is_below_an_empty_class_is_not_reported_again(folder: Path) -> None:
    edit(folder, "rdfs:subClassOf product:Toy", "rdfs:subClassOf product:Toy , product:Food")
    more(folder, term("product:RagDoll a owl:Class ; rdfs:subClassOf product:Doll", "rag doll"))
    assert len(refusal(folder)) == 1


def test_an_individual_of_two_kinds_cannot_be(folder: Path) -> None:
    edit(folder, "use:Play a core:Use", "use:Play a core:Use , core:State")
    (found,) = refusal(folder)
    assert found.code == "impossible-individual"
    assert "`use:Play` is a `core:Use`" in found.message
    assert "`use:Play` is a `core:State`" in found.message


# Cycles


def test_a_cycle_of_superclasses_is_refused(folder: Path) -> None:
    edit(folder, "rdfs:subClassOf core:Product", "rdfs:subClassOf core:Product , product:Doll")
    assert {found.code for found in refusal(folder)} == {"class-cycle"}


def test_a_definition_that_rests_on_itself_is_refused(folder: Path) -> None:
    edit(folder, "owl:intersectionOf ( product:Toy", "owl:intersectionOf ( product:EarlyToy")
    (found,) = [one for one in refusal(folder) if one.code == "class-cycle"]
    assert found.message == "the definition of `product:EarlyToy` rests on it"


# Off the profile

_RESTRICTED = "[ a owl:Restriction ; owl:onProperty fact:goods.age ;"
_FEW = "[ a owl:Restriction ; owl:onProperty fact:goods.components ; "


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("[ a owl:Class ; owl:complementOf product:Food ]", "owl:complementOf"),
        ("[ a owl:Class ; owl:oneOf ( use:Play ) ]", "owl:oneOf"),
        (f"{_FEW} owl:allValuesFrom component:Cell ]", "owl:allValuesFrom"),
        (f"{_FEW} owl:minCardinality 1 ]", "owl:minCardinality"),
        (f"{_FEW} owl:someValuesFrom use:Play ]", "`use:Play` is no `component`"),
        ("product:Ghost", "`product:Ghost` is no class"),
        ("hs:9999", "there is no code `hs:9999`"),
        (
            "[ a owl:Restriction ; owl:onProperty fact:importer.good ; owl:hasValue true ]",
            "`importer.good` is not declared of goods",
        ),
        (
            f"{_RESTRICTED} owl:someValuesFrom [ a rdfs:Datatype ; owl:onDatatype xsd:decimal ;"
            ' owl:withRestrictions ( [ xsd:pattern "3" ] ) ] ]',
            "the facet `xsd:pattern`",
        ),
        (
            f"{_RESTRICTED} owl:someValuesFrom [ a rdfs:Datatype ; owl:onDatatype xsd:date ;"
            " owl:withRestrictions ( [ xsd:maxExclusive 36.0 ] ) ] ]",
            "`xsd:decimal` with restrictions",
        ),
    ],
)
def test_an_axiom_off_the_profile_is_named(folder: Path, expression: str, words: str) -> None:
    defined = (
        f"owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( product:Toy {expression} ) ]"
    )
    head = f'product:Odd a owl:Class ; dcterms:source "a test" ; {defined}'
    more(folder, term(head, "odd"))
    found = [one for one in refusal(folder) if one.code in ("off-profile", "unknown-term")]
    assert found
    assert all("`product:Odd`" in one.message for one in found)
    assert any(words in one.message or one.code == "unknown-term" for one in found)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("product:Toy owl:sameAs product:Food .", "owl:sameAs"),
        ("[] a owl:Axiom .", "owl:Axiom"),
        ("[] a owl:AllDisjointClasses ; owl:members ( product:Toy ) .", "two names or more"),
        (
            "hazard:Choking owl:equivalentClass product:Toy .",
            "only products are defined by an expression",
        ),
        (
            "product:Toy owl:equivalentClass [ a owl:Restriction ;"
            " owl:onProperty fact:goods.mainsPowered ; owl:hasValue true ] .",
            "each way to meet a definition names a class or a code",
        ),
        ("product:EarlyToy owl:equivalentClass product:Doll .", "a class has one definition"),
        (
            "product:Doll rdfs:subClassOf _:s . product:Food rdfs:subClassOf _:s . _:s"
            " a owl:Restriction ; owl:onProperty fact:goods.mainsPowered ; owl:hasValue true .",
            "written where it is used, and not shared",
        ),
        ("fact:goods.components rdfs:domain product:Toy .", "a domain is a class of products"),
        (
            "component:Cell rdfs:subClassOf [ a owl:Restriction ;"
            " owl:onProperty fact:goods.mainsPowered ; owl:hasValue true ] .",
            "a component implies components only",
        ),
    ],
)
def test_a_statement_off_the_profile_is_named(folder: Path, statement: str, words: str) -> None:
    more(folder, f" {statement}\n")  # indented: no declaration of its own
    messages = [one.message for one in refusal(folder) if one.code == "off-profile"]
    assert any(words in message for message in messages)


# What is incomplete


def test_a_definition_without_a_source_is_refused(folder: Path) -> None:
    edit(
        folder,
        'product:EarlyToy a owl:Class ; dcterms:source "a test" ;',
        "product:EarlyToy a owl:Class ;",
    )
    (found,) = refusal(folder)
    assert (found.code, found.file) == ("incomplete", "ontology/terms.ttl")
    assert "`product:EarlyToy`: a defined class says where its definition comes from" in (
        found.message
    )


def test_a_hazard_without_a_scale_is_refused(folder: Path) -> None:
    edit(
        folder,
        "rdfs:subClassOf core:Hazard ; core:scale scale:Plain",
        "rdfs:subClassOf core:Hazard",
    )
    (found,) = refusal(folder)
    assert "has a scale of danger" in found.message


def test_a_hazard_has_the_scale_of_what_it_is_a_kind_of(folder: Path) -> None:
    more(folder, term("hazard:Ball a owl:Class ; rdfs:subClassOf hazard:Choking", "ball"))
    assert load(folder).terms["hazard:Ball"].scale == "scale:Plain"


@pytest.mark.parametrize("missing", ["rdfs:label", "skos:definition"])
def test_a_term_without_its_words_is_refused(folder: Path, missing: str) -> None:
    edit(folder, f'{missing} "', 'core:note "')
    assert f"missing-{missing.split(':')[1]}" in {found.code for found in refusal(folder)}
