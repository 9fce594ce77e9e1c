"""Reading `when` and `unless`: groups and tests, checked against the vocabulary.

What a test compares its fact with is for `operands`.
"""

from __future__ import annotations

from typing import Any

from engine.language.condition import AllOf, AnyOf, Condition, Leaf, NoneOf, Operator
from engine.language.diagnostics import did_you_mean
from engine.language.layout import Steps
from engine.language.operands import OperandReader
from engine.language.reader import Reader
from engine.language.rule import Parameter
from engine.language.vocabulary import Fact

CRITERIA = (
    "code",  # Harmonized System code
    "nature",  # nature and description of the goods
    "origin",
    "shipped-from",
    "value",
    "compliance",  # traders' compliance record
    "transport",  # type of means of transport
    "other",
)
"""The selectivity criteria of TFA 7.4.4, and `other`, which needs a reason."""

_GROUPS: dict[str, type[AllOf] | type[AnyOf] | type[NoneOf]] = {
    "all": AllOf,
    "any": AnyOf,
    "none": NoneOf,
}
_LEAF_KEYS = ("fact", "basis", "criterion", "reason", "unit", "status", "ex", "subdivision")


class ConditionReader:
    """Reads the conditions of one rule; *day* is the rule's governing date."""

    def __init__(self, reader: Reader, parameters: dict[str, Parameter], day: str) -> None:
        self.reader = reader
        self._operands = OperandReader(reader, parameters, day)

    def block(self, value: object, path: Steps) -> Condition | None:
        """A ``[when]`` or ``[unless]`` block: its groups must all hold."""
        table = self.reader.typed(value, path, dict)
        if table is None:
            return None
        self.reader.close(table, _GROUPS, path)
        parts = [self._group(key, table[key], (*path, key)) for key in table if key in _GROUPS]
        known = tuple(part for part in parts if part is not None)
        if not known:
            if not parts:
                self.reader.complain(
                    "empty", "no condition here", path, "give `all`, `any` or `none` a list"
                )
            return None
        return known[0] if len(known) == 1 else AllOf(known)

    def _group(self, key: str, value: object, path: Steps) -> Condition | None:
        items = self.reader.typed(value, path, list)
        if items is None:
            return None
        if not items:
            self.reader.complain("empty", f"`{key}` is empty", path, "remove it or add a test")
            return None
        parts = [self._part(item, (*path, index)) for index, item in enumerate(items)]
        return _GROUPS[key](tuple(part for part in parts if part is not None))

    def _part(self, value: object, path: Steps) -> Condition | None:
        table = self.reader.typed(value, path, dict)
        if table is None:
            return None
        if "fact" in table:
            return self._leaf(table, path)
        if len(table) == 1 and next(iter(table)) in _GROUPS:
            key = next(iter(table))
            return self._group(key, table[key], (*path, key))
        self.reader.complain(
            "no-condition",
            "neither a test nor a group",
            path,
            "a test names a `fact`; a group is `{ all = […] }`, `any` or `none`, one key only",
        )
        return None

    # One test

    def _leaf(self, table: dict[str, Any], path: Steps) -> Leaf | None:
        fact = self._fact(table, path)
        operator = self._operator(table, path)
        basis = self.reader.take(table, "basis", path, str)
        criterion = None
        if "criterion" in table:
            criterion = self.reader.choice(table, "criterion", path, CRITERIA)
        reason = self.reader.take(table, "reason", path, str, required=False)
        if criterion == "other" and reason is None:
            self.reader.complain(
                "no-reason",
                "criterion `other` needs a `reason`",
                path,
                "say why none of the seven criteria of TFA 7.4.4 fits",
            )
        if fact is None or operator is None or basis is None:
            return None
        test = self._operands.test(fact, operator, table, path)
        if test is None:
            return None
        return Leaf(test=test, basis=basis, criterion=criterion, reason=reason)

    def _fact(self, table: dict[str, Any], path: Steps) -> Fact | None:
        name = self.reader.take(table, "fact", path, str)
        if name is None:
            return None
        fact = self.reader.vocabulary.facts.get(name)
        if fact is None:
            self.reader.complain(
                "unknown-fact",
                f"unknown fact `{name}`",
                (*path, "fact"),
                did_you_mean(name, self.reader.vocabulary.facts)
                or "facts are declared in `ontology/facts.ttl`",
                table["fact"],
            )
        return fact

    def _operator(self, table: dict[str, Any], path: Steps) -> Operator | None:
        names = [operator.value for operator in Operator]
        self.reader.close(table, (*_LEAF_KEYS, *names), path)
        used = [name for name in names if name in table]
        if len(used) == 1:
            return Operator(used[0])
        if not used and not set(table) <= set(_LEAF_KEYS):
            return None  # a misspelled operator is refused as an unknown key
        self.reader.complain(
            "no-operator" if not used else "two-operators",
            "this test has no operator" if not used else f"`{used[0]}` and `{used[1]}` in one test",
            path,
            f"use exactly one of: {', '.join(names)}",
        )
        return None
