"""What officers' acts make of a decision, and which acts they may do.

An agency sets aside its own controls only; a mandate only under a named power; a notice is carried
by a refusal of the market surveillance authority and by nothing else. The rules' own work stays in
the decision, marked with the act that lifted it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from engine.decide.decision import Appeal, Control, HeldStatus, Reasons, RecordedAct
from engine.decide.program import Program
from engine.declaration.acts import Act, ActKind
from engine.declaration.problems import Remarks, within
from engine.language.rule import Rule
from engine.language.vocabulary import Vocabulary

MARKET_SURVEILLANCE = "agency:MarketSurveillance"
_HOLD, _REFUSE = "status:Hold", "status:Refuse"
_NEEDED = {
    ActKind.ADD: ("task",),
    ActKind.SUBSTITUTE: ("rule", "task"),
    ActKind.WAIVE: (),
    ActKind.HOLD: (),
    ActKind.REFUSE: (),
    ActKind.RELEASE: (),
}
_ALLOWED = {
    ActKind.ADD: {"task"},
    ActKind.SUBSTITUTE: {"rule", "task", "power"},
    ActKind.WAIVE: {"rule", "fact", "power"},
    ActKind.HOLD: set[str](),
    ActKind.REFUSE: {"notice"},
    ActKind.RELEASE: {"rule", "power"},
}


# May they?


def check_acts(program: Program, acts: Sequence[Act], items: Collection[int], on: date) -> None:
    """Refuse what an act may not say or its agency may not do.

    Raises `MalformedError`: each problem points into the file of acts.
    """
    remarks = Remarks()
    for index, act in enumerate(acts):
        at = within("/acts", index)
        _check_fields(act, at, remarks)
        _check_words(act, at, program.vocabulary, remarks)
        if act.item is not None and act.item not in items:
            remarks.refuse(within(at, "item"), f"the declaration has no item {act.item}")
        if act.on > on:
            remarks.refuse(within(at, "on"), f"{act.on} lies after the day of the decision, {on}")
        if act.rule is not None:
            _check_rule(act, act.rule, at, program, remarks)
    remarks.raise_problems()


def _check_fields(act: Act, at: str, remarks: Remarks) -> None:
    for name in _NEEDED[act.act]:
        if getattr(act, name) is None:
            remarks.refuse(within(at, name), f"to {act.act}, `{name}` is needed", "add it")
    for name in ("rule", "task", "fact", "power", "notice"):
        if getattr(act, name) is not None and name not in _ALLOWED[act.act]:
            remarks.refuse(
                within(at, name), f"to {act.act}, `{name}` has no meaning", "leave it out"
            )
    if act.act is ActKind.WAIVE and (act.rule is None) is (act.fact is None):
        remarks.refuse(
            within(at, "rule"),
            "one thing is waived at a time",
            "name the rule whose control is waived, or the fact that is not asked for any more",
        )
    if act.notice is not None and act.agency != MARKET_SURVEILLANCE:
        remarks.refuse(
            within(at, "notice"),
            "a notice follows a conclusion of the market surveillance authority only",
            f"it is `{MARKET_SURVEILLANCE}` that refuses with a notice",
        )


def _check_words(act: Act, at: str, vocabulary: Vocabulary, remarks: Remarks) -> None:
    for name, known in (
        ("agency", list(vocabulary.agencies)),
        ("reason", [term.id for term in vocabulary.of_kind("reason")]),
        ("task", [term.id for term in vocabulary.of_kind("control")]),
        ("notice", [term.id for term in vocabulary.of_kind("notice")]),
        ("fact", list(vocabulary.facts)),
        ("power", list(vocabulary.bases)),
    ):
        word = getattr(act, name)
        if word is not None and word not in known:
            remarks.refuse(
                within(at, name), f"unknown {name} `{word}`", remarks.nearest(word, known)
            )


def _check_rule(act: Act, name: str, at: str, program: Program, remarks: Remarks) -> None:
    if name not in program.numbers:
        mend = remarks.nearest(name, program.numbers)
        remarks.refuse(within(at, "rule"), f"unknown rule `{name}`", mend)
        return
    rule = program.rules[program.numbers[name]].rule
    if rule.agency != act.agency:
        agency = program.vocabulary.label(rule.agency)
        remarks.refuse(
            within(at, "rule"),
            f"the rule is of {agency}, and an agency sets aside its own controls only",
            f"`{rule.agency}` may do it",
        )
    if rule.mandate and act.power is None and not _as_much(act, rule, program.vocabulary):
        remarks.refuse(
            within(at, "power"),
            "the rule is a mandate, which is set aside only under a named power",
            "name the basis that gives the power",
        )


def _as_much(act: Act, rule: Rule, vocabulary: Vocabulary) -> bool:
    """Whether a substitute is at least as intense as all that it replaces."""
    if act.act is not ActKind.SUBSTITUTE or act.task not in vocabulary.terms:
        return False
    tasks = getattr(rule.then, "tasks", ())
    rank = vocabulary.terms[act.task].rank or 0
    return all(rank >= (vocabulary.terms[task.task].rank or 0) for task in tasks)


# What they do


class Acting:
    """The acts on one item, applied one after another."""

    def __init__(
        self, vocabulary: Vocabulary, controls: Iterable[Control], statuses: Iterable[HeldStatus]
    ) -> None:
        self._vocabulary = vocabulary
        self.controls, self.statuses = list(controls), list(statuses)
        self.waived: set[tuple[str, str]] = set()
        self.effective: set[str] = set()

    @property
    def standing(self) -> list[Control]:
        """The controls that no act has lifted."""
        return [control for control in self.controls if control.lifted is None]

    def do(self, act: Act) -> None:
        """Apply one act that concerns the item; note whether it changed anything."""
        match act.act:
            case ActKind.ADD:
                self._add(act)
            case ActKind.SUBSTITUTE:
                if self._lift_controls(act):
                    self._add(act)
            case ActKind.WAIVE if act.fact is not None:
                self.waived.add((act.agency, act.fact))
                self.effective.add(act.id)
            case ActKind.WAIVE:
                self._lift_controls(act)
            case ActKind.HOLD | ActKind.REFUSE:
                status = _HOLD if act.act is ActKind.HOLD else _REFUSE
                self.statuses.append(
                    HeldStatus(status=status, agency=act.agency, reasons=self._reasons(act))
                )
                self.effective.add(act.id)
            case ActKind.RELEASE:
                self._release(act)

    def _add(self, act: Act) -> None:
        assert act.task is not None
        self.controls.append(
            Control(
                task=act.task,
                agency=act.agency,
                mandate=False,
                rate=Decimal(1),
                unit="consignment" if act.item is None else "item",
                kind="target",
                generator="ours",
                draw=None,
                selected=True,
                selected_by="manual",
                proportion="within",
                reasons=self._reasons(act),
            )
        )
        self.effective.add(act.id)

    def _lift_controls(self, act: Act) -> bool:
        """Lift what the rule imposes; whether there was anything."""
        found = False
        for index, control in enumerate(self.controls):
            if control.reasons.rule == act.rule and control.lifted is None:
                self.controls[index] = msgspec.structs.replace(control, lifted=act.id)
                found = True
        if found:
            self.effective.add(act.id)
        return found

    def _release(self, act: Act) -> None:
        """Lift what the agency's acts have held, or, with a rule, what that rule holds."""
        for index, held in enumerate(self.statuses):
            by_act = held.reasons.rule.startswith(_ACTS) and held.agency == act.agency
            named = held.reasons.rule == act.rule if act.rule is not None else by_act
            if named and held.lifted is None:
                self.statuses[index] = msgspec.structs.replace(held, lifted=act.id)
                self.effective.add(act.id)

    def _reasons(self, act: Act) -> Reasons:
        agency = self._vocabulary.agencies[act.agency]
        return Reasons(
            rule=f"{_ACTS}{act.id}",
            title=f"{act.act} by {act.authority}",
            because=act.note,
            basis=(),
            reason_class=act.reason,
            remedy=None,
            appeal=Appeal(
                body=agency.appeal_body, days=agency.appeal_days, status=agency.appeal_status
            ),
        )


_ACTS = "acts/"
"""What stands where a rule's id would: the act that did it."""


def recorded(vocabulary: Vocabulary, act: Act, effective: bool) -> RecordedAct:
    """An act as the decision shows it."""
    return RecordedAct(
        id=act.id,
        act=str(act.act),
        agency=act.agency,
        authority=act.authority,
        on=act.on,
        item=act.item,
        reason=act.reason,
        note=act.note,
        concerns=act.rule or act.fact or act.task,
        power=None if act.power is None else vocabulary.bases[act.power],
        notice=None if act.notice is None else vocabulary.terms[act.notice].definition,
        effective=effective,
    )
