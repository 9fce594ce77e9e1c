"""What a draft may write, how soon it may bind, and what files may not overwrite."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.service.authoring import overwriting, trees
from api.service.authoring.changes import Frozen, thawed
from api.service.authoring.interval import earliest, too_soon
from api.service.authoring.office import Office
from api.service.authoring.paths import MAX_BYTES, check_path, check_text
from api.service.authoring.touching import Change, ChangedRule
from api.store import StaleError, Store, migrate
from api.store.sources import Origin
from engine.declaration.problems import MalformedError
from tests.authoring_sample import AT, RULE, TREE, office, published
from tests.command_line import run

# Paths and texts


@pytest.mark.parametrize("path", ["rules/a.toml", "rules/food/x/y-1_2.csv", "rules/a.b.toml"])
def test_a_rule_or_table_has_a_path(path: str) -> None:
    check_path(path, [])


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/rules/a.toml",
        "rules/../a.toml",
        "rules/./a.toml",
        "rules//a.toml",
        "rules/.hidden.toml",
        "rules/a.py",
        "rules/a.TOML",
        "rules/a.toml\n",
        "rules/ä.toml",
        "rules/a b.toml",
        "rules\\a.toml",
        "rules/a.toml/",
        "ontology/core.ttl",
        "Rules/a.toml",
        "rules/" + "a" * 200 + ".toml",
    ],
)
def test_another_path_is_refused(path: str) -> None:
    with pytest.raises(MalformedError, match="is no path of a rule or table"):
        check_path(path, [])


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("rules/A.toml", "rules/a.toml"),
        ("rules/Food/b.toml", "rules/food/a.toml"),
        ("rules/a.toml/b.toml", "rules/a.toml"),
        ("rules/a.toml", "rules/a.toml/b.toml"),
    ],
)
def test_a_name_that_some_systems_take_for_another_is_refused(path: str, other: str) -> None:
    with pytest.raises(MalformedError, match="are one file, or a file and a folder"):
        check_path(path, [other])


@pytest.mark.parametrize(
    "text", ["a" * (MAX_BYTES + 1), "ä" * (MAX_BYTES // 2 + 1), "\0", "\ud800"]
)
def test_what_is_no_text_of_a_file_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        check_text(text)


def test_a_text_may_have_a_mebibyte() -> None:
    check_text("a" * MAX_BYTES)


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(st.text("abc/.", max_size=8), TEXTS, max_size=5))
def test_what_was_frozen_thaws_to_the_same_digest(changes: dict[str, str | None]) -> None:
    frozen = Frozen(base="sha256:0", changes=changes)
    assert thawed(frozen.body) == frozen
    assert thawed(frozen.body).digest == frozen.digest


# The interval


@pytest.mark.parametrize(
    ("published", "first"),
    [
        (date(2026, 1, 31), date(2026, 7, 31)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 6, 1)),
    ],
)
def test_six_months_are_counted_by_the_calendar(published: date, first: date) -> None:
    assert earliest(published) == first


def rule(regime: str, binds: bool = True, start: date | None = None) -> ChangedRule:
    return ChangedRule(
        rule="a",
        file="rules/a.toml",
        files=("rules/a.toml",),
        change=Change.ADDED,
        agencies=("agency:Customs",),
        regime=regime,
        binds=binds,
        lifts=False,
        start=start,
    )


@pytest.mark.parametrize(
    ("regime", "cited"),
    [("TBT-regulation", "2.12"), ("TBT-conformity", "5.9"), ("SPS", r"Annex B\(2\)")],
)
def test_each_regime_cites_its_own_interval(regime: str, cited: str) -> None:
    (found,) = too_soon([rule(regime)], AT.date(), None)
    assert cited.replace("\\", "") in found.message


@pytest.mark.parametrize("changed", [rule("customs"), rule("other"), rule("SPS", binds=False)])
def test_what_binds_no_trader_under_them_waits_for_nothing(changed: ChangedRule) -> None:
    assert list(too_soon([changed], AT.date(), None)) == []


# Files beside the editor


@pytest.fixture
def made(tmp_path: Path) -> Office:
    (tmp_path / "office").mkdir()
    return office(Store.open(f"sqlite:///{tmp_path / 'log.db'}", create=True), tmp_path / "office")


def folder(tmp_path: Path, tree: dict[str, bytes]) -> Path:
    trees.write(tree, tmp_path / "files")
    return tmp_path / "files"


def test_files_follow_files(made: Office, tmp_path: Path) -> None:
    assert overwriting.checked(made.store, folder(tmp_path, {**TREE, RULE: b"x"}), None)


def test_older_files_do_not_overwrite_what_came_from_the_editor(
    made: Office, tmp_path: Path
) -> None:
    published(made)
    files = folder(tmp_path, TREE)
    with pytest.raises(StaleError, match="came from the editor") as caught:
        overwriting.checked(made.store, files, None)
    assert f"--over {made.in_force().release}" in str(caught.value)
    assert overwriting.checked(made.store, files, made.in_force().release)


def test_its_own_files_publish_it_again(made: Office, tmp_path: Path) -> None:
    published(made)
    assert overwriting.checked(made.store, folder(tmp_path, {**TREE, RULE: b"two"}), None)


def test_over_names_the_release_in_force(made: Office, tmp_path: Path) -> None:
    former = made.in_force().release
    published(made)
    with pytest.raises(StaleError, match="read that one first"):
        overwriting.checked(made.store, folder(tmp_path, TREE), former)


def test_files_that_changed_while_building_do_not_enter(made: Office, tmp_path: Path) -> None:
    files = folder(tmp_path, TREE)
    before = overwriting.checked(made.store, files, None)
    assert before is not None
    (files / RULE).write_bytes(b"other")
    with pytest.raises(StaleError, match="publish again"):
        overwriting.enter(made.store, made.release.read_bytes(), files, before, AT)


def test_what_is_published_from_files_is_in_force(made: Office, tmp_path: Path) -> None:
    former = made.release.read_bytes()
    published(made)
    files = folder(tmp_path, TREE)
    before = overwriting.checked(made.store, files, made.in_force().release)
    assert before is not None
    entered = overwriting.enter(made.store, former, files, before, AT)
    assert (entered.origin, made.in_force()) == (Origin.FILES, entered)


def test_publish_refuses_on_the_command_line_before_it_builds(made: Office, tmp_path: Path) -> None:
    published(made)
    files = folder(tmp_path, TREE)
    words = ["publish", "--root", str(files), "--database", f"sqlite:///{tmp_path / 'log.db'}"]
    done = run(*words)
    assert done.returncode == 1
    assert "came from the editor" in done.stderr
    assert not (files / "build").exists()


def test_the_files_of_a_release_are_written_on_the_command_line(
    made: Office, tmp_path: Path
) -> None:
    published(made)
    words = ["sources", str(tmp_path / "out"), "--database", f"sqlite:///{tmp_path / 'log.db'}"]
    done = run(*words)
    assert made.in_force().release in done.stdout
    assert trees.read(tmp_path / "out") == {**TREE, RULE: b"two"}


def test_a_store_without_drafts_hinders_no_publication(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    migrate(url)
    with Store.open(url) as store:
        assert overwriting.checked(store, folder(tmp_path, TREE), None) is None
