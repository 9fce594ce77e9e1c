"""Two vocabularies compared: every edit is one difference, and what is no edit is none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.knowledge import load
from engine.language.difference import Change, Difference, counts
from engine.language.differences import differences
from engine.language.expression import Either, Every, Flag, Interval, Named, Range
from engine.language.law import DossierOption, DossierRisk
from engine.language.period import Period
from engine.language.vocabulary import Membership, Vocabulary
from tests.difference_sample import mirrored
from tests.full import often
from tests.knowledge_sample import ONTOLOGY, edit, written

TABLES = {
    "terms": "term",
    "facts": "fact",
    "agencies": "agency",
    "certificates": "certificate",
    "groups": "group",
    "bases": "basis",
    "regulations": "regulation",
    "dossiers": "dossier",
    "codes": "code",
    "countries": "country",
}
OF_TERMS = {"label", "definition", "citation", "codes", "rank", "alignments", "implies"}
TOLD_BY_TERMS = {"label", "definition", "citation"}


def compared(before: Vocabulary, after: Vocabulary) -> tuple[Difference, ...]:
    """The differences, which read the same from the other side."""
    found = differences(before, after)
    assert set(differences(after, before)) == mirrored(found)
    return found


@cache
def shipped() -> Vocabulary:
    """The shipped vocabulary: too much for Hypothesis to print as an argument."""
    return load(ONTOLOGY)


def lines(before: Vocabulary, after: Vocabulary) -> list[str]:
    return [str(one) for one in compared(before, after)]


# Generated edits


@given(seed=st.integers(0, 2**32))
@settings(max_examples=often(200, 80), deadline=None)
def test_every_edit_is_one_difference_and_nothing_else_is(seed: int) -> None:
    vocabulary = shipped()
    rng = Random(seed)
    table = rng.choice(sorted(TABLES))
    entries = getattr(vocabulary, table)
    name = rng.choice(sorted(entries))
    if isinstance(entries[name], str):
        changed: Any = entries[name] + "!"
    else:
        field = rng.choice(sorted(editable(table, entries[name])))
        value = other(getattr(entries[name], field), rng)
        assume(value is not None)
        changed = replace(entries[name], **{field: value})
    after = replace(vocabulary, **{table: {**entries, name: changed}})
    (found,) = compared(vocabulary, after)
    assert found.subject == name
    assert found.aspect
    assert found.before != found.after


def editable(table: str, entry: Any) -> set[str]:
    if table == "terms":
        return OF_TERMS
    told = TOLD_BY_TERMS if table in ("regulations", "dossiers") else set()
    return set(entry.__struct_fields__) - told - {"id", "over_classes"}


def other(value: Any, rng: Random) -> Any:
    """The value after one edit; None where there is no edit of it."""
    match value:
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case str():
            return f"{value}!" if type(value) is str else None
        case Interval() | None:
            return None
        case tuple() if value and rng.random() < 0.5:
            index = rng.randrange(len(value))
            entry = value[index]
            rest = (*value[:index], *value[index + 1 :])
            if isinstance(entry, DossierRisk | DossierOption | Membership):
                field = rng.choice(sorted(entry.__struct_fields__))
                assume(not (isinstance(entry, Membership) and field == "country"))
                changed = other(getattr(entry, field), rng)
                assume(changed is not None)
                return (replace(entry, **{field: changed}), *rest)
            return rest
        case Period():
            return replace(value, end=(value.end or value.start or date.max) - timedelta(days=1))
        case tuple() if value and all(isinstance(one, str) for one in value):
            return (*value, "an:Addition")
        case _:
            return None


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_what_goes_is_one_difference(data: st.DataObject) -> None:
    vocabulary = shipped()
    table = data.draw(st.sampled_from(sorted(TABLES.keys() - {"terms", "regulations", "dossiers"})))
    entries = getattr(vocabulary, table)
    name = data.draw(st.sampled_from(sorted(entries)))
    after = replace(vocabulary, **{table: {key: entries[key] for key in entries if key != name}})
    (found,) = [one for one in compared(vocabulary, after) if one.aspect != "alignment"]
    assert (found.kind, found.subject, found.change) == (TABLES[table], name, Change.REMOVED)


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_one_more_superclass_is_one_difference_however_much_follows(data: st.DataObject) -> None:
    vocabulary = shipped()
    products = [term.id for term in vocabulary.of_kind("product")]
    name, above = (data.draw(st.sampled_from(products)) for _ in range(2))
    assume(not vocabulary.is_a(name, above))
    assume(not vocabulary.is_a(above, name))
    gained = vocabulary.terms[above].ancestors
    terms = {
        one: replace(term, ancestors=term.ancestors | gained) if name in term.ancestors else term
        for one, term in vocabulary.terms.items()
    }
    (found,) = compared(vocabulary, replace(vocabulary, terms=terms))
    assert (found.subject, found.aspect) == (name, "inferred superclass")
    assert (found.change, found.after) == (Change.ADDED, above)


def test_a_vocabulary_does_not_differ_from_itself(vocabulary: Vocabulary) -> None:
    again = msgspec.convert(msgspec.to_builtins(vocabulary), Vocabulary)
    assert differences(vocabulary, again) == ()


# Edits of Turtle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def edited(folder: Path, old: str, new: str) -> list[str]:
    before = load(folder)
    edit(folder, old, new)
    return lines(before, load(folder))


def test_a_label_is_compared(folder: Path) -> None:
    assert edited(folder, '"doll"@en', '"puppet"@en') == [
        "product:Doll: label changed: doll → puppet"
    ]


def test_another_order_of_a_definition_is_no_difference(folder: Path) -> None:
    assert (
        edited(
            folder,
            "( core:Product\n        [ a owl:Restriction ; owl:onProperty fact:goods.components ;\n"
            "          owl:someValuesFrom component:Cell ] )",
            "( [ a owl:Restriction ; owl:someValuesFrom component:Cell ;\n"
            "          owl:onProperty fact:goods.components ]\n core:Product )",
        )
        == []
    )


def test_a_definition_is_read_aloud_before_and_after(folder: Path) -> None:
    assert edited(folder, "xsd:maxExclusive 36.0", "xsd:maxInclusive 36.0") == [
        "product:EarlyToy: meaning changed\n"
        "  before:\n"
        "    - all of these hold:\n"
        "      - it is: toy\n"
        "      - the age is less than 36\n"
        "  after:\n"
        "    - all of these hold:\n"
        "      - it is: toy\n"
        "      - the age is at most 36"
    ]


def test_an_implication_is_read_aloud(folder: Path) -> None:
    assert edited(
        folder,
        "rdfs:subClassOf core:Product ,\n    [ a owl:Restriction ;"
        " owl:onProperty fact:goods.mainsPowered ; owl:hasValue true ]",
        "rdfs:subClassOf core:Product",
    ) == ["product:Gadget: implication removed: mains powered: yes"]


def test_a_superclass_that_follows_is_called_inferred(folder: Path) -> None:
    assert edited(
        folder,
        "product:Doll a owl:Class ; rdfs:subClassOf product:Toy",
        "product:Doll a owl:Class ; rdfs:subClassOf product:Food",
    ) == [
        "product:Doll: inferred superclass added: product:Food",
        "product:Doll: inferred superclass removed: product:Toy",
    ]


def test_a_new_class_in_between_takes_nothing_from_those_below(folder: Path) -> None:
    edit(
        folder,
        "product:Doll a owl:Class ; rdfs:subClassOf product:Toy",
        'product:Figure a owl:Class ; rdfs:subClassOf product:Toy ; rdfs:label "figure" ;\n'
        '    skos:definition "A figure." .\n\n'
        "product:Doll a owl:Class ; rdfs:subClassOf product:Toy",
    )
    assert edited(
        folder,
        "product:Doll a owl:Class ; rdfs:subClassOf product:Toy",
        "product:Doll a owl:Class ; rdfs:subClassOf product:Figure",
    ) == ["product:Doll: inferred superclass added: product:Figure"]


def test_a_new_class_is_one_difference(folder: Path) -> None:
    assert edited(
        folder,
        "use:Play a core:Use",
        'use:Display a core:Use ; rdfs:label "display" ; skos:definition "To be seen." .\n\n'
        "use:Play a core:Use",
    ) == ["use:Display: added (display)"]


def test_a_fact_is_compared_field_by_field(folder: Path) -> None:
    assert edited(
        folder,
        'core:type "number" ; core:minimum 0',
        'core:type "number" ; core:minimum 1 ; core:maximum 99',
    ) == [
        "fact goods.age: maximum added: 99",
        "fact goods.age: minimum changed: 0 → 1",
    ]


def test_disjointness_is_said_once(folder: Path) -> None:
    assert edited(folder, "owl:disjointWith product:Toy", "owl:disjointWith product:Toy") == []
    assert edited(folder, "    owl:disjointWith product:Toy ;\n", "") == [
        "product:Food: disjointness removed: product:Toy"
    ]


def test_one_more_disjoint_class_is_one_difference_however_long_the_list(
    vocabulary: Vocabulary,
) -> None:
    others = [term.id for term in vocabulary.of_kind("product")][:6]
    name = others.pop()
    terms = dict(vocabulary.terms)
    for one in (name, *others):
        more = {name} if one != name else set(others)
        terms[one] = replace(terms[one], disjoint=terms[one].disjoint | more)
    found = compared(vocabulary, replace(vocabulary, terms=terms))
    assert [one.subject for one in found] == [name]


def test_a_scale_that_narrower_hazards_inherit_is_one_difference(vocabulary: Vocabulary) -> None:
    terms = {
        name: replace(term, scale="scale:Food") if "hazard:Mechanical" in term.ancestors else term
        for name, term in vocabulary.terms.items()
    }
    assert lines(vocabulary, replace(vocabulary, terms=terms)) == [
        "hazard:Mechanical: scale changed: scale:ConsumerProduct → scale:Food"
    ]


# Edits of law


def test_a_competent_authority_is_named(vocabulary: Vocabulary) -> None:
    name, act = next(iter(vocabulary.regulations.items()))
    changed = replace(act, authorities=(*act.authorities, "agency:Other"))
    after = replace(vocabulary, regulations={**vocabulary.regulations, name: changed})
    assert lines(vocabulary, after) == [f"{name}: competent authority added: agency:Other"]


def test_the_status_of_a_basis_is_compared(vocabulary: Vocabulary) -> None:
    changed = replace(vocabulary.bases["proportion"], status="illustrative")
    after = replace(vocabulary, bases={**vocabulary.bases, "proportion": changed})
    (found,) = compared(vocabulary, after)
    assert (found.kind, found.subject, found.aspect) == ("basis", "proportion", "status")


def test_a_membership_that_ends_is_one_difference(vocabulary: Vocabulary) -> None:
    name, group = "group:EuropeanUnion", vocabulary.groups["group:EuropeanUnion"]
    first, *rest = group.members
    ended = replace(first, period=replace(first.period, end=date(2027, 1, 1)))
    changed = replace(group, members=(*rest, ended))
    after = replace(vocabulary, groups={**vocabulary.groups, name: changed})
    (found,) = compared(vocabulary, after)
    assert (found.aspect, found.change) == ("member", Change.CHANGED)
    assert found.after == f"{first.country} from {first.period.start} until 2027-01-01"


def test_the_risk_of_a_dossier_is_compared_field_by_field(vocabulary: Vocabulary) -> None:
    name, dossier = next(iter(vocabulary.dossiers.items()))
    first, *rest = dossier.risks
    changed = replace(dossier, risks=(*rest, replace(first, severity=first.severity - 1)))
    after = replace(vocabulary, dossiers={**vocabulary.dossiers, name: changed})
    assert lines(vocabulary, after) == [
        f"{name}: risk ({first.hazard}, {first.population}): severity changed: "
        f"{first.severity} → {first.severity - 1}"
    ]


def test_steps_in_another_order_are_a_difference(vocabulary: Vocabulary) -> None:
    name, dossier = next(iter(vocabulary.dossiers.items()))
    changed = replace(dossier, implementation=("last", "first"))
    one, other = (
        replace(vocabulary, dossiers={**vocabulary.dossiers, name: found})
        for found in (changed, replace(changed, implementation=("first", "last")))
    )
    assert lines(one, other) == [
        f"{name}: order of implementation changed: last; first → first; last"
    ]


def test_currencies_are_compared(vocabulary: Vocabulary) -> None:
    after = replace(vocabulary, currencies=vocabulary.currencies - {"EUR"})
    assert lines(vocabulary, after) == ["currency EUR: removed (EUR)"]


def test_differences_are_counted_by_kind(vocabulary: Vocabulary) -> None:
    codes = {code: text for code, text in vocabulary.codes.items() if code[:2] != "95"}
    found = differences(vocabulary, replace(vocabulary, codes=codes))
    assert counts(found) == {"code": {"added": 0, "removed": len(found), "changed": 0}}


def test_parts_of_a_definition_have_no_order(vocabulary: Vocabulary) -> None:
    parts = (
        Named("product:Toy"),
        Either((Flag("goods.smallParts", True), Range("goods.netMassKg", Interval(Decimal(1))))),
    )
    inverse = (Either((*reversed(parts[1].parts),)), parts[0])
    one, same = (
        replace(
            vocabulary,
            terms={
                **vocabulary.terms,
                "product:Doll": replace(vocabulary.terms["product:Doll"], means=Every(found)),
            },
        )
        for found in (parts, inverse)
    )
    assert compared(one, same) == ()
    (found,) = compared(vocabulary, one)
    assert (found.aspect, found.change) == ("meaning", Change.ADDED)
