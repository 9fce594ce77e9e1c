"""The report of a review: what it says to whom, as PDF and as HTML, and from the command line."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from api import reporting
from api.reporting import KindError
from api.service.sight import Sight
from api.words.report import Report, report
from engine.release import Release
from engine.specs import review as reviews
from engine.specs.review import Review, Specifications
from engine.specs.world import Ground
from tests.command_line import run
from tests.conftest import ROOT
from tests.review_sample import of_one_article

DAY = date(2026, 11, 26)
FEATURES = ROOT / "features"
CLAUSES = {"TBT-5.1.2", "TFA-7.4.3"}


@pytest.fixture(scope="module")
def found(release: Release) -> Review:
    whole = Specifications.read(FEATURES)
    some = tuple(one for one in whole.features if one.clause in CLAUSES)
    ground = Ground.of(release, FEATURES / "declarations")
    specifications = replace(whole, features=some)
    return reviews.review(ground, specifications, DAY, lambda *_: None, sources="sha256:0")


@pytest.fixture(scope="module")
def whole(found: Review, release: Release) -> Report:
    return report(found, release)


@pytest.fixture(scope="module")
def public(found: Review, release: Release) -> Report:
    return report(found, release, Sight(release.base.rules, None))


def words(told: Report) -> str:
    return msgspec.json.encode(told).decode()


def test_every_scenario_stands_under_its_demand(whole: Report, found: Review) -> None:
    told = [case.name for art in whole.articles for one in art.demands for case in one.cases]
    assert [one.clause for one in whole.articles] == ["TFA-7.4.3", "TBT-5.1.2"]
    features = {one.clause: one for one in found.specifications.features}
    assert told == [one.name for art in whole.articles for one in features[art.clause].scenarios]
    assert (whole.passed, whole.total) == (len(told), len(told))


def test_what_is_not_public_is_named_to_who_sees_it(whole: Report, release: Release) -> None:
    assert whole.hidden == 0
    assert "products/toys/small-parts" in words(whole)


def test_what_is_not_public_is_neither_named_nor_titled_in_a_public_copy(
    public: Report, release: Release
) -> None:
    told = words(public)
    hidden = [rule for rule in release.base.rules if not rule.public]
    assert public.hidden == len(hidden) > 0
    assert any(one.withheld for art in public.articles for one in art.demands)
    named = set(re.findall(r"[a-z]+(?:/[\w-]+)+(?:#\w+)?", told))
    assert named.isdisjoint(rule.id for rule in hidden)
    assert not [rule.title for rule in hidden if rule.title in told]


def test_a_source_that_nobody_confirmed_is_listed_with_its_rules(whole: Report) -> None:
    assert {one.status for one in whole.sources} == {"to-confirm", "illustrative"}
    assert all(one.rules > 0 for one in whole.sources)


def test_a_public_copy_tells_of_a_decision_what_its_trader_is_told(public: Report) -> None:
    decided = [
        line
        for art in public.articles
        for one in art.demands
        for case in one.cases
        for line in case.decided
    ]
    assert decided
    assert not [line for line in decided if "risk level" in line or "%" in line]


def test_what_closed_rules_would_decide_by_a_reading_is_not_told_the_public(
    public: Report, whole: Report
) -> None:
    withheld = [one.title for one in public.ambiguities if not one.rivals]
    assert withheld == [
        one.title for one in whole.ambiguities if one.clause in ("TFA-7.7", "TBT-2.3", "TFA-7.4.2")
    ]


def test_each_ambiguity_says_what_its_readings_decide(whole: Report) -> None:
    for one in whole.ambiguities:
        decided = [rival.decided for rival in one.rivals]
        assert len(set(decided)) == len(decided) >= 2, one.title
        assert sum(rival.followed for rival in one.rivals) == 1


# As a file


def test_the_pdf_is_accessible(whole: Report) -> None:
    made = reporting.rendered(whole, ".pdf")
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" in made


def test_the_html_stands_alone(whole: Report) -> None:
    made = reporting.rendered(whole, ".html").decode()
    assert whole.digest in made
    assert "<script" not in made
    assert 'src="' not in made


def spoilt(whole: Report, text: str) -> Report:
    """The report with an article that says *text*."""
    first = replace(whole.articles[0], name=text, gist=text)
    return replace(whole, articles=(first, *whole.articles[1:]))


def test_markup_in_a_feature_is_text_in_html(whole: Report) -> None:
    made = reporting.rendered(spoilt(whole, "<script>alert(1)</script>"), ".html").decode()
    assert "<script>" not in made
    assert "&lt;script&gt;" in made


def test_markup_in_a_feature_is_text_on_paper(whole: Report) -> None:
    assert reporting.rendered(spoilt(whole, '#panic("no") $x$ *b* ] #read("x")'), ".pdf")


@pytest.mark.parametrize("kind", ["", ".doc", "pdf"])
def test_another_form_is_refused_with_those_there_are(kind: str) -> None:
    with pytest.raises(KindError, match=r"\.pdf or \.html"):
        reporting.check(kind)


# From the command line


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return of_one_article(tmp_path)


def test_a_review_that_holds_is_told_and_filed(root: Path) -> None:
    out = root / "report.html"
    done = run("review", "--root", str(root), "--on", "2026-11-26", "--out", str(out))
    assert (done.returncode, done.stdout.splitlines()[0][:9]) == (0, "✓ TFA-7.1")
    assert out.read_text("utf-8").startswith("<!doctype html>")


def test_a_scenario_that_does_not_hold_is_told_at_its_line(root: Path) -> None:
    file = root / "features" / "tfa" / "article.feature"
    text = file.read_text("utf-8")
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip().startswith("When the declaration"))
    lines.insert(at + 1, "      Then the risk level is serious")
    file.write_text("\n".join(lines), "utf-8")
    done = run("review", "--root", str(root), "--on", "2026-11-26", "--format", "json")
    failed = [one for one in json.loads(done.stdout)["scenarios"] if one["outcome"] != "passed"]
    assert (done.returncode, len(failed)) == (1, 1)
    assert failed[0]["words"].startswith("the level is ")


def test_a_report_of_no_known_form_is_refused_before_anything_is_run(root: Path) -> None:
    done = run("review", "--root", str(root), "--out", "report.doc")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: a report is not a `.doc`: name a .pdf or .html\n"
