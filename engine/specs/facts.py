"""Facts by what people call them, their values in words, and where a request holds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.declaration.declaration import DECLARATION_FIELDS, ITEM_FIELDS, json_name
from engine.language.diagnostics import did_you_mean
from engine.language.vocabulary import Fact, FactType, Scope, Source
from engine.specs.world import UnclearError, World, listed

_YES_NO = {"yes": True, "no": False}


def fact_of(world: World, label: str, source: Source) -> Fact:
    """The fact which has the label, among those that *source* states."""
    known = {
        fact.label.lower(): fact
        for fact in world.release.vocabulary.facts.values()
        if fact.source is source and fact.type is not FactType.DOCUMENTS
    }
    if label.lower() not in known:
        mend = did_you_mean(label.lower(), known) or f"known are {listed(known, 60)}"
        raise UnclearError(f"nothing that is {source} is called `{label}`: {mend}")
    return known[label.lower()]


def state(world: World, fact: Fact, text: str) -> None:
    """Say in the request that *fact* is what *text* says."""
    value = value_of(world, fact, text)
    holder, name = _holder(world, fact)
    holder[name] = value


def leave_out(world: World, fact: Fact) -> None:
    """Take *fact* out of the request: nobody states it."""
    holder, name = _holder(world, fact)
    holder.pop(name, None)


def _holder(world: World, fact: Fact) -> tuple[dict[str, Any], str]:
    """The part of the request that holds *fact* of the first item, and under which name."""
    if fact.source is Source.LOOKED_UP:
        known = world.request.setdefault("known", {})
        if fact.scope is Scope.CONSIGNMENT:
            return known.setdefault("facts", {}), fact.id
        number = world.goods[0]["item"]
        items = known.setdefault("items", [])
        if not any(one["item"] == number for one in items):
            items.append({"item": number, "facts": {}})
        return next(one for one in items if one["item"] == number)["facts"], fact.id
    item, declaration = world.goods[0], world.request["declaration"]
    fields = {name: json_name(attribute) for attribute, name in ITEM_FIELDS.items()}
    if fact.id in fields:
        return item, fields[fact.id]
    fields = {name: json_name(attribute) for attribute, name in DECLARATION_FIELDS.items()}
    if fact.id in fields:
        return declaration, fields[fact.id]
    part = item if fact.scope is Scope.ITEM else declaration
    return part.setdefault("facts", {}), fact.id


def value_of(world: World, fact: Fact, text: str) -> object:
    """What *text* says, in the shape in which a request states a value of *fact*."""
    read: dict[FactType, Callable[[str], object]] = {
        FactType.BOOLEAN: _yes_or_no,
        FactType.NUMBER: _number,
        FactType.COUNTRY: world.country,
        FactType.TERM: lambda words: world.term(fact.range or "", words),
        FactType.TERMS: lambda words: [
            world.term(fact.range or "", word) for word in words.split(" and ")
        ],
        FactType.MONEY: _money,
    }
    return read.get(fact.type, str)(text)


def _yes_or_no(text: str) -> bool:
    if text not in _YES_NO:
        raise UnclearError(f"`{text}` is neither yes nor no")
    return _YES_NO[text]


def _number(text: str) -> float:
    """A number; a unit after it is for the reader, as each fact has one unit."""
    head = text.split(" ")[0].replace(",", "")
    try:
        return float(head)
    except ValueError:
        raise UnclearError(f"`{text}` is no number") from None


def _money(text: str) -> dict[str, object]:
    amount, _, currency = text.rpartition(" ")
    return {"amount": _number(amount), "currency": currency, "basis": "invoice"}
