"""A draft and what becomes of it: its changes, its effect, consent, and its release."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.http.access import caller, needs
from api.http.editor.parts import Editing, number, person, worst
from api.http.editor.refusing import refusal
from api.http.editor.seeing import SHARED, Files, disclosed, hidden_names, missing, seen
from api.http.languages import gettext
from api.http.work import Outcome, worked
from api.service.authoring import (
    approving,
    consulting,
    drafting,
    effect,
    proposing,
    proving,
    publishing,
)
from api.service.authoring.drafting import CarryError
from api.service.authoring.interval import Threat, Urgency
from api.service.authoring.office import changes_of
from api.service.authoring.steps import Commented, Status, Story
from api.service.policy import REVIEW, WRITE
from api.words.changes import file_changes
from api.words.proving import SIGNS, meanings, open_to, properties
from api.words.shifts import shifts
from api.words.spoken import spoken
from engine.declaration.problems import malformed
from engine.desk.desk import RULES, Checked, Desk, is_rule
from engine.language.base import PARAMETERS
from engine.language.rule_differences import Version, rule_differences
from engine.prove.proving import Outcome as Answer
from engine.release import Progress

UNCHECKED = (*SHARED, f"{RULES}{PARAMETERS}/")
"""Where files stand that take a check of the whole."""


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
        _, files, desk = editing.draft(identifier)
        base, every = desk.in_force, changes_of(files.values())
        shown = {path: text for path, text in every.items() if seen(desk, path, caller(), files)}
        today = office.clock().date()
        concerned = _to_check(desk, shown)
        # Of a file that cannot be read nothing is compared: its rules are not gone.
        unread = {path for path in concerned if path in desk.tree and not desk.rules(path)}
        checked = [desk.check(path, today) for path in concerned]
        found = [disclosed((*one.diagnostics, *one.elsewhere), desk, caller()) for one in checked]
        before, after = (_version(one, shown, unread) for one in (base, desk))
        proposed, known = story.proposed, effect.attached(story)
        proofs = proving.attached(story)
        return render_template(
            "editor/draft.html",
            story=story,
            status=story.status(today),
            states=Status,
            who=who,
            files=file_changes(base.tree, shown),
            hidden_files=len(every) - len(shown),
            differences=rule_differences(before, after),
            unread=sorted(unread),
            diagnostics=found,
            unchecked=sorted(path for path in shown if path.startswith(UNCHECKED)),
            worst=worst([one for file in found for one in file]),
            cases=_examples(checked),
            paths=_paths(desk, files),
            picture=None if known is None else shifts(known, gettext),
            comments=_comments(story),
            proposed=proposed,
            consultations=consulting.consultations(story),
            effect=known,
            proofs=None if proofs is None else _told(proofs, desk),
            signs=SIGNS,
            threats=Threat,
            behind=story.draft.base != office.in_force().release,
            may=_may(story, who, today),
        )

    # What its authors do

    @room.post("/drafts/<identifier>/title")
    @needs(WRITE)
    def entitle(identifier: str) -> Response:
        drafting.entitle(
            office,
            person(),
            identifier,
            number(request.form.get("revision", ""), "revision"),
            request.form.get("title", ""),
        )
        return went(identifier)

    @room.post("/drafts/<identifier>/add")
    @needs(WRITE)
    def add(identifier: str) -> Response:
        """Open a file that is in force for this draft to change."""
        path = request.form.get("path", "").strip()
        _, desk = editing.opened(identifier, path)
        if path not in desk.tree:
            raise missing(path)
        return redirect(url_for("editor.file", identifier=identifier, path=path), 303)

    @room.post("/drafts/<identifier>/drop")
    @needs(WRITE)
    def drop(identifier: str) -> Response:
        """Take a file out of the draft, or out of the rules."""
        path = request.form.get("path", "")
        editing.opened(identifier, path)
        found = office.store.authoring.draft(identifier)
        body = office.store.authoring.source(found.base, path)
        text = body.decode() if body is not None and request.form.get("do") == "restore" else None
        drafting.save(
            office,
            person(),
            identifier,
            number(request.form.get("revision", ""), "revision"),
            path,
            text,
        )
        return went(identifier, "changes")

    @room.post("/drafts/<identifier>/rebase")
    @needs(WRITE)
    def rebase(identifier: str) -> Response | tuple[str, int]:
        """Carry a draft over; of files that changed on both sides its author says whose to take."""
        who, revision = person(), number(request.form.get("revision", ""), "revision")
        mine, theirs = office.changes(identifier), office.in_force().release
        resolved: dict[str, str | None] = {}
        for path in mine:
            taken = request.form.get(f"take {path}")
            if taken in ("mine", "theirs"):
                resolved[path] = mine[path] if taken == "mine" else _text(theirs, path)
        try:
            drafting.rebase(office, who, identifier, revision, resolved)
        except CarryError as error:
            _, files, desk = editing.draft(identifier)
            there = editing.desk()
            shown = [path for path in error.paths if seen(desk, path, caller(), files)]
            shown = [path for path in shown if seen(there, path, caller())]
            page = render_template(
                "editor/carry.html",
                story=office.story(identifier),
                files=file_changes(there.tree, {path: mine[path] for path in shown}),
                hidden_files=len(error.paths) - len(shown),
            )
            return page, int(HTTPStatus.CONFLICT)
        return went(identifier)

    def _text(release: str, path: str) -> str | None:
        body = office.store.authoring.source(release, path)
        return None if body is None else body.decode()

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

        return worked(
            spoken("Deciding the stored declarations anew"),
            work,
            partial(refusal, editing, identifier),
        )

    @room.post("/drafts/<identifier>/prove")
    @needs(WRITE)
    def prove(identifier: str) -> Response:
        who = person()

        def work(progress: Progress) -> Outcome:
            found = proving.prove(office, who, identifier, progress)
            proving.attach(office, who, identifier, found)
            proved = sum(one.outcome is Answer.PROVED for one in found.properties)
            words = gettext("%(proved)d of %(all)d properties hold of every declaration.") % {
                "proved": proved,
                "all": len(found.properties),
            }
            return words, url_for("editor.draft", identifier=identifier, _anchor="proofs")

        return worked(
            spoken("Asking what holds of every declaration"),
            work,
            partial(refusal, editing, identifier),
        )

    @room.post("/drafts/<identifier>/propose")
    @needs(WRITE)
    def propose(identifier: str) -> Response:
        who, revision, urgency = (
            person(),
            number(request.form.get("revision", ""), "revision"),
            _urgency(),
        )

        def work(progress: Progress) -> Outcome:
            proposing.propose(office, who, identifier, revision, urgency=urgency, progress=progress)
            where = url_for("editor.draft", identifier=identifier, _anchor="consent")
            return gettext("It builds, and is proposed."), where

        return worked(spoken("Checking and proposing"), work, partial(refusal, editing, identifier))

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
        editing.opened(identifier, form.get("path", ""))
        consulting.comment(
            office,
            person(),
            identifier,
            number(request.form.get("revision", ""), "revision"),
            form.get("path", ""),
            number(form.get("line", ""), "line"),
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

        return worked(
            spoken("Building and signing the release"), work, partial(refusal, editing, identifier)
        )


def _version(desk: Desk, paths: Iterable[str], unread: set[str]) -> Version:
    """The rules of some files, to be compared; not those of *unread* ones."""
    tables = {table for path in paths for table in (path, *desk.tables_of(path))}
    rules = [rule for table in sorted(tables - unread) for rule in desk.rules(table)]
    return Version(desk.vocabulary, msgspec.structs.replace(desk.base, rules=tuple(rules)))


def _to_check(desk: Desk, paths: Iterable[str]) -> list[str]:
    """The files of rules that a change of *paths* concerns."""
    found = {table for path in paths for table in (desk.tables_of(path) or (path,))}
    return sorted(path for path in found if is_rule(path))


def _paths(desk: Desk, files: Files) -> list[str]:
    """The files that who asks may open."""
    rules = (path for path in desk.tree if path.startswith(RULES))
    return sorted(path for path in rules if seen(desk, path, caller(), files))


def _told(found: proving.Proofs, desk: Desk) -> dict[str, Any]:
    """What is proved, as who asks may see it."""
    hidden = hidden_names(desk, caller())
    before = {one.property: one.outcome for one in found.before}
    return {
        "on": found.on,
        "before": bool(before),
        "properties": [
            (one, before.get(one.id))
            for one in properties(found.properties, open_to(hidden), desk.vocabulary)
        ],
        "meanings": list(meanings(found.meaning, hidden, desk.vocabulary)),
    }


def _urgency() -> Urgency | None:
    threat, reason = request.form.get("threat", ""), request.form.get("reason", "")
    if not threat:
        return None
    try:
        return Urgency(threat=Threat(threat), reason=reason)
    except ValueError:
        raise malformed(
            "/threat", spoken("this is no threat of the law"), spoken("choose one of these")
        ) from None


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
