"""One step up a hierarchy of classes of which every superclass is known."""

from __future__ import annotations

from collections.abc import Mapping


def direct_superclasses(name: str, above: Mapping[str, frozenset[str]]) -> list[str]:
    """The superclasses of *name* that follow from no other; of one extension with it, all."""
    same = {other for other in above[name] if name in above.get(other, ())}
    strict = above[name] - same
    follows = {
        higher
        for between in strict
        for higher in above.get(between, ())
        if between not in above.get(higher, ())
    }
    return sorted((strict - follows) | (same - {name}))
