"""What differs between two conditions, test by test, read aloud.

The order of the parts of a group, and of the values of a test, is no difference: it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from engine.language.condition import (
    AllOf,
    AnyOf,
    CodeLine,
    Condition,
    Leaf,
    NoneOf,
    Test,
    leaves,
)
from engine.language.difference import Part
from engine.language.sentences import INTRODUCED, Reading, code_lines, listed


def ordered(condition: Condition, day: str) -> Condition:
    """The condition without what is no difference: its order, and the rule's own *day*."""
    if isinstance(condition, Leaf):
        test = condition.test
        own = None if test.day == day else test.day
        terms, codes = tuple(sorted(test.terms)), tuple(sorted(test.codes, key=_json))
        return replace(condition, test=replace(test, terms=terms, codes=codes, day=own))
    parts = sorted((ordered(part, day) for part in condition.parts), key=_json)
    return replace(condition, parts=tuple(parts))


class ConditionParts:
    """Compares conditions that are `ordered`, each read aloud by its own version's words."""

    def __init__(self, before: Reading, after: Reading) -> None:
        self._before, self._after = before, after

    def between(self, aspect: str, old: Condition | None, new: Condition | None) -> Iterator[Part]:
        """The parts in which two differ; None is no condition at all."""
        if old == new:
            return
        if old is None or new is None:
            before = None if old is None else _lines(_joined(old), self._before)
            after = None if new is None else _lines(_joined(new), self._after)
            yield Part(aspect, before, after)
            return
        found = list(self._members(aspect, _flat(old), _flat(new)))
        # `any` of one part reads like `all` of it, and is written otherwise still.
        yield from found or [self._spelled(f"form of {aspect}", old, new)]

    # Groups

    def _members(
        self, aspect: str, old: Iterable[Condition], new: Iterable[Condition], nested: bool = False
    ) -> Iterator[Part]:
        """Members of a group that came, went, or are the same one, changed."""
        before, after = dict.fromkeys(old), dict.fromkeys(new)
        gone = [one for one in before if one not in after]
        come = [one for one in after if one not in before]
        for one, other in _paired(gone, come):
            gone.remove(one)
            come.remove(other)
            yield from self._changed(aspect, one, other, nested)
        yield from (Part(aspect, _aloud(one, self._before), None) for one in gone)
        yield from (Part(aspect, None, _aloud(one, self._after)) for one in come)

    def _changed(self, aspect: str, old: Condition, new: Condition, nested: bool) -> Iterator[Part]:
        if isinstance(old, Leaf) and isinstance(new, Leaf):
            yield from self._leaf(aspect, old, new)
            return
        # Only groups that are not nested: of others nobody would know which one is meant.
        groups = None if nested else _groups(old, new)
        if groups is not None:
            word, one, other = groups
            found = list(self._members(f"{aspect}: {word}", one, other, nested=True))
            if found:
                yield from found
                return
        before, after = _aloud(old, self._before), _aloud(new, self._after)
        yield self._spelled(aspect, old, new) if before == after else Part(aspect, before, after)

    def _spelled(self, aspect: str, old: Condition, new: Condition) -> Part:
        """Two conditions that read alike, with every group named."""
        before, after = _spelled(old, self._before), _spelled(new, self._after)
        return Part(aspect, *((_json(old), _json(new)) if before == after else (before, after)))

    # Tests

    def _leaf(self, aspect: str, old: Leaf, new: Leaf) -> Iterator[Part]:
        if old.test != new.test:
            yield from self._test(aspect, old.test, new.test)
            which = self._fact(old.test, new.test)
        else:
            before, after = self._before.test(old.test), self._after.test(new.test)
            which = before if before == after else old.test.fact
        for name in ("basis", "criterion", "reason"):
            one, other = getattr(old, name), getattr(new, name)
            if one != other:
                yield Part(f"{aspect} ({which}): {name}", one, other)

    def _test(self, aspect: str, old: Test, new: Test) -> Iterator[Part]:
        """What a test asks; of lists that have values in common, the values that came and went."""
        for name in ("terms", "codes"):
            one, other = getattr(old, name), getattr(new, name)
            if set(one) & set(other) and replace(old, **{name: other}) == new:
                yield from self._values(f"{aspect} ({self._fact(old, new)}): value", one, other)
                return
        before, after = self._before.test(old), self._after.test(new)
        if before != after:
            yield Part(aspect, before, after)
            return
        for name in old.__struct_fields__:
            one, other = getattr(old, name), getattr(new, name)
            if one != other:
                yield Part(f"{aspect} ({before}): {name}", _raw(one), _raw(other))

    def _fact(self, old: Test, new: Test) -> str:
        before = self._before.vocabulary.facts[old.fact].label
        after = self._after.vocabulary.facts[new.fact].label
        return before if before == after else " or ".join(sorted({old.fact, new.fact}))

    def _values(
        self, aspect: str, old: Sequence[str | CodeLine], new: Sequence[str | CodeLine]
    ) -> Iterator[Part]:
        gone = [_value(one, self._before) for one in old if one not in new]
        come = [_value(one, self._after) for one in new if one not in old]
        if len(gone) == len(come) == 1 and gone != come:
            yield Part(aspect, gone[0], come[0])
            return
        yield from (Part(aspect, one, None) for one in gone)
        yield from (Part(aspect, None, one) for one in come)


# The shape of conditions


def _flat(condition: Condition) -> list[Condition]:
    """What must all hold."""
    match condition:
        case AllOf(parts) | AnyOf((_,) as parts):
            return [one for part in parts for one in _flat(part)]
        case _:
            return [condition]


def _joined(condition: Condition) -> Condition:
    parts = _flat(condition)
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _groups(
    old: Condition, new: Condition
) -> tuple[str, tuple[Condition, ...], tuple[Condition, ...]] | None:
    """What two groups are made of, by what it is called; None where they are no groups alike."""
    match old, new:
        case NoneOf(parts), NoneOf(others):
            return "exclusion", parts, others
        case (AnyOf(parts), AnyOf(others)):
            return "alternative", parts, others
        case (AnyOf(parts), _) if new in parts:
            return "alternative", parts, (new,)
        case (_, AnyOf(others)) if old in others:
            return "alternative", (old,), others
        case _:
            return None


def _paired(gone: list[Condition], come: list[Condition]) -> list[tuple[Condition, Condition]]:
    """Those that are one before and after: where one took another's place, and else the likest."""
    if len(gone) == len(come) == 1:
        return [(gone[0], come[0])]
    likely = [(one, other) for one in gone for other in come if any(_likeness(one, other))]
    likely.sort(key=lambda pair: sorted(map(_json, pair)))
    likely.sort(key=lambda pair: _likeness(*pair), reverse=True)
    found: list[tuple[Condition, Condition]] = []
    left, right = set(gone), set(come)
    for one, other in likely:
        if one in left and other in right:
            found.append((one, other))
            left.remove(one)
            right.remove(other)
    return found


def _likeness(one: Condition, other: Condition) -> tuple[int, int]:
    """How many tests two conditions share, and how many facts."""
    tests, others = ({leaf.test for leaf in leaves(found)} for found in (one, other))
    facts, names = ({test.fact for test in found} for found in (tests, others))
    return len(tests & others), len(facts & names)


# Words


def _aloud(condition: Condition, reading: Reading) -> str:
    """A test as a clause, a group as lines."""
    if isinstance(condition, Leaf):
        return reading.test(condition.test)
    return _lines(condition, reading)


def _lines(condition: Condition, reading: Reading) -> str:
    return "\n".join(reading.condition(condition))


def _spelled(condition: Condition, reading: Reading) -> str:
    if isinstance(condition, Leaf):
        return reading.test(condition.test)
    parts = [_spelled(part, reading) for part in condition.parts]
    return f"{INTRODUCED[type(condition)]} ({listed(parts, 'and')})"


def _value(value: str | CodeLine, reading: Reading) -> str:
    if isinstance(value, CodeLine):
        return code_lines([value], reading.vocabulary)
    return reading.label(value)


def _raw(value: object) -> str | None:
    return None if value in (None, ()) else str(value)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
