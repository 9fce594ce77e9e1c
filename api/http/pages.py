"""Pages for people: the doors, trying a declaration, a decision, the calls.

Readable and complete without script. Nothing here changes what is kept: a trial is a what-if.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Redirect

from api.http.access import caller, caller_or_public, signed_in
from api.http.browsing import MAX_QUERY, Browsing
from api.http.examples import TO_TRY
from api.http.languages import english
from api.http.replies import json_of
from api.http.word_pages import add_word_pages
from api.messages import Sent, sent
from api.service.deciding import Service
from api.service.elsewhere import Task
from api.service.policy import REVIEW, Caller, sees
from api.words.calls import calls
from api.words.decided import View
from api.words.officer import OfficerWords
from api.words.spoken import spoken
from api.words.trader import trader_view
from api.words.versions import declared, versions
from engine.decide.audience import TraderDecision, for_trader
from engine.decide.decision import Decision
from engine.declaration.declaration import Declaration
from engine.declaration.problems import MalformedError, malformed
from engine.declaration.wco import Message


def pages(service: Service, browsing: Browsing) -> Blueprint:
    """All pages."""
    room = Blueprint("pages", __name__)
    vocabulary = service.decider.program.vocabulary
    release = service.decider.release

    @room.app_context_processor
    def shared() -> dict[str, Any]:
        return {
            "release": release,
            "caller": signed_in(),
            "label_of": lambda term: english(vocabulary.label(term)),
            "edits": "editor" in current_app.blueprints,
            "reviews": "review" in current_app.blueprints,
        }

    @room.get("/")
    def index() -> str:
        shown = browsing.rules(signed_in())
        return render_template(
            "index.html",
            rules=len(service.decider.program.rules),
            undisclosed=shown.undisclosed,
            examples=TO_TRY,
        )

    @room.get("/try")
    def trial() -> str:
        name = request.args.get("example", "")
        if name and name not in TO_TRY:
            abort(HTTPStatus.NOT_FOUND, f"there is no example `{name[:MAX_QUERY]}`")
        return _trial(TO_TRY[name].text if name else "", example=name)

    @room.post("/try")
    def tried() -> str | tuple[str, int]:
        text = ""
        try:
            text = given()
            sent_by = asked(text)
            with sent_by.naming():
                found = service.done(
                    Task(request=sent_by.request, on=service.clock().date(), what_if=True)
                )
        except MalformedError as error:
            text = text or request.form.get("declaration", "")
            page = _trial(text, problems=error.problems)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        view = _view(sent_by.told(found), None, declared(sent_by.request))
        return _trial(text, view=view)

    def _trial(text: str, **more: Any) -> str:
        return render_template("try.html", text=text, examples=TO_TRY, **more)

    @room.get("/decisions")
    def open_decision() -> Redirect:
        wanted = request.args.get("id", "").strip()
        if not wanted:
            return redirect(url_for("pages.index"), HTTPStatus.SEE_OTHER)
        return redirect(url_for("pages.decision", identifier=wanted), HTTPStatus.SEE_OTHER)

    @room.get("/decisions/<identifier>")
    def decision(identifier: str) -> str:
        whole, kept = service.found(identifier, caller())
        version = kept.version
        assert whole.last is not None
        return render_template(
            "decision.html",
            view=_view(version.decision, version.told, declared(version.request)),
            kept=kept,
            last=whole.last.stored.record.id,
            versions=versions(whole, kept, vocabulary),
        )

    def _view(found: Decision, told: TraderDecision | None, declaration: Declaration) -> View:
        """The decision for who reads: an officer's view, or what the trader is told."""
        who = caller_or_public()
        if who is not None and who.may(REVIEW):
            seen = service.disclosing.seen_by(who)(found)
            return OfficerWords(vocabulary, partial(_linked, who)).view(seen, declaration)
        return trader_view(told or for_trader(found, vocabulary), declaration, vocabulary)

    def _linked(who: Caller | None, rule: str) -> bool:
        number = service.decider.program.numbers.get(rule)
        return number is not None and sees(who, service.decider.program.rules[number].rule)

    @room.get("/openapi.json")
    def openapi() -> Response:
        return json_of(_document())

    @room.get("/docs")
    def docs() -> str:
        return render_template("docs.html", document=_document(), rooms=calls(_document()))

    add_word_pages(room, browsing)
    return room


def _document() -> dict[str, Any]:
    app: Any = current_app
    document: dict[str, Any] = app.spec
    return document


def given() -> str:
    """What was pasted, or the file that was chosen or dropped.

    Raises `MalformedError`: there is neither, or the file is no text.
    """
    file = request.files.get("file")
    body = file.read() if file is not None and file.filename else b""
    if not body:
        body = request.form.get("declaration", "").encode("utf-8", "replace")
    if not body.strip():
        mend = spoken("paste a declaration, or choose a file")
        raise malformed("", spoken("there is nothing to decide on"), mend)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed("", spoken("the file is not UTF-8"), spoken("save it as UTF-8")) from None


def asked(text: str) -> Sent:
    found = sent(text.encode("utf-8"))
    if isinstance(found, Message):
        found.refuse()
    return found
