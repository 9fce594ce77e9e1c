"""Whatever phrases a visitor strings together, there is an answer and no fault."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.language.diagnostics import RefusedError
from engine.specs.phrase import Phrase
from engine.specs.reading import read_feature
from engine.specs.runner import Outcome, run_scenario
from engine.specs.steps import PHRASES
from engine.specs.vocabulary import vocabulary
from engine.specs.world import Ground
from tests.conftest import ROOT
from tests.specs_text import feature_of

RUNS = 2_000 if os.environ.get("COMMENSURA_FULL") else 60
VALUES = {
    "Day": ["2026-11-23", "2024-02-29", "9999-12-31", "0001-01-01"],
    "Share": ["0 %", "0.5 %", "100 %", "999 %"],
    "Count": ["0", "1", "3", "2,000,000"],
    "Number": ["0", "2.5", "999999999999"],
}
FIELD = re.compile(r"\{(?P<name>\w+)(?::(?P<type>\w+))?\}")
WORDS = ["yes", "no", "0", "-1", "36 months", "1 USD", "x", "hair dye; sesame", "TBT-5.1.2"]
CUT = st.tuples(st.integers(0, 4_000), st.integers(0, 30), st.text(max_size=8))
NUMBERS = st.lists(st.integers(0, 10_000), min_size=4, max_size=4)
DRAWN = st.lists(st.tuples(st.integers(0, len(PHRASES) - 1), NUMBERS), min_size=1, max_size=8)


class Sandbox(NamedTuple):
    """What scenarios start from, and what blanks may be, by name; of a short `repr`."""

    ground: Ground
    choices: dict[str, tuple[str, ...]]

    def __repr__(self) -> str:
        return "a sandbox"


@pytest.fixture(scope="module")
def sandbox(ground: Ground) -> Sandbox:
    entries = vocabulary(ground)
    return Sandbox(ground, {one.name: one.choices for entry in entries for one in entry.blanks})


def filled(phrase: Phrase, choices: dict[str, tuple[str, ...]], numbers: list[int]) -> str:
    """The phrase with something in each blank."""
    turns = iter(numbers)

    def value(found: re.Match[str]) -> str:
        pool = VALUES.get(found["type"] or "") or choices.get(found["name"]) or WORDS
        return pool[next(turns) % len(pool)]

    return f"{phrase.kind.capitalize()} {FIELD.sub(value, phrase.text)}"


@settings(max_examples=RUNS, deadline=None)
@given(drawn=DRAWN)
def test_any_sequence_of_phrases_has_an_outcome(
    sandbox: Sandbox, drawn: list[tuple[int, list[int]]]
) -> None:
    begin = "Given a consignment of plush toys with small parts\n"
    begin += 'And the rule "products/toys/small-parts"\n'
    steps = [filled(PHRASES[number], sandbox.choices, found) for number, found in drawn]
    (obligation,) = feature_of("Made\n" + begin + "\n".join(steps) + "\n").obligations
    result = run_scenario(obligation.scenarios[0], obligation, sandbox.ground, limit=2)
    assert result.outcome in Outcome


@settings(max_examples=RUNS, deadline=None)
@given(text=st.text(max_size=200))
def test_any_line_is_clear_or_told_the_nearest_phrase(sandbox: Sandbox, text: str) -> None:
    line = " ".join(text.split()) or "x"
    feature = feature_of("Made\nGiven .\n")
    step = feature.scenarios[0].steps[0]
    (obligation,) = feature.obligations
    scenario = replace(feature.scenarios[0], steps=(replace(step, text=line),))
    assert run_scenario(scenario, obligation, sandbox.ground).words


@settings(max_examples=RUNS, deadline=None)
@given(
    number=st.integers(0, 100),
    cuts=st.lists(
        st.tuples(st.integers(0, 4_000), st.integers(0, 30), st.text(max_size=8)), max_size=6
    ),
)
def test_any_text_is_a_feature_or_is_refused(number: int, cuts: list[tuple[int, int, str]]) -> None:
    files = sorted((ROOT / "features").rglob("*.feature"))
    text = files[number % len(files)].read_text("utf-8")
    for place, length, instead in cuts:
        text = text[:place] + instead + text[place + length :]
    said: tuple[object, ...]
    try:
        said = read_feature(text, "made.feature").scenarios
    except RefusedError as error:
        said = error.diagnostics
    assert said
