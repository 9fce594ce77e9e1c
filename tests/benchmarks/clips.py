"""The rows of `criteria` in CLIPS: one rule a row, over one fact for the item.

Benchmark only. The subheading stands first in the pattern, where CLIPS's network compares
constants; the rest is one `test`. A rule that fires adds its number to a global.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

try:
    import clips
except ImportError:  # the bench extra is not installed
    clips = None

from tests.benchmarks.criteria import (
    NOTHING,
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
    """Whether clipspy can be imported here."""
    return clips is not None


class Clips:
    """An environment of CLIPS."""

    def __init__(self, rows: Sequence[Row]) -> None:
        assert clips is not None
        self._environment = clips.Environment()
        self._read = {"code6"}.union(*(slots(row.expression) for row in rows))
        columns = " ".join(
            f"(slot {name} (default nil))" for name in ("code6", *sorted(self._read - {"code6"}))
        )
        self._environment.build(f"(deftemplate item {columns})")
        self._environment.build("(defglobal ?*found* = (create$))")
        for index, row in enumerate(rows):
            self._environment.build(_rule(index, row))
        self._template = self._environment.find_template("item")
        self._found = self._environment.find_global("found")

    def given(self, inputs: dict[str, Input]) -> dict[str, Any]:
        """What one fact holds; made before it is timed."""
        return {
            slot: clips.Symbol(value) if isinstance(value, str) else value
            for slot, value in inputs.items()
            if slot in self._read
        }

    def judge(self, given: dict[str, Any]) -> Any:
        """Assert, run, read the numbers, retract."""
        item = self._template.assert_fact(**given)
        self._environment.run()
        found = self._found.value
        item.retract()
        self._found.value = ()
        return found

    def selected(self, answer: Any) -> set[int]:
        """The numbers of the rules that apply."""
        return set(answer)


def _rule(index: int, row: Row) -> str:
    bound = " ".join(f"({slot} ?{slot})" for slot in sorted(slots(row.expression) - {"code6"}))
    test = f"(test {written(row.expression)})" if row.expression != NOTHING else ""
    return (
        f"(defrule row{index} (item (code6 {row.subheading}) {bound}) {test} "
        f"=> (bind ?*found* (create$ ?*found* {row.number})))"
    )


def written(expression: Expression) -> str:
    """The expression in the language of CLIPS. Comparing `nil` is an error there."""
    match expression:
        case Compare(slot, sign, number):
            sign = "=" if sign == "==" else sign
            return f"(and (numberp ?{slot}) ({sign} ?{slot} {number}))"
        case Among(slot, words, outside):
            if outside:
                return f"(neq ?{slot} nil {' '.join(words)})"
            return _joined("or", [f"(eq ?{slot} {word})" for word in words])
        case Equals(slot, flag):
            return f"(eq ?{slot} {str(flag).upper()})"
        case Never(part):
            return f"(not {written(part)})"
        case Joined(every, parts):
            return _joined("and" if every else "or", [written(part) for part in parts])


def _joined(word: str, parts: list[str]) -> str:
    """`and` and `or` of CLIPS take two parts or more."""
    if not parts:
        return "TRUE" if word == "and" else "FALSE"
    return parts[0] if len(parts) == 1 else f"({word} {' '.join(parts)})"
