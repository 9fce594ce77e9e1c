"""Receipts and checkpoints: what the log proves of itself, signed.

Boundary: one snapshot of the store a call, so that a proof and its checkpoint are of one moment.
"""

from __future__ import annotations

from datetime import date

from api.service.history import ErasedError
from api.store import Erased, MissingError, Store, Stored
from engine.evidence.checkpoint import Checkpoint, Growth, signed
from engine.evidence.draws import Draw, commitment_id, key_id
from engine.evidence.receipt import Receipt
from engine.evidence.record import Part
from engine.evidence.signing import Signer, Verifier

FOR_TRADER = frozenset({"declaration", "persons", "context", "told"})
"""The parts of a decision that its trader may see."""
FOR_OTHERS = FOR_TRADER | {"known", "lodging"}
"""The parts that an officer may see of whom something of the decision is withheld."""


class Notary:
    """Signs for one installation what its log holds."""

    def __init__(self, store: Store, signer: Signer) -> None:
        self._store, self._signer = store, signer

    @property
    def public(self) -> Verifier:
        """The key to verify with."""
        return self._signer.public

    @property
    def origin(self) -> str:
        """The name of the log: no other installation has it."""
        return f"commensura/{self.public.name}"

    def checkpoint(self) -> str:
        """The signed state of the log, now."""
        with self._store.log() as log:
            return signed(Checkpoint(self.origin, log.size, log.root()), self._signer)

    def receipt(self, stored: Stored, visible: frozenset[str] | None = None) -> Receipt:
        """The receipt of an entry, showing the *visible* parts, or all."""
        index = stored.index
        said = self._store.parts(index)
        with self._store.log() as log:
            proof, root, size = log.inclusion(index), log.root(), log.size
        return Receipt(
            record=stored.record,
            index=index,
            parts={
                name: _shown(part)
                for name, part in said.items()
                if visible is None or name in visible
            },
            proof=proof,
            checkpoint=signed(Checkpoint(self.origin, size, root), self._signer),
        )

    def draw(self, day: date) -> Draw:
        """What the log says of the draw of *day*: its key only once that is revealed.

        Raises `MissingError`: nothing was drawn by it; `ErasedError`.
        """
        committed = self._store.record(commitment_id(day))
        if committed is None:
            raise MissingError(f"nothing was drawn by a key of {day}")
        revealed = self._store.record(key_id(day))
        return Draw(
            day=day,
            commitment=self._said(committed, "commitment"),
            key=None if revealed is None else self._said(revealed, "key"),
            receipt=self.receipt(committed),
        )

    def _said(self, stored: Stored, name: str) -> str:
        part = self._store.parts(stored.index)[name]
        if isinstance(part, Erased):
            raise ErasedError(
                f"`{stored.record.id}` was erased on {part.at:%Y-%m-%d}; "
                f"record {part.index} says why"
            )
        return part.body.decode("ascii")

    def growth(self, first: int, second: int) -> Growth:
        """The proof that the log of *second* entries begins with its *first* ones.

        Raises `ValueError` where it has no such sizes.
        """
        with self._store.log() as log:
            return Growth(first=first, second=second, proof=log.consistency(first, second))


def _shown(part: Part | Erased) -> Part | None:
    return part if isinstance(part, Part) else None
