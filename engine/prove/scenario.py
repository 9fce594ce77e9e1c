"""A counterexample in the phrases of `engine.specs.steps`: as a scenario, which runs as it is, and
as text for people.

Of two cases the second is the twin of the first: what differs is said of it, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from engine.declaration.declaration import DECLARATION_FIELDS, ITEM_FIELDS, json_name
from engine.declaration.facts import DocumentStatus, Stage
from engine.language.vocabulary import Fact, FactType, Source, Vocabulary
from engine.prove.proving import Case

Body = dict[str, Any]
Said = dict[str, str]
"""Steps by what they speak of: the name of a fact, a certificate or a day."""

_FIELDS = {
    json_name(attribute): fact for attribute, fact in (DECLARATION_FIELDS | ITEM_FIELDS).items()
}
_ARTICLES = ("a ", "an ", "the ")


class WordlessError(ValueError):
    """Something of a declaration for which the phrases have no words; the message says what."""


def scenario(case: Case, claim: str, vocabulary: Vocabulary) -> str | None:
    """The text of a scenario that shows that not always *claim*.

    None where phrases have no words: for rates of exchange, further items, documents that are
    presented only, days and stages out of the ordinary, labels that name two things.
    """
    given = _given(case, vocabulary)
    if given is None:
        return None
    lines = [f"Scenario: {case.says[:1].upper()}{case.says[1:]}", *(f"  {one}" for one in given)]
    lines.append(f"  Then they show that not always {claim[:1].lower()}{claim[1:]}")
    return "\n".join(lines)


def told(case: Case, vocabulary: Vocabulary) -> list[str]:
    """The lines that say what is declared: in phrases, or as JSON where these lack words for it."""
    return _given(case, vocabulary) or as_json(case)


def as_json(case: Case) -> list[str]:
    """The declarations as they are sent, each in a line."""
    return [msgspec.json.encode(body).decode() for body in case.requests]


def _given(case: Case, vocabulary: Vocabulary) -> list[str] | None:
    try:
        first, *others = _steps(case, vocabulary)
    except WordlessError:
        return None
    return [f"Given {first}", *(f"And {step}" for step in others)]


def _steps(case: Case, vocabulary: Vocabulary) -> Iterator[str]:
    words = _Words(vocabulary)
    body, *twins = case.requests
    said = words.said(body)
    yield "goods of which nothing is known"
    yield from said.values()
    for twin in twins:
        other = words.said(twin)
        yield "a twin of it"
        yield from (words.taken_back(name) for name in said if name not in other)
        yield from (step for name, step in other.items() if said.get(name) != step)


class _Words:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def said(self, body: Body) -> Said:
        """What a request says, step by step."""
        declaration, known = body["declaration"], body.get("known", {})
        if "rates" in known or len(declaration["goods"]) != 1:
            raise WordlessError("rates of exchange, or further items")
        (item,) = declaration["goods"]
        found = dict(_days(declaration))
        facts = {**_stated(declaration), **_stated(item), **known.get("facts", {})}
        for one in known.get("items", ()):
            facts |= one["facts"]
        for name in sorted(facts):
            found[name] = self._fact(self._vocabulary.facts[name], facts[name])
        status = {one["id"]: one["status"] for one in known.get("documents", ())}
        for one in item.get("documents", ()):
            name = self._vocabulary.certificate_of_notation.get(one["type"], one["type"])
            held = status.get(one["id"], DocumentStatus.DECLARED.value)
            if held not in _HELD:
                raise WordlessError(f"a document that is {held}")
            found[name] = f"its {self._certificate(name)} is {_HELD[held]}"
        return found

    def taken_back(self, name: str) -> str:
        """The step by which what was said of *name* is not said any more."""
        if name in self._vocabulary.certificates:
            return f"no {self._certificate(name)} comes with it"
        if name not in self._vocabulary.facts:
            raise WordlessError("a day or stage of one of the twins only")
        fact = self._vocabulary.facts[name]
        if fact.source is Source.LOOKED_UP:
            return f'the agencies have no record of "{self._label(fact)}"'
        return f'the trader leaves "{self._label(fact)}" blank'

    def _fact(self, fact: Fact, value: Any) -> str:
        under, words = f'under "{self._label(fact)}"', self._value(fact, value)
        if fact.source is Source.LOOKED_UP:
            return f"{under} the agencies have {words} on record"
        return f"{under} the trader declares {words}"

    def _value(self, fact: Fact, value: Any) -> str:
        match fact.type:
            case FactType.BOOLEAN:
                return "yes" if value else "no"
            case FactType.MONEY:
                return f"{value['amount']} {value['currency']}"
            case FactType.COUNTRY:
                return _only(self._vocabulary.countries, value)
            case FactType.TERM:
                return self._term(fact, value)
            case FactType.TERMS:
                terms = [self._term(fact, one) for one in value]
                if not terms or any(" and " in one for one in terms):
                    raise WordlessError("a set that no list in words says")
                return " and ".join(terms)
            case _:
                return str(value)

    def _label(self, fact: Fact) -> str:
        facts = self._vocabulary.facts.values()
        return _only({one.id: one.label for one in facts if one.source is fact.source}, fact.id)

    def _term(self, fact: Fact, name: str) -> str:
        terms = self._vocabulary.of_kind(str(fact.range))
        return _only({term.id: term.label for term in terms}, name)

    def _certificate(self, name: str) -> str:
        return _only({one.id: one.label for one in self._vocabulary.certificates.values()}, name)


_HELD = {
    DocumentStatus.DECLARED.value: "claimed and not verified",
    DocumentStatus.VERIFIED.value: "verified",
}


def _days(declaration: Body) -> Iterator[tuple[str, str]]:
    """Stage and days; a day that nothing says is the day of acceptance."""
    accepted = declaration["acceptedOn"]
    yield "accepted", f"it is accepted on {accepted}"
    if declaration["dispatchedOn"] != accepted:
        yield "dispatched", f"it was dispatched on {declaration['dispatchedOn']}"
    if {declaration["arrivedOn"], declaration["placedOnMarketOn"]} != {accepted}:
        raise WordlessError("days of their own for arrival and market")
    if declaration["stage"] != Stage.ACCEPTED:
        raise WordlessError(f"the stage {declaration['stage']}")


def _stated(part: Body) -> Body:
    fields = {fact: part[field] for field, fact in _FIELDS.items() if field in part}
    return {**fields, **part.get("facts", {})}


def _only(labels: dict[str, str], name: str) -> str:
    """The label of *name*, which is that of nothing else, nor cut short by who reads it."""
    label = labels[name]
    same = [one for one in labels.values() if one.lower() == label.lower()]
    if len(same) > 1 or label.startswith(_ARTICLES) or '"' in label:
        raise WordlessError(f"`{label}` names two things")
    return label
