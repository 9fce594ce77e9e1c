"""Trying a draft on one declaration, beside the release in force: what changes, and why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from flask import Blueprint, abort, render_template, request

from api.http.access import caller, needs
from api.http.editor.parts import Editing
from api.http.examples import TO_TRY
from api.http.pages import asked, given
from api.service.authoring.changes import applied
from api.service.authoring.trying import tried
from api.service.comparing import changed_verdicts, differences
from api.service.elsewhere import Task
from api.service.policy import SUPPOSE
from api.words.decided import View
from api.words.officer import OfficerWords
from api.words.versions import declared
from engine.decide.decision import Decision
from engine.declaration.problems import MalformedError

MAX_ID = 100


def add_trying(room: Blueprint, editing: Editing) -> None:
    """Add it to *room*."""
    office, service = editing.office, editing.service
    vocabulary = service.decider.program.vocabulary

    @room.get("/drafts/<identifier>/try")
    @needs(SUPPOSE)
    def trial(identifier: str) -> str:
        name = request.args.get("example", "")
        if name and name not in TO_TRY:
            abort(HTTPStatus.NOT_FOUND, f"there is no example `{name[:MAX_ID]}`")
        return shown(identifier, TO_TRY[name].text if name else "")

    @room.post("/drafts/<identifier>/try")
    @needs(SUPPOSE)
    def try_it(identifier: str) -> str | tuple[str, int]:
        stored, text = request.form.get("stored", "").strip(), ""
        try:
            if stored:
                task = kept(stored)
            else:
                text = given()
                sent = asked(text)
                task = Task(request=sent.request, on=office.clock().date(), what_if=True)
            before, after = decided(identifier, task)
        except MalformedError as error:
            text = text or request.form.get("declaration", "")
            page = shown(identifier, text, problems=error.problems, stored=stored)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        return shown(
            identifier,
            text,
            stored=stored,
            before=view(before, task),
            after=view(after, task),
            differences=differences(before, after),
            verdicts=changed_verdicts(before, after),
        )

    def kept(identifier: str) -> Task:
        """What was lodged, as it is kept. Raises `NotFoundError`."""
        _, found = service.found(identifier[:MAX_ID], caller())
        return Task(
            request=found.version.request,
            on=office.clock().date(),
            first_seen=found.version.first_seen,
            what_if=True,
        )

    def decided(identifier: str, task: Task) -> list[Decision]:
        """What the release in force and the draft decide, as who asks may see it."""
        draft = office.store.authoring.draft(identifier)
        base = office.store.authoring.tree(draft.base)
        trees = (base, applied(base, office.changes(identifier)))
        today = office.clock().date()
        with ThreadPoolExecutor(len(trees)) as pool:
            found = [pool.submit(tried, tree, today, task) for tree in trees]
        sides = [one.result() for one in found]
        # What either side restricts, neither tells.
        restricted = {rule for _, rules in sides for rule in rules}
        return [service.disclosing.among(caller(), one, restricted) for one, _ in sides]

    def view(decision: Decision, task: Task) -> View:
        words = OfficerWords(vocabulary, lambda _: False)
        return words.view(decision, declared(task.request))

    def shown(identifier: str, text: str, **more: object) -> str:
        story = office.story(identifier)
        return render_template(
            "editor/try.html",
            story=story,
            text=text,
            examples=TO_TRY,
            **{"problems": (), "stored": "", "before": None} | more,
        )
