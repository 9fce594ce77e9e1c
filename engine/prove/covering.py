"""Which rules bring as much as which: what must be so for one to make another idle.

Boundary: looks at what rules bring. To which goods is for the solver.
"""

from __future__ import annotations

from engine.decide.answer import danger_level
from engine.decide.program import Program
from engine.language.rule import Concludes, Control, Danger, GoodsStatus, Likelihood, Rule


def about(rule: Rule) -> tuple[str, ...]:
    """What two rules must have in common for one to make the other idle."""
    match rule.then:
        case Control():
            return ("control", rule.agency)
        case GoodsStatus(status):
            return ("status", rule.agency, status)
        case Danger() as danger:
            return ("danger", danger.hazard)
        case Likelihood() as likelihood:
            return ("likelihood", likelihood.hazard)
        case Concludes(fact, value):
            return ("concludes", fact, str(value))


def covers(program: Program, other: Rule, rule: Rule) -> bool:
    """Whether all that *rule* brings is brought by *other* too, of what they are about."""
    levels, bands = program.levels, program.bands
    if (rule.mandate and not other.mandate) or rule.selection != other.selection:
        return False
    match rule.then, other.then:
        case Control(tasks), Control(others):
            return all(
                any(
                    (task.task, task.unit) == (more.task, more.unit) and more.rate >= task.rate
                    for more in others
                )
                for task in tasks
            )
        case Danger() as less, Danger() as more:
            at = [levels.index(danger_level(program, one)) for one in (less, more)]
            return at[1] >= at[0]
        case Likelihood() as less_likely, Likelihood() as likelier:
            return bands.index(likelier.band) >= bands.index(less_likely.band)
        case one, two:
            return one == two


def imposes_some(mandate: Rule, rule: Rule) -> bool:
    """Whether a mandate imposes some of what the rule does."""
    match mandate.then, rule.then:
        case Control(others), Control(tasks):
            return bool({one.task for one in others} & {one.task for one in tasks})
        case GoodsStatus(other), GoodsStatus(status):
            return mandate.agency == rule.agency and other == status
        case _:
            return False
