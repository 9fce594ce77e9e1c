"""A step means one function, or it is said what is nearest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.language.diagnostics import Diagnostic
from engine.language.vocabulary import Vocabulary
from engine.specs.feature import Feature, Step
from engine.specs.matching import Matched, match, nearest, unmatched
from engine.specs.phrase import Phrase, Phrases
from engine.specs.reading import read_features
from engine.specs.steps import PHRASES
from engine.specs.vocabulary import vocabulary as entries
from engine.specs.world import Ground
from tests.conftest import ROOT
from tests.specs_text import feature_of


@pytest.fixture(scope="module")
def features() -> tuple[Feature, ...]:
    return read_features(ROOT / "features")


def step(kind: str, text: str) -> Step:
    return Step(file="f", line=7, kind=kind, keyword=kind.capitalize(), text=text)


def found(kind: str, text: str) -> Matched:
    matched = match(step(kind, text))
    assert isinstance(matched, Matched), matched
    return matched


def unclear(kind: str, text: str, phrases: Any = PHRASES) -> Diagnostic:
    matched = match(step(kind, text), phrases)
    assert isinstance(matched, Diagnostic)
    return matched


@pytest.mark.parametrize(
    ("kind", "text", "arguments"),
    [
        ("when", "the declaration is decided on 2026-11-23", {"day": date(2026, 11, 23)}),
        ("given", "its value is 2.5 euro a kilogram", {"amount": Decimal("2.5")}),
        ("given", "1,000 consignments, in turn of hair dye", {"count": 1000, "kinds": "hair dye"}),
        (
            "given",
            "it is made to impose a physical check on 0.5 % of consignments",
            {"task": "a physical check", "share": Decimal("0.005")},
        ),
    ],
)
def test_blanks_are_read_by_their_types(kind: str, text: str, arguments: dict[str, object]) -> None:
    assert found(kind, text).arguments == arguments


def test_an_unknown_step_is_told_the_nearest_phrase_at_its_line() -> None:
    said = unclear("when", "the declaration gets decided on 2026-11-23")
    assert (said.code, said.line) == ("unknown-step", 7)
    assert said.help == "did you mean `the declaration is decided on …`?"


def test_the_nearest_phrase_is_of_the_same_kind() -> None:
    assert nearest("then", "the declaration is decided on 2026-11-23") != (
        "did you mean `the declaration is decided on …`?"
    )


def test_a_day_that_no_calendar_has_is_unclear() -> None:
    assert unclear("when", "the declaration is decided on 2026-02-30").code == "unclear-step"


def test_a_step_that_may_mean_two_things_is_told_both() -> None:
    made = Phrases("made")
    made.given("some {goods}")(lambda **_: None)
    made.given("{many} shirts")(lambda **_: None)
    said = unclear("given", "some shirts", made)
    assert said.code == "ambiguous-step"
    assert "`some …` or `… shirts`" in said.message


def test_what_is_unclear_of_a_feature_is_told_once_a_line() -> None:
    made = feature_of("One\nGiven rubbish\nWhen more rubbish\n")
    assert [one.line for one in unmatched(made)] == [one.line for one in made.scenarios[0].steps]


def test_every_step_of_the_shipped_features_is_clear(features: tuple[Feature, ...]) -> None:
    assert [str(one) for feature in features for one in unmatched(feature)] == []


def test_every_phrase_is_used_by_a_scenario(features: tuple[Feature, ...]) -> None:
    used = {
        matched.phrase.text
        for feature in features
        for scenario in feature.scenarios
        for one in scenario.steps
        if isinstance(matched := match(one), Matched)
    }
    assert [phrase.text for phrase in PHRASES if phrase.text not in used] == []


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.text)
def test_every_phrase_says_what_it_means(phrase: Phrase) -> None:
    assert phrase.meaning.endswith(".")


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.text)
def test_no_phrase_names_a_fact_or_a_term_by_its_name(
    phrase: Phrase, vocabulary: Vocabulary
) -> None:
    words = set(phrase.words.replace('"', " ").split())
    assert not words & {*vocabulary.facts, *vocabulary.terms, *vocabulary.agencies} - {"documents"}


def test_no_two_phrases_of_a_kind_are_the_same() -> None:
    said = [(phrase.kind, phrase.blank) for phrase in PHRASES]
    assert len(said) == len(set(said))


def test_the_vocabulary_lists_what_a_blank_may_be(ground: Ground) -> None:
    entry = next(one for one in entries(ground) if one.text == "the risk level is ⟨level⟩")
    assert entry.blanks[0].choices == ("low", "medium", "high", "serious")


def test_the_vocabulary_lists_every_phrase_by_kind(ground: Ground) -> None:
    kinds = [one.kind for one in entries(ground)]
    assert kinds == sorted(kinds, key=("given", "when", "then").index)
    assert len(kinds) == len(PHRASES)
