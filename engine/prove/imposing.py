"""What rules impose, as formulas and as decided: the measures that properties compare.

Control is compared by its *reach*: for each intensity, the highest rate at which a control of that
intensity or more is imposed before release; an audit of the books afterwards holds nobody up. It
stands as a disjunction of rules, which solvers take well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from engine.decide.combining import AUDIT, rank
from engine.decide.decision import Control as Decided
from engine.decide.decision import ItemDecision
from engine.decide.program import Program
from engine.language.rule import Control, GoodsStatus, Phase, Rule, Task
from engine.prove.logic import Kleene, Truth, every, no, some

Chosen = Callable[[Rule], bool]
"""Which rules count."""

Verdicts = Mapping[int, Kleene]
"""By number of the rule, whether it applies, and whether it may."""

Imposed = tuple[Program, Verdicts]
"""What rules impose in one case."""

Reach = tuple[int, Decimal]
"""An intensity, by rank, and a rate: a control is at least so intense, and so frequent."""


def by_risk(rule: Rule) -> bool:
    """Whether a rule controls by discretion, as the risk has it: no mandate, no draw of its own."""
    return isinstance(rule.then, Control) and not rule.mandate and rule.selection is None


def by_risk_or_law(rule: Rule) -> bool:
    """Whether a rule controls as the risk or law has it."""
    return isinstance(rule.then, Control) and rule.selection is None


def at_border(program: Program, task: str) -> bool:
    """Whether a task is carried out before goods are released: an audit of the books is not."""
    return rank(program.vocabulary, task) > rank(program.vocabulary, AUDIT)


def imposing(program: Program, chosen: Chosen) -> Iterator[tuple[int, Rule, Task]]:
    """The tasks of the control rules that count, each with its rule."""
    for compiled in program.by_phase[Phase.CONTROL]:
        if isinstance(compiled.rule.then, Control) and chosen(compiled.rule):
            for task in compiled.rule.then.tasks:
                yield compiled.number, compiled.rule, task


def reaches(program: Program, chosen: Chosen) -> list[Reach]:
    """Every intensity with every rate at which some rule might impose it, at the border."""
    vocabulary = program.vocabulary
    tasks = [
        (rank(vocabulary, task.task), task.rate)
        for _, _, task in imposing(program, chosen)
        if at_border(program, task.task)
    ]
    return sorted({(place, rate) for place, _ in tasks for other, rate in tasks if other >= place})


def reaching(program: Program, verdicts: Verdicts, chosen: Chosen, reach: Reach) -> list[Truth]:
    """Of each rule that imposes a control of that reach, whether it applies."""
    return [
        verdicts[number].true
        for number, _, task in imposing(program, chosen)
        if rank(program.vocabulary, task.task) >= reach[0] and task.rate >= reach[1]
    ]


def only_first(ones: Sequence[Truth], others: Sequence[Truth]) -> Truth:
    """Whether one of the first is so and none of the others.

    What stands on both sides cannot be so: solvers need not be told of it twice.
    """
    shared = {other.get_id() for other in others if not isinstance(other, bool)}
    left = [one for one in ones if isinstance(one, bool) or one.get_id() not in shared]
    return every((some(left), no(some(others))))


def more(one: Imposed, other: Imposed, chosen: Chosen) -> Truth:
    """Whether control reaches further, in some intensity, in one case than in the other."""
    return some(
        only_first(reaching(*one, chosen, reach), reaching(*other, chosen, reach))
        for reach in reaches(one[0], chosen)
    )


def giving(program: Program, verdicts: Verdicts, place: int) -> list[Truth]:
    """Of each rule that gives a status of that rank or a graver one, whether it applies."""
    return [
        verdicts[compiled.number].true
        for compiled in program.by_phase[Phase.CONTROL]
        if isinstance(compiled.rule.then, GoodsStatus)
        and rank(program.vocabulary, compiled.rule.then.status) >= place
    ]


def graver(one: Imposed, other: Imposed) -> Truth:
    """Whether the status is graver in one case than in the other."""
    places = {term.rank or 0 for term in one[0].vocabulary.of_kind("status")}
    return some(only_first(giving(*one, place), giving(*other, place)) for place in sorted(places))


def consequences(program: Program, chosen: Chosen) -> dict[tuple[str, ...], list[int]]:
    """By what is imposed (agency, task, rate and unit; or agency and status), the rules that do."""
    found: dict[tuple[str, ...], list[int]] = {}
    for compiled in program.by_phase[Phase.CONTROL]:
        rule = compiled.rule
        if not chosen(rule):
            continue
        if isinstance(rule.then, Control):
            for task in rule.then.tasks:
                key = (rule.agency, task.task, str(task.rate.normalize()), task.unit)
                found.setdefault(key, []).append(compiled.number)
        elif isinstance(rule.then, GoodsStatus):
            found.setdefault((rule.agency, rule.then.status), []).append(compiled.number)
    return found


# As decided


def decided_reach(
    item: ItemDecision, program: Program, counts: Callable[[Decided], bool]
) -> dict[int, Decimal]:
    """By intensity, the highest rate of a control of that intensity or more, at the border."""
    ranks = sorted({term.rank or 0 for term in program.vocabulary.of_kind("control")})
    return {
        place: max(
            (
                control.rate
                for control in item.controls
                if counts(control) and rank(program.vocabulary, control.task) >= place
            ),
            default=Decimal(0),
        )
        for place in ranks
        if place > rank(program.vocabulary, AUDIT)
    }


def imposed(item: ItemDecision) -> frozenset[tuple[str, ...]]:
    """What is imposed on an item, random selection apart."""
    controls = {
        (one.agency, one.task, str(one.rate.normalize()), one.unit)
        for one in item.controls
        if one.selected_by in ("criteria", "mandate")
    }
    return frozenset(controls | {(one.agency, one.status) for one in item.statuses})


def applied(item: ItemDecision) -> frozenset[str]:
    """The rules that apply, by id."""
    return frozenset(one.rule for one in item.applied)
