"""An office with small trees, and a build that reads them: the workflow is tried, not the engine.

A file of `rules/customs/` is a rule of customs, one of `rules/food/` of food and feed; a text that
holds `BROKEN` does not build, one that holds `binds` binds traders from the day after `binds `.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from api.service.authoring import approving, drafting, publishing
from api.service.authoring.building import Built, Progress
from api.service.authoring.office import Office
from api.service.authoring.proposing import propose
from api.service.authoring.steps import Status
from api.service.authoring.touching import Change, ChangedRule, Touched
from api.service.people import Duty, Person
from api.store import Store
from api.store.drafts import Draft
from api.store.releases import identified
from api.store.sources import Tree, digest_of
from engine import release as releases
from engine.evidence.canonical import canonical
from engine.language.diagnostics import Diagnostic
from tests.evidence_sample import SIGNER

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CUSTOMS, FOOD = "agency:Customs", "agency:FoodAndFeed"
RULE, TABLE, MEAL = "rules/customs/a.toml", "rules/customs/b.csv", "rules/food/a.toml"
TREE = {"ontology/core.ttl": b"", RULE: b"one", TABLE: b"id\n1\n", MEAL: b"one"}
BOTH = frozenset({Duty.AUTHOR, Duty.APPROVER})


def person(name: str, agency: str = CUSTOMS, duties: frozenset[Duty] = BOTH) -> Person:
    return Person(id=name, name=name.title(), agency=agency, duties=duties)


ANNE, BEN, CARL = person("anne"), person("ben"), person("carl")
FAY, GUS = person("fay", FOOD), person("gus", FOOD)


def build(
    tree: Tree, base: Tree, day: date, progress: Progress, reasoner: str | None = None
) -> Built:
    """A release that is its tree's digest."""
    progress("reading", 1, 1)
    broken = [path for path, body in tree.items() if b"BROKEN" in body]
    if broken:
        return Built(
            diagnostics=(Diagnostic(code="broken", message="it is broken", file=broken[0]),)
        )
    paths = sorted(path for path in tree.keys() | base.keys() if tree.get(path) != base.get(path))
    rules = tuple(_rule(path, tree, base) for path in paths)
    owners = {agency for rule in rules for agency in rule.agencies}
    return Built(
        diagnostics=(),
        touched=Touched(
            rules=rules,
            shared=(),
            owners=tuple(sorted(owners)),
            consulted=tuple(sorted({CUSTOMS, FOOD} - owners)),
        ),
        release=canonical({"made_on": day.isoformat(), "tree": digest_of(tree)}),
    )


def _rule(path: str, tree: Tree, base: Tree) -> ChangedRule:
    change = Change.CHANGED
    if path not in tree or path not in base:
        change = Change.REMOVED if path in base else Change.ADDED
    text = tree.get(path, b"").decode()
    binds = "binds" in text
    day = text.partition("binds ")[2][:10]
    return ChangedRule(
        rule=path.removeprefix("rules/").rpartition(".")[0],
        file=path,
        files=(path,),
        change=change,
        agencies=(CUSTOMS if path.startswith("rules/customs") else FOOD,),
        regime="TBT-conformity",
        binds=binds,
        lifts=change is Change.REMOVED or "until" in text,
        start=date.fromisoformat(day) if day else None,
    )


def office(store: Store, folder: Path, clock: Callable[[], datetime] = lambda: AT) -> Office:
    """An office over the store, with the sample's tree in force where none is."""
    made = Office(
        store=store, signer=SIGNER, release=folder / "release.json", clock=clock, build=build
    )
    if store.authoring.in_force() is None:
        day = AT.date()
        body = releases.sealed(
            canonical({"made_on": day.isoformat(), "tree": digest_of(TREE)}), SIGNER
        )
        kept = store.keep_release(body, AT)
        store.authoring.keep_tree(kept.digest, TREE, AT)
        made.release.write_bytes(body)
    return made


def drafted(
    made: Office, text: str | None = "two", author: Person = ANNE, path: str = RULE
) -> Draft:
    """A draft with one saving."""
    opened = drafting.open_draft(made, author, "a draft")
    return drafting.save(made, author, opened.id, opened.revision, path, text)


def proposed(made: Office, text: str | None = "two", author: Person = ANNE) -> tuple[str, str]:
    """A draft with one saving, proposed: its id, and the digest of the proposal."""
    draft = drafted(made, text, author)
    story = propose(made, author, draft.id, draft.revision)
    assert story.proposed is not None
    return draft.id, story.proposed.digest


def approved(made: Office, text: str | None = "two") -> tuple[str, str]:
    """The same, approved by Ben."""
    draft, digest = proposed(made, text)
    approving.approve(made, BEN, draft, digest)
    return draft, digest


def published(made: Office, text: str | None = "two") -> str:
    """The same, in force; its id."""
    draft, _ = approved(made, text)
    publishing.publish(made, BEN, draft)
    return draft


def served(made: Office) -> str:
    """The digest of the release in the file that servers watch."""
    return identified(made.release.read_bytes())[0]


def status(made: Office, draft: str) -> Status:
    """Where a draft is in its life, on the sample's day."""
    return made.story(draft).status(AT.date())


def tree(made: Office) -> dict[str, bytes]:
    """The files of the release in force, by path."""
    return made.store.authoring.tree(made.in_force().release)
