"""Differences as they read from the other side."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from engine.language.difference import Change, Difference

MIRRORED = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}


def mirrored(found: Iterable[Difference]) -> set[Difference]:
    """The same differences, had what was after been before."""
    return {
        replace(
            one, change=MIRRORED.get(one.change, one.change), before=one.after, after=one.before
        )
        for one in found
    }
