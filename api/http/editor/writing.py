"""Writing one file of a draft: its page, and the calls of the island that edits it.

The page works without script too: its form checks or saves the text.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Blueprint, abort, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from api.http.access import needs
from api.http.bodies import body_of
from api.http.contract import JSON
from api.http.editor.parts import Editing, check_seen, person
from api.http.replies import json_of, problem
from api.service.authoring import drafting
from api.service.desks import text_of
from api.service.policy import REVIEW, WRITE
from api.store import RevisionError
from api.words.spoken import spoken
from engine.declaration.problems import malformed
from engine.desk import form
from engine.desk.desk import Checked, Desk
from engine.language.diagnostics import Diagnostic, RefusedError


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a draft as somebody has it before her: its *text*, or the *content* of a form.

    With *content*, *text* is what the form was made from, so that its comments stay. *row* is the
    row of a table that is read aloud.
    """

    draft: str
    path: str
    text: str
    content: msgspec.Raw | None = None
    row: str | None = None


class Save(Struct, frozen=True, forbid_unknown_fields=True):
    """A file to save over the *revision* that was seen; no *text*: the file goes."""

    revision: int
    path: str
    text: str | None


def add_writing(room: Blueprint, editing: Editing) -> None:
    """Add them to *room*."""
    office = editing.office

    def checked(desk: Desk, path: str, row: str | None = None) -> Checked:
        today = office.clock().date()
        tables = desk.tables_of(path)
        return desk.check(tables[0] if tables else path, today, row)

    @room.post("/desk")
    @needs(REVIEW)
    def ask() -> Response:
        start = time.perf_counter()
        person()
        question = _read(body_of(JSON), Question)
        _, _, desk = editing.draft(question.draft)
        check_seen(desk, question.path)
        text, content = question.text, None
        refused: tuple[Diagnostic, ...] = ()
        is_table = question.path.endswith(".csv")
        try:
            if question.content is not None:
                text = form.written(question.path, form.decoded(bytes(question.content)), text)
            if not is_table:
                content = form.content_of(question.path, text)
        except RefusedError as error:
            refused = error.diagnostics
        found = checked(desk.changed({question.path: text.encode()}), question.path, question.row)
        told = refused or found.diagnostics
        answer = form.encoded(
            {
                "text": text,
                "content": content,
                "sentence": found.sentence,
                "diagnostics": [_told(one, content) for one in (*told, *found.elsewhere)],
                "examples": [_example(case) for case in found.examples],
                "trader": _trader(found),
                "rows": found.rows,
                "ms": round((time.perf_counter() - start) * 1000, 1),
            }
        )
        return Response(answer, mimetype=JSON)

    @room.put("/drafts/<identifier>")
    @needs(WRITE)
    def save(identifier: str) -> Response:
        wanted = _read(body_of(JSON), Save)
        _, _, desk = editing.draft(identifier)
        check_seen(desk, wanted.path)
        try:
            draft = drafting.save(
                office, person(), identifier, wanted.revision, wanted.path, wanted.text
            )
        except RevisionError as error:
            draft, files, desk = editing.draft(identifier)
            answer = problem(
                HTTPStatus.CONFLICT, str(error), mend="read what is there now, and choose"
            )
            told = {
                **msgspec.json.decode(answer.get_data()),
                "revision": draft.revision,
                "by": draft.author,
                "at": draft.at,
                "text": text_of(desk, wanted.path, files),
            }
            answer.set_data(msgspec.json.encode(told))
            return answer
        return json_of({"revision": draft.revision})

    # The page of a file

    @room.get("/drafts/<identifier>/files/<path:path>")
    @needs(REVIEW)
    def file(identifier: str, path: str) -> str | Response:
        _, files, desk = editing.draft(identifier)
        check_seen(desk, path)
        text = text_of(desk, path, files)
        if text is None:
            abort(HTTPStatus.NOT_FOUND, f"this draft has no file `{path[:100]}`")
        return shown(identifier, path, text, desk)

    @room.post("/drafts/<identifier>/files/<path:path>")
    @needs(WRITE)
    def written(identifier: str, path: str) -> str | Response | tuple[str, int]:
        """What a browser without script sends: the text, to be checked or saved."""
        _, files, desk = editing.draft(identifier)
        check_seen(desk, path)
        text = request.form.get("text", "")
        if "\r\n" not in (text_of(desk, path, files) or ""):
            text = text.replace("\r\n", "\n")  # as browsers send every line
        if request.form.get("do") != "save":
            return shown(identifier, path, text, desk.changed({path: text.encode()}))
        try:
            revision = int(request.form.get("revision", ""))
        except ValueError:
            raise malformed(
                "/revision", spoken("this is no revision"), spoken("reload the page")
            ) from None
        try:
            drafting.save(office, person(), identifier, revision, path, text)
        except RevisionError as error:
            page = shown(identifier, path, text, desk.changed({path: text.encode()}), error)
            return page, int(HTTPStatus.CONFLICT)
        where = url_for("editor.file", identifier=identifier, path=path, _anchor="checked")
        return redirect(where, HTTPStatus.SEE_OTHER)

    def shown(
        identifier: str, path: str, text: str, desk: Desk, conflict: RevisionError | None = None
    ) -> str:
        story = office.story(identifier)
        found = checked(desk, path)
        content: Any = None
        if path.endswith(".toml"):
            try:
                content = form.content_of(path, text)
            except RefusedError:
                content = None
        island = {
            "draft": identifier,
            "path": path,
            "revision": story.draft.revision,
            "text": text,
            "content": content,
        }
        return render_template(
            "editor/file.html",
            story=story,
            status=story.status(office.clock().date()),
            path=path,
            text=text,
            table=path.endswith(".csv"),
            rows=desk.rules(path)[0].table if desk.rules(path) else None,
            checked=found,
            diagnostics=(*found.diagnostics, *found.elsewhere),
            conflict=conflict,
            island=form.encoded(island).decode(),
        )


def _read(body: bytes, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise malformed(
            "", f"this is no call of the editor: {error}", spoken("reload the page")
        ) from None


def _told(one: Diagnostic, content: Any) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": one.severity,
        "message": one.message,
        "help": one.help,
        "line": one.line,
        "file": one.file,
        "path": form.steps_of(one.path, content) if one.path and content is not None else [],
    }


def _example(case: Any) -> dict[str, Any]:
    return {
        "name": case.name,
        "expect": case.expect,
        "verdict": case.verdict or "cannot be given",
        "holds": case.holds,
        "row": case.row,
    }


def _trader(found: Checked) -> dict[str, Any] | None:
    words = found.trader
    if words is None:
        return None
    return {
        "reason": words.reason or "",
        "remedy": words.remedy or "",
        "basis": [basis.cite for basis in words.basis],
        "appeal": f"{words.appeal.body}, within {words.appeal.days} days",
    }
