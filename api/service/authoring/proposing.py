"""Proposing: a draft is frozen at a revision, once its release builds and its agency may impose it.

An emergency withdrawal is a proposal that only ends or removes rules: it needs no interval, and
takes effect with the consent of a second person.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.service.authoring import interval, steps
from api.service.authoring.building import Built, Progress
from api.service.authoring.changes import Frozen, applied, check
from api.service.authoring.interval import Urgency
from api.service.authoring.office import LateError, Office, StatusError
from api.service.authoring.steps import Story
from api.service.authoring.touching import Touched
from api.service.people import Person
from api.service.policy import COMPETENCE, WRITE, ForbiddenError, need_duty
from api.store import RevisionError, StaleError
from api.store.consents import Proposal
from api.store.drafts import Version
from api.store.sources import digest_of
from engine.declaration.problems import malformed
from engine.language.diagnostics import RefusedError
from engine.release import silent

MAX_REASON = 5000


def propose(
    office: Office,
    person: Person,
    draft: str,
    revision: int,
    *,
    urgency: Urgency | None = None,
    emergency: str | None = None,
    progress: Progress = silent,
) -> Story:
    """Propose a draft as that revision has it.

    *urgency* excuses from the interval before entry into force; *emergency* is the reason to
    withdraw rules at once. Raises `RevisionError` where it was saved meanwhile, `StatusError` where
    it was proposed or is to be rebased, `RefusedError` where its release does not build,
    `ForbiddenError` for what the agency may not impose, `BuildError`.
    """
    need_duty(person, WRITE)
    check_reasons(urgency, emergency)
    story = _still(office, draft, revision)
    frozen, files = _frozen(office, story, person)
    base = office.store.authoring.tree(frozen.base)
    tree = applied(base, frozen.changes)
    check(frozen.changes, tree)
    today = office.clock().date()
    built = office.built(frozen.base, tree, base, today, progress)
    touched = refused_unless_built(built)
    if digest_of(tree) not in _former(office):
        # What was in force before is no imposing anew; its owners must approve it still.
        _check_competence(person, touched, files)
    if emergency is not None:
        _check_lifting(touched)
    else:
        late = list(interval.too_soon(touched.rules, today, urgency))
        if late:
            raise RefusedError(late)
    proposal = Proposal(
        draft=draft,
        revision=revision,
        digest=frozen.digest,
        body=frozen.body,
        owners=touched.owners or (person.agency,),
    )
    step = steps.Proposed(
        revision=revision,
        digest=frozen.digest,
        base=frozen.base,
        authors=tuple(sorted(story.authors)),
        touched=_owned(touched, proposal.owners),
        diagnostics=built.diagnostics,
        urgency=urgency,
        emergency=emergency,
    )

    def attempt() -> Story:
        story = _still(office, draft, revision)
        try:
            office.store.authoring.propose(proposal, [office.entry(story, person, step)])
        except StaleError as error:
            raise LateError(str(error)) from None
        return office.story(draft)

    return office.repeated(attempt)


def refused_unless_built(built: Built) -> Touched:
    """What a build touched. Raises `RefusedError` where there is no release."""
    if built.touched is None or built.release is None:
        raise RefusedError(built.diagnostics)
    return built.touched


def _still(office: Office, draft: str, revision: int) -> Story:
    """The story of a draft that is at that revision, and was not proposed."""
    story = office.story(draft)
    found = story.draft
    if found.revision != revision:
        raise RevisionError(found.revision, found.author, found.at)
    if story.proposed is not None:
        raise StatusError(
            f"revision {revision} was proposed already", "change the draft to propose it again"
        )
    return story


def _frozen(office: Office, story: Story, person: Person) -> tuple[Frozen, dict[str, Version]]:
    draft, files = office.store.authoring.files(story.draft.id)
    if person.agency != draft.agency and person.id not in story.authors:
        raise ForbiddenError(
            WRITE,
            f"the draft is one of {draft.agency}, and {person.id} wrote nothing of it",
            f"ask an author of {draft.agency}",
        )
    if draft.base != office.in_force().release:
        raise StatusError(
            "another release is in force than the one that this draft changes",
            "rebase the draft, then propose it",
        )
    changes = office.changes(draft.id)
    if not changes:
        raise StatusError("the draft changes nothing", "change something first")
    return Frozen(base=draft.base, changes=changes), files


def _former(office: Office) -> Iterator[str]:
    """The digests of the trees that were in force."""
    for release in {one.release for one in office.store.authoring.succession()}:
        yield digest_of(office.store.authoring.tree(release))


def _check_competence(person: Person, touched: Touched, files: dict[str, Version]) -> None:
    """Each rule that changes must be of the agency that wrote its file."""
    for rule in touched.rules:
        wrote = [files[path].agency for path in rule.files if path in files] or [person.agency]
        for agency in rule.agencies:
            if any(one != agency for one in wrote):
                raise ForbiddenError(
                    COMPETENCE,
                    f"`{rule.rule}` imposes for {agency}, and {wrote[0]} wrote it",
                    f"let an author of {agency} write it",
                )


def _check_lifting(touched: Touched) -> None:
    wrong = [rule for rule in touched.rules if not rule.lifts]
    if wrong or touched.shared or not touched.rules:
        named = [rule.rule for rule in wrong] or list(touched.shared) or ["nothing that it ends"]
        raise malformed(
            "/emergency",
            f"an emergency withdrawal only ends or removes rules, and this changes {named[0]}",
            "propose other changes by themselves",
        )


def check_reasons(urgency: Urgency | None, emergency: str | None) -> None:
    """Refuse, by `MalformedError`, urgency or emergency without a reason."""
    given = {"urgency": urgency.reason if urgency else None, "emergency": emergency}
    for name, reason in given.items():
        if reason is not None and not 0 < len(reason.strip()) <= MAX_REASON:
            raise malformed(f"/{name}", "a reason is needed", "say why, in your own words")


def _owned(touched: Touched, owners: tuple[str, ...]) -> Touched:
    return Touched(
        rules=touched.rules,
        shared=touched.shared,
        owners=owners,
        consulted=tuple(agency for agency in touched.consulted if agency not in owners),
    )
