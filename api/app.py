"""The HTTP door: decisions as JSON, rules and the ontology as pages. Errors are RFC 9457 problems.

Thin on purpose: it reads, asks the decider, writes. Accounts, store and roles come with the
decision service.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from http import HTTPStatus

from flask import Flask, Response, abort, render_template, request
from werkzeug.exceptions import HTTPException

from api.browse import Browsing, add_ontology
from api.messages import Cancellation, Sent
from api.pages import RulePages
from api.replies import json_of, problem
from engine.decide.answer import EngineError
from engine.decide.audience import for_trader
from engine.decide.deciding import Decider
from engine.decide.draw import DrawKeys
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.reading import read_request
from engine.declaration.schema import request_schema
from engine.declaration.strict_json import MAX_BODY
from engine.declaration.wco import Kind, Message, read_message

Clock = Callable[[], date]
JSON = ("application/json",)
XML = ("application/xml", "text/xml")
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


def create_app(decider: Decider, keys: DrawKeys, clock: Clock = today) -> Flask:
    """The application over one release. *clock* gives the day of a decision."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.post("/v1/decisions")
    def decide() -> Response:
        if request.mimetype not in (*JSON, *XML):
            return problem(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "the body must be JSON or WCO XML",
                mend="send `Content-Type: application/json` or `application/xml`",
            )
        audience = request.args.get("audience", "officer")
        if audience not in ("officer", "trader"):
            return problem(
                HTTPStatus.BAD_REQUEST,
                f"unknown audience `{audience[:40]}`",
                mend="`officer` or `trader`",
            )
        first_seen = _day(request.args.get("first-seen"))
        day = clock()
        if first_seen is not None and first_seen > day:
            return problem(HTTPStatus.BAD_REQUEST, "`first-seen` lies in the future")
        body = request.get_data()
        # What the header says is how the body is read: neither is taken for the other.
        one = read_message(body) if request.mimetype in XML else Sent(request=read_request(body))
        if isinstance(one, Message):
            if one.kind is Kind.CANCELLATION:
                return json_of(Cancellation(declaration=one.number))
            one = Sent(request=one.request(), message=one)
        with one.naming():
            decision = decider.decide(one.request, on=day, keys=keys, first_seen=first_seen)
        decision = one.told(decision)
        if audience == "trader":
            return json_of(for_trader(decision, decider.program.vocabulary))
        return json_of(decision)

    @app.get("/v1/schema")
    def schema() -> Response:
        return json_of(request_schema(), "application/schema+json")

    @app.get("/healthz")
    def health() -> Response:
        engines = [engine.name for engine in decider.engines]
        return json_of({"status": "ok", "release": decider.release, "engines": engines})

    add_ontology(app, Browsing(decider.program, decider.release, clock))

    @app.get("/")
    def index() -> str:
        pages = RulePages(decider.program, clock())
        return render_template(
            "rules.html",
            release=decider.release,
            folders=pages.folders(),
            undisclosed=pages.undisclosed,
        )

    @app.get("/rules/<path:identifier>")
    def rule(identifier: str) -> str:
        page = RulePages(decider.program, clock()).page(identifier)
        if page is None:
            abort(HTTPStatus.NOT_FOUND, f"there is no public rule `{identifier[:200]}`")
        return render_template("rule.html", release=decider.release, page=page)

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.update(SECURITY)
        return response

    @app.errorhandler(MalformedError)
    def malformed(error: MalformedError) -> Response:
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "the request cannot be decided on", error.problems
        )

    @app.errorhandler(EngineError)
    def no_answer(error: EngineError) -> Response:
        app.logger.error("no engine answered: %s", error)
        return problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "no engine gave an answer; this is never read as `no rule applies`",
        )

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response | tuple[str, int]:
        code = error.code or 500
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"the body is larger than {MAX_BODY // 2**20} MiB",
                mend="send fewer items in one declaration",
            )
        if request.path.startswith("/v1/"):
            return problem(HTTPStatus(code), error.description or error.name)
        return render_template(
            "error.html", release=decider.release, message=error.description or error.name
        ), code

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        app.logger.exception("unexpected error", exc_info=error)
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "an unexpected error; it was logged")

    return app


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise MalformedError(
            [
                Problem(
                    pointer="",
                    message=f"`first-seen` is no day: `{text[:40]}`",
                    help="write it as 2026-11-23",
                )
            ]
        ) from None
