"""What is proved of a draft goes with it: kept at its revision, demanded, and put on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from api.service.authoring import approving, drafting, proving, publishing
from api.service.authoring.office import Office
from api.service.authoring.proposing import propose
from api.service.authoring.proving import Proofs
from api.store import Store
from engine.decide.decision import ReleaseRef
from engine.language.diagnostics import RefusedError
from engine.prove import record
from engine.prove.comparison import Change, Meaning, MeaningOfChange
from engine.prove.proving import Case, Outcome
from engine.prove.record import Held
from tests.authoring_sample import (
    ANNE,
    AT,
    BEN,
    RULE,
    approved,
    drafted,
    office,
    proposed,
    served,
)
from tests.evidence_sample import SIGNER

REQUIRED = ("within-ladder",)
SAME = MeaningOfChange(
    overall=Meaning(subject="all rules", change=Change.EQUIVALENT),
    rules=(),
    classes=(),
    origins=(),
    same_words=True,
    sample=0,
    affected=0,
    left_out={},
    seconds=1,
)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    with Store.open(f"sqlite:///{tmp_path / 'log.db'}", create=True) as store:
        yield office(store, tmp_path)


@pytest.fixture
def strict(made: Office) -> Office:
    return msgspec.structs.replace(made, required=REQUIRED)


def attached(made: Office, draft: str, outcome: Outcome = Outcome.PROVED) -> Proofs:
    """Answers that were found of a draft as it stands."""
    story = made.story(draft)
    found = Proofs(
        base=story.draft.base,
        revision=story.draft.revision,
        on=AT.date(),
        budget=30,
        properties=(Held(property=REQUIRED[0], outcome=outcome, case=None, reason=None),),
        before=(),
        meaning=SAME,
    )
    proving.attach(made, ANNE, draft, found)
    return found


def test_answers_go_with_the_draft(made: Office) -> None:
    draft, _ = proposed(made)
    found = attached(made, draft)
    assert proving.attached(made.story(draft)) == found


def test_answers_on_a_former_revision_are_not_those_on_the_draft(made: Office) -> None:
    draft = drafted(made)
    attached(made, draft.id)
    drafting.save(made, ANNE, draft.id, draft.revision, RULE, "three")
    assert proving.attached(made.story(draft.id)) is None


def test_what_is_required_and_was_not_asked_is_not_published(strict: Office) -> None:
    draft, _ = approved(strict)
    before = served(strict)
    with pytest.raises(RefusedError, match="it is not known whether `within-ladder` holds"):
        publishing.publish(strict, BEN, draft)
    assert served(strict) == before


@pytest.mark.parametrize("outcome", [Outcome.REFUTED, Outcome.UNDECIDED])
def test_what_is_required_and_not_proved_is_not_published(strict: Office, outcome: Outcome) -> None:
    draft, _ = approved(strict)
    attached(strict, draft, outcome)
    with pytest.raises(RefusedError, match=f"`within-ladder` is {outcome}"):
        publishing.publish(strict, BEN, draft)


def test_how_it_is_broken_is_not_told_to_whoever_publishes(strict: Office) -> None:
    draft, _ = approved(strict)
    found = attached(strict, draft, Outcome.REFUTED)
    case = Case(requests=({},), says="Physical at 20% by a hidden rule", agreement=True)
    answers = (msgspec.structs.replace(found.properties[0], case=case),)
    shown = msgspec.structs.replace(found, properties=answers)
    proving.attach(strict, ANNE, draft, shown)
    with pytest.raises(RefusedError) as refused:
        publishing.publish(strict, BEN, draft)
    assert "hidden rule" not in str(refused.value)


def test_what_is_required_and_proved_is_published(strict: Office) -> None:
    draft, _ = approved(strict)
    attached(strict, draft)
    story = publishing.publish(strict, BEN, draft)
    assert served(strict) == story.release


def test_an_emergency_withdrawal_waits_for_no_proof(strict: Office) -> None:
    draft = drafted(strict, None)
    story = propose(strict, ANNE, draft.id, draft.revision, emergency="it stops medicine")
    assert story.proposed is not None
    approving.approve(strict, BEN, draft.id, story.proposed.digest)
    assert publishing.publish(strict, BEN, draft.id).release == served(strict)


def test_a_release_has_the_answers_on_its_draft_on_record(made: Office) -> None:
    draft, _ = approved(made)
    found = attached(made, draft)
    story = publishing.publish(made, BEN, draft)
    kept = next(one for one in made.store.releases() if one.digest == story.release)
    ref = ReleaseRef(id=kept.id, digest=kept.digest)
    held = record.load(record.beside(made.release), ref, SIGNER.public)
    assert held.properties == found.properties


def test_a_record_that_was_not_kept_is_when_publishing_is_asked_for_again(made: Office) -> None:
    draft, _ = approved(made)
    attached(made, draft)
    publishing.publish(made, BEN, draft)
    beside = record.beside(made.release)
    body = beside.read_bytes()
    beside.unlink()
    publishing.publish(made, BEN, draft)
    assert beside.read_bytes() == body
