"""Whatever people do, in whatever order: nothing comes into force by one person alone."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from api.service.authoring import approving, consulting, drafting, publishing
from api.service.authoring.drafting import CarryError
from api.service.authoring.office import StatusError
from api.service.authoring.proposing import propose
from api.service.people import Person
from api.service.policy import ForbiddenError
from api.store import Store, StoreError
from engine.declaration.problems import MalformedError
from engine.evidence import merkle
from engine.language.diagnostics import RefusedError
from tests.authoring_sample import ANNE, BEN, CARL, FAY, GUS, MEAL, RULE, TABLE, TREE, office
from tests.full import often

PEOPLE = st.sampled_from([ANNE, BEN, CARL, FAY, GUS])
PATHS = st.sampled_from([RULE, TABLE, MEAL])
TEXTS = st.sampled_from([None, "one", "two", "three", "BROKEN"])
REFUSALS = (StatusError, ForbiddenError, StoreError, MalformedError, RefusedError, CarryError)


class Workflow(RuleBasedStateMachine):
    """Five people of two agencies, and what an observer of their acts knows."""

    published = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="commensura-"))
        self.store = Store.open(f"sqlite:///{self.folder / 'log.db'}", create=True)
        self.made = office(self.store, self.folder)
        self.drafts: list[str] = []
        self.wrote: dict[str, set[str]] = {}
        self.approved: dict[str, set[tuple[str, str, int]]] = {}
        self.trees = [TREE]
        self.checkpoints: list[tuple[int, bytes]] = []

    def teardown(self) -> None:
        assert self.store.audit().findings == ()
        self.store.close()
        shutil.rmtree(self.folder)

    def _opened(self, person: Person, draft: str) -> None:
        self.drafts.append(draft)
        self.wrote[draft] = {person.id}
        self.approved[draft] = set()

    @initialize()
    def first(self) -> None:
        self._opened(ANNE, drafting.open_draft(self.made, ANNE, "first").id)

    @rule(person=PEOPLE)
    def open_draft(self, person: Person) -> None:
        self._opened(person, drafting.open_draft(self.made, person, "another").id)

    @rule(person=PEOPLE, data=st.data())
    def roll_back(self, person: Person, data: st.DataObject) -> None:
        former = data.draw(st.sampled_from(self.store.authoring.succession())).release
        self._opened(person, drafting.roll_back(self.made, person, "back", former).id)

    @rule(data=st.data(), person=PEOPLE, path=PATHS, text=TEXTS, late=st.booleans())
    def save(
        self, data: st.DataObject, person: Person, path: str, text: str | None, late: bool
    ) -> None:
        self._save(data.draw(st.sampled_from(self.drafts)), person, path, text, late=late)

    def _save(self, draft: str, person: Person, path: str, text: str | None, late: bool) -> None:
        seen = self.store.authoring.draft(draft).revision - late
        with suppress(*REFUSALS):
            drafting.save(self.made, person, draft, seen, path, text)
            assert not late
            self.wrote[draft].add(person.id)

    @rule(data=st.data(), person=PEOPLE)
    def rebase(self, data: st.DataObject, person: Person) -> None:
        self._rebase(data.draw(st.sampled_from(self.drafts)), person)

    def _rebase(self, draft: str, person: Person) -> None:
        with suppress(*REFUSALS):
            revision = self.store.authoring.draft(draft).revision
            drafting.rebase(self.made, person, draft, revision)
            self.wrote[draft].add(person.id)

    @rule(data=st.data(), person=PEOPLE)
    def propose(self, data: st.DataObject, person: Person) -> None:
        self._propose(data.draw(st.sampled_from(self.drafts)), person)

    def _propose(self, draft: str, person: Person) -> None:
        with suppress(*REFUSALS):
            propose(self.made, person, draft, self.store.authoring.draft(draft).revision)

    @rule(data=st.data(), person=PEOPLE)
    def approve(self, data: st.DataObject, person: Person) -> None:
        self._approve(data.draw(st.sampled_from(self.drafts)), person)

    def _approve(self, draft: str, person: Person) -> None:
        proposed = self.made.story(draft).proposed
        if proposed is None:
            return
        with suppress(*REFUSALS):
            before = self.made.story(draft).approved
            after = approving.approve(self.made, person, draft, proposed.digest).approved
            if after != before:
                assert person.id not in self.wrote[draft]
                self.approved[draft].add((person.id, person.agency, proposed.revision))

    @rule(data=st.data(), person=PEOPLE, path=PATHS)
    def approve_what_changed(self, data: st.DataObject, person: Person, path: str) -> None:
        draft = data.draw(st.sampled_from(self.drafts))
        story = self.made.story(draft)
        if story.proposed is None or story.release is not None:
            return
        changed = drafting.save(self.made, ANNE, draft, story.draft.revision, path, "changed")
        self.wrote[draft].add(ANNE.id)
        assert changed.revision > story.proposed.revision
        try:
            approving.approve(self.made, person, draft, story.proposed.digest)
        except (StatusError, ForbiddenError):
            return
        raise AssertionError("what changed was approved")

    @rule(data=st.data(), person=PEOPLE, refuses=st.booleans())
    def stop(self, data: st.DataObject, person: Person, refuses: bool) -> None:
        draft = data.draw(st.sampled_from(self.drafts))
        proposed = self.made.story(draft).proposed
        if proposed is not None:
            with suppress(*REFUSALS):
                act = approving.refuse if refuses else approving.withdraw
                act(self.made, person, draft, proposed.digest, "because")

    @rule(data=st.data(), person=PEOPLE, agrees=st.booleans())
    def answer(self, data: st.DataObject, person: Person, agrees: bool) -> None:
        draft = data.draw(st.sampled_from(self.drafts))
        proposed = self.made.story(draft).proposed
        if proposed is not None:
            with suppress(*REFUSALS):
                consulting.answer(self.made, person, draft, proposed.digest, agrees, "because")

    @rule(data=st.data(), person=PEOPLE)
    def publish(self, data: st.DataObject, person: Person) -> None:
        self._publish(data.draw(st.sampled_from(self.drafts)), person)

    def _publish(self, draft: str, person: Person) -> None:
        before = self.store.authoring.in_force()
        with suppress(*REFUSALS):
            story = publishing.publish(self.made, person, draft)
            if self.store.authoring.in_force() == before:
                return
            assert story.proposed is not None
            mine = [one for one in self.approved[draft] if one[2] == story.draft.revision]
            assert {agency for _, agency, _ in mine} == set(story.proposed.touched.owners)
            assert mine
            assert self.wrote[draft].isdisjoint(name for name, _, _ in mine)
            Workflow.published += 1
            self.trees.append(self.store.authoring.tree(self.made.in_force().release))

    @rule(draft=st.integers(0, 3), fresh=st.booleans(), path=PATHS)
    def carry_through(self, draft: int, fresh: bool, path: str) -> None:
        author = FAY if path == MEAL else ANNE
        if fresh:
            self.open_draft(author)
        name = self.drafts[-1 if fresh else draft % len(self.drafts)]
        self._save(name, author, path, f"text {len(self.trees)}", late=False)
        self._rebase(name, author)
        self._propose(name, author)
        for person in (ANNE, BEN, CARL, FAY, GUS):
            self._approve(name, person)
        self._publish(name, GUS if path == MEAL else BEN)

    @precondition(lambda self: len(self.trees) > 1)
    @rule()
    def serve_again(self) -> None:
        assert not publishing.settle(self.store, self.made.release)

    @invariant()
    def nothing_else_came_into_force(self) -> None:
        succession = self.store.authoring.succession()
        assert [self.store.authoring.tree(one.release) for one in succession] == self.trees

    @invariant()
    def the_log_only_grows(self) -> None:
        with self.store.log() as log:
            size, root = log.size, log.root()
            if self.checkpoints:
                first, earlier = self.checkpoints[-1]
                proof = log.consistency(first, size)
                assert merkle.consistent(first, earlier, size, root, proof)
        self.checkpoints.append((size, root))


def test_nothing_comes_into_force_by_one_person_alone() -> None:
    Workflow.published = 0
    run_state_machine_as_test(
        Workflow,
        settings=settings(
            max_examples=often(25, 12),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Workflow.published > 0
