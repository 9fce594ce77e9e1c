"""What a condition cannot hold without, and what alone makes it hold or fail.

All of it is read off the groups: nothing here knows what a test means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.language.condition import AllOf, AnyOf, Condition, Leaf, NoneOf


def needs(condition: Condition, wanted: Callable[[Leaf], bool]) -> bool:
    """Whether, in whatever way the condition comes to hold, a *wanted* test is true."""
    match condition:
        case Leaf():
            return wanted(condition)
        case AllOf(parts):
            return any(needs(part, wanted) for part in parts)
        case AnyOf(parts):
            return all(needs(part, wanted) for part in parts)
        case NoneOf():
            return False


def required(condition: Condition | None) -> Iterator[Leaf]:
    """Leaves without which the condition cannot hold."""
    match condition:
        case Leaf():
            yield condition
        case AllOf(parts) | AnyOf((_,) as parts):
            # One branch of several is not required.
            for part in parts:
                yield from required(part)


def sufficient(condition: Condition | None) -> Iterator[Leaf]:
    """Leaves any one of which makes the condition hold."""
    match condition:
        case Leaf():
            yield condition
        case AnyOf(parts) | AllOf((_,) as parts):
            for part in parts:
                yield from sufficient(part)


def refused(condition: Condition) -> Iterator[Leaf]:
    """Leaves any one of which makes the condition fail, found under a required ``none``."""
    match condition:
        case NoneOf(parts):
            for part in parts:
                yield from sufficient(part)
        case AllOf(parts) | AnyOf((_,) as parts):
            for part in parts:
                yield from refused(part)


def alternatives(condition: Condition) -> Iterator[Condition]:
    """The ways, as written, in which the condition may come to hold."""
    match condition:
        case AnyOf(parts) | AllOf((_,) as parts) if not isinstance(condition, Leaf):
            for part in parts:
                yield from alternatives(part)
        case _:
            yield condition
