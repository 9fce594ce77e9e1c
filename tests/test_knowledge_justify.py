"""A minimal set has the consequence, and loses it with any of its parts."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from engine.knowledge.justify import minimal

CULPRITS = st.frozensets(st.frozensets(st.integers(0, 11), min_size=1, max_size=4), min_size=1)


@given(CULPRITS)
def test_a_minimal_set_has_the_consequence_and_needs_every_part(
    culprits: frozenset[frozenset[int]],
) -> None:
    def holds(parts: Sequence[int]) -> bool:
        return any(culprit <= set(parts) for culprit in culprits)

    found = minimal(range(12), holds)
    assert holds(found)
    assert not any(holds([other for other in found if other != part]) for part in found)


def test_what_holds_of_nothing_needs_nothing() -> None:
    assert minimal([1, 2], lambda _: True) == []
