"""The features, run by the specification: all hold, and what they touch is known."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.release import Release
from engine.specs.coverage import Coverage, Entry, bases, covered
from engine.specs.feature import Feature
from engine.specs.reading import read_features
from engine.specs.runner import Outcome, ScenarioResult, run
from engine.specs.world import Ground
from tests.conftest import ROOT
from tests.specs_text import SHIRTS, feature_of

NEEDED = {
    "tfa": "4 5.1 5.2 5.3 7.1 7.4.1 7.4.2 7.4.3 7.4.4 7.7 7.9 8.1 10.1 10.3 10.4 10.8",
    "tbt": "2.1 2.2 2.3 2.4 2.5 2.8 2.9 2.12 5.1.1 5.1.2 5.2 5.6 5.7 5.8 5.9 6.1",
    "sps": "2.2 2.3 5.1 5.4 5.6 5.7 8",
}


@pytest.fixture(scope="module")
def features() -> tuple[Feature, ...]:
    return read_features(ROOT / "features")


@pytest.fixture(scope="module")
def results(features: tuple[Feature, ...], release: Release) -> list[ScenarioResult]:
    """Decided by the specification alone; `tests/features` has both engines decide."""
    ground = Ground.of(release, ROOT / "features" / "declarations")
    return list(run(features, ground, limit=120))  # other work may run beside


@pytest.fixture(scope="module")
def coverage(
    features: tuple[Feature, ...], results: list[ScenarioResult], release: Release
) -> Coverage:
    return covered(features, results, release)


@pytest.mark.parametrize(("folder", "articles"), NEEDED.items())
def test_every_article_that_was_asked_for_has_a_file(folder: str, articles: str) -> None:
    names = {path.stem for path in (ROOT / "features" / folder).glob("*.feature")}
    assert {f"article-{article}" for article in articles.split()} <= names


def test_every_scenario_passes_outside_pytest_too(results: list[ScenarioResult]) -> None:
    failing = [(one.scenario.name, one.words) for one in results if one.outcome != Outcome.PASSED]
    assert failing == []


def test_every_rule_is_named_by_a_scenario_or_an_example(coverage: Coverage) -> None:
    assert coverage.unnamed == ()


def test_every_obligation_holds_and_is_caught_breached(coverage: Coverage) -> None:
    assert coverage.one_sided == ()


def test_obligations_that_touch_no_rule_are_visible(coverage: Coverage) -> None:
    assert "WP6-R: A regulation has a dossier along the steps" in coverage.without_rule


def test_the_matrix_leads_from_a_clause_to_its_rules(coverage: Coverage) -> None:
    rules = {one.rule for one in coverage.entries if one.clause == "TBT-6.1"}
    assert "products/toys/small-parts" in rules


def test_the_matrix_leads_from_a_rule_to_its_scenarios(coverage: Coverage) -> None:
    found = coverage.scenarios(rule="food/entry-prohibited")
    assert "Beans that may not enter can be returned" in found


def test_holes_of_one_scenario_are_all_seen(ground: Ground) -> None:
    features = [feature_of(f"One\n{SHIRTS}")]
    found = covered(features, run(features, ground), ground.release)
    touched = ("customs/random", "customs/value-danger")
    assert found.entries == tuple(Entry("TST-1", rule, "One") for rule in touched)
    assert found.one_sided == ("TST-1: One obligation",)
    assert set(found.untouched) == {*found.rules} - {*touched}
    assert any("2009/48" in cite for cite in found.uncited)


def test_a_rule_without_example_and_scenario_is_unnamed(ground: Ground) -> None:
    rules = tuple(replace(rule, examples=()) for rule in ground.release.base.rules)
    bare = replace(ground.release, base=replace(ground.release.base, rules=rules))
    features = [feature_of(f"One\n{SHIRTS}")]
    found = covered(features, run(features, ground), bare)
    assert found.unnamed == found.untouched


def test_a_rule_leads_to_its_law(release: Release) -> None:
    cites = [one.cite for one in bases(release, ["products/toys/small-parts"])]
    assert "Directive 2009/48/EC, Annex II, Part I, point 4(d)" in cites
    assert "WTO TBT Agreement, Article 6.1" in cites


def test_a_row_of_a_table_leads_to_its_law(release: Release) -> None:
    cites = [one.cite for one in bases(release, ["food/entry-prohibited#C094"])]
    assert any("2019/1793, Annex IIa" in cite for cite in cites)
