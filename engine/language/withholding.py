"""Two rule bases as somebody sees them who may not see every rule.

What is withheld on one side is as if it were not there: so nothing that is told depends on it, but
how much is withheld. A rule that came out of hiding counts as come, one that went there as gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from msgspec.structs import replace

from engine.language.base import RuleBase
from engine.language.difference import Difference
from engine.language.rule import Rule
from engine.language.rule_differences import PARAMETER, Version, named_rules, rule_differences


class Told(NamedTuple):
    """The differences that are told, and how many rules and parameters differ in what is not."""

    differences: tuple[Difference, ...]
    withheld: int


def told(before: Version, after: Version, sees: Callable[[Rule], bool]) -> Told:
    """What differs, to somebody who *sees* some of the rules."""
    bases = before.base, after.base
    every = rule_differences(before, after)
    own = [rule for base in bases for rule in base.rules if sees(rule)]
    names = {rule.id for rule in own} | {rule.table for rule in own}
    shown = [_shown(base, sees, names) for base in bases]
    old, new = (one._replace(base=base) for one, base in zip((before, after), shown, strict=True))
    closed = {
        one.subject
        for one in every
        if one.kind == PARAMETER and not _open(one.subject, bases, sees)
    }
    found = tuple(
        one
        for one in rule_differences(old, new)
        if one.kind != PARAMETER or one.subject not in closed
    )
    whole, parts = ([_by_id(base) for base in side] for side in (bases, shown))
    partly = {
        name
        for name in named_rules(every)
        for rules, rest in zip(whole, parts, strict=True)
        if rules.get(name) != rest.get(name)
    }
    return Told(found, len(partly) + len(closed))


def _by_id(base: RuleBase) -> dict[str, Rule]:
    return {rule.id: rule for rule in base.rules}


def _shown(base: RuleBase, sees: Callable[[Rule], bool], names: Collection[str]) -> RuleBase:
    """The rules of *base* that are seen. One that replaces none of *names* does not say which."""
    seen = (rule for rule in base.rules if sees(rule))
    return replace(
        base,
        rules=tuple(
            rule if rule.replaces in names else replace(rule, replaces=None) for rule in seen
        ),
    )


def _open(name: str, bases: Collection[RuleBase], sees: Callable[[Rule], bool]) -> bool:
    """Whether a parameter tells nothing of rules that are not seen: none of them uses it, or one
    that is seen does, too, wherever the parameter stands.
    """
    users = [
        [
            sees(rule)
            for rule in base.rules
            if any(leaf.test.parameter == name for leaf in rule.leaves)
        ]
        for base in bases
        if name in base.parameters
    ]
    return all(map(all, users)) or all(map(any, users))
