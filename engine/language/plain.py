"""A rule as plain data in the shape of its file: tables, lists, texts, numbers, days.

The inverse of reading. `unit` beside a number is only checked, never kept, so it is not here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from engine.language.condition import (
    AllOf,
    AnyOf,
    CodeLine,
    Condition,
    Leaf,
    NoneOf,
    Operator,
    Test,
)
from engine.language.period import Period
from engine.language.rule import PUBLIC, Clock, Concludes, Control, GoodsStatus, Rule
from engine.language.vocabulary import Basis

Table = dict[str, Any]

DEFAULTS: Table = {
    "disclosure": PUBLIC,
    "mandate": False,
    "date": "acceptance",
    "effective": {},
    "basis": {},
    "example": [],
    "alternative": [],
    "on_unknown": "request",
    "unit": "consignment",
    "kind": "target",
    "generator": "ours",
    "status": "declared",
}
"""What an absent key means, wherever it stands."""

GROUPS: dict[type[Condition], str] = {AllOf: "all", AnyOf: "any", NoneOf: "none"}
OPERATORS = frozenset(operator.value for operator in Operator)
WORDS = frozenset({"is", "is_a", "one_of", "within", "subdivision"})
"""Keys under which one word and a list of that word say the same."""


def plain_rule(rule: Rule) -> Table:
    """The content of the file of *rule*, without keys that say what their absence says.

    Raises `ValueError` for a row of a table, which has no file of its own.
    """
    if "#" in rule.id:
        raise ValueError(f"{rule.id} is a row of a table")
    then = {
        **_consequence(rule),
        "basis": rule.grounds,
        "reason_class": rule.reason_class,
        "remedy": rule.remedy,
        "because": rule.because,
        "on_unknown": rule.on_unknown,
        "deadline": None if rule.clock is None else _clock(rule.clock),
    }
    content = {
        "title": rule.title,
        "agency": rule.agency,
        "phase": rule.phase.value,
        "regime": rule.regime,
        "disclosure": rule.disclosure,
        "mandate": rule.mandate,
        "selection": rule.selection,
        "date": rule.date,
        "effective": _period(rule.effective),
        "review_by": rule.review_by,
        "replaces": rule.replaces,
        "basis": {name: _basis(basis) for name, basis in rule.bases.items()},
        "when": plain_block(rule.when),
        "unless": None if rule.unless is None else plain_block(rule.unless),
        "then": _told(then),
        "proportionality": None,
        "provisional": None if rule.provisional is None else _struct(rule.provisional),
        "example": [_struct(example) for example in rule.examples],
    }
    why = rule.proportionality
    if why is not None:
        table = _struct(why)
        table["alternative"] = [_struct(each) for each in table.pop("alternatives", ())]
        content["proportionality"] = _told(table)
    return _told(content)


def _told(table: Table) -> Table:
    """*table* without absent values and defaults."""
    return {
        key: value
        for key, value in table.items()
        if value is not None and (key not in DEFAULTS or value != DEFAULTS[key])
    }


def _struct(value: msgspec.Struct) -> Table:
    return _told(msgspec.structs.asdict(value))


def _basis(basis: Basis) -> Table:
    held = _struct(basis)
    return {key: held[key] for key in ("cite", "href", "gist", "status", "checked") if key in held}


def _period(period: Period) -> Table:
    return _told({"from": period.start, "until": period.end})


def _clock(clock: Clock) -> Table:
    held = _struct(clock)
    return {"from" if key == "start" else key: held[key] for key in held}


def _consequence(rule: Rule) -> Table:
    match rule.then:
        case Concludes(fact, value):
            return {"concludes": {fact: value}}
        case Control(tasks):
            return {"control": [_struct(task) for task in tasks]}
        case GoodsStatus(status):
            return {"status": status}
        case other:
            return {str(other.__struct_config__.tag): _struct(other)}


# Conditions


def plain_block(condition: Condition) -> Table:
    """A condition as one group, the only shape that says every condition."""
    if isinstance(condition, Leaf):
        return {"all": [_leaf(condition)]}
    parts = [
        _leaf(part) if isinstance(part, Leaf) else plain_block(part) for part in condition.parts
    ]
    return {GROUPS[type(condition)]: parts}


def gathered(block: Table) -> Table:
    """A block as written, as one group: several groups of a block must all hold."""
    if not isinstance(block, dict) or len(block) == 1:
        return block
    return {"all": [{key: block[key]} for key in block]}


def spread(block: Table) -> Table:
    """One group as several keys of a block, where they say the same."""
    parts = block.get("all") if isinstance(block, dict) else None
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return block
    keys = [next(iter(part)) for part in parts if len(part) == 1]
    if len(parts) < 2 or len(set(keys)) < len(parts) or not set(keys) <= set(GROUPS.values()):
        return block
    return {key: part[key] for key, part in zip(keys, parts, strict=True)}


def _leaf(leaf: Leaf) -> Table:
    test = leaf.test
    status = test.status if test.operator is Operator.HAS else None
    ex, subdivisions = _ex(test.codes)
    return {
        "fact": test.fact,
        test.operator.value: _operand(test),
        **_told({"ex": ex, "subdivision": subdivisions, "status": status}),
        "basis": leaf.basis,
        **_told({"criterion": leaf.criterion, "reason": leaf.reason}),
    }


def _ex(lines: tuple[CodeLine, ...]) -> tuple[str | None, object]:
    kinds = {(line.ex, line.subdivisions) for line in lines}
    if len(kinds) > 1:
        raise ValueError("one test has code lines of different products: make a test of each")
    ex, subdivisions = next(iter(kinds), (None, ()))
    return ex, _words(subdivisions) if subdivisions else None


def _operand(test: Test) -> object:
    if test.flag is not None:
        return test.flag
    if test.codes:
        return _words(tuple(line.code for line in test.codes))
    if test.parameter is not None:
        return {"parameter": test.parameter}
    if test.number is not None:
        low = _amount(test.number, test.currency)
        return low if test.upper is None else [low, _amount(test.upper, test.currency)]
    return list(test.terms) if test.operator is Operator.ONE_OF else _words(test.terms)


def _amount(number: Decimal, currency: str | None) -> object:
    return number if currency is None else {"amount": number, "currency": currency}


def _words(words: tuple[str, ...]) -> object:
    return words[0] if len(words) == 1 else list(words)


# Sameness


def same(old: object, new: object, key: str = "") -> bool:
    """Whether two pieces of plain data say the same; *key* is the key that both stand under."""
    if key in WORDS:
        old, new = _as_list(old), _as_list(new)
    match old, new:
        case dict(), dict():
            if key in ("when", "unless"):
                old, new = gathered(old), gathered(new)
            return all(
                same(_held(old, name), _held(new, name), name)
                for name in (*old, *(name for name in new if name not in old))
                if not (name == "unit" and "fact" in old)
            )
        case list(), list():
            return len(old) == len(new) and all(map(same, old, new))
        case Decimal(), Decimal() if old.is_nan():
            return new.is_nan()
        case _:
            return isinstance(old, bool) is isinstance(new, bool) and old == new


def _held(table: Table, name: str) -> object:
    return table[name] if name in table else DEFAULTS.get(name)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value
