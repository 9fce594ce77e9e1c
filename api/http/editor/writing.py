"""Writing one file of a draft: its page, and the calls of the island that edits it.

The page works without script too: its form checks or saves the text.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from msgspec import Struct
from werkzeug.wrappers import Response

from api.http.access import caller, counted_by, needs
from api.http.bodies import body_of
from api.http.contract import JSON
from api.http.editor.parts import Editing, number, person
from api.http.editor.seeing import check_seen, disclosed, hidden_names
from api.http.editor.sheets import EXPORTS, exported
from api.http.languages import gettext
from api.http.places import held_by
from api.http.replies import json_of, problem
from api.service.apart import ApartError
from api.service.authoring import drafting
from api.service.authoring.office import changes_of
from api.service.desks import text_of
from api.service.policy import REVIEW, WRITE
from api.service.solving import Solved, Why
from api.store import RevisionError
from api.words.changes import file_changes
from api.words.foreseen import WHY, foreseen
from api.words.spoken import spoken
from engine.declaration.problems import malformed
from engine.desk import form
from engine.desk.desk import Checked, Desk, is_rule
from engine.language.diagnostics import Diagnostic, RefusedError


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a draft as somebody has it before her: its *text*, or the *content* of a form.

    With *content*, *text* is what the form was made from, so that its comments stay. *row* is the
    row of a table that is read aloud.
    """

    draft: str
    path: str
    text: str
    content: msgspec.Raw = msgspec.Raw()
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
        question = _read(body_of(JSON), Question)
        _, desk = editing.opened(question.draft, question.path)
        text, content = question.text, None
        refused: tuple[Diagnostic, ...] = ()
        is_table = question.path.endswith(".csv")
        try:
            if bytes(question.content) not in (b"", b"null"):
                text = form.written(question.path, form.decoded(bytes(question.content)), text)
            if not is_table:
                content = form.content_of(question.path, text)
        except RefusedError as error:
            refused = error.diagnostics
        desk = desk.changed({question.path: text.encode()})
        found = checked(desk, question.path, question.row)
        told = (*(refused or found.diagnostics), *found.elsewhere)
        answer = form.encoded(
            {
                "text": text,
                "content": content,
                "sentence": found.sentence,
                "diagnostics": [_told(one, content) for one in disclosed(told, desk, caller())],
                "examples": [_example(case) for case in found.examples],
                "trader": _trader(found),
                "rows": found.rows,
                "ms": round((time.perf_counter() - start) * 1000, 1),
            }
        )
        return Response(answer, mimetype=JSON)

    @room.post("/foreseen")
    @needs(REVIEW)
    def foresee() -> Response:
        """The slower answer: what a solver finds of the rule, of every declaration."""
        question = _read(body_of(JSON), Question)
        draft, files, desk = editing.draft(question.draft)
        check_seen(desk, question.path, caller(), files)
        changes = {**changes_of(files.values()), question.path: question.text}
        start, hidden = time.perf_counter(), hidden_names(desk, caller())
        with held_by(counted_by()):
            try:
                found = editing.solver.ask(draft.base, question.path, changes, hidden)
            except ApartError as error:
                structlog.get_logger("commensura").error("the solver %s", error)
                found = Solved(why=Why.SILENT)
        said = found.said
        return json_of(
            {
                "found": [] if said is None else [*foreseen(said, hidden, desk.vocabulary)],
                "open": 0 if said is None else len(said.undecided),
                "why": None if found.why is None else gettext(WHY[found.why]),
                "ms": round((time.perf_counter() - start) * 1000, 1),
            }
        )

    @room.put("/drafts/<identifier>")
    @needs(WRITE)
    def save(identifier: str) -> Response:
        wanted = _read(body_of(JSON), Save)
        editing.opened(identifier, wanted.path)
        try:
            draft = drafting.save(
                office, person(), identifier, wanted.revision, wanted.path, wanted.text
            )
        except RevisionError as error:
            draft, files, desk = editing.draft(identifier)
            check_seen(desk, wanted.path, caller(), files)
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
        text = editing.text(identifier, path)
        if "as" in request.args:
            return exported(path, text, request.args["as"])
        return shown(identifier, path, text, editing.draft(identifier)[2])

    @room.post("/drafts/<identifier>/files/<path:path>")
    @needs(WRITE)
    def written(identifier: str, path: str) -> str | Response | tuple[str, int]:
        """What a browser without script sends: the text, to be checked or saved."""
        files, desk = editing.opened(identifier, path)
        text = _ended(request.form.get("text", ""), text_of(desk, path, files) or "")
        if request.form.get("do") != "save":
            return shown(identifier, path, text, desk.changed({path: text.encode()}))
        revision = number(request.form.get("revision", ""), "revision")
        try:
            drafting.save(office, person(), identifier, revision, path, text)
        except RevisionError as error:
            now = editing.text(identifier, path)
            desk = editing.draft(identifier)[2].changed({path: text.encode()})
            page = shown(identifier, path, text, desk, error, now)
            return page, int(HTTPStatus.CONFLICT)
        where = url_for("editor.file", identifier=identifier, path=path, _anchor="checked")
        return redirect(where, HTTPStatus.SEE_OTHER)

    def shown(
        identifier: str,
        path: str,
        text: str,
        desk: Desk,
        conflict: RevisionError | None = None,
        now: str = "",
    ) -> str:
        """The page of a file; where there is a *conflict*, with how *text* differs from *now*."""
        story = office.story(identifier)
        found = checked(desk, path)
        content: Any = None
        if path.endswith(".toml"):
            try:
                content = form.content_of(path, text)
            except RefusedError:
                content = None
        brought = {
            "draft": identifier,
            "path": path,
            "revision": story.draft.revision,
            "text": text,
            "content": content,
            "form": is_rule(path),
            "desk": True,
            "exports": _exports(identifier, path),
        }
        return render_template(
            "editor/file.html",
            story=story,
            status=story.status(office.clock().date()),
            path=path,
            text=text,
            table=path.endswith(".csv"),
            checked=found,
            diagnostics=disclosed((*found.diagnostics, *found.elsewhere), desk, caller()),
            conflict=conflict,
            differing=file_changes({path: now.encode()}, {path: text}) if conflict else (),
            brought=_in_script(form.encoded(brought).decode()),
        )


def _exports(identifier: str, path: str) -> list[dict[str, str]]:
    """Links to a table as files of spreadsheets."""
    if not path.endswith(".csv"):
        return []
    where = url_for("editor.file", identifier=identifier, path=path)
    return [{"href": f"{where}?as={kind}", "label": kind.upper()} for kind in EXPORTS]


def _in_script(text: str) -> Markup:
    """JSON that no `</script>` in it can end."""
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _ended(sent: str, there: str) -> str:
    """What a form sent, whose every line a browser ends in its own way, ended as what is *there*.

    A text that was not changed is the very text.
    """
    plain = sent.replace("\r\n", "\n").replace("\r", "\n")
    if plain == there.replace("\r\n", "\n").replace("\r", "\n"):
        return there
    return plain.replace("\n", "\r\n") if "\r\n" in there else plain


def _read(body: bytes, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except RecursionError:
        raise malformed("", spoken("this is nested too deep"), spoken("take levels out")) from None
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
