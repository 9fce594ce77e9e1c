"""Authoring over the shipped knowledge base: real builds, whose rules change, what it would do."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.messages import Sent
from api.service.authoring import (
    approving,
    building,
    drafting,
    effect,
    emergency,
    publishing,
    trees,
)
from api.service.authoring.building import Built, Progress
from api.service.authoring.changes import applied, between
from api.service.authoring.office import Office
from api.service.authoring.touching import Change, Side, touched
from api.service.deciding import Service
from api.service.keeping import Asked
from api.service.people import Duty, Person
from api.service.policy import Caller
from api.store import MissingError, Role, Store
from api.store.sources import Tree
from engine import release as releases
from engine.decide.deciding import Decider
from engine.decide.draw import DrawKeys
from engine.declaration.problems import MalformedError
from engine.declaration.reading import read_request
from engine.knowledge import BOTH
from engine.language.base import read_base
from engine.language.diagnostics import Severity
from engine.language.vocabulary import Vocabulary
from engine.release import Release
from tests.evidence_sample import SIGNER
from tests.full import often

ROOT = Path(__file__).resolve().parent.parent
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TREE = trees.read(ROOT)
DUTIES = frozenset({Duty.AUTHOR, Duty.APPROVER})
TOYS = "rules/products/toys/small-parts.toml"
RATES = "rules/plants/rates.csv"
ROSES = "rules/plants/entry-document.toml"
PATHS = sorted(path for path in TREE if path.startswith("rules/"))


def short(
    tree: Tree, base: Tree, day: date, progress: Progress, reasoner: str | None = None
) -> Built:
    """A real build with a short agreement run, and HermiT not asked: its ontology is as shipped."""
    return building.built(tree, base, day, progress, BOTH, run=3)


def person(name: str, agency: str) -> Person:
    return Person(id=name, name=name, agency=agency, duties=DUTIES)


@pytest.fixture
def made(release: Release, tmp_path: Path) -> Office:
    store = Store.open(f"sqlite:///{tmp_path / 'log.db'}", create=True)
    body = releases.sealed(releases.spoken(release), SIGNER)
    kept = store.keep_release(body, AT)
    store.authoring.keep_tree(kept.digest, TREE, AT)
    path = tmp_path / "release.json"
    path.write_bytes(body)
    return Office(store=store, signer=SIGNER, release=path, clock=lambda: AT, build=short)


def changed(text: str, path: str, old: str) -> dict[str, bytes]:
    body = TREE[path].decode()
    assert old in body
    return {**TREE, path: body.replace(old, text, 1).encode()}


# Trees and folders


def test_a_release_is_exported_and_taken_in_without_loss(made: Office, tmp_path: Path) -> None:
    drafting.export(made, made.in_force().release, tmp_path / "out")
    assert trees.read(tmp_path / "out") == TREE
    draft = drafting.import_folder(made, person("anne", "agency:Customs"), "same", tmp_path / "out")
    assert made.changes(draft.id) == {}


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@settings(max_examples=often(60, 25), deadline=None)
@given(st.dictionaries(st.sampled_from(PATHS), st.none() | TEXT, max_size=6))
def test_changes_found_between_two_trees_lead_from_one_to_the_other(
    changes: dict[str, str | None],
) -> None:
    after = applied(TREE, changes)
    assert applied(TREE, between(TREE, after)) == after
    assert applied(after, between(after, TREE)) == TREE


def test_a_folder_with_another_ontology_is_refused(made: Office, tmp_path: Path) -> None:
    trees.write({**TREE, "ontology/core.ttl": b"# other"}, tmp_path / "out")
    with pytest.raises(MalformedError, match=r"`ontology/core\.ttl` differs"):
        drafting.import_folder(made, person("anne", "agency:Customs"), "x", tmp_path / "out")


def test_a_folder_that_holds_something_is_left_alone(made: Office, tmp_path: Path) -> None:
    with pytest.raises(MalformedError, match="holds something"):
        drafting.export(made, made.in_force().release, tmp_path)


def test_the_files_of_the_release_that_serves_are_its_tree(
    release: Release, tmp_path: Path
) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'log.db'}", create=True) as store:
        store.keep_release(releases.sealed(releases.spoken(release), SIGNER), AT)
        first = trees.seeded(store, release, ROOT, lambda: AT)
        assert store.authoring.tree(first.release) == TREE
        assert trees.seeded(store, release, tmp_path, lambda: AT) == first


def test_other_files_are_refused_with_what_to_do(release: Release, tmp_path: Path) -> None:
    trees.write(changed("under = 30", TOYS, "under = 36"), tmp_path / "other")
    with Store.open(f"sqlite:///{tmp_path / 'log.db'}", create=True) as store:
        store.keep_release(releases.sealed(releases.spoken(release), SIGNER), AT)
        with pytest.raises(MissingError, match="publish from these with `commensura publish`"):
            trees.seeded(store, release, tmp_path / "other", lambda: AT)
        assert store.authoring.in_force() is None


# Whose rules change


@pytest.fixture(scope="module")
def side(release: Release) -> Side:
    return Side(release.base, building._tables(ROOT, release.base))


def after_change(tree: Tree, vocabulary: Vocabulary) -> Side:
    with trees.unfolded(tree) as root:
        base = read_base(root / "rules", vocabulary).base
        return Side(base, building._tables(root, base))


def test_a_rule_that_changes_is_its_agencys(side: Side, vocabulary: Vocabulary) -> None:
    tree = changed("under = 30", TOYS, "under = 36")
    found = touched(side, after_change(tree, vocabulary), vocabulary, [TOYS])
    assert found.owners == ("agency:MarketSurveillance",)
    (rule,) = found.rules
    assert (rule.change, rule.binds, rule.lifts) == (Change.CHANGED, True, False)


def test_a_comment_binds_nobody_and_still_is_its_agencys(
    side: Side, vocabulary: Vocabulary
) -> None:
    tree = {**TREE, TOYS: b"# a comment\n" + TREE[TOYS]}
    found = touched(side, after_change(tree, vocabulary), vocabulary, [TOYS])
    assert (found.rules, found.owners) == ((), ("agency:MarketSurveillance",))


def test_a_row_is_of_the_agency_of_its_table(side: Side, vocabulary: Vocabulary) -> None:
    lines = TREE[RATES].decode().splitlines(keepends=True)
    left = [line for line in lines if not line.startswith("P51,")]
    tree = {**TREE, RATES: "".join(left).encode()}
    found = touched(side, after_change(tree, vocabulary), vocabulary, [RATES])
    assert found.owners == ("agency:PlantHealth",)
    assert {(rule.change, rule.lifts) for rule in found.rules} == {(Change.REMOVED, True)}
    assert all(RATES in rule.files for rule in found.rules)


def test_a_parameter_is_of_every_agency_that_uses_it(side: Side, vocabulary: Vocabulary) -> None:
    path = "rules/parameters/request-days.toml"
    tree = changed("is = 4", path, "is = 3")
    found = touched(side, after_change(tree, vocabulary), vocabulary, [path])
    assert found.shared == ("parameters/request-days",)
    assert set(found.owners) == {rule.agency for rule in side.base.rules}


def test_who_controls_the_same_goods_is_consulted(side: Side, vocabulary: Vocabulary) -> None:
    tree = {path: body for path, body in TREE.items() if path != TOYS}
    found = touched(side, after_change(tree, vocabulary), vocabulary, [TOYS])
    assert found.owners == ("agency:MarketSurveillance",)
    assert found.consulted == ("agency:Customs",)


# Real builds


def test_a_rule_is_withdrawn_in_a_real_release(
    made: Office, decider: Decider, tmp_path: Path
) -> None:
    anne, ben = (person(name, "agency:PlantHealth") for name in ("anne", "ben"))
    service = Service(made.store, decider, DrawKeys(b"live"), lambda: AT)
    roses = json.loads((ROOT / "features/declarations/cut-roses-kenya.json").read_text())
    del roses["known"]
    roses["declaration"]["arrivedOn"] = AT.date().isoformat()
    body = json.dumps(roses).encode()
    caller = Caller(name="q", role=Role.OFFICER, agency="agency:Customs")
    asked = Asked(caller=caller)
    kept = service.lodge(Sent(request=read_request(body)), asked)
    steps: list[str] = []
    story = emergency.ask(
        made, anne, ROSES, "it stops flowers", progress=lambda *step: steps.append(step[0])
    )
    assert story.proposed is not None
    assert {"ontology", "rules", "agreement"} <= set(steps)
    found = effect.effect(made, anne, story.draft.id)
    assert (found.decided, found.skipped, found.left_out) == (1, 0, 0)
    (item,) = found.items
    assert item.decision == kept.version.decision.id
    assert item.rules == ("plants/entry-document",)
    assert sum(shift.count for shift in found.shifts) == 1
    assert effect.attached(effect.attach(made, anne, story.draft.id, found)) == found
    approving.approve(made, ben, story.draft.id, story.proposed.digest)
    publishing.publish(made, ben, story.draft.id)
    new = releases.load(made.release, SIGNER.public)
    assert new.ref.digest == made.in_force().release
    (rule,) = [rule for rule in new.base.rules if rule.id == "plants/entry-document"]
    assert rule.effective.end == AT.date()
    assert made.store.audit().findings == ()


def test_what_does_not_build_says_why(made: Office) -> None:
    tree = changed('"goods.intendedAgeMonths" = "many"', TOYS, '"goods.intendedAgeMonths" = 18')
    found = short(tree, TREE, AT.date(), releases.silent)
    assert (found.release, found.touched) == (None, None)
    errors = [one for one in found.diagnostics if one.severity is Severity.ERROR]
    assert {one.file for one in errors} == {TOYS}


def test_a_build_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "PATIENCE", 0.5)
    with pytest.raises(building.BuildError, match="was ended"):
        short(TREE, TREE, AT.date(), releases.silent)


def test_whoever_gives_up_ends_the_build() -> None:
    class GivenUpError(Exception):
        pass

    def progress(step: str, done: int, total: int) -> None:
        raise GivenUpError

    with pytest.raises(GivenUpError):
        short(TREE, TREE, AT.date(), progress)


def test_an_effect_is_of_the_latest_declarations_up_to_a_bound(
    made: Office, decider: Decider
) -> None:
    service = Service(made.store, decider, DrawKeys(b"live"), lambda: AT)
    asked = Asked(caller=Caller(name="q", role=Role.OFFICER, agency="agency:Customs"))
    for number in range(3):
        path = ROOT / "features/declarations/cotton-t-shirts.json"
        request = read_request(path.read_bytes())
        declaration = msgspec.structs.replace(
            request.declaration, id=f"D{number}", ucr=f"U{number}"
        )
        request = msgspec.structs.replace(request, declaration=declaration)
        service.lodge(Sent(request=request), asked)
    kept, left_out, gone = effect._kept(made.store, AT.date(), 2, releases.silent)
    assert ([one.declaration for one in kept], left_out, gone) == (["D1", "D2"], 1, 0)
    assert all(one.task.what_if for one in kept)
