"""What an agency may report of a control."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from engine.declaration.outcome import Outcome, Result, read_outcome
from engine.declaration.problems import MalformedError
from engine.language.vocabulary import Vocabulary

DAY = date(2026, 11, 25)
FOUND: dict[str, Any] = {
    "id": "O1",
    "decision": "d-0123456789",
    "item": 1,
    "agency": "agency:MarketSurveillance",
    "task": "control:Physical",
    "on": "2026-11-25",
    "result": "non-compliant",
    "hazards": ["hazard:Choking"],
    "note": "An eye came off at 60 N.",
}


def read(vocabulary: Vocabulary, **changed: Any) -> Outcome:
    content = {name: value for name, value in {**FOUND, **changed}.items() if value is not None}
    return read_outcome(json.dumps(content).encode(), vocabulary, DAY)


def test_an_outcome_says_what_was_found(vocabulary: Vocabulary) -> None:
    found = read(vocabulary)
    assert (found.result, found.hazards) == (Result.NON_COMPLIANT, ("hazard:Choking",))


@pytest.mark.parametrize(
    ("changed", "pointer", "mend"),
    [
        ({"agency": "agency:MarketSurveilance"}, "/agency", "agency:MarketSurveillance"),
        ({"task": "control:Phisical"}, "/task", "control:Physical"),
        ({"task": "hazard:Choking"}, "/task", None),
        ({"hazards": ["hazard:Chocking"]}, "/hazards/0", "hazard:Choking"),
        ({"hazards": ["hazard:Choking"] * 51}, "/hazards", None),
        ({"result": "compliant"}, "/hazards", "mend one of both"),
        ({"result": "good"}, "/result", "one of compliant"),
        ({"on": "2026-11-26"}, "/on", "write the day of the control"),
        ({"on": "1066-10-14"}, "/on", None),
        ({"id": " "}, "/id", "fill it in"),
        ({"corrects": "O1"}, "/corrects", "an id of its own"),
        ({"note": "x" * 2001}, "/note", "say it in short"),
        ({"item": "one"}, "/item", "a whole number"),
        ({"decision": None}, "/decision", "add it"),
        ({"verdict": "bad"}, "/verdict", "known here"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    vocabulary: Vocabulary, changed: dict[str, Any], pointer: str, mend: str | None
) -> None:
    with pytest.raises(MalformedError) as refused:
        read(vocabulary, **changed)
    found = {problem.pointer: problem.help or "" for problem in refused.value.problems}
    assert pointer in found
    assert mend is None or mend in found[pointer]


def test_goods_without_fault_need_no_hazard(vocabulary: Vocabulary) -> None:
    assert read(vocabulary, result="compliant", hazards=None).hazards == ()
