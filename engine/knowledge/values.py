"""Whether the value of each `core` property is one that it may have, and facts make sense.

Boundary: one subject at a time. How subjects hang together is `lint`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rdflib import RDF, RDFS, URIRef
from rdflib.collection import Collection
from rdflib.term import Literal, Node

from engine.knowledge.findings import Findings
from engine.knowledge.names import CORE, compact
from engine.language.vocabulary import FactType, Scope, Source

_CERTAINTY = ("law", "illustrative", "to-confirm")

WORDS: dict[URIRef, tuple[str, ...]] = {
    CORE["type"]: tuple(FactType),
    CORE.source: tuple(Source),
    CORE.scope: tuple(Scope),
    CORE.status: _CERTAINTY,
    CORE.appealStatus: _CERTAINTY,
    CORE.requiredFrom: ("pre-arrival", "arrival", "accepted", "post-release"),
    CORE.regime: ("TBT-regulation", "TBT-conformity", "SPS", "customs", "other"),
    CORE.treatment: ("accept", "avoid", "reduce", "transfer"),
    CORE.measure: ("matrix", "level"),
}
"""Properties whose values are words of a fixed list."""

PYTHON: dict[URIRef, tuple[type, ...]] = {
    CORE["rank"]: (int,),
    CORE.appealDays: (int,),
    CORE.validMonths: (int,),
    CORE.analysisMonths: (int,),
    CORE.minimum: (int, Decimal),
    CORE.maximum: (int, Decimal),
    CORE.closed: (bool,),
    CORE.transitive: (bool,),
    CORE.chosen: (bool,),
    CORE.severity: (int,),
    CORE.harm: (Decimal,),
    CORE.reviewBy: (date,),
    CORE["from"]: (date,),
    CORE.until: (date,),
    CORE.checked: (date,),
}
"""What the literals of a property are once read: whole, exact, true or false, days."""

NEEDED: dict[URIRef, tuple[URIRef, ...]] = {
    CORE.Fact: (CORE["type"], CORE.source, CORE.scope),
    CORE.Agency: (CORE["rank"], CORE.appealBody, CORE.appealDays, CORE.appealStatus),
    CORE.Basis: (CORE.cite, CORE.gist, CORE.status, CORE.checked),
    CORE.Group: (CORE.member,),
    CORE.Regulation: (CORE.regime,),
}
"""Properties without which a subject of that type is no use."""

MANY = (
    CORE.allUnder,
    CORE.foundUnder,
    CORE.pursues,
    CORE.protects,
    CORE.addresses,
    CORE.governs,
    CORE.route,
    CORE.standard,
    CORE.competentAuthority,
    CORE.member,
    CORE.inForce,
    CORE.regulates,
    CORE.asset,
    CORE.risk,
    CORE.option,
)
"""Properties that may have several values; all others of `core` have one."""

_RANGED = (FactType.TERM, FactType.TERMS)
_CLOSABLE = (FactType.BOOLEAN, FactType.TERMS)


def check_values(findings: Findings) -> None:
    """Report values that are missing, too many, of the wrong sort, or at odds with others."""
    _check_words(findings)
    _check_literals(findings)
    _check_kinds_named(findings)
    _check_needed(findings)
    _check_single(findings)
    _check_ranks(findings)
    _check_facts(findings)
    _check_members(findings)


def _check_words(findings: Findings) -> None:
    for predicate, words in WORDS.items():
        for subject, found in findings.reading.graph.subject_objects(predicate):
            if str(found) not in words:
                what = compact(predicate).removeprefix("core:")
                findings.unknown(what, subject, str(found), words)


def _check_literals(findings: Findings) -> None:
    for predicate, types in PYTHON.items():
        for subject, found in findings.reading.graph.subject_objects(predicate):
            value = found.value if isinstance(found, Literal) else None
            if type(value) not in types:  # exact: True is no number, a time stamp no day
                findings.add(
                    "wrong-literal",
                    subject,
                    f"`{compact(predicate)}` of {findings.named(subject)} cannot be `{found}`",
                    mend=f"write {_written(types)}",
                    mention=compact(predicate),
                )


def _written(types: tuple[type, ...]) -> str:
    if date in types:
        return 'a day, such as "2026-11-23"^^xsd:date'
    if bool in types:
        return "true or false"
    return "a decimal, such as 0.25" if Decimal in types else "a whole number, such as 4"


def _check_kinds_named(findings: Findings) -> None:
    """Report a value of another kind than the property takes: a unit that is a level."""
    graph = findings.reading.graph
    for predicate, kind in graph.subject_objects(RDFS.range):
        for subject, found in graph.subject_objects(predicate):
            if (found, RDF.type, None) in graph and (found, RDF.type, kind) not in graph:
                findings.add(
                    "wrong-kind",
                    subject,
                    f"`{compact(found)}` in {findings.named(subject)} is no `{compact(kind)}`",
                    mention=compact(found),
                )


def _check_needed(findings: Findings) -> None:
    graph = findings.reading.graph
    for kind, predicates in NEEDED.items():
        for subject in set(graph.subjects(RDF.type, kind)):
            for predicate in predicates:
                if (subject, predicate, None) not in graph:
                    findings.add(
                        "missing-value",
                        subject,
                        f"{findings.named(subject)} has no `{compact(predicate)}`",
                    )


def _check_single(findings: Findings) -> None:
    graph = findings.reading.graph
    for predicate in set(graph.predicates()) - set(MANY):
        if not str(predicate).startswith(CORE):
            continue
        for subject in set(graph.subjects(predicate)):
            count = sum(1 for _ in graph.objects(subject, predicate))
            if count > 1:
                findings.add(
                    "many-values",
                    subject,
                    f"{findings.named(subject)} has {count} values of `{compact(predicate)}`",
                    mention=compact(predicate),
                )


def _check_ranks(findings: Findings) -> None:
    """Two terms of one kind and rank would have no order."""
    graph = findings.reading.graph
    holders: dict[tuple[str, str], Node] = {}
    for subject, found in sorted(graph.subject_objects(CORE["rank"]), key=str):
        key = (compact(subject).partition(":")[0], str(found))
        first = holders.setdefault(key, subject)
        if first != subject:
            findings.add(
                "same-rank",
                subject,
                f"{findings.named(subject)} has the rank of {findings.named(first)}",
                mention="core:rank",
            )


def _check_facts(findings: Findings) -> None:
    for fact in sorted(findings.reading.graph.subjects(RDF.type, CORE.Fact), key=str):
        for message in _fact_problems(findings, fact):
            findings.add("inconsistent-fact", fact, f"{findings.named(fact)} {message}")


def _fact_problems(findings: Findings, fact: Node) -> Iterator[str]:
    """Say what is at odds in the declaration of one fact."""
    graph = findings.reading.graph
    kind = str(graph.value(fact, CORE["type"]))
    if kind not in tuple(FactType):
        return  # reported as an unknown word
    range_ = graph.value(fact, CORE.range)
    if (range_ is None) == (kind in _RANGED):
        yield "needs a range" if range_ is None else f"is a {kind} and takes no range"
    declared = range_ is not None and (range_, RDF.type, None) in graph
    if range_ is not None and declared and (range_, CORE.prefix, None) not in graph:
        yield f"has the range `{compact(range_)}`, which is no kind of terms"
    if graph.value(fact, CORE.unit) is not None and kind != FactType.NUMBER:
        yield f"is a {kind} and takes no unit"
    if graph.value(fact, CORE.closed) == Literal(True) and kind not in _CLOSABLE:
        yield f"is a {kind}: only booleans and sets may be closed"
    yield from _bound_problems(findings, fact, kind)
    yield from _conclusion_problems(findings, fact, range_)


def _bound_problems(findings: Findings, fact: Node, kind: str) -> Iterator[str]:
    graph = findings.reading.graph
    bounds = [graph.value(fact, bound) for bound in (CORE.minimum, CORE.maximum)]
    if any(bound is not None for bound in bounds) and kind != FactType.NUMBER:
        yield f"is a {kind} and takes no bounds"
    values = [bound.value for bound in bounds if isinstance(bound, Literal)]
    if len(values) == 2 and None not in values and values[0] > values[1]:
        yield "has a minimum above its maximum"


def _conclusion_problems(findings: Findings, fact: Node, range_: Node | None) -> Iterator[str]:
    """An order and an assumption are of concluded facts, and name terms of the range."""
    graph = findings.reading.graph
    order, assumption = graph.value(fact, CORE.order), graph.value(fact, CORE.assumption)
    concluded = str(graph.value(fact, CORE.source)) == Source.CONCLUDED
    if (order is not None or assumption is not None) and not concluded:
        yield "is not concluded and takes no order or assumption"
    ordered = [] if order is None else list(Collection(graph, order))
    if len(set(ordered)) != len(ordered):
        yield "names a term twice in its order"
    if concluded and order is None and str(graph.value(fact, CORE["type"])) == FactType.TERM:
        yield "is concluded and single, and needs an order"
    for term in [*ordered, assumption]:
        if isinstance(term, URIRef) and (term, RDF.type, range_) not in graph:
            yield f"names `{compact(term)}`, which is not of its range"


def _check_members(findings: Findings) -> None:
    """Report members that are no country, periods that are empty, and periods that overlap."""
    graph = findings.reading.graph
    for group in set(graph.subjects(CORE.member)):
        ends: dict[str, date] = {}
        for country, start, end in sorted(_periods(findings, group)):
            if country not in findings.reading.countries:
                findings.unknown("country", group, country, findings.reading.countries)
            if start >= end:
                findings.add("empty-period", group, f"`{country}` leaves before it joins")
            if start < ends.get(country, date.min):
                findings.add("overlap", group, f"`{country}` is a member twice at a time")
            ends[country] = max(end, ends.get(country, date.min))


def _periods(findings: Findings, group: Node) -> Iterator[tuple[str, date, date]]:
    graph = findings.reading.graph
    for member in graph.objects(group, CORE.member):
        start, end = graph.value(member, CORE["from"]), graph.value(member, CORE.until)
        yield (
            str(graph.value(member, CORE.country)),
            _day(start, date.min),
            _day(end, date.max),
        )


def _day(found: Node | None, otherwise: date) -> date:
    value = found.value if isinstance(found, Literal) else None
    return value if isinstance(value, date) else otherwise
