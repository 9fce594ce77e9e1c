"""What `load` refuses, shown on a miniature ontology with one fault at a time."""

import shutil
from pathlib import Path

import pytest

from engine.knowledge import load
from engine.language.diagnostics import Diagnostic, RefusedError
from engine.language.vocabulary import Vocabulary

ONTOLOGY = Path(__file__).parent.parent / "ontology"

TERMS = """\
@prefix core:    <https://w3id.org/commensura/core/> .
@prefix control: <https://w3id.org/commensura/control/> .
@prefix certificate: <https://w3id.org/commensura/certificate/> .
@prefix fact:    <https://w3id.org/commensura/fact/> .
@prefix group:   <https://w3id.org/commensura/group/> .
@prefix hazard:  <https://w3id.org/commensura/hazard/> .
@prefix owl:     <http://www.w3.org/2002/07/owl#> .
@prefix product: <https://w3id.org/commensura/product/> .
@prefix rdf:     <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix unit:    <https://w3id.org/commensura/unit/> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .

product:Toy a owl:Class ; rdfs:subClassOf core:Product ; owl:disjointWith product:Food ;
    rdfs:label "toy"@en ; skos:definition "For play."@en .

product:Doll a owl:Class ; rdfs:subClassOf product:Toy ;
    core:allUnder "9503" ;
    rdfs:label "doll"@en ; skos:definition "A toy like a person."@en .

product:Food a owl:Class ; rdfs:subClassOf core:Product ;
    rdfs:label "food"@en ; skos:definition "To be eaten."@en .

control:Documentary a core:Control ; core:rank 1 ;
    rdfs:label "documentary"@en ; skos:definition "Papers."@en .

control:Physical a core:Control ; core:rank 2 ;
    rdfs:label "physical"@en ; skos:definition "Goods."@en .

certificate:Report a core:Certificate ; skos:notation "R1" ; core:validMonths 4 ;
    rdfs:label "report"@en ; skos:definition "A paper."@en .

unit:Kilogram a core:Unit ; rdfs:label "kg"@en ; skos:definition "Mass."@en .

group:Union a core:Group ; rdfs:label "union"@en ; skos:definition "Two countries."@en ;
    core:member [ core:country "FR" ; core:until "2020-02-01"^^xsd:date ] ,
        [ core:country "NA" ] .

fact:goods.mass a core:Fact ;
    core:type "number" ; core:unit unit:Kilogram ; core:minimum 0 ; core:maximum 0.5 ;
    core:source "declared" ; core:scope "item" ;
    rdfs:label "mass"@en ; skos:definition "How heavy."@en .

fact:item.control a core:Fact ;
    core:type "term" ; core:range core:Control ; core:source "concluded" ; core:scope "item" ;
    core:order ( control:Documentary control:Physical ) ; core:assumption control:Documentary ;
    rdfs:label "control"@en ; skos:definition "What to do."@en .
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small, sound ontology: the real core and shapes, a dozen terms, a few codes."""
    made = tmp_path / "ontology"
    made.mkdir()
    for shipped in ("core.ttl", "shapes.ttl"):
        shutil.copy(ONTOLOGY / shipped, made)
    (made / "terms.ttl").write_text(TERMS, encoding="utf-8")
    (made / "hs2022.csv").write_text(
        "code,description\n95,Toys\n9503,Other toys\n950300,All of them\n", encoding="utf-8"
    )
    (made / "countries.csv").write_text("code,name\nFR,France\nNA,Namibia\n", encoding="utf-8")
    (made / "currencies.csv").write_text("code,name\nEUR,Euro\n", encoding="utf-8")
    return made


def edit(folder: Path, old: str, new: str, file: str = "terms.ttl") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(RefusedError) as caught:
        load(folder)
    return caught.value.diagnostics


def line_of(text: str) -> int:
    return TERMS.splitlines().index(next(line for line in TERMS.splitlines() if text in line)) + 1


def test_a_sound_ontology_loads(folder: Path) -> None:
    assert isinstance(load(folder), Vocabulary)


def test_broken_turtle_is_refused_with_its_line(folder: Path) -> None:
    edit(folder, 'rdfs:label "doll"@en ;', 'rdfs:label "doll"@en')
    (found,) = refusal(folder)
    assert (found.code, found.file) == ("turtle-syntax", "ontology/terms.ttl")
    assert found.line == line_of('"doll"')


def test_every_broken_module_is_reported(folder: Path) -> None:
    edit(folder, "core:rank 1 ;", "core:rank 1")
    (folder / "more.ttl").write_text("<a> <b> .", encoding="utf-8")
    assert [found.file for found in refusal(folder)] == ["ontology/more.ttl", "ontology/terms.ttl"]


def test_a_module_that_is_not_utf8_is_refused(folder: Path) -> None:
    (folder / "more.ttl").write_bytes(b"# \xff")
    assert [found.code for found in refusal(folder)] == ["encoding"]


@pytest.mark.parametrize("file", ["countries.csv", "currencies.csv", "hs2022.csv", "shapes.ttl"])
def test_a_missing_file_is_refused(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert ("missing-file", f"ontology/{file}") in {(f.code, f.file) for f in refusal(folder)}


@pytest.mark.parametrize("file", ["countries.csv", "shapes.ttl"])
def test_a_file_that_is_not_utf8_is_refused(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"# \xff")
    (found,) = refusal(folder)
    assert (found.code, found.file) == ("encoding", f"ontology/{file}")


def test_shapes_that_are_no_turtle_are_refused(folder: Path) -> None:
    (folder / "shapes.ttl").write_text("<a> <b> .", encoding="utf-8")
    (found,) = refusal(folder)
    assert (found.code, found.file) == ("turtle-syntax", "ontology/shapes.ttl")


def test_a_further_heading_needs_no_change_of_code(folder: Path) -> None:
    with (folder / "hs2022.csv").open("a", encoding="utf-8") as table:
        table.write("9504,Games\n")
    assert load(folder).codes["9504"] == "Games"


@pytest.mark.parametrize(
    ("file", "row"),
    [
        ("hs2022.csv", "8471,Computers"),  # no chapter 84 above it
        ("hs2022.csv", "95030,Toys"),  # five digits
        ("hs2022.csv", "95,Toys again"),
        ("hs2022.csv", "84,"),
        ("countries.csv", "fra,France"),
        ("currencies.csv", "EURO,Euro"),
    ],
)
def test_a_row_out_of_place_is_refused_with_its_line(folder: Path, file: str, row: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as table:
        table.write(row + "\n")
    (found,) = refusal(folder)
    assert found.code == "bad-row"
    assert found.line == len((folder / file).read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("old", "new", "code", "mend"),
    [
        ("certificate:Report a core:Certificate ;", "certificate:Report", "no-type", None),
        (
            "core:order ( control:Documentary control:Physical )",
            "core:order [ rdf:first control:Documentary ]",
            "broken-list",
            "write it in parentheses: `( … )`",
        ),
        ('rdfs:label "doll"@en ; ', "", "missing-label", None),
        (
            '"doll"@en ; skos:definition "A toy like a person."@en',
            '"doll"@en',
            "missing-definition",
            None,
        ),
        ('rdfs:label "doll"@en', 'rdfs:label "doll"@en , "dolly"@en', "many-values", None),
        ("core:rank 2", "core:rank 2 , 3", "many-values", None),
        ('core:type "number"', 'core:type "nubmer"', "unknown-type", "did you mean `number`?"),
        (
            'core:source "declared"',
            'core:source "declard"',
            "unknown-source",
            "did you mean `declared`?",
        ),
        ('core:scope "item"', 'core:scope "itm"', "unknown-scope", "did you mean `item`?"),
        (
            "core:range core:Control",
            "core:range core:Contrl",
            "unknown-term",
            "did you mean `core:Control`?",
        ),
        (
            "rdfs:subClassOf product:Toy",
            "rdfs:subClassOf core:Product , product:Toi",
            "unknown-term",
            "did you mean `product:Toy`?",
        ),
        (
            "core:unit unit:Kilogram",
            "core:unit unit:Kilogramm",
            "unknown-term",
            "did you mean `unit:Kilogram`?",
        ),
        ("core:unit unit:Kilogram", "core:unit control:Physical", "wrong-kind", None),
        (
            "core:maximum",
            "core:maximumm",
            "unknown-property",
            "did you mean `core:maximum`?",
        ),
        (
            'core:allUnder "9503"',
            'core:allUnder "950390"',
            "unknown-code",
            "did you mean `950300`?",
        ),
        ('core:country "NA"', 'core:country "NO"', "unknown-country", "known: FR, NA"),
        (
            "core:validMonths 4",
            'core:requiredFrom "arival"',
            "unknown-requiredFrom",
            "did you mean `arrival`?",
        ),
        (
            "core:validMonths 4",
            'core:validMonths "four"',
            "wrong-literal",
            "write a whole number, such as 4",
        ),
        ("core:maximum 0.5", "core:maximum 5e-1", "wrong-literal", "write a decimal, such as 0.25"),
        ("core:rank 2", "core:rank 1", "same-rank", None),
        ("a core:Control ; core:rank 2", "a core:Unit ; core:rank 2", "wrong-kind", None),
        ("product:Food a owl:Class", "product:Toy a owl:Class", "duplicate-id", None),
        ("core:member", "core:members", "unknown-property", "did you mean `core:member`?"),
        ('core:source "declared" ;', "", "missing-value", None),
        ('core:country "NA"', 'core:country "FR"', "overlap", None),
        (
            "[ core:country",
            '[ core:from "2020-02-01"^^xsd:date ; core:country',
            "empty-period",
            None,
        ),
    ],
)
def test_a_fault_is_named_and_mended(
    folder: Path, old: str, new: str, code: str, mend: str | None
) -> None:
    edit(folder, old, new)
    found = {diagnostic.code: diagnostic for diagnostic in refusal(folder)}
    assert code in found
    assert found[code].help == mend or mend is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('core:type "number" ; core:unit unit:Kilogram ;', 'core:type "term" ;', "needs a range"),
        ("core:range core:Control", "core:range control:Physical", "which is no kind of terms"),
        ('core:type "number"', 'core:type "number" ; core:range core:Unit', "takes no range"),
        ('core:type "number"', 'core:type "number" ; core:closed true', "only booleans and sets"),
        ('core:type "number"', 'core:type "text"', "takes no unit"),
        (
            'core:type "number" ; core:unit unit:Kilogram ; core:minimum 0 ; core:maximum 0.5',
            'core:type "text" ; core:minimum 0',
            "takes no bounds",
        ),
        ("core:minimum 0", "core:minimum 0.6", "a minimum above its maximum"),
        ('core:source "concluded"', 'core:source "derived"', "takes no order or assumption"),
        (
            "core:order ( control:Documentary control:Physical ) ;",
            "",
            "needs an order",
        ),
        ("( control:Documentary", "( unit:Kilogram", "which is not of its range"),
        ("( control:Documentary", "( control:Physical", "names a term twice"),
    ],
)
def test_a_fact_at_odds_with_itself_is_refused(
    folder: Path, old: str, new: str, problem: str
) -> None:
    edit(folder, old, new)
    messages = [found.message for found in refusal(folder) if found.code == "inconsistent-fact"]
    assert any(problem in message for message in messages)


def test_a_cycle_of_classes_is_refused_before_owlready_sees_it(folder: Path) -> None:
    edit(folder, "rdfs:subClassOf core:Product ;", "rdfs:subClassOf core:Product , product:Doll ;")
    cyclic = [found.message for found in refusal(folder) if found.code == "class-cycle"]
    assert cyclic == [
        "`product:Toy` is a subclass of itself",
        "`product:Doll` is a subclass of itself",
    ]


def test_a_class_that_nothing_can_be_is_refused(folder: Path) -> None:
    edit(folder, "rdfs:subClassOf product:Toy", "rdfs:subClassOf product:Toy , product:Food")
    assert {found.code for found in refusal(folder)} == {"empty-class"}


def test_a_code_under_two_disjoint_products_is_refused(folder: Path) -> None:
    edit(
        folder,
        'rdfs:label "food"@en',
        'core:allUnder "950300" ; rdfs:label "food"@en',
    )
    (found,) = refusal(folder)
    assert found.message == (
        "nothing can be `hs:950300`: every `product:Doll` is `product:Toy`; "
        "every `hs:9503` is `product:Doll`; every `hs:950300` is `product:Food`; "
        "nothing is both `product:Toy` and `product:Food`"
    )


def test_a_word_in_a_list_without_a_name_is_found(folder: Path) -> None:
    path = folder / "terms.ttl"
    axiom = "\n[] a owl:AllDisjointClasses ; owl:members ( product:Doll product:Fodo ) .\n"
    path.write_text(TERMS + axiom, encoding="utf-8")
    (found,) = refusal(folder)
    assert found.help == "did you mean `product:Food`?"
    assert found.line == len(TERMS.splitlines()) + 2


def test_a_circle_of_nodes_without_names_is_refused(folder: Path) -> None:
    circle = "\n_:a rdf:rest _:b . _:b rdf:rest _:a .\n"
    (folder / "terms.ttl").write_text(TERMS + circle, encoding="utf-8")
    assert {found.code for found in refusal(folder)} == {"broken-list"}


def test_a_list_that_leads_back_to_itself_is_refused(folder: Path) -> None:
    circle = (
        "\n_:a rdf:first product:Doll ; rdf:rest _:b ."
        "\n_:b rdf:first product:Food ; rdf:rest _:a ."
        "\n[] a owl:AllDisjointClasses ; owl:members _:a .\n"
    )
    (folder / "terms.ttl").write_text(TERMS + circle, encoding="utf-8")
    assert {found.code for found in refusal(folder)} == {"broken-list"}


def test_a_term_declared_in_two_modules_is_refused(folder: Path) -> None:
    (folder / "zoo.ttl").write_text(
        "@prefix product: <https://w3id.org/commensura/product/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'product:Toy skos:altLabel "plaything"@en .\n',
        encoding="utf-8",
    )
    (found,) = refusal(folder)
    assert (found.code, found.file, found.line) == ("duplicate-id", "ontology/zoo.ttl", 3)


def test_a_notation_that_two_documents_share_is_refused(folder: Path) -> None:
    path = folder / "terms.ttl"
    twin = (
        'certificate:Twin a core:Certificate ; skos:notation "R1" ;\n'
        '    rdfs:label "twin"@en ; skos:definition "Another paper."@en .\n'
    )
    path.write_text(TERMS + twin, encoding="utf-8")
    assert [found.code for found in refusal(folder)] == ["shared-notation"]


def test_all_faults_are_reported_at_once_and_in_order_of_place(folder: Path) -> None:
    edit(folder, 'core:country "NA"', 'core:country "NO"')
    edit(folder, "core:rank 2", "core:rank 1")
    edit(folder, 'rdfs:label "toy"@en ;', "")
    found = refusal(folder)
    assert [one.code for one in found] == ["missing-label", "same-rank", "unknown-country"]
    assert [one.line for one in found] == sorted(one.line for one in found)


def test_imports_are_never_followed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    edit(
        folder,
        "product:Toy a owl:Class",
        "<https://w3id.org/commensura/> owl:imports <https://example.org/elsewhere> .\n\n"
        "product:Toy a owl:Class",
    )
    # The heading stands in one place only: here, and no longer in the core.
    edit(folder, "<https://w3id.org/commensura/> a owl:Ontology ;", "[] ", "core.ttl")
    assert load(folder).terms
