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
    seen = {rule.id for base in bases for rule in base.rules if sees(rule)}
    shown = [_shown(base, sees, seen) for base in bases]
    found = rule_differences(
        *(version._replace(base=base) for version, base in zip((before, after), shown, strict=True))
    )
    every = rule_differences(before, after)
    rules = [{rule.id: rule for rule in base.rules} for base in (*bases, *shown)]
    parameters = [base.parameters for base in (*bases, *shown)]
    names = {one.subject for one in every if one.kind == PARAMETER}
    withheld = _partly(named_rules(every), *rules) + _partly(names, *parameters)
    return Told(found, withheld)


def _shown(base: RuleBase, sees: Callable[[Rule], bool], seen: Collection[str]) -> RuleBase:
    """The rules of *base* that are seen, with the parameters that others alone do not use.

    A rule that replaces one which is *seen* in neither base does not say which.
    """
    rules = [rule for rule in base.rules if sees(rule)]
    public, others = (
        {leaf.test.parameter for rule in found for leaf in rule.leaves}
        for found in (rules, [rule for rule in base.rules if not sees(rule)])
    )
    return replace(
        base,
        rules=tuple(
            rule if rule.replaces in seen else replace(rule, replaces=None) for rule in rules
        ),
        parameters={
            name: one for name, one in base.parameters.items() if name in public or name not in others
        },
    )


def _partly[T](
    names: Collection[str],
    before: dict[str, T],
    after: dict[str, T],
    shown_before: dict[str, T],
    shown_after: dict[str, T],
) -> int:
    """How many of *names* are not shown as they are in both."""
    return sum(
        (before.get(name), after.get(name)) != (shown_before.get(name), shown_after.get(name))
        for name in names
    )
