"""Two decisions on the same goods: what differs, and which rules made the difference.

Compares what binds somebody (channel, status, levels, tasks, requests) and the verdicts of rules;
not the words around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from engine.decide.audience import WITHHELD
from engine.decide.decision import Decision, ItemDecision, Weighed
from engine.declaration.problems import pointer


class Difference(Struct, frozen=True, kw_only=True):
    """One value that differs. *pointer* leads into the compared part; None: it is not there."""

    pointer: str
    before: Any
    after: Any


class ChangedVerdict(Struct, frozen=True, kw_only=True):
    """A rule that another verdict came of; *why* are the tests that another value came of."""

    item: int
    rule: str
    before: str
    after: str
    why: tuple[str, ...]


def differences(before: Decision, after: Decision) -> tuple[Difference, ...]:
    """What of two decisions differs in substance, in order of place."""
    return tuple(differing(substance(before), substance(after)))


def substance(decision: Decision) -> dict[str, Any]:
    """What of a decision binds somebody, as plain data; lists that have no order are keyed."""
    return {
        "channel": str(decision.channel),
        "status": decision.status,
        "pending": decision.pending,
        "degraded": decision.degraded,
        "items": {str(item.item): _of_item(item) for item in decision.items},
        "requests": {one.fact: list(one.items) for one in decision.requests},
        "lead": decision.order.lead if decision.order else None,
    }


def _of_item(item: ItemDecision) -> dict[str, Any]:
    return {
        "channel": str(item.channel),
        "status": item.status,
        "riskLevel": item.risk_level,
        "possibleRiskLevel": item.possible_risk_level,
        "controls": _keyed(
            (
                f"{one.agency} {one.task} {one.reasons.rule}",
                {"rate": str(one.rate), "selected": one.selected, "lifted": one.lifted},
            )
            for one in item.controls
        ),
        "statuses": _keyed(
            (
                f"{one.agency} {one.reasons.rule}",
                {"status": one.status, "lifted": one.lifted},
            )
            for one in item.statuses
        ),
    }


def _keyed(parts: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """*parts* by name; those of rules that are withheld share one, and are numbered."""
    found: dict[str, Any] = {}
    for name, part in parts:
        number = sum(other == name or other.startswith(f"{name} (") for other in found)
        found[f"{name} ({number + 1})" if number else name] = part
    return found


def differing(before: Any, after: Any, at: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Every value that differs between two trees of plain data, in order of place."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*before, *after]):
            yield from differing(before.get(name), after.get(name), (*at, name))
    elif before != after:
        yield Difference(pointer=pointer(*at), before=before, after=after)


def changed_verdicts(before: Decision, after: Decision) -> tuple[ChangedVerdict, ...]:
    """The rules whose verdict differs, by item and rule; those that are withheld are left out."""
    found = []
    earlier = {item.item: item for item in before.items}
    for item in after.items:
        old, new = _verdicts(earlier.get(item.item)), _verdicts(item)
        for rule in sorted((old.keys() | new.keys()) - {WITHHELD}):
            verdicts = [side.get(rule, ("does not apply", None)) for side in (old, new)]
            if verdicts[0][0] != verdicts[1][0]:
                found.append(
                    ChangedVerdict(
                        item=item.item,
                        rule=rule,
                        before=verdicts[0][0],
                        after=verdicts[1][0],
                        why=tuple(_why(verdicts[0][1], verdicts[1][1])),
                    )
                )
    return tuple(found)


def _verdicts(item: ItemDecision | None) -> dict[str, tuple[str, Weighed | None]]:
    """The verdict of each rule that is listed; of the others only that they do not apply."""
    if item is None:
        return {}
    found: dict[str, tuple[str, Weighed | None]] = {
        one.rule: (one.verdict, one) for one in (*item.near_misses, *item.applied)
    }
    found |= {one.rule: ("undetermined", None) for one in item.undetermined}
    found |= {one.rule: ("exempted", None) for one in item.exempted}
    return found


def _why(before: Weighed | None, after: Weighed | None) -> Iterator[str]:
    """The tests whose value changed, with what each saw; of one side alone, those that decide."""
    if before is not None and after is not None:
        earlier = {test.test: test for test in before.tests}
        for test in after.tests:
            old = earlier.get(test.test)
            if old is not None and old.value != test.value:
                yield f"{test.test}: {old.value} ({old.saw}), then {test.value} ({test.saw})"
        return
    for one in (before, after):
        if one is not None:
            for test in one.tests:
                if one.verdict == "applies" or test.value != "true":
                    yield f"{test.test}: {test.value} ({test.saw})"
