"""Keeping decisions: what of them goes into the store, and what stands beside it.

Boundary: takes no decision. A draft is what will be kept of one; only the store makes it last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from api.service.clock import Clock, now
from api.service.draws import Draws
from api.service.history import DECISION, History, Kept
from api.service.policy import Caller
from api.service.version import Version, parts_of
from api.store import Claim, Entry, Sighting, Store
from engine.decide.decision import Decision
from engine.decide.draw import DrawKeys
from engine.declaration.problems import malformed
from engine.evidence.record import salted

Counted = Callable[[Decision], None]
"""Is told, once, of each decision that was kept as an answer."""

NUMBER = "customs-number"


def uncounted(_: Decision) -> None:
    """Nobody counts."""


class Asked(Struct, frozen=True, kw_only=True):
    """Who asks, and under which idempotency key with which body, if any."""

    caller: Caller
    claim: Claim | None = None


class Draft(Struct, frozen=True):
    """A decision that is not kept yet: its entries, and which of them holds the *version*."""

    entries: tuple[Entry, ...]
    place: int
    version: Version


class Keeper:
    """Keeps what was decided, and tells of it."""

    def __init__(
        self, store: Store, keys: DrawKeys, clock: Clock = now, counted: Counted = uncounted
    ) -> None:
        self._store, self._clock, self._counted = store, clock, counted
        self.draws = Draws(store, keys, clock)

    def draft(
        self,
        versions: Sequence[Version],
        whole: History,
        asked: Asked,
        sighting: Sighting | None = None,
    ) -> Draft:
        """The entries of the versions; the last one carries the claim.

        *sighting* is what keyed the draw of what was declared; officers' acts see no goods anew.
        """
        entries = []
        for version in versions:
            last = version is versions[-1]
            entries.append(
                Entry(
                    kind=DECISION,
                    id=version.decision.id,
                    subject=version.decision.declaration,
                    at=self._clock(),
                    author=asked.caller.name,
                    release=version.decision.release.digest,
                    parts={name: salted(body) for name, body in parts_of(version).items()},
                    claim=asked.claim if last else None,
                    sighting=sighting,
                    after=whole.last_index,
                )
            )
        entries += self._numbered(versions[-1], asked)
        return Draft(tuple(entries), len(versions) - 1, versions[-1])

    def keep(self, drafts: Sequence[Draft]) -> list[Kept]:
        """Append what was drafted in one commit."""
        stored = self._store.append([entry for draft in drafts for entry in draft.entries])
        kept, start = [], 0
        for draft in drafts:
            kept.append(Kept(stored[start + draft.place], draft.version))
            start += len(draft.entries)
            self._counted(draft.version.decision)
        return kept

    def named(self, number: str) -> str | None:
        """The declaration to which customs gave this number, if one is kept."""
        stored = self._store.record(_number_id(number))
        return None if stored is None else stored.record.subject

    def _numbered(self, version: Version, asked: Asked) -> list[Entry]:
        """The number that customs gave, so that an amendment finds what it is about."""
        number = version.lodging.number if version.lodging else None
        if number is None:
            return []
        subject = version.decision.declaration
        named = self.named(number)
        if named is None:
            return [
                Entry(
                    kind=NUMBER,
                    id=_number_id(number),
                    subject=subject,
                    at=self._clock(),
                    author=asked.caller.name,
                )
            ]
        if named != subject:
            raise malformed(
                "/declaration/id",
                f"customs' number `{number}` is that of another declaration here",
                "state the number that customs gave this declaration",
            )
        return []


def _number_id(number: str) -> str:
    return f"{NUMBER}:{number}"
