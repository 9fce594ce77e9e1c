"""Pages for people: the doors, trying a declaration, a decision, signing in, the calls.

Readable and complete without script. Nothing here changes what is kept: a trial is a what-if.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as Redirect

from api.http.access import SIGNED_IN, Keys, UnknownCallerError, caller, caller_or_public
from api.http.browsing import Browsing
from api.http.replies import json_of
from api.http.word_pages import add_word_pages
from api.messages import Sent, sent
from api.service.deciding import Service
from api.service.elsewhere import Task
from api.service.policy import REVIEW, Caller
from api.store import StoreError
from engine.decide.audience import for_trader
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.wco import Message

MAX_NEXT = 300


def pages(service: Service, browsing: Browsing, keys: Keys) -> Blueprint:
    """All pages."""
    room = Blueprint("pages", __name__)
    vocabulary = service.decider.program.vocabulary
    release = service.decider.release

    @room.app_context_processor
    def shared() -> dict[str, Any]:
        return {"release": release, "caller": _signed_in(), "label_of": vocabulary.label}

    @room.get("/")
    def index() -> str:
        return render_template("index.html", rules=len(service.decider.program.rules))

    @room.route("/try", methods=["GET", "POST"])
    def trial() -> str | tuple[str, int]:
        text = ""
        if request.method == "GET":
            return render_template("try.html", text=text)
        try:
            text = _given()
            asked = _asked(text)
            with asked.naming():
                found = service.done(
                    Task(request=asked.request, on=service.clock().date(), what_if=True)
                )
        except MalformedError as error:
            page = render_template("try.html", text=text, problems=error.problems)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        return _decision_page("try.html", asked.told(found), text=text)

    @room.get("/decisions/<identifier>")
    def decision(identifier: str) -> str:
        history, kept = service.found(identifier, caller())
        return _decision_page(
            "decision.html",
            kept.version.decision,
            kept=kept,
            last=history.last,
            label=vocabulary.label,
        )

    def _decision_page(template: str, found: Any, **more: Any) -> str:
        who = caller_or_public()
        officer = who is not None and who.may(REVIEW)
        return render_template(
            template,
            decision=found if officer else None,
            told=None if officer else for_trader(found, vocabulary),
            **{"label": vocabulary.label, **more},
        )

    @room.get("/sign-in")
    def sign_in() -> str:
        return render_template("sign-in.html", next=_next())

    @room.post("/sign-in")
    def signed_in() -> str | Redirect | tuple[str, int]:
        known = keys.authenticate(request.form.get("key", "").strip())
        if known is None:
            page = render_template(
                "sign-in.html", next=_next(), problem="this key is not known, or no longer holds"
            )
            return page, int(HTTPStatus.FORBIDDEN)
        session[SIGNED_IN] = known.name
        return redirect(_next())

    @room.post("/sign-out")
    def sign_out() -> Redirect:
        session.clear()
        return redirect(url_for("pages.index"))

    @room.get("/openapi.json")
    def openapi() -> Response:
        return json_of(_document())

    @room.get("/docs")
    def docs() -> str:
        return render_template("docs.html", document=_document())

    add_word_pages(room, browsing)
    return room


def _signed_in() -> Caller | None:
    """Who reads; an error page must not fail for a key that does not hold, nor for the store."""
    try:
        return caller_or_public()
    except (UnknownCallerError, StoreError):
        return None


def _document() -> dict[str, Any]:
    app: Any = current_app
    document: dict[str, Any] = app.spec
    return document


def _next() -> str:
    """Where to go on after signing in: a page of ours, whatever the address says."""
    wanted = request.values.get("next", "")
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and len(wanted) < MAX_NEXT:
        return wanted
    return url_for("pages.index")


def _given() -> str:
    """What was pasted, or the file that was chosen or dropped.

    Raises `MalformedError`: there is neither, or the file is no text.
    """
    file = request.files.get("file")
    body = file.read() if file is not None and file.filename else b""
    if not body:
        body = request.form.get("declaration", "").encode("utf-8", "replace")
    if not body.strip():
        raise _refused("there is nothing to decide on", "paste a declaration, or choose a file")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused("the file is not UTF-8", "save it as UTF-8") from None


def _asked(text: str) -> Sent:
    asked = sent(text.encode("utf-8"))
    if isinstance(asked, Message):
        asked.refuse()
    return asked


def _refused(message: str, mend: str) -> MalformedError:
    return MalformedError([Problem(pointer="", message=message, help=mend)])
