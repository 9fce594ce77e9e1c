"""A miniature ontology with defined classes, and one edit at a time to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.knowledge import load
from engine.language.diagnostics import Diagnostic, RefusedError

ONTOLOGY = Path(__file__).parent.parent / "ontology"

PREFIXES = "".join(
    f"@prefix {prefix}: <https://w3id.org/commensura/{prefix}/> .\n"
    for prefix in ("component", "core", "fact", "hazard", "product", "scale", "state", "use")
) + (
    "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
    "@prefix hs: <https://w3id.org/commensura/hs/2022/> .\n"
    "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)

WORDS = 'rdfs:label "{0}"@en ; skos:definition "What a {0} is."@en .\n\n'


def term(head: str, label: str) -> str:
    return f"{head} ;\n    {WORDS.format(label)}"


TERMS = PREFIXES + "".join(
    [
        term("product:Toy a owl:Class ; rdfs:subClassOf core:Product", "toy"),
        term("product:Doll a owl:Class ; rdfs:subClassOf product:Toy", "doll"),
        term(
            "product:Food a owl:Class ; rdfs:subClassOf core:Product ;\n"
            "    owl:disjointWith product:Toy",
            "food",
        ),
        term(
            "product:Gadget a owl:Class ; rdfs:subClassOf core:Product ,\n"
            "    [ a owl:Restriction ; owl:onProperty fact:goods.mainsPowered ;"
            " owl:hasValue true ]",
            "gadget",
        ),
        term(
            'product:EarlyToy a owl:Class ; dcterms:source "a test" ;\n'
            "    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( product:Toy\n"
            "        [ a owl:Restriction ; owl:onProperty fact:goods.age ; owl:someValuesFrom\n"
            "            [ a rdfs:Datatype ; owl:onDatatype xsd:decimal ;\n"
            "              owl:withRestrictions ( [ xsd:maxExclusive 36.0 ] ) ] ] ) ]",
            "early toy",
        ),
        term(
            'product:PoweredProduct a owl:Class ; dcterms:source "a test" ;\n'
            "    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( core:Product\n"
            "        [ a owl:Restriction ; owl:onProperty fact:goods.components ;\n"
            "          owl:someValuesFrom component:Cell ] ) ]",
            "powered product",
        ),
        term("component:Cell a owl:Class ; rdfs:subClassOf core:Component", "cell"),
        term(
            "component:Pack a owl:Class ; rdfs:subClassOf core:Component ,\n"
            "    [ a owl:Restriction ; owl:onProperty fact:goods.components ;"
            " owl:someValuesFrom component:Cell ]",
            "pack",
        ),
        term(
            "hazard:Choking a owl:Class ; rdfs:subClassOf core:Hazard ; core:scale scale:Plain",
            "choking",
        ),
        term(
            'scale:Plain a core:Scale ; core:measure "level" ; dcterms:source "a test" ;\n'
            '    core:status "illustrative" ; core:checked "2026-11-25"^^xsd:date',
            "plain scale",
        ),
        term("use:Play a core:Use", "play"),
        term("state:New a core:State", "new"),
        term(
            'fact:goods.commodityCode a core:Fact ; core:type "code" ;'
            ' core:source "declared" ; core:scope "item"',
            "commodity code",
        ),
        term(
            'fact:goods.type a core:Fact ; core:type "terms" ; core:range core:Product ;'
            ' core:source "concluded" ; core:scope "item"',
            "product type",
        ),
        term(
            'fact:goods.age a core:Fact ; core:type "number" ; core:minimum 0 ;'
            ' core:source "declared" ; core:scope "item"',
            "age",
        ),
        term(
            'fact:goods.mainsPowered a core:Fact ; core:type "boolean" ;'
            ' core:source "declared" ; core:scope "item"',
            "mains powered",
        ),
        term(
            'fact:goods.components a core:Fact ; core:type "terms" ; core:range core:Component ;'
            ' core:transitive true ; core:source "declared" ; core:scope "item"',
            "components",
        ),
        term(
            'fact:goods.use a core:Fact ; core:type "term" ; core:range core:Use ;'
            ' core:source "declared" ; core:scope "item"',
            "use",
        ),
        term(
            'fact:importer.good a core:Fact ; core:type "boolean" ;'
            ' core:source "looked-up" ; core:scope "consignment"',
            "good importer",
        ),
    ]
)


def written(folder: Path) -> Path:
    """The sample with the real core and shapes, in *folder*."""
    made = folder / "ontology"
    made.mkdir()
    for name in ("core.ttl", "shapes.ttl"):
        shutil.copy(ONTOLOGY / name, made)
    (made / "terms.ttl").write_text(TERMS, encoding="utf-8")
    (made / "hs2022.csv").write_text(
        "code,description\n95,Toys\n9503,Other toys\n950300,All of them\n", encoding="utf-8"
    )
    (made / "countries.csv").write_text("code,name\nFR,France\n", encoding="utf-8")
    (made / "currencies.csv").write_text("code,name\nEUR,Euro\n", encoding="utf-8")
    return made


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "terms.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def more(folder: Path, text: str) -> None:
    """Add statements to the module."""
    path = folder / "terms.ttl"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def refusal(folder: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(RefusedError) as caught:
        load(folder)
    return caught.value.diagnostics
