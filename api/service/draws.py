"""The keys of the draw over time: committed to before they draw, revealed once nothing new can.

Boundary: which day's key draws for whom, and what the log says of it; the draw itself is for
`engine.decide.draw`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from api.service.clock import Clock, now
from api.store import DuplicateError, Entry, Erased, Sighting, Store, Stored
from engine.decide.draw import DrawKeys, consignment_unit, matches
from engine.declaration.declaration import Request
from engine.evidence.draws import COMMITMENT, KEY, commitment_id, key_id
from engine.evidence.record import salted

DELAY = timedelta(days=120)
"""How long after its day a key is revealed.

Goods may be declared 30 days before they come (UCC, Article 171) and lie 90 days in temporary
storage (Article 149): by then what was first seen on the day is released, or was seen anew. Both
articles are `to-confirm`: cited from memory on 2026-11-25.
"""


class KeepSecretError(Exception):
    """The key of a day is not revealed; the message says why."""


class Draws:
    """Which day's key draws, and what the log says of each."""

    def __init__(self, store: Store, keys: DrawKeys, clock: Clock = now) -> None:
        self._store, self._keys, self._clock = store, keys, clock
        self._committed: set[date] = set()

    def sighting(self, request: Request) -> Sighting:
        """When these goods were first seen, with that day's key committed to.

        INVARIANT: what is declared after a key is revealed is not drawn by it, as whoever knows it
        could choose a lot, an item number or a former consignment that it does not select. Goods
        that come again then are seen anew, once, under a unit that says after which day.
        """
        unit = consignment = consignment_unit(request.first)
        while (day := self._store.first_seen(unit)) and self._store.record(key_id(day)):
            unit = f"{consignment}|after:{day}"
        sighting = Sighting(unit, day or self._clock().date())
        self._commit(sighting.day)
        return sighting

    def reveal(self, day: date, author: str) -> Stored:
        """Put the key of *day* into the log, for good and for all to read.

        Raises `KeepSecretError`: it is not `DELAY` past, nothing was drawn by it, it is revealed
        already, or these are not the keys that were committed to.
        """
        until = day + DELAY
        if self._clock().date() < until:
            raise KeepSecretError(
                f"goods first seen on {day} may still be amended: reveal its key from {until} on"
            )
        committed = self._store.record(commitment_id(day))
        if committed is None:
            raise KeepSecretError(f"nothing was drawn by the key of {day}: there is none to reveal")
        part = self._store.parts(committed.index)["commitment"]
        if isinstance(part, Erased):
            raise KeepSecretError(f"the commitment to the key of {day} was erased")
        key = self._keys.revealed(day)
        if not matches(part.body.decode(), key):
            raise KeepSecretError(
                f"this secret gives another key for {day} than the one committed to in entry "
                f"{committed.index} of the log: name the right file by `--key`"
            )
        try:
            (stored,) = self._store.append([self._entry(KEY, key_id(day), day, key, author)])
        except DuplicateError:
            raise KeepSecretError(f"the key of {day} is revealed already") from None
        return stored

    def _commit(self, day: date) -> None:
        """Put the digest of the day's key into the log, before any draw by it."""
        if day in self._committed:
            return
        if self._store.record(commitment_id(day)) is None:
            body = self._keys.commitment(day)
            entry = self._entry(COMMITMENT, commitment_id(day), day, body, "service")
            with suppress(DuplicateError):  # another worker did
                self._store.append([entry])
        self._committed.add(day)

    def _entry(self, kind: str, identifier: str, day: date, said: str, author: str) -> Entry:
        return Entry(
            kind=kind,
            id=identifier,
            subject=commitment_id(day),
            at=self._clock(),
            author=author,
            parts={kind.removeprefix("draw-"): salted(said.encode("ascii"))},
        )
