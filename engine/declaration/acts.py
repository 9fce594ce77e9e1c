"""What officers do about goods: recorded acts, each with its agency, reason and author.

Boundary: the shape alone. Whether an agency may do it is judged where it is applied, in
`decide.acts`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct

from engine.declaration.declaration import Shape
from engine.declaration.form import check_day, check_identifier
from engine.declaration.problems import Remarks, malformed, within
from engine.declaration.reading import prepare, read_shape

MAX_ACTS = 200
MAX_NOTE = 2_000


class ActKind(StrEnum):
    """What an act does."""

    ADD = "add"  # a control that no rule imposes
    SUBSTITUTE = "substitute"  # another control in the place of what a rule imposes
    WAIVE = "waive"  # a control, or a request for a fact
    HOLD = "hold"  # the goods wait
    REFUSE = "refuse"  # the goods may not enter
    RELEASE = "release"  # what the agency has held, or what one of its rules holds


class Act(Shape, frozen=True, kw_only=True):
    """One act of an officer, as recorded.

    *item* is None for the whole consignment. *rule* names the rule whose control is waived or
    substituted, or whose hold is released; *task* the control that is added or put in its place;
    *fact* the request that is waived. *reason* is a reason class; *note* says why in the officer's
    words; *authority* who acted, for which office. *power* is the basis under which a mandate may
    be set aside. *notice* is carried by a refusal of the market surveillance authority only.
    """

    id: str
    act: ActKind
    agency: str
    authority: str
    on: date
    reason: str
    note: str
    item: int | None = None
    rule: str | None = None
    task: str | None = None
    fact: str | None = None
    power: str | None = None
    notice: str | None = None


class Acts(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of acts on one declaration, oldest first."""

    acts: tuple[Act, ...]


class ActsOn(Struct, frozen=True, forbid_unknown_fields=True):
    """Acts on the decision of that id, oldest first."""

    decision: str
    acts: tuple[Act, ...]


prepare(Acts, ActsOn)


def read_acts(body: bytes) -> tuple[Act, ...]:
    """Read the acts of a file.

    Raises `MalformedError`: the body holds no such acts; each problem points into it.
    """
    return _checked(read_shape(body, Acts).acts)


def read_acts_on(body: bytes) -> tuple[str, tuple[Act, ...]]:
    """Read acts with the id of the decision that they are on.

    Raises `MalformedError`: the body holds no such acts; each problem points into it.
    """
    found = read_shape(body, ActsOn)
    if not found.acts:
        raise malformed("/acts", "there is no act", "say what was done")
    return found.decision, _checked(found.acts)


def _checked(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    remarks = Remarks()
    if len(acts) > MAX_ACTS:
        remarks.refuse("/acts", f"more than {MAX_ACTS} acts", "send those of one declaration")
    seen: set[str] = set()
    for index, act in enumerate(acts[:MAX_ACTS]):
        at = within("/acts", index)
        check_identifier(act.id, within(at, "id"), remarks)
        check_day(act.on, within(at, "on"), remarks)
        for name, words in (("note", act.note), ("authority", act.authority)):
            if not words.strip():
                remarks.refuse(within(at, name), f"`{name}` is blank", "say it in words")
            elif len(words) > MAX_NOTE:
                remarks.refuse(within(at, name), f"longer than {MAX_NOTE} characters")
        if act.id in seen:
            remarks.refuse(within(at, "id"), f"`{act.id}` is recorded twice")
        seen.add(act.id)
    remarks.raise_problems()
    return acts
