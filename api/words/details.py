"""The particulars of each kind of term, as names and values that read alike everywhere.

Boundary: words about single things of the vocabulary; how they hang together is for `terms`.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from api.words.spoken import spoken
from engine.language.period import Period
from engine.language.sentences import listed, number, spaced
from engine.language.vocabulary import (
    Agency,
    Certificate,
    Fact,
    FactType,
    Group,
    Scope,
    Source,
    Vocabulary,
)

KINDS = {
    "product": spoken("Products"),
    "hazard": spoken("Hazards"),
    "regulation": spoken("Regulations"),
    "component": spoken("Components"),
    "material": spoken("Materials and substances"),
    "function": spoken("Functions"),
    "population": spoken("Exposed populations"),
    "interest": spoken("Harmed interests"),
    "objective": spoken("Legitimate objectives"),
    "agency": spoken("Agencies"),
    "control": spoken("Controls"),
    "certificate": spoken("Certificates and other documents"),
    "standard": spoken("Standards"),
    "route": spoken("Routes of conformity assessment"),
    "dossier": spoken("Dossiers"),
    "level": spoken("Risk levels"),
    "likelihood": spoken("Likelihood bands"),
    "record": spoken("Compliance records"),
    "scale": spoken("Scales of danger"),
    "status": spoken("Statuses of the goods"),
    "reason": spoken("Reason classes"),
    "use": spoken("Intended uses"),
    "state": spoken("States of the goods"),
    "condition": spoken("Conditions of the goods"),
    "mode": spoken("Modes of transport"),
    "group": spoken("Groups of countries"),
    "unit": spoken("Units"),
}
"""What the terms of a kind are called together, in the order in which they are shown."""

CODE_ROLES = ("all goods under it are of the class", "its definition names it")

TYPES = {
    FactType.BOOLEAN: "yes or no",
    FactType.NUMBER: "a number",
    FactType.DATE: "a day",
    FactType.TEXT: "text",
    FactType.TERM: "one term",
    FactType.TERMS: "a set of terms",
    FactType.CODE: "a commodity code of 4 to 10 digits",
    FactType.COUNTRY: "a country, ISO 3166-1 alpha-2",
    FactType.MONEY: "an amount in a currency",
    FactType.DOCUMENTS: "documents with their statuses",
}
SOURCES = {
    Source.DECLARED: "the trader, in the declaration",
    Source.LOOKED_UP: "an officer or an agency's system, in `known`",
    Source.DERIVED: "nobody: it is computed from the declaration",
    Source.CONCLUDED: "nobody: rules or the ontology conclude it",
}
SCOPES = {
    Scope.ITEM: "each goods item",
    Scope.CONSIGNMENT: "the consignment",
}


class Detail(Struct, frozen=True):
    """One particular."""

    name: str
    value: str


class Code(Struct, frozen=True):
    """A code of HS 2022 and what it has to do with a class."""

    code: str
    shown: str
    description: str
    role: str


def kind_name(kind: str) -> str:
    """What the terms of a kind are called together."""
    return KINDS.get(kind, kind.capitalize())


def code(digits: str, role: str, vocabulary: Vocabulary) -> Code:
    """A code with its description."""
    return Code(digits, spaced(digits), vocabulary.codes.get(digits[:6], ""), role)


def agency(one: Agency) -> Iterator[Detail]:
    """Where its acts are appealed."""
    yield Detail("appeal", f"{one.appeal_body}, within {one.appeal_days} days")
    yield Detail("status of what is said of appeals", one.appeal_status)
    yield Detail("place in the published order", str(one.rank))


def certificate(one: Certificate) -> Iterator[Detail]:
    """How declarations carry it, and when it is missing or expired."""
    if one.notations:
        yield Detail("document codes", ", ".join(one.notations))
    yield Detail("its absence is a fact from", one.required_from)
    if one.valid_months is not None:
        yield Detail("valid for", f"{one.valid_months} months from issue")
    if one.analysis_months is not None:
        yield Detail("valid for", f"{one.analysis_months} months from the analysis")


def group(one: Group, vocabulary: Vocabulary) -> Iterator[Detail]:
    """Its members, each with its days."""
    for member in one.members:
        name = vocabulary.countries.get(member.country, member.country)
        yield Detail(f"{name} ({member.country})", days(member.period))


def fact_details(fact: Fact, vocabulary: Vocabulary) -> Iterator[Detail]:
    """What the value may be, who may state it, and what absence means."""
    yield Detail("value", _value(fact, vocabulary))
    if fact.minimum is not None or fact.maximum is not None:
        yield Detail("bounds", _bounds(fact))
    yield Detail("who may state it", SOURCES[fact.source])
    yield Detail("a property of", SCOPES[fact.scope])
    if fact.closed:
        absent = "false" if fact.type is FactType.BOOLEAN else "that there is none"
        yield Detail("absence means", absent)
    elif fact.assumption is None:
        yield Detail("absence means", "that it is unknown")
    if fact.assumption is not None:
        yield Detail("assumed where nothing concludes it", vocabulary.label(str(fact.assumption)))
    if fact.order:
        order = [vocabulary.label(one) for one in fact.order]
        yield Detail("order, from best to worst", ", ".join(order))
    if fact.transitive:
        yield Detail("passed on", "what a value has of it, its holder has too")


def _value(fact: Fact, vocabulary: Vocabulary) -> str:
    words = TYPES[fact.type]
    if fact.unit is not None:
        words += f", in {vocabulary.label(fact.unit)}"
    if fact.range is not None:
        words += f" of the kind “{kind_name(fact.range).lower()}”"
    return words


def _bounds(fact: Fact) -> str:
    ends = []
    if fact.minimum is not None:
        ends.append(f"at least {number(fact.minimum)}")
    if fact.maximum is not None:
        ends.append(f"at most {number(fact.maximum)}")
    return listed(ends, "and")


def days(period: Period) -> str:
    """A period in words; its end is the first day after it."""
    if period.start is None and period.end is None:
        return "always"
    start = "" if period.start is None else f"from {period.start}"
    end = "" if period.end is None else f"up to, not including, {period.end}"
    return f"{start} {end}".strip()
