"""What judgements of decisions share."""

from __future__ import annotations

from engine.decide.decision import Control as Decided
from engine.prove.proving import Prover


def follows_rules(control: Decided) -> bool:
    """Whether a control follows law or risk, and no draw."""
    return control.selected_by in ("criteria", "mandate")


def task_of(prover: Prover, place: int) -> str:
    """The label of the control of that rank."""
    terms = prover.program.vocabulary.of_kind("control")
    return next(term.label for term in terms if term.rank == place)
