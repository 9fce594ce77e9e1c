"""A counterexample as a scenario of a feature, and back: what is known of goods, in words.

Each row of its table names a fact by its label and says the value; rows of further items, which
only make up totals, name the item first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from engine.declaration.declaration import DECLARATION_FIELDS, ITEM_FIELDS, json_name
from engine.language.vocabulary import Fact, FactType, Scope, Source, Vocabulary
from engine.prove.proving import Case

Row = tuple[str, str]
Body = dict[str, Any]

DAYS = {
    "accepted on": "acceptedOn",
    "arrived on": "arrivedOn",
    "dispatched on": "dispatchedOn",
    "placed on the market on": "placedOnMarketOn",
}
STAGE = "stage"
YES, NO = "yes", "no"
_FIELDS = {
    json_name(attribute): fact for attribute, fact in (DECLARATION_FIELDS | ITEM_FIELDS).items()
}


def scenario(case: Case, claim: str, vocabulary: Vocabulary) -> str | None:
    """The text of a scenario that shows that not always *claim*; None where rates of exchange play
    a part, for which scenarios have no words.
    """
    if any("rates" in body.get("known", {}) for body in case.requests):
        return None
    lines = [f"Scenario: {case.says[:1].upper()}{case.says[1:]}"]
    for place, body in enumerate(case.requests):
        start = "And other goods" if place else "Given goods"
        lines.append(f"  {start} of which is known")
        lines += _table(list(rows(body, vocabulary)))
    lines.append(f"  Then they show that not always {claim[:1].lower()}{claim[1:]}")
    return "\n".join(lines)


def _table(found: Sequence[Row]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in found) for column in (0, 1)]
    for name, value in found:
        yield f"    | {name:<{widths[0]}} | {value:<{widths[1]}} |"


# From a request


def rows(body: Body, vocabulary: Vocabulary) -> Iterator[Row]:
    """What a request says, row by row."""
    words, declaration, known = _Words(vocabulary), body["declaration"], body.get("known", {})
    yield STAGE, declaration[STAGE]
    yield from ((label, declaration[field]) for label, field in DAYS.items())
    yield from words.rows({**_stated(declaration), **known.get("facts", {})})
    findings = {one["id"]: one["status"] for one in known.get("documents", ())}
    for item in declaration["goods"]:
        prefix = "" if item["item"] == 1 else f"item {item['item']}: "
        facts = _stated(item)
        for found in known.get("items", ()):
            facts |= found["facts"] if found["item"] == item["item"] else {}
        named = list(words.rows(facts))
        if prefix and not named:
            named = [("goods", "of which nothing is known")]
        yield from ((f"{prefix}{label}", value) for label, value in named)
        for document in item.get("documents", ()):
            certificate = vocabulary.certificate_of_notation[document["type"]]
            status = findings.get(document["id"], "declared")
            yield f"{prefix}{words.certificates[certificate]}", status


def _stated(part: Body) -> Body:
    fields = {fact: part[field] for field, fact in _FIELDS.items() if field in part}
    return {**fields, **part.get("facts", {})}


class _Words:
    """Labels of facts, terms and certificates, where each names one thing only."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.facts = _unique({fact.id: fact.label for fact in vocabulary.facts.values()})
        self.certificates = _unique({c.id: c.label for c in vocabulary.certificates.values()})
        self.named = {label: vocabulary.facts[name] for name, label in self.facts.items()}
        self.papers = {label: name for name, label in self.certificates.items()}
        self._terms: dict[str, dict[str, str]] = {}

    def terms(self, kind: str) -> dict[str, str]:
        """The labels of a kind of terms, by id."""
        if kind not in self._terms:
            found = {term.id: term.label for term in self._vocabulary.of_kind(kind)}
            self._terms[kind] = _unique(found)
        return self._terms[kind]

    def rows(self, facts: Body) -> Iterator[Row]:
        for name in sorted(facts):
            yield self.facts[name], self.said(self._vocabulary.facts[name], facts[name])

    def said(self, fact: Fact, value: Any) -> str:
        match fact.type:
            case FactType.BOOLEAN:
                return YES if value else NO
            case FactType.MONEY:
                return f"{value['amount']} {value['currency']}"
            case FactType.TERM:
                return self.terms(str(fact.range))[value]
            case FactType.TERMS:
                return "; ".join(self.terms(str(fact.range))[one] for one in value) or "none"
            case _:
                return str(value)

    def meant(self, fact: Fact, text: str) -> object:
        """The value that a text says. Raises `KeyError` for a label that is none."""
        match fact.type:
            case FactType.BOOLEAN:
                return {YES: True, NO: False}[text]
            case FactType.NUMBER:
                return Decimal(text)
            case FactType.MONEY:
                amount, _, currency = text.partition(" ")
                return {"amount": Decimal(amount), "currency": currency}
            case FactType.TERM:
                return self._term(fact, text)
            case FactType.TERMS:
                return [] if text == "none" else [self._term(fact, one) for one in text.split("; ")]
            case _:
                return text

    def _term(self, fact: Fact, text: str) -> str:
        return {label: name for name, label in self.terms(str(fact.range)).items()}[text]


def _unique(labels: dict[str, str]) -> dict[str, str]:
    """Labels, and ids in the place of those that name two things or would break a table."""
    seen: dict[str, int] = {}
    for label in labels.values():
        seen[label] = seen.get(label, 0) + 1
    return {
        name: label if seen[label] == 1 and not {"|", ";"} & set(label) else name
        for name, label in labels.items()
    }


# And back


def request(table: Sequence[Sequence[str]], vocabulary: Vocabulary, name: str) -> Body:
    """The request that the rows of a table say. Raises `KeyError` for a label that is none."""
    words = _Words(vocabulary)
    declaration: Body = {"id": name, "facts": {}, "goods": []}
    known: Body = {"facts": {}, "documents": [], "items": []}
    for label, value in table:
        if label == STAGE or label in DAYS:
            declaration[DAYS.get(label, STAGE)] = value
            continue
        number, label_ = _item(label)
        item = _goods(declaration, known, number)
        if label_ in words.named:
            fact = words.named[label_]
            _state(fact, words.meant(fact, value), declaration, known, item)
        elif label_ in words.papers:
            document = {"type": words.papers[label_], "id": f"{number}-{label_}"}
            item[0].setdefault("documents", []).append(document)
            if value != "declared":
                known["documents"].append({"id": document["id"], "status": value})
        elif label_ != "goods":
            raise KeyError(label_)
    known["items"] = [one for one in known["items"] if one["facts"]]
    return {"declaration": declaration, "known": known}


def _item(label: str) -> tuple[int, str]:
    if label.startswith("item ") and ": " in label:
        number, _, rest = label.removeprefix("item ").partition(": ")
        return int(number), rest
    return 1, label


def _goods(declaration: Body, known: Body, number: int) -> tuple[Body, Body]:
    """What is declared of an item, and what agencies know of it."""
    for place, one in enumerate(declaration["goods"]):
        if one["item"] == number:
            return one, known["items"][place]
    declaration["goods"].append({"item": number, "facts": {}})
    known["items"].append({"item": number, "facts": {}})
    return declaration["goods"][-1], known["items"][-1]


def _state(
    fact: Fact, value: object, declaration: Body, known: Body, item: tuple[Body, Body]
) -> None:
    whole = fact.scope is Scope.CONSIGNMENT
    if fact.source is Source.LOOKED_UP:
        (known if whole else item[1])["facts"][fact.id] = value
    else:
        (declaration if whole else item[0])["facts"][fact.id] = value
