"""What can be proved of a draft: its properties, and what its change means, of every declaration.

In a process that lives for one job (``python -m api.service.authoring.proving``): a job as JSON on
standard input; on standard output a line of JSON for each step of progress, and the answers as the
last one.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from api.service import apart
from api.service.authoring import trees
from api.service.authoring.building import BuildError, Progress
from api.service.authoring.changes import applied
from api.service.authoring.office import Office
from api.service.authoring.steps import Story
from api.service.people import Person
from api.service.policy import WRITE, need_duty
from api.service.releases import one_of
from engine import release as releases
from engine.decide.decision import ReleaseRef
from engine.language.diagnostics import Diagnostic, RefusedError
from engine.prove import record
from engine.prove.comparison import MeaningOfChange, compare
from engine.prove.proving import BUDGET
from engine.prove.report import report

NAME = "proofs"
PATIENCE = 900.0
"""Seconds that it may take."""


class Proofs(Struct, frozen=True, kw_only=True):
    """What holds of every declaration by a draft at a *revision*, and what its change means.

    Each property was asked within *budget* seconds, on the day *on*. *before* are the answers of
    the base, where these are on record.
    """

    base: str
    revision: int
    on: date
    budget: int
    properties: tuple[record.Held, ...]
    before: tuple[record.Held, ...]
    meaning: MeaningOfChange


class _Job(Struct, frozen=True, kw_only=True):
    root: str
    base: str
    day: date


class _Line(apart.Line, frozen=True, kw_only=True, omit_defaults=True):
    """What is refused, or what was found."""

    refused: tuple[Diagnostic, ...] = ()
    properties: tuple[record.Held, ...] = ()
    meaning: MeaningOfChange | None = None


def prove(
    office: Office, person: Person, draft: str, progress: Progress = releases.silent
) -> Proofs:
    """What holds by the draft as it stands.

    Raises `RefusedError` where its rules are not sound, `BuildError` where it takes too long.
    """
    need_duty(person, WRITE)
    found = office.store.authoring.draft(draft)
    base = office.store.authoring.tree(found.base)
    today = office.clock().date()
    with (
        trees.unfolded(applied(base, office.changes(draft))) as root,
        trees.unfolded(base) as former,
    ):
        last = _followed(_Job(root=str(root), base=str(former), day=today), progress)
    if last.refused:
        raise RefusedError(last.refused)
    assert last.meaning is not None  # a process that ended well said the answers last
    return Proofs(
        base=found.base,
        revision=found.revision,
        on=today,
        budget=round(BUDGET),
        properties=last.properties,
        before=_on_record(office, found.base),
        meaning=last.meaning,
    )


def attach(office: Office, person: Person, draft: str, found: Proofs) -> Story:
    """Attach the answers to the draft, so that whoever approves sees them; kept in the log."""
    return office.attach(person, draft, found.revision, NAME, found)


def attached(story: Story) -> Proofs | None:
    """The answers that were attached to the latest revision last."""
    body = story.attached(NAME)
    return None if body is None else msgspec.json.decode(body, type=Proofs)


def check(office: Office, story: Story) -> None:
    """Refuse, by `RefusedError`, what an installation requires and is not proved of a draft.

    How it is broken is not told here: goods and words of it are not for everybody who may publish.
    """
    found = attached(story)
    answers = () if found is None else found.properties
    outcomes = [msgspec.structs.replace(one, case=None) for one in answers]
    lacking = record.missing(outcomes, office.required)
    if lacking:
        raise RefusedError(lacking)


def keep(office: Office, story: Story, release: str) -> None:
    """Put the answers on record beside the *release* that the draft became, while it serves."""
    found = attached(story)
    if found is not None and office.in_force().release == release:
        kept = one_of(office.store, release)
        record.save(
            record.Record(
                format=record.FORMAT,
                release=ReleaseRef(id=kept.id, digest=kept.digest),
                budget=found.budget,
                properties=found.properties,
            ),
            record.beside(office.release),
            office.signer,
        )


def _on_record(office: Office, release: str) -> tuple[record.Held, ...]:
    kept = one_of(office.store, release)
    try:
        ref = ReleaseRef(id=kept.id, digest=kept.digest)
        path = record.beside(office.release)
        return record.load(path, ref, office.signer.public).properties
    except record.RecordError:
        return ()  # nothing to compare with: that is shown, too


def _followed(job: _Job, progress: Progress) -> _Line:
    try:
        return apart.followed(
            __spec__.name,
            job=msgspec.json.encode(job),
            patience=PATIENCE,
            kind=_Line,
            progress=progress,
        )
    except apart.ApartError as error:
        raise BuildError(f"the proofs: the work {error}") from None


def _main() -> None:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=_Job)

    try:
        before, after = (
            releases.decider(releases.checked(Path(root), job.day, apart.tell)[0])
            for root in (job.base, job.root)
        )
    except RefusedError as error:
        apart.say(_Line(refused=error.diagnostics))
        return
    found = record.recorded(report(after, progress=apart.tell), BUDGET)
    meaning = compare(before, after, progress=apart.tell)
    apart.say(_Line(properties=found.properties, meaning=meaning))


if __name__ == "__main__":
    _main()
