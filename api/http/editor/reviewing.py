"""A draft and what becomes of it: its changes, its effect, consent, and its release."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.http.access import caller, needs
from api.http.editor.parts import Editing, check_seen, person, seen, worst
from api.http.editor.work import Outcome, unexpected, worked
from api.http.languages import gettext
from api.service.authoring import approving, consulting, drafting, effect, proposing, publishing
from api.service.authoring.building import BuildError
from api.service.authoring.interval import Threat, Urgency
from api.service.authoring.office import StatusError
from api.service.authoring.steps import Commented, Status, Story
from api.service.policy import REVIEW, WRITE, ForbiddenError
from api.store import RevisionError, StoreError
from api.words.changes import file_changes
from api.words.shifts import shifts
from api.words.spoken import spoken
from engine.declaration.problems import MalformedError, malformed
from engine.desk.desk import RULES, Checked, Desk, is_rule
from engine.language.diagnostics import RefusedError
from engine.language.rule_differences import Version, rule_differences
from engine.release import Progress

REFUSALS = (
    *(MalformedError, ForbiddenError, StatusError, RevisionError),
    *(RefusedError, BuildError, StoreError),
)


def add_reviewing(room: Blueprint, editing: Editing) -> None:
    """Add it to *room*."""
    office = editing.office

    def went(identifier: str, anchor: str | None = None) -> Response:
        where = url_for("editor.draft", identifier=identifier, _anchor=anchor)
        return redirect(where, 303)

    @room.get("/drafts/<identifier>")
    @needs(REVIEW)
    def draft(identifier: str) -> str:
        story, who = office.story(identifier), person()
        _, _, desk = editing.draft(identifier)
        base = editing.desks.of_base(story.draft.base)
        every = office.changes(identifier)
        shown = {
            path: text
            for path, text in every.items()
            if seen(desk, path, caller()) and seen(base, path, caller())
        }
        today = office.clock().date()
        checked = [desk.check(path, today) for path in shown if is_rule(path) and path in desk.tree]
        before, after = (_version(one, shown) for one in (base, desk))
        proposed, known = story.proposed, effect.attached(story)
        return render_template(
            "editor/draft.html",
            story=story,
            status=story.status(today),
            states=Status,
            who=who,
            files=file_changes(base.tree, shown),
            hidden_files=len(every) - len(shown),
            differences=rule_differences(before, after),
            checked=checked,
            worst=worst([one for file in checked for one in (*file.diagnostics, *file.elsewhere)]),
            cases=_examples(checked),
            paths=_paths(desk),
            picture=None if known is None else shifts(known, gettext),
            comments=_comments(story),
            proposed=proposed,
            consultations=consulting.consultations(story),
            effect=known,
            threats=Threat,
            behind=story.draft.base != office.in_force().release,
            may=_may(story, who, today),
        )

    # What its authors do

    @room.post("/drafts/<identifier>/title")
    @needs(WRITE)
    def entitle(identifier: str) -> Response:
        drafting.entitle(
            office, person(), identifier, _number("revision"), request.form.get("title", "")
        )
        return went(identifier)

    @room.post("/drafts/<identifier>/add")
    @needs(WRITE)
    def add(identifier: str) -> Response:
        """Open a file that is in force for this draft to change."""
        path = request.form.get("path", "").strip()
        _, _, desk = editing.draft(identifier)
        check_seen(desk, path)
        if path not in desk.tree:
            raise malformed(
                "/path", f"there is no file `{path[:100]}`", spoken("choose one that is there")
            )
        return redirect(url_for("editor.file", identifier=identifier, path=path), 303)

    @room.post("/drafts/<identifier>/drop")
    @needs(WRITE)
    def drop(identifier: str) -> Response:
        """Take a file out of the draft, or out of the rules."""
        path, found = request.form.get("path", ""), office.store.authoring.draft(identifier)
        body = office.store.authoring.source(found.base, path)
        text = body.decode() if body is not None and request.form.get("do") == "restore" else None
        drafting.save(office, person(), identifier, _number("revision"), path, text)
        return went(identifier, "changes")

    @room.post("/drafts/<identifier>/rebase")
    @needs(WRITE)
    def rebase(identifier: str) -> Response:
        drafting.rebase(office, person(), identifier, _number("revision"))
        return went(identifier)

    @room.post("/drafts/<identifier>/effect")
    @needs(WRITE)
    def decide_anew(identifier: str) -> Response:
        who = person()

        def work(progress: Progress) -> Outcome:
            found = effect.effect(office, who, identifier, progress)
            effect.attach(office, who, identifier, found)
            words = gettext("%(decided)d declarations decided anew; %(changed)d items change.") % {
                "decided": found.decided,
                "changed": found.changed,
            }
            return words, url_for("editor.draft", identifier=identifier, _anchor="effect")

        return worked(spoken("Deciding the stored declarations anew"), work, _refusal)

    @room.post("/drafts/<identifier>/propose")
    @needs(WRITE)
    def propose(identifier: str) -> Response:
        who, revision, urgency = person(), _number("revision"), _urgency()

        def work(progress: Progress) -> Outcome:
            proposing.propose(office, who, identifier, revision, urgency=urgency, progress=progress)
            where = url_for("editor.draft", identifier=identifier, _anchor="consent")
            return gettext("It builds, and is proposed."), where

        return worked(spoken("Checking and proposing"), work, _refusal)

    @room.post("/drafts/<identifier>/withdraw")
    @needs(WRITE)
    def withdraw(identifier: str) -> Response:
        form = request.form
        approving.withdraw(
            office, person(), identifier, form.get("digest", ""), form.get("reason", "")
        )
        return went(identifier)

    # What others say

    @room.post("/drafts/<identifier>/comments")
    @needs(REVIEW)
    def comment(identifier: str) -> Response:
        form = request.form
        _, _, desk = editing.draft(identifier)
        check_seen(desk, form.get("path", ""))
        consulting.comment(
            office,
            person(),
            identifier,
            _number("revision"),
            form.get("path", ""),
            _number("line"),
            form.get("words", ""),
        )
        return went(identifier, "comments")

    @room.post("/drafts/<identifier>/answers")
    @needs(REVIEW)
    def answer(identifier: str) -> Response:
        form = request.form
        consulting.answer(
            office,
            person(),
            identifier,
            form.get("digest", ""),
            form.get("do") == "agree",
            form.get("reason", "").strip() or None,
        )
        return went(identifier, "consent")

    @room.post("/drafts/<identifier>/approve")
    @needs(REVIEW)
    def approve(identifier: str) -> Response:
        approving.approve(office, person(), identifier, request.form.get("digest", ""))
        return went(identifier, "consent")

    @room.post("/drafts/<identifier>/refuse")
    @needs(REVIEW)
    def refuse(identifier: str) -> Response:
        form = request.form
        approving.refuse(
            office, person(), identifier, form.get("digest", ""), form.get("reason", "")
        )
        return went(identifier, "consent")

    @room.post("/drafts/<identifier>/publish")
    @needs(REVIEW)
    def publish(identifier: str) -> Response:
        who = person()

        def work(progress: Progress) -> Outcome:
            story = publishing.publish(office, who, identifier, progress)
            words = gettext("In force as release %(release)s; the workers take it up now.") % {
                "release": story.release
            }
            return words, url_for("editor.draft", identifier=identifier)

        return worked(spoken("Building and signing the release"), work, _refusal)


def _version(desk: Desk, paths: Iterable[str]) -> Version:
    """The rules of some files, to be compared."""
    tables = {table for path in paths for table in (path, *desk.tables_of(path))}
    rules = [rule for table in sorted(tables) for rule in desk.rules(table)]
    return Version(desk.vocabulary, msgspec.structs.replace(desk.base, rules=tuple(rules)))


def _paths(desk: Desk) -> list[str]:
    """The files that who asks may open."""
    rules = (path for path in desk.tree if path.startswith(RULES))
    return sorted(path for path in rules if seen(desk, path, caller()))


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not text.isdigit() or len(text) > 9:
        raise malformed(
            f"/{name}", spoken("this is no number"), spoken("reload the page and try again")
        )
    return int(text)


def _urgency() -> Urgency | None:
    threat, reason = request.form.get("threat", ""), request.form.get("reason", "")
    if not threat:
        return None
    try:
        return Urgency(threat=Threat(threat), reason=reason)
    except ValueError:
        raise malformed("/threat", "this is no threat of the law", "choose one of these") from None


def _refusal(error: Exception) -> str:
    """What stopped the work, in words."""
    if isinstance(error, REFUSALS):
        diagnostics = error.diagnostics if isinstance(error, RefusedError) else ()
        problems = error.problems if isinstance(error, MalformedError) else ()
        return render_template(
            "editor/refusal.html",
            words=str(error),
            mend=getattr(error, "mend", None),
            diagnostics=diagnostics,
            problems=problems,
        )
    return unexpected(error)


def _comments(story: Story) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for told in story.steps:
        if isinstance(told.step, Commented):
            found.setdefault(told.step.path, []).append(told)
    return found


def _examples(checked: list[Checked]) -> tuple[int, int]:
    """How many examples hold, of how many."""
    cases = [case for one in checked for case in one.examples if case.verdict is not None]
    return sum(case.holds for case in cases), len(cases)


def _may(story: Story, who: Any, today: Any) -> dict[str, bool]:
    """What is offered; each is refused again where it is done."""
    status, proposed = story.status(today), story.proposed
    ours = who.agency == story.draft.agency or who.id in story.authors
    owns = proposed is not None and who.agency in proposed.touched.owners
    deciding = owns and "approver" in who.duties and status in (Status.REVIEW, Status.APPROVED)
    return {
        "write": "author" in who.duties and status not in (Status.IN_FORCE, Status.ENDED),
        "propose": "author" in who.duties and ours and status is Status.DRAFT,
        "approve": deciding and who.agency not in story.approved,
        "refuse": deciding,
        "answer": proposed is not None
        and who.agency in proposed.touched.consulted
        and status in (Status.REVIEW, Status.APPROVED),
        "withdraw": "author" in who.duties and ours and status in (Status.REVIEW, Status.APPROVED),
        "publish": status is Status.APPROVED and (ours or owns),
    }
