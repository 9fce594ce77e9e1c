"""The rows of `criteria` in zen-engine: one decision table that collects every row that matches.

Benchmark only. Of the forms tried (one table of two columns, one of one column, a set of
expressions) the table of two columns is the quickest: the subheading as a number, compared with
one field, and the rest as one expression.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

try:
    import zen
except ImportError:  # the bench extra is not installed
    zen = None

from tests.benchmarks.criteria import (
    Among,
    Compare,
    Equals,
    Expression,
    Input,
    Joined,
    Never,
    Row,
    slots,
)


def available() -> bool:
    """Whether zen-engine can be imported here."""
    return zen is not None


class Zen:
    """A decision of zen-engine.

    *compiled*: the table is compiled once, as `ZenDecisionContent`, and asked for by name; that is
    the quickest form found. Else it is JSON, whose expressions are compiled on every evaluation.
    """

    def __init__(self, rows: Sequence[Row], *, compiled: bool) -> None:
        assert zen is not None
        text = json.dumps(_decision(rows))
        if compiled:
            content = zen.ZenDecisionContent(text)
            # Through a decision object of the same content, an evaluation takes 100 µs more.
            engine = zen.ZenEngine({"loader": lambda _: content})
            self._evaluate = partial(engine.evaluate, "criteria")
        else:
            self._evaluate = zen.ZenEngine().create_decision(text).evaluate
        self._read = {"code6"}.union(*(slots(row.expression) for row in rows))

    def given(self, inputs: dict[str, Input]) -> dict[str, Input]:
        """What one evaluation takes; made before it is timed."""
        return {slot: value for slot, value in inputs.items() if slot in self._read}

    def judge(self, given: dict[str, Input]) -> Any:
        """One evaluation, as zen-engine answers it."""
        return self._evaluate(given)

    def selected(self, answer: Any) -> set[int]:
        """The numbers of the rules that apply."""
        return {int(row["rule"]) for row in answer["result"] or ()}


def _decision(rows: Iterable[Row]) -> dict[str, Any]:
    table = {
        "hitPolicy": "collect",
        "inputs": [
            {"id": "gate", "name": "gate", "field": "code6"},
            {"id": "rest", "name": "rest"},
        ],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": [
            {
                "_id": str(index),
                "gate": str(row.subheading),
                "rest": written(row.expression),
                "rule": str(row.number),
            }
            for index, row in enumerate(rows)
        ],
    }
    kinds = {"item": ("inputNode", {}), "table": ("decisionTableNode", table), "found": _FOUND}
    return {
        "nodes": [
            {"id": name, "name": name, "type": kind, "content": content}
            for name, (kind, content) in kinds.items()
        ],
        "edges": [
            {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
            for source, target in (("item", "table"), ("table", "found"))
        ],
    }


_FOUND: tuple[str, dict[str, Any]] = ("outputNode", {})


def written(expression: Expression) -> str:
    """The expression in zen-engine's language. Comparing null is an error there, so it is asked."""
    match expression:
        case Compare(slot, sign, number):
            return f"({slot} != null and {slot} {sign} {number})"
        case Among(slot, words, outside):
            among = f"{slot} in {json.dumps(words)}"
            return f"({slot} != null and not ({among}))" if outside else f"({among})"
        case Equals(slot, flag):
            return f"{slot} == {json.dumps(flag)}"
        case Never(part):
            return f"not ({written(part)})"
        case Joined(every, parts):
            if not parts:
                return json.dumps(every)
            return "(" + (" and " if every else " or ").join(map(written, parts)) + ")"
