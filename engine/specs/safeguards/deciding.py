"""What safeguards find about one decision, as it was taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.decide.combining import AUDIT
from engine.decide.decision import Channel, Control, Decision, HeldStatus, ItemDecision
from engine.decide.program import Program
from engine.language.rule import RANDOM, SCHEME, Rule
from engine.specs.safeguards.finding import ANY, Finding, Kind, Verdict, about, article
from engine.specs.safeguards.subject import LAW

FLAG, INSUFFICIENT, NO_FLAG = Verdict.FLAG, Verdict.INSUFFICIENT, Verdict.NO_FLAG


def of_decision(program: Program, decision: Decision) -> Iterator[Finding]:
    """Every finding about a decision that the release of *program* took."""
    for item in decision.items:
        yield from _calibration(program, item)
        yield from _low_risk(program, item)
        yield from _ended(program, decision, item)
        yield from _reasons(program, item)
    yield from _joint_order(decision)


def _rule(program: Program, identifier: str) -> Rule:
    return program.rules[program.numbers[identifier]].rule


def _standing(item: ItemDecision) -> list[Control]:
    """The controls that no act has lifted; one of an officer names no rule of the release."""
    return [control for control in item.controls if control.lifted is None]


def _calibration(program: Program, item: ItemDecision) -> Iterator[Finding]:
    level = program.vocabulary.label(item.possible_risk_level)
    words = {
        "flagged": f"its control is above what the ladder gives {level} risk",
        "reported": "its control is above the ladder, as law or a programme sets it: reported",
        "within": f"its control is within the ladder of {level} risk",
    }
    for control in _standing(item):
        if control.reasons.rule in program.numbers:
            flagged = control.proportion == "flagged"
            yield about(
                Kind.CALIBRATION,
                FLAG if flagged else NO_FLAG,
                _rule(program, control.reasons.rule),
                words[control.proportion],
                "take a lesser control or rate at this level" if flagged else None,
                item.item,
            )


def _low_risk(program: Program, item: ItemDecision) -> Iterator[Finding]:
    """Goods of determined low risk go, but for law, a declared draw, or an officer's act."""

    def found(verdict: Verdict, rules: Sequence[str], words: str, mend: str | None) -> Finding:
        return Finding(
            kind=Kind.LOW_RISK,
            verdict=verdict,
            regime=ANY,
            article=str(article(Kind.LOW_RISK, ANY)),
            rules=tuple(dict.fromkeys(rules)),
            words=words,
            mend=mend,
            item=item.item,
        )

    lowest = program.levels[0]
    if item.risk_level != lowest:
        return
    if item.possible_risk_level != lowest:
        open_rules = [one.rule for one in item.undetermined]
        words = "the risk is not determined: facts are missing that could raise it"
        yield found(INSUFFICIENT, open_rules, words, "answer the open requests")
        return
    stopping = [
        control.reasons.rule
        for control in _standing(item)
        if control.selected
        and not control.mandate
        and control.selected_by not in (RANDOM, SCHEME, "manual")
        and control.task != AUDIT  # after release
    ]
    asking = [
        one.rule
        for one in item.undetermined
        if item.pending and one.on_unknown == "request" and not _rule(program, one.rule).mandate
    ]
    if stopping or asking:
        words = "the risk is low, no law and no declared draw asks for it, and the goods are kept"
        mend = "let the rule test `item.riskLevel`, or pass over what is unknown at low risk"
        yield found(FLAG, [*stopping, *asking], words, mend)
    elif item.channel in (Channel.GREEN, Channel.BLUE):
        yield found(NO_FLAG, (), "the risk is low, and the goods are released", None)
    else:
        words = "the risk is low; the goods are kept by law, a declared draw or an officer's act"
        yield found(NO_FLAG, (), words, None)


def _ended(program: Program, decision: Decision, item: ItemDecision) -> Iterator[Finding]:
    """A control that was notified stays until an officer lifts it; its rule may have ended."""
    applying = {one.rule for one in item.applied}
    for control in _standing(item):
        name = control.reasons.rule
        if not control.notified or name in applying or name not in program.numbers:
            continue
        rule = _rule(program, name)
        if rule.effective.end is not None and rule.effective.end <= decision.on:
            words = "the rule has ended, and its notified control still stands"
            mend = "let an officer waive the control, with that reason"
            yield about(Kind.ENDED, FLAG, rule, words, mend, item.item)
        else:
            words = "its control was notified and stands until an officer lifts it"
            yield about(Kind.ENDED, NO_FLAG, rule, words, None, item.item)


def _reasons(program: Program, item: ItemDecision) -> Iterator[Finding]:
    """A hold or refusal carries reasons, law, issuer, and where to appeal until when."""
    for held in item.statuses:
        if held.reasons.rule in program.numbers:
            verdict, words, mend = _reasoned(held)
            rule = _rule(program, held.reasons.rule)
            yield about(Kind.REASONS, verdict, rule, words, mend, item.item)


def _reasoned(held: HeldStatus) -> tuple[Verdict, str, str | None]:
    why = held.reasons
    parts = {
        "why": why.because.strip(),
        "the law": why.basis,
        "what would lift it": why.remedy,
        "where to appeal": why.appeal.body,
        "until when": why.appeal.days,
    }
    missing = [name for name, part in parts.items() if not part]
    if missing:
        return FLAG, f"its hold or refusal does not say {' nor '.join(missing)}", "complete it"
    if why.appeal.status != LAW:
        words = "its hold or refusal says all; a lawyer has yet to confirm where to appeal"
        return INSUFFICIENT, words, "have the agency's appeal body and time limit confirmed"
    return NO_FLAG, "its hold or refusal says why, by what law, and where to appeal", None


def _joint_order(decision: Decision) -> Iterator[Finding]:
    """Agencies that intervene do so at one time and place (one order for all)."""
    tasks = {
        (control.agency, control.task): control.reasons.rule
        for item in decision.items
        for control in _standing(item)
        if control.selected and control.task != AUDIT
    }
    agencies = {agency for agency, _ in tasks}
    if len(agencies) < 2:
        return
    order = decision.order
    ordered = {} if order is None else {one.agency: one.tasks for one in order.agencies}
    whole = all(task in ordered.get(agency, ()) for agency, task in tasks)
    yield Finding(
        kind=Kind.JOINT_ORDER,
        verdict=NO_FLAG if whole else FLAG,
        regime=ANY,
        article=str(article(Kind.JOINT_ORDER, ANY)),
        rules=tuple(dict.fromkeys(tasks.values())) if not whole else (),
        words=(
            f"{len(agencies)} agencies intervene, by one order"
            if whole
            else "agencies intervene apart: not every task is in the one order"
        ),
        mend=None if whole else "report it: an order holds all tasks of all agencies",
    )
