"""Which axioms are to blame: a minimal set that still has the same consequence.

QuickXplain (Junker, 2004): halve, and keep of each half only what the other cannot do without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def minimal(parts: Sequence[T], holds: Callable[[Sequence[T]], bool]) -> list[T]:
    """A subset of *parts* for which *holds* is true and of which every part is needed.

    *holds* must be true of all parts, and stay true when parts are added.
    """
    if holds([]):
        return []
    return _needed([], list(parts), holds, False)


def _needed(
    kept: list[T], parts: list[T], holds: Callable[[Sequence[T]], bool], ask: bool
) -> list[T]:
    if ask and holds(kept):
        return []
    if len(parts) == 1:
        return parts
    middle = len(parts) // 2
    first, second = parts[:middle], parts[middle:]
    of_second = _needed([*kept, *first], second, holds, bool(first))
    of_first = _needed([*kept, *of_second], first, holds, bool(of_second))
    return [*of_first, *of_second]
