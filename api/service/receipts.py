"""Receipts and checkpoints: what the log proves of itself, signed.

Boundary: one snapshot of the store a call, so that a proof and its checkpoint are of one moment.
"""

from __future__ import annotations

from api.service.history import Kept
from api.store import Erased, Store
from engine.evidence.checkpoint import Checkpoint, Growth, signed
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

    def receipt(self, kept: Kept, visible: frozenset[str] | None = None) -> Receipt:
        """The receipt of a kept decision, showing the *visible* parts, or all."""
        index = kept.stored.index
        said = self._store.parts(index)
        with self._store.log() as log:
            proof, root, size = log.inclusion(index), log.root(), log.size
        return Receipt(
            record=kept.stored.record,
            index=index,
            parts={
                name: _shown(part)
                for name, part in said.items()
                if visible is None or name in visible
            },
            proof=proof,
            checkpoint=signed(Checkpoint(self.origin, size, root), self._signer),
        )

    def growth(self, first: int, second: int) -> Growth:
        """The proof that the log of *second* entries begins with its *first* ones.

        Raises `ValueError` where it has no such sizes.
        """
        with self._store.log() as log:
            return Growth(first=first, second=second, proof=log.consistency(first, second))


def _shown(part: Part | Erased) -> Part | None:
    return part if isinstance(part, Part) else None
