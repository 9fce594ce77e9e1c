"""The answers on one release, each found once."""

from __future__ import annotations

from engine.decide.deciding import Decider
from engine.prove.properties import Property
from engine.prove.proving import BUDGET, Outcome, Prover, Result


class Proofs:
    """What holds of every declaration that *decider* decides: asked when somebody wants to know."""

    def __init__(self, decider: Decider) -> None:
        self.prover = Prover(decider)
        self._found: dict[str, Result] = {}

    def answer(self, asked: Property, left: float) -> Result:
        """The answer, within *left* seconds, `BUDGET` at most; what was left open is asked anew."""
        found = self._found.get(asked.id)
        if found is None or found.outcome is Outcome.UNDECIDED:
            found = self.prover.answer(asked.ask, min(BUDGET, left))
            self._found[asked.id] = found
        return found
