"""What differs between two rule bases: rules, parameters, calendars and matrices.

Rules are the same by id. What all rows of a table say in the same words is its file's, and told
once. Where files stand, the order in them and comments are no differences.

Boundary: two whole bases, each with its vocabulary. Words are compared by `differences`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from engine.language.base import RuleBase
from engine.language.condition_parts import ConditionParts, ordered
from engine.language.difference import Difference, Part, differing, place, whole
from engine.language.parts import Parts
from engine.language.rule import (
    Concludes,
    Control,
    Danger,
    GoodsStatus,
    Likelihood,
    Matrices,
    Rule,
)
from engine.language.sentences import Reading, percent
from engine.language.vocabulary import Vocabulary

RULE, TABLE, PARAMETER = "rule", "table", "parameter"
"""Kinds of what differs."""


class Version(NamedTuple):
    """A rule base, and the vocabulary that it was read by."""

    vocabulary: Vocabulary
    base: RuleBase

    @property
    def reading(self) -> Reading:
        """What reads its rules aloud."""
        return Reading(self.vocabulary, self.base.parameters)


def rule_differences(before: Version, after: Version) -> tuple[Difference, ...]:
    """All differences, in order of kind, subject and aspect."""
    comparing = _Comparing(before.reading, after.reading)
    return tuple(sorted(comparing.between(before.base, after.base), key=place))


def named_rules(found: Iterable[Difference]) -> set[str]:
    """The ids of the rules that differ, with every row for which its table's difference holds."""
    names: set[str] = set()
    for one in found:
        if one.kind == RULE:
            names.add(one.subject)
        elif one.kind == TABLE:
            names.update(f"{one.subject}#{row}" for row in one.rows)
    return names


_CONSEQUENCES = {
    Concludes: "conclusion",
    Danger: "danger",
    Likelihood: "likelihood",
    Control: "",
    GoodsStatus: "",
}
"""What stands before the fields of a consequence; those of the others say it themselves."""


class _Comparing:
    def __init__(self, before: Reading, after: Reading) -> None:
        self._before, self._after = before, after
        self._parts = Parts(before, after)
        self._conditions = ConditionParts(before, after)

    def between(self, old: RuleBase, new: RuleBase) -> Iterator[Difference]:
        rules, others = ({rule.id: rule for rule in base.rules} for base in (old, new))
        yield from self._moved(rules, others)
        yield from self._changed(rules, others)
        yield from self._entries(PARAMETER, old.parameters, new.parameters)
        yield from self._entries("calendar", old.calendars, new.calendars)
        yield from self._matrices(old.matrices, new.matrices)

    # Rules

    def _moved(self, old: Mapping[str, Rule], new: Mapping[str, Rule]) -> Iterator[Difference]:
        """Rules that came or went."""
        for one, other, reading in ((old, new, self._before), (new, old, self._after)):
            successors: dict[str, list[str]] = defaultdict(list)
            for name in sorted(other):
                successors[other[name].replaces or ""].append(name)
            for name in one.keys() - other.keys():
                later = (*successors[name], *successors[one[name].table])
                label = _label(one[name], dict.fromkeys(later), reading)
                yield whole(RULE, name, label, added=one is new)

    def _changed(self, old: Mapping[str, Rule], new: Mapping[str, Rule]) -> Iterator[Difference]:
        """Rules of both; what all rows of a table have in common, once."""
        found = {name: [*self._rule(old[name], new[name])] for name in old.keys() & new.keys()}
        tables: dict[str, list[str]] = defaultdict(list)
        for name in sorted(found):
            tables[old[name].table].append(name)
        for table, names in tables.items():
            first, *rest = (found[name] for name in names)
            common = [part for part in first if rest and all(part in one for one in rest)]
            rows = tuple(name.partition("#")[2] for name in names)
            yield from (differing(TABLE, table, part, rows=rows) for part in common)
            for name in names:
                title = _shared(old[name].title, new[name].title)
                own = (part for part in found[name] if part not in common)
                yield from (differing(RULE, name, part, title) for part in own)

    def _rule(self, old: Rule, new: Rule) -> Iterator[Part]:
        if old == new:
            return
        yield from self._parts.fields(old, new, without=("when", "unless", "then"))
        yield from self._conditions.between(
            "when", ordered(old.when, old.date), ordered(new.when, new.date)
        )
        yield from self._conditions.between(
            "unless",
            old.unless and ordered(old.unless, old.date),
            new.unless and ordered(new.unless, new.date),
        )
        if type(old.then) is type(new.then):
            yield from self._parts.fields(old.then, new.then, _CONSEQUENCES[type(old.then)])
        else:
            before, after = self._before.consequence(old), self._after.consequence(new)
            yield Part("consequence", before, after)

    # What rules share

    def _entries(
        self, kind: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Iterator[Difference]:
        for name in old.keys() | new.keys():
            if name in old and name in new:
                title = _shared(old[name].title, new[name].title)
                for part in self._parts.fields(old[name], new[name]):
                    yield differing(kind, name, part, title)
            else:
                yield whole(kind, name, (new.get(name) or old[name]).title, name in new)

    def _matrices(self, old: Matrices, new: Matrices) -> Iterator[Difference]:
        before, after = _cells(old), _cells(new)
        for name, (aspect, cells) in before.items():
            for part in self._parts.entries(aspect, cells, after[name][1]):
                yield differing("matrix", name, part)
        for name in old.bases.keys() | new.bases.keys():
            bases = old.bases.get(name), new.bases.get(name)
            for part in self._parts.between("basis", *bases):
                yield differing("matrix", name, part)


def _label(rule: Rule, successors: Iterable[str], reading: Reading) -> str:
    """A whole rule: its title, what it replaced and what replaced it, its sentence."""
    notes = [f"replaces `{rule.replaces}`"] if rule.replaces else []
    notes += [f"replaced by `{name}`" for name in successors]
    return f"{'; '.join([rule.title, *notes])}\n{reading.rule(rule)}"


def _shared(old: str, new: str) -> str | None:
    return old if old == new else None


def _cells(matrices: Matrices) -> dict[str, tuple[str, dict[Any, Any]]]:
    """Each matrix by name: what its keys are, and its cells by them."""
    severity = {
        above: {f"severity {step}": level for step, level in enumerate(levels, 1)}
        for above, levels in matrices.severity
    }
    targeting = {
        (danger, band): level
        for danger, row in matrices.targeting.items()
        for band, level in row.items()
    }
    ladder = {
        level: {"control": task, "rate": percent(rate)}
        for level, (task, rate) in matrices.ladder.items()
    }
    return {
        "severity": ("probability of harm over", severity),
        "targeting": ("danger and likelihood", targeting),
        "ladder": ("level", ladder),
    }
