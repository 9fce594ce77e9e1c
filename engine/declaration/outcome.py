"""What an inspection found: the record that an agency sends back of a control.

Boundary: the shape, and whether it can be meant; that its decision and item exist is for the
service, which keeps outcomes and never changes one: a correction is an outcome of its own.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.declaration.declaration import Identifier, Shape
from engine.declaration.form import check_day, check_identifier
from engine.declaration.problems import Remarks
from engine.declaration.reading import prepare, read_shape
from engine.declaration.strict_json import shown
from engine.language.vocabulary import Vocabulary

MAX_NOTE = 2_000
MAX_HAZARDS = 50


class Result(StrEnum):
    """What was found."""

    COMPLIANT = "compliant"
    NON_COMPLIANT = "non-compliant"
    INCONCLUSIVE = "inconclusive"  # such as a test that failed
    NOT_PERFORMED = "not-performed"  # such as goods that had left


class Outcome(Shape, frozen=True, kw_only=True):
    """One control of one item, and what it found.

    *decision* is the id of the decision that selected it, or under which the goods were
    controlled by an officer's choice. *hazards* are what was found, of non-compliant goods only.
    *corrects* is the id of the outcome in whose place this one stands.
    """

    id: Identifier
    decision: Identifier
    item: int
    agency: str
    task: str
    on: date
    result: Result
    hazards: tuple[str, ...] = ()
    note: str | None = None
    corrects: Identifier | None = None


prepare(Outcome)


def read_outcome(body: bytes, vocabulary: Vocabulary, today: date) -> Outcome:
    """Read an outcome.

    Raises `MalformedError`: the body holds none, or none that can be meant.
    """
    outcome = read_shape(body, Outcome)
    remarks = Remarks()
    check_identifier(outcome.id, "/id", remarks)
    check_identifier(outcome.decision, "/decision", remarks)
    check_identifier(outcome.corrects, "/corrects", remarks)
    check_day(outcome.on, "/on", remarks)
    if outcome.on > today:
        remarks.refuse("/on", f"{outcome.on} lies in the future", "write the day of the control")
    _check_words(outcome, vocabulary, remarks)
    if outcome.hazards and outcome.result is not Result.NON_COMPLIANT:
        remarks.refuse(
            "/hazards",
            f"hazards were found, and the result is {outcome.result}",
            "mend one of both",
        )
    if outcome.note is not None and len(outcome.note) > MAX_NOTE:
        remarks.refuse("/note", f"longer than {MAX_NOTE} characters", "say it in short")
    if outcome.corrects == outcome.id:
        remarks.refuse("/corrects", "an outcome cannot correct itself", "give it an id of its own")
    remarks.raise_problems()
    return outcome


def _check_words(outcome: Outcome, vocabulary: Vocabulary, remarks: Remarks) -> None:
    controls, hazards = (
        [term.id for term in vocabulary.of_kind(kind)] for kind in ("control", "hazard")
    )
    named = [
        ("/agency", "agency", outcome.agency, list(vocabulary.agencies)),
        ("/task", "control", outcome.task, controls),
    ]
    named += [
        (f"/hazards/{number}", "hazard", hazard, hazards)
        for number, hazard in enumerate(outcome.hazards[:MAX_HAZARDS])
    ]
    for at, kind, word, known in named:
        if word not in known:
            near = remarks.nearest(word, known)
            remarks.refuse(at, f"unknown {kind} `{shown(word)}`", near)
    if len(outcome.hazards) > MAX_HAZARDS:
        remarks.refuse("/hazards", f"more than {MAX_HAZARDS} hazards")
