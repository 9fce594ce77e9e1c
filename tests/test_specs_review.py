"""A review of a release, kept and read; what counsel signs on; readings of a clause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from engine import release as releases
from engine.language.base import ReadBase
from engine.language.checks import check
from engine.language.diagnostics import RefusedError
from engine.release import Release
from engine.specs import review as reviews
from engine.specs.fingerprint import Fingerprint, changes, fingerprint
from engine.specs.interpretations import read_interpretations
from engine.specs.review import Review, Specifications
from engine.specs.runner import Outcome
from engine.specs.world import Ground
from tests.conftest import ROOT
from tests.evidence_sample import SIGNER

DAY = date(2026, 11, 26)
TOYS = "products/toys/small-parts"
FEATURES = ROOT / "features"
ENTRY = '''
clause   = "TBT-5.1.2"
title    = "A title"
question = "A question?"
followed = "one"
why      = "A reason."
status   = "to-confirm"
checked  = 2026-11-26

[[reading]]
name  = "one"
gist  = "As declared."
steps = """
Given a consignment of cotton T-shirts
When the declaration is decided on 2026-11-26
"""

[[reading]]
name  = "other"
gist  = "Cheap."
steps = """
Given a consignment of cotton T-shirts
And its value is 2 euro a kilogram
When the declaration is decided on 2026-11-26
"""
'''


@pytest.fixture(scope="module")
def ground(release: Release) -> Ground:
    return Ground.of(release, FEATURES / "declarations")


@pytest.fixture(scope="module")
def specifications() -> Specifications:
    """The features of one agreement."""
    whole = Specifications.read(FEATURES)
    some = [one for one in whole.features if one.clause == "TFA-7.7"]
    return replace(whole, features=tuple(some), register=whole.register[:1])


@pytest.fixture(scope="module")
def found(ground: Ground, specifications: Specifications) -> Review:
    return reviews.review(ground, specifications, DAY, lambda *_: None, sources="sha256:0")


def test_every_scenario_has_a_result(found: Review, specifications: Specifications) -> None:
    cases = [one for feature in specifications.features for one in feature.scenarios]
    assert [one.scenario for one in found.results] == cases
    assert {one.outcome for one in found.results} == {Outcome.PASSED}


def test_a_review_is_kept_and_read_again(found: Review) -> None:
    assert reviews.read(reviews.written(found)) == found


@pytest.mark.parametrize("body", [b"", b"{}", b'{"format": "another"}'])
def test_what_another_version_wrote_is_no_review(body: bytes) -> None:
    assert reviews.read(body) is None


def test_a_decision_stands_once_at_the_step_that_took_it(found: Review) -> None:
    for result in found.results:
        taken = [one for one in result.steps if one.decision is not None]
        assert [one.step.kind for one in taken] == ["when"] * len(taken)


def test_progress_counts_scenarios_to_the_end(
    ground: Ground, specifications: Specifications
) -> None:
    told: list[tuple[str, int, int]] = []
    reviews.review(ground, specifications, DAY, lambda *one: told.append(one), sources="")
    count = sum(len(feature.scenarios) for feature in specifications.features)
    seen = [done for step, done, total in told if (step, total) == ("scenarios", count)]
    assert seen == list(range(count + 1))


def test_the_sources_are_the_features_and_the_code(tmp_path: Path) -> None:
    (tmp_path / "a.feature").write_text("one")
    before = reviews.sources(tmp_path)
    assert reviews.sources(tmp_path) == before
    (tmp_path / "a.feature").write_text("two")
    assert reviews.sources(tmp_path) != before


def test_a_release_on_disk_is_checked_as_its_files_are(
    release: Release, release_file: Path
) -> None:
    def found(one: Release) -> list[str]:
        read = ReadBase.without_files(one.base)
        return [f"{said}" for said in check(read, one.vocabulary, DAY)]

    assert found(releases.load(release_file, SIGNER.public)) == found(release)


# Readings


def test_each_reading_of_the_register_comes_to_a_decision(ground: Ground) -> None:
    for entry in Specifications.read(FEATURES).register:
        read = reviews.interpretations.read_with(entry, ground)
        assert [(one.outcome, one.decision is not None) for one in read] == [
            (Outcome.PASSED, True)
        ] * len(entry.readings), (entry.file, [one.steps for one in read])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('clause   = "TBT-5.1.2"', "", "no-interpretation"),
        ('"TBT-5.1.2"', '"tbt"', "no-clause"),
        ('"to-confirm"', '"sure"', "no-status"),
        ('"other"', '"one"', "one-reading"),
        ('followed = "one"', 'followed = "third"', "no-reading"),
        ("Given a consignment", "Suppose a consignment", "no-step"),
        ("a consignment of cotton T-shirts", "a cart of cotton", "unknown-step"),
        ("When the declaration is decided on 2026-11-26\n", "", "no-decision"),
        ("why ", "wy ", "no-interpretation"),
        ("[[reading]]", "[[reading", "no-toml"),
    ],
)
def test_an_entry_says_what_it_must(old: str, new: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "entry.toml").write_text(ENTRY, "utf-8")
    assert len(read_interpretations(tmp_path)) == 1
    (tmp_path / "entry.toml").write_text(ENTRY.replace(old, new), "utf-8")
    with pytest.raises(RefusedError) as refused:
        read_interpretations(tmp_path)
    assert {one.code for one in refused.value.diagnostics} == {code}


def test_a_step_that_means_nothing_is_told_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "entry.toml").write_text(ENTRY.replace("its value is", "its worth is"), "utf-8")
    with pytest.raises(RefusedError) as refused:
        read_interpretations(tmp_path)
    assert [one.line for one in refused.value.diagnostics] == [23]


# What is signed


@pytest.fixture
def signed(found: Review, release: Release) -> Fingerprint:
    return made(found, release)


def made(found: Review, release: Release, edit: Callable[..., object] | None = None) -> Fingerprint:
    obligations = [one for feature in found.specifications.features for one in feature.obligations]
    rules = [rule for rule in release.base.rules if rule.id == TOYS]
    parts: dict[str, Any] = {"obligations": obligations, "results": found.results, "rules": rules}
    if edit is not None:
        edit(parts)
    return fingerprint(parts["obligations"], parts["results"], parts["rules"])


def test_what_is_the_same_is_signed_still(
    signed: Fingerprint, found: Review, release: Release
) -> None:
    assert changes(signed, made(found, release)) == ()


def test_a_line_that_moved_changes_nothing(
    signed: Fingerprint, found: Review, release: Release
) -> None:
    def moved(parts: dict[str, Any]) -> None:
        parts["obligations"] = [replace(one, line=one.line + 1) for one in parts["obligations"]]

    assert changes(signed, made(found, release, moved)) == ()


def test_another_text_is_named(signed: Fingerprint, found: Review, release: Release) -> None:
    def edited(parts: dict[str, Any]) -> None:
        parts["obligations"] = [replace(one, modal="may") for one in parts["obligations"]]

    assert changes(signed, made(found, release, edited)) == ("text",)


def test_another_rule_is_named(signed: Fingerprint, found: Review, release: Release) -> None:
    def edited(parts: dict[str, Any]) -> None:
        parts["rules"] = [replace(one, because="else") for one in parts["rules"]]

    assert changes(signed, made(found, release, edited)) == (f"rule {TOYS}",)


def test_law_that_was_checked_anew_is_named(
    signed: Fingerprint, found: Review, release: Release
) -> None:
    def edited(parts: dict[str, Any]) -> None:
        (rule,) = parts["rules"]
        name, basis = next(iter(rule.bases.items()))
        bases = {**rule.bases, name: replace(basis, checked=date(2030, 1, 1))}
        parts["rules"] = [replace(rule, bases=bases)]

    told = changes(signed, made(found, release, edited))
    assert len(told) == 1
    assert told[0].startswith("law ")


def test_a_scenario_that_fails_now_is_named(
    signed: Fingerprint, found: Review, release: Release
) -> None:
    def edited(parts: dict[str, Any]) -> None:
        first, *others = parts["results"]
        step = replace(first.steps[0], outcome=Outcome.FAILED)
        parts["results"] = [replace(first, steps=(step, *first.steps[1:])), *others]

    assert changes(signed, made(found, release, edited)) == ("outcome",)
