"""The runner and pytest-bdd read, match and judge alike: nothing is written twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_bdd import parsers
from pytest_bdd.parser import FeatureParser

from engine.specs.matching import Matched, match
from engine.specs.phrase import TYPES
from engine.specs.reading import read_features
from engine.specs.runner import Outcome, run
from engine.specs.steps import PHRASES
from engine.specs.world import Ground
from tests.conftest import ROOT
from tests.specs_text import SHIRTS, feature_of, text_of

pytest_plugins = ["pytester"]

IMPOSSIBLE = SHIRTS.replace("When", 'And under "net mass" the trader declares -1\nWhen')
CASES = (
    f"Holds\n{SHIRTS}Then the risk level is low\n",
    f"Does not hold\n{SHIRTS}Then the risk level is serious\n",
    f"Fails in the middle\n{SHIRTS}Then it may not enter\nAnd the risk level is low\n",
    f"Cannot be declared\n{IMPOSSIBLE}",
    f"Has no such word\n{SHIRTS}Then the risk level is enormous\n",
    f"Has no such step\n{SHIRTS}Then all is well\n",
    "Changes a rule\n"
    'Given the rule "customs/random"\n'
    "And it ends on 2026-11-23\n"
    f"And{SHIRTS.removeprefix('Given')}Then the rule does not apply\n",
)


def test_both_read_the_same_scenarios_and_steps() -> None:
    ours = {
        (feature.file, scenario.name, step.kind, step.text)
        for feature in read_features(ROOT / "features")
        for scenario in feature.scenarios
        for step in scenario.steps
    }
    theirs = set()
    for path in (ROOT / "features").rglob("*.feature"):
        feature = FeatureParser(str(ROOT), str(path.relative_to(ROOT))).parse()
        for template in feature.scenarios.values():
            contexts = [row for table in template.examples for row in table.as_contexts()] or [{}]
            for scenario in map(template.render, contexts):
                for step in scenario.steps:
                    file = path.relative_to(ROOT).as_posix()
                    theirs.add((file, scenario.name, step.type, step.name))
    assert ours == theirs


def test_both_find_the_same_phrase_with_the_same_arguments() -> None:
    bound = {phrase.text: parsers.parse(phrase.text, TYPES) for phrase in PHRASES}
    for feature in read_features(ROOT / "features"):
        for step in (step for scenario in feature.scenarios for step in scenario.steps):
            ours = match(step)
            assert isinstance(ours, Matched)
            theirs = [
                (phrase.text, bound[phrase.text].parse_arguments(step.text))
                for phrase in PHRASES
                if phrase.kind == step.kind and bound[phrase.text].is_matching(step.text)
            ]
            assert theirs == [(ours.phrase.text, ours.arguments)]


class Built:
    """A plugin with a knowledge base that is built already."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    @pytest.fixture
    def ground(self) -> Ground:
        return self._ground


def test_both_judge_the_same(ground: Ground, pytester: pytest.Pytester) -> None:
    ours = {
        result.scenario.name: result.outcome is Outcome.PASSED
        for result in run([feature_of(*CASES)], ground)
    }
    pytester.makefile(".feature", made=text_of(*CASES))
    pytester.makepyfile(test_made="from pytest_bdd import scenarios\nscenarios('made.feature')\n")
    conftest = Path(ROOT / "tests" / "features" / "conftest.py").read_text("utf-8")
    pytester.makeconftest(conftest)
    found = pytester.inline_run("-p", "no:cacheprovider", plugins=[Built(ground)])
    theirs = {
        report.nodeid.partition("::test_")[2].replace("_", " "): report.passed
        for report in found.getreports("pytest_runtest_logreport")
        if report.when == "call"
    }
    assert theirs == {name.lower(): passed for name, passed in ours.items()}
    assert sorted(ours.values()) == [False] * 5 + [True] * 2
