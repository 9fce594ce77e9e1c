"""From verdicts to what is done with an item: risks, controls, statuses, channel, order.

Controls are the union of every agency's tasks, each keeping its agency; status is the maximum;
levels join by maximum, components never. Nothing here tests a condition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from engine.decide import deadlines
from engine.decide.answer import Answer, pairs
from engine.decide.decision import (
    AgencyTasks,
    Appeal,
    Channel,
    Control,
    Deadline,
    HeldStatus,
    Imposition,
    ItemDecision,
    Order,
    Reasons,
    Risk,
)
from engine.decide.draw import DrawKeys, unit_key
from engine.decide.program import Program
from engine.declaration.declaration import Item
from engine.declaration.facts import Facts
from engine.language.condition import leaves
from engine.language.rule import RANDOM, SCHEME, GoodsStatus, Likelihood, Rule, Task
from engine.language.rule import Control as Imposes
from engine.language.vocabulary import Basis, FactType, Vocabulary

AUDIT, DOCUMENTARY, IDENTITY = (
    "control:PostClearanceAudit",
    "control:Documentary",
    "control:Identity",
)
PROCEED, REFUSE = "status:Proceed", "status:Refuse"


class Drawer:
    """Draws for one consignment: *keys* and the day on which it was first seen."""

    def __init__(self, keys: DrawKeys, consignment: str, first_seen: date) -> None:
        self._keys, self._consignment, self._first_seen = keys, consignment, first_seen

    def u(self, unit: str, item: Item) -> Decimal:
        """The shared number of the item's unit: consignment, item or lot."""
        return self._keys.u(unit_key(self._consignment, unit, item), self._first_seen)


def rank(vocabulary: Vocabulary, term: str) -> int:
    """The place of a term in the order of its kind."""
    return vocabulary.terms[term].rank or 0


def risks(program: Program, answer: Answer) -> tuple[Risk, ...]:
    """Every pair of a danger and a likelihood, certain ones first."""
    certain = list(pairs(program, answer.applies))
    found = [(pair, True) for pair in certain]
    found += [
        (pair, False)
        for pair in pairs(program, answer.applies | answer.undetermined)
        if pair not in certain
    ]
    return tuple(
        Risk(
            hazard=pair.hazard,
            danger=pair.danger_level,
            likelihood=pair.band,
            level=pair.level,
            agency=program.rules[pair.danger].rule.agency,
            rules=tuple(
                program.rules[number].rule.id
                for number in (pair.danger, pair.likelihood)
                if number is not None
            ),
            certain=sure,
        )
        for pair, sure in found
    )


def lone_likelihoods(program: Program, answer: Answer) -> tuple[str, ...]:
    """Likelihoods without a danger: they make no pair, and are reported."""
    paired = {pair.likelihood for pair in pairs(program, answer.applies)}
    return tuple(
        program.rules[number].rule.id
        for number in sorted(answer.applies - paired)
        if isinstance(program.rules[number].rule.then, Likelihood)
    )


def reasons(program: Program, rule: Rule, on: date) -> Reasons:
    """Why a rule imposes what it imposes, with its law and where to appeal."""
    vocabulary = program.vocabulary
    agency = vocabulary.agencies[rule.agency]
    return Reasons(
        rule=rule.id,
        title=rule.title,
        because=rule.because,
        basis=bases(program, rule, on),
        reason_class=rule.reason_class,
        remedy=rule.remedy,
        appeal=Appeal(
            body=agency.appeal_body, days=agency.appeal_days, status=agency.appeal_status
        ),
        overdue=rule.review_by is not None and rule.review_by <= on,
    )


def bases(program: Program, rule: Rule, on: date) -> tuple[Basis, ...]:
    """The law behind a rule: of its tests, of its consequence, of its parameters' values."""
    known = {**program.vocabulary.bases, **rule.bases}
    cited = [known[name] for name in rule.cited]
    used = dict.fromkeys(leaf.test.parameter for leaf in rule.leaves if leaf.test.parameter)
    values = [value for name in used for value in program.parameters[name].values]
    return (*cited, *(value.basis for value in values if on in value.period))


def controls(
    program: Program, answer: Answer, item: Item, drawer: Drawer, on: date
) -> tuple[Control, ...]:
    """Every task that applying rules impose, with its draw; the gravest first."""
    found = []
    for number in sorted(answer.applies):
        rule = program.rules[number].rule
        if isinstance(rule.then, Imposes):
            for task in rule.then.tasks:
                found.append(_control(program, rule, task, answer, item, drawer, on))
    vocabulary = program.vocabulary
    found.sort(
        key=lambda control: (
            -rank(vocabulary, control.task),
            vocabulary.agencies[control.agency].rank,
            control.reasons.rule,
        )
    )
    return tuple(found)


def _control(
    program: Program,
    rule: Rule,
    task: Task,
    answer: Answer,
    item: Item,
    drawer: Drawer,
    on: date,
) -> Control:
    draw = drawer.u(task.unit, item) if task.generator == "ours" else None
    return Control(
        task=task.task,
        agency=rule.agency,
        mandate=rule.mandate,
        rate=task.rate,
        unit=task.unit,
        kind=task.kind,
        generator=task.generator,
        draw=draw,
        selected=None if draw is None else draw < task.rate,
        selected_by="mandate" if rule.mandate else rule.selection or "criteria",
        proportion=proportion(program, rule, task, answer.level[1]),
        reasons=reasons(program, rule, on),
    )


def proportion(program: Program, rule: Rule, task: Task, level: str) -> str:
    """Where a task stands against the ladder (TBT 5.1.2); it changes no decision.

    A mandate or scheme above the ladder is reported and not judged, as law or a programme sets it;
    a declared random selection tests no risk, so the ladder does not speak of it.
    """
    most, most_rate = program.matrices.ladder[level]
    here, there = rank(program.vocabulary, task.task), rank(program.vocabulary, most)
    if rule.selection == RANDOM or here < there or (here == there and task.rate <= most_rate):
        return "within"
    return "reported" if rule.mandate or rule.selection == SCHEME else "flagged"


def statuses(program: Program, answer: Answer, facts: Facts, on: date) -> tuple[HeldStatus, ...]:
    """Every status that applying rules give, the gravest first, with the clock that law sets it."""
    vocabulary = program.vocabulary
    found = []
    for number in sorted(answer.applies):
        rule = program.rules[number].rule
        if isinstance(rule.then, GoodsStatus):
            found.append(
                HeldStatus(
                    status=rule.then.status,
                    agency=rule.agency,
                    reasons=reasons(program, rule, on),
                    lifted_by=lifting_documents(rule, vocabulary),
                    deadline=deadline(program, rule, facts, on),
                )
            )
    return tuple(sorted(found, key=lambda held: -rank(vocabulary, held.status)))


def deadline(program: Program, rule: Rule, facts: Facts, on: date) -> Deadline | None:
    """When the clock of a status runs out, seen from the day *on*; None where it has none.

    It runs from the recorded day of the event, else from *on*. Expiry changes no status: it makes
    a task, as other holds may stand and release proves no conformity.
    """
    clock = rule.clock
    if clock is None:
        return None
    country = facts.values.get(clock.country)
    calendar = deadlines.calendar_of(str(country) if country else None, program.calendars)
    assert calendar is not None  # a base without one for all countries has no clocks
    stated = facts.values.get(clock.start)
    # No event lies ahead of the decision: such a day is a slip, and would buy time.
    start = stated if isinstance(stated, date) and stated <= on else on
    end, complete = deadlines.after_working_days(start, clock.working_days, calendar)
    state = "expired" if on > end else "running"
    if clock.stopped_by is not None and facts.values.get(clock.stopped_by) is True:
        state = "stopped"
    known = {**program.vocabulary.bases, **rule.bases}
    return Deadline(
        start=start,
        assumed=start != stated,
        working_days=clock.working_days,
        end=end,
        ends_at=deadlines.last_moment(end, calendar),
        calendar=calendar.title,
        complete=complete,
        basis=(known[clock.basis], calendar.basis),
        state=state,
        expiry=clock.expiry,
        task=clock.expiry if state == "expired" else None,
    )


def lifting_documents(rule: Rule, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The documents of the exemption, where nothing but documents is asked for."""
    tests = [leaf.test for leaf in leaves(rule.unless)]
    if all(vocabulary.facts[test.fact].type is FactType.DOCUMENTS for test in tests):
        return tuple(dict.fromkeys(term for test in tests for term in test.terms))
    return ()


def worst_status(held: Iterable[str], vocabulary: Vocabulary) -> str:
    """Status is the maximum; without any, goods proceed."""
    return max(held, key=lambda status: rank(vocabulary, status), default=PROCEED)


def standing(held: Iterable[HeldStatus]) -> list[str]:
    """The statuses that no act has lifted."""
    return [one.status for one in held if one.lifted is None]


def channel(
    vocabulary: Vocabulary,
    imposed: Sequence[Control],
    held: Sequence[HeldStatus],
    *,
    pending: bool,
    review: bool,
) -> Channel:
    """The lane of an item (design §5, "Combining")."""
    imposed = [control for control in imposed if control.lifted is None]
    held = [one for one in held if one.lifted is None]
    chosen = [rank(vocabulary, control.task) for control in imposed if control.selected]
    worst = max(chosen, default=0)
    lifted_by_papers = all(one.lifted_by for one in held)
    if any(one.status == REFUSE for one in held) or (held and not lifted_by_papers):
        return Channel.RED
    if worst >= rank(vocabulary, IDENTITY):
        return Channel.RED
    undrawn = any(control.selected is None for control in imposed)
    if worst >= rank(vocabulary, DOCUMENTARY) or held or pending or review or undrawn:
        return Channel.YELLOW
    return Channel.BLUE if worst == rank(vocabulary, AUDIT) and chosen else Channel.GREEN


def order(vocabulary: Vocabulary, items: Sequence[ItemDecision]) -> Order | None:
    """One intervention for all agencies with selected tasks; audits happen elsewhere.

    The lead is the agency of the most intense selected task, ties by published order (Union
    Customs Code, Article 47(1): endeavour to control at the same time and place).
    """
    chosen = [
        (item.item, control)
        for item in items
        for control in item.controls
        if control.selected and control.lifted is None and control.task != AUDIT
    ]
    if not chosen:
        return None
    tasks: dict[str, set[str]] = {}
    for _, control in chosen:
        tasks.setdefault(control.agency, set()).add(control.task)
    agencies = sorted(tasks, key=lambda agency: vocabulary.agencies[agency].rank)
    lead = min(
        agencies,
        key=lambda agency: (
            -max(rank(vocabulary, task) for task in tasks[agency]),
            vocabulary.agencies[agency].rank,
        ),
    )
    return Order(
        joint=len(agencies) > 1,
        lead=lead,
        agencies=tuple(
            AgencyTasks(
                agency=agency,
                tasks=tuple(sorted(tasks[agency], key=lambda task: -rank(vocabulary, task))),
            )
            for agency in agencies
        ),
        items=tuple(sorted({item for item, _ in chosen})),
        deadline=first_deadline(items, {item for item, _ in chosen}),
    )


def first_deadline(items: Sequence[ItemDecision], among: Collection[int]) -> Deadline | None:
    """The first deadline that runs, or has run out, for a hold on one of the items *among*."""
    found = [
        held.deadline
        for item in items
        if item.item in among
        for held in item.statuses
        if held.deadline is not None and held.deadline.state != "stopped" and held.lifted is None
    ]
    return min(found, key=lambda one: (one.end, one.start), default=None)


def imposition(rule: Rule) -> Imposition:
    """What a rule would impose, in short."""
    match rule.then:
        case Imposes(tasks):
            return Imposition(tasks=tuple(task.task for task in tasks))
        case GoodsStatus(status):
            return Imposition(status=status)
        case _:
            return Imposition()


def carried_over(now: tuple[Control, ...], before: Sequence[Control]) -> tuple[Control, ...]:
    """Controls notified by the superseded decision: they lapse only by an officer's act."""
    kept = list(now)
    for control in before:
        if not control.selected or control.lifted is not None:
            continue
        same = [
            index
            for index, other in enumerate(kept)
            if (other.agency, other.task) == (control.agency, control.task) and other.selected
        ]
        if not same:
            kept.append(msgspec.structs.replace(control, notified=True))
    return tuple(kept)
