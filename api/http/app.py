"""The application: rooms of calls and pages over one service, and what all of them share.

Errors are problem documents (RFC 9457); pages show the same in words. Every request is answered
under one id, and nothing is open but what says whether the service stands.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import structlog
from apiflask import APIFlask
from flask import Response, make_response, request
from msgspec import Struct
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from api.http import contract
from api.http.access import Keys, caller, control_access, error_page, is_page
from api.http.assets import serve_assets
from api.http.batch import batch
from api.http.browsing import Browsing
from api.http.contract import Contract
from api.http.csrf import refuse_forgeries
from api.http.decisions import decisions
from api.http.draws import draws
from api.http.editor import editor
from api.http.editor.parts import Editing
from api.http.examples import documented
from api.http.health import health
from api.http.knowledge import knowledge
from api.http.languages import speak
from api.http.limiting import Limit
from api.http.log import log
from api.http.observing import observe
from api.http.oidc import Oidc, Provider
from api.http.outcomes import outcomes
from api.http.pages import pages
from api.http.people import people
from api.http.releases import releases
from api.http.replies import problem
from api.http.reviewing import reviewing
from api.http.reviewing.calls import review_calls
from api.http.reviewing.parts import Reviewing
from api.http.signing import signing
from api.service.accounts import Accounts
from api.service.authoring.office import Office
from api.service.deciding import NotFoundError, Service, SupersededError
from api.service.desks import Desks
from api.service.history import ErasedError
from api.service.policy import READ
from api.service.receipts import Notary
from api.service.reviews import Reviews
from api.service.solving import Solver
from api.store import ConflictError, MissingError, StoreError, UnavailableError
from api.words.spoken import spoken
from engine.decide.answer import EngineError
from engine.declaration.problems import MalformedError
from engine.declaration.strict_json import MAX_BODY
from engine.release import ReleaseError

RETRY_SECONDS = "2"
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
SOLVER = "commensura.solver"
_OPEN = {
    *("health.healthz", "health.readyz", "static"),
    *("signing.sign_in", "signing.signed_in", "signing.leave", "signing.returned"),
}
_OPEN_IN_DEMO = ("knowledge.", "health.", "pages.", "review.", "reviews.")
"""Rooms that are open in demo mode, but for what names a policy of its own."""


class Settings(Struct, frozen=True, kw_only=True):
    """How one installation serves.

    *cookie_secret* signs what a browser keeps; *limit* is how often one key may ask, and *counts*
    the file in which all workers count it.
    *demo*: whoever reaches the port may read rules and terms and try declarations. *proxies*
    stand before it and say truly who asked. *oidc*: by whom persons may sign in besides.
    """

    cookie_secret: bytes
    limit: str = "500/second"
    counts: Path | None = None
    demo: bool = False
    proxies: int = 0
    oidc: Oidc | None = None


def create_app(
    service: Service,
    notary: Notary,
    keys: Keys,
    settings: Settings,
    office: Office | None = None,
    reviews: Reviews | None = None,
) -> APIFlask:
    """The application; with an *office*, rules are written here too, with *reviews* reviewed."""
    release = service.decider.release
    app = APIFlask(
        __name__.rpartition(".http")[0] or "api",
        title="Commensura",
        version="1",
        docs_path=None,
        spec_path=None,
        json_errors=False,
    )
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        SECRET_KEY=settings.cookie_secret,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
    )
    if settings.proxies:
        count = settings.proxies
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # as Flask says to
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    speak(app)
    contracts = Contract()
    contract.published(app, contracts)
    observe(app)
    control_access(app, keys, Limit(settings.limit, settings.counts))

    @app.before_request
    def close() -> None:
        """Nothing is open by oversight: what names no policy of its own needs a key to read."""
        open_here = _OPEN | app.extensions["commensura.public"] if settings.demo else _OPEN
        if request.endpoint is not None and request.endpoint not in open_here:
            caller().need(READ)

    refuse_forgeries(app)
    accounts = Accounts(service.store, service.clock)
    provider = None if settings.oidc is None else Provider(settings.oidc, service.clock)
    app.extensions["commensura.public"] = frozenset[str]()
    app.register_blueprint(decisions(service, notary, contracts, documented()))
    app.register_blueprint(batch(service, contracts))
    app.register_blueprint(outcomes(service, contracts))
    app.register_blueprint(log(notary, contracts))
    app.register_blueprint(draws(notary, contracts))
    app.register_blueprint(releases(service, contracts))
    app.register_blueprint(health(service, contracts))
    browsing = Browsing(service.decider.program, release, lambda: service.clock().date())
    app.register_blueprint(knowledge(browsing, contracts))
    app.register_blueprint(pages(service, browsing))
    app.register_blueprint(signing(accounts, provider))
    app.register_blueprint(people(accounts, service.decider.program.vocabulary))
    if office is not None:
        desks = Desks(service.store, service.trusted, service.decider.program.vocabulary)
        solver = Solver(service.store, service.trusted)
        app.extensions[SOLVER] = solver  # to be ended by who ends the application
        editing = Editing(office=office, desks=desks, service=service, solver=solver)
        app.register_blueprint(editor(editing))
    if reviews is not None:
        reviewed = Reviewing(service, reviews)
        app.register_blueprint(reviewing(reviewed))
        app.register_blueprint(review_calls(reviewed, contracts))
    app.extensions["commensura.public"] = frozenset(
        endpoint
        for endpoint in app.view_functions
        if endpoint.startswith(_OPEN_IN_DEMO) and endpoint != "pages.decision"
    )
    serve_assets(app)
    _answer_errors(app)

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.update(SECURITY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return app


def _answer_errors(app: APIFlask) -> None:
    logger = structlog.get_logger("commensura")

    @app.errorhandler(MalformedError)
    def malformed(error: MalformedError) -> Response:
        # What only reads, decides nothing.
        reads = request.method in ("GET", "HEAD")
        title = "the request cannot be answered" if reads else "the request cannot be decided on"
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, title, error.problems)

    @app.errorhandler(NotFoundError)
    @app.errorhandler(MissingError)
    def not_found(error: Exception) -> Response | tuple[str, int]:
        return _told(HTTPStatus.NOT_FOUND, str(error))

    @app.errorhandler(ErasedError)
    def erased(error: ErasedError) -> Response | tuple[str, int]:
        return _told(HTTPStatus.GONE, str(error))

    @app.errorhandler(ConflictError)
    @app.errorhandler(SupersededError)
    @app.errorhandler(ReleaseError)
    def conflict(error: Exception) -> Response | tuple[str, int]:
        return _told(HTTPStatus.CONFLICT, str(error))

    @app.errorhandler(StoreError)
    def unavailable(error: StoreError) -> Response | tuple[str, int]:
        logger.error("the store does not serve", reason=str(error))
        if not isinstance(error, UnavailableError):
            return _told(
                HTTPStatus.INTERNAL_SERVER_ERROR, spoken("the store is at fault; it was logged")
            )
        words = spoken("nothing was kept: the store does not serve")
        answer = make_response(_told(HTTPStatus.SERVICE_UNAVAILABLE, words))
        answer.headers["Retry-After"] = RETRY_SECONDS
        return answer

    @app.errorhandler(EngineError)
    def no_answer(error: EngineError) -> Response | tuple[str, int]:
        logger.error("no engine answered", reason=str(error))
        return _told(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "no engine gave an answer; this is never read as `no rule applies`",
        )

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response | tuple[str, int]:
        code = HTTPStatus(error.code or 500)
        if code is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _told(
                code,
                f"the body is larger than {MAX_BODY // 2**20} MiB",
                mend=spoken("send fewer items in one declaration, or a batch"),
            )
        answer = make_response(_told(code, error.description or error.name))
        kept = {"allow", "retry-after"}
        answer.headers.update({k: v for k, v in error.get_headers() if k.lower() in kept})
        if code is HTTPStatus.TOO_MANY_REQUESTS:
            answer.headers.setdefault("Retry-After", RETRY_SECONDS)
        return answer

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response | tuple[str, int]:
        logger.exception("unexpected error", exc_info=error)
        return _told(HTTPStatus.INTERNAL_SERVER_ERROR, spoken("an unexpected error; it was logged"))


def _told(status: HTTPStatus, message: str, mend: str | None = None) -> Response | tuple[str, int]:
    return error_page(status, message, mend) if is_page() else problem(status, message, mend=mend)
