"""Who asks: a key in `Authorization`, or who signed in to the pages with a browser.

A browser keeps the token of a session in a signed cookie; the session itself is in the store.
Boundary: finds the caller and limits how often one asks; what the caller may do is for `policy`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface

from api.http import places
from api.http.limiting import Limit
from api.http.replies import problem
from api.service.callers import SignedIn
from api.service.policy import Caller, ForbiddenError, Policy
from api.store import StoreError
from api.words.spoken import spoken

P = ParamSpec("P")
R = TypeVar("R")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
FORMS = frozenset({"pages", "signing", "people", "editor", "review"})
"""The blueprints that take forms of pages."""

_TOKEN = "session"
_OF_ONE_TIME = frozenset({"signing.password", "signing.choose", "signing.sign_out"})
"""What a one-time password opens."""

_EXTENSION = "commensura.keys"


class Keys(Protocol):
    """Knows callers."""

    def authenticate(self, token: str) -> Caller | None:
        """Whose key it is; None for one that is unknown, revoked or expired."""
        ...

    def signed_in(self, token: str) -> SignedIn | None:
        """Whose session it is; None for one that has ended."""
        ...


class UnknownCallerError(Exception):
    """Nobody that is known asks; the message says why, *mend* what to do."""

    def __init__(self, message: str, mend: str) -> None:
        self.mend = mend
        super().__init__(message)


class OneTimeError(UnknownCallerError):
    """A person asks who has to choose a password first."""


class Cookies(SecureCookieSessionInterface):
    """Cookies that travel in the clear on the loopback interface only."""

    def get_cookie_secure(self, _: Flask) -> bool:
        return outside()


def outside() -> bool:
    """Whether the browser reaches us under a name that is not of the loopback interface."""
    try:
        return urlsplit(f"//{request.host}").hostname not in LOOPBACK
    except ValueError:
        return True


def remember(token: str) -> None:
    """Let the browser keep the token of its new session, and nothing of what was before."""
    session.clear()
    session[_TOKEN] = token
    g.pop("caller", None)
    g.pop("csrf_token", None)


def forget() -> str | None:
    """Let the browser forget its session; its token, if it had one."""
    token = session.get(_TOKEN)
    session.clear()
    g.pop("caller", None)
    g.pop("csrf_token", None)
    return token if isinstance(token, str) else None


def caller() -> Caller:
    """Who asks. Raises `UnknownCallerError`: there is no key, or none that holds."""
    found: Caller | None = g.get("caller")
    if found is None:
        found = g.caller = _presented()
    return found


def caller_or_public() -> Caller | None:
    """Who asks; None where no key is shown, which only what is open to all lets happen."""
    try:
        return caller()
    except UnknownCallerError:
        if "Authorization" in request.headers:
            raise
        return None


def signed_in() -> Caller | None:
    """Who reads a page: it must not fail for a session that has ended, nor for the store."""
    try:
        return caller_or_public()
    except (UnknownCallerError, StoreError):
        return None


def _presented() -> Caller:
    keys: Keys = current_app.extensions[_EXTENSION]
    header = request.headers.get("Authorization")
    if header is not None:
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise UnknownCallerError(
                "`Authorization` is not understood", "send `Authorization: Bearer KEY`"
            )
        found = keys.authenticate(token.strip())
    elif isinstance(session.get(_TOKEN), str):
        known = keys.signed_in(session[_TOKEN])
        if known is None:
            raise UnknownCallerError(
                "this session has ended", "sign in again: a session lasts 12 hours, 1 hour unused"
            )
        if known.one_time and request.endpoint not in _OF_ONE_TIME:
            raise OneTimeError(
                "a one-time password opens nothing but the choice of another",
                "choose a password of your own at `/password`",
            )
        found = known.caller
    else:
        raise UnknownCallerError(
            "this needs a key",
            "send `Authorization: Bearer KEY`; see `commensura key create`",
        )
    if found is None:
        raise UnknownCallerError(
            "this key is not known, or is revoked or expired",
            "look at `commensura key list`, or create another",
        )
    return found


def needs(policy: Policy) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a view by *policy*; the caller is then in `flask.g`."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            caller().need(policy)
            return view(*args, **kwargs)

        return guarded

    return guard


def control_access(app: Flask, keys: Keys, limit: Limit) -> None:
    """Find callers among *keys*; let each ask no more often than *limit* allows.

    It counts by key; who shows no key is counted by address.
    """
    app.extensions[_EXTENSION] = keys
    app.session_interface = Cookies()
    places.prepare(app)

    @app.before_request
    def hold() -> None:
        if not limit.allows(counted_by()):
            often = spoken("this is more often than one caller may ask")
            abort(HTTPStatus.TOO_MANY_REQUESTS, often)

    @app.before_request
    def receive() -> None:
        """A form is open to all before its sender is known: it is received like any body."""
        if request.method == "POST" and request.blueprint in FORMS:
            with places.held_by(counted_by()):
                _ = request.form

    @app.errorhandler(UnknownCallerError)
    def unknown(error: UnknownCallerError) -> Any:
        if is_page():
            wanted = request.full_path if request.query_string else request.path
            endpoint = "password" if isinstance(error, OneTimeError) else "sign_in"
            return redirect(url_for(f"signing.{endpoint}", next=wanted), HTTPStatus.SEE_OTHER)
        response = problem(HTTPStatus.UNAUTHORIZED, str(error), mend=error.mend)
        response.headers["WWW-Authenticate"] = 'Bearer realm="commensura"'
        return response

    @app.errorhandler(ForbiddenError)
    def forbidden(error: ForbiddenError) -> Any:
        if is_page():
            return error_page(HTTPStatus.FORBIDDEN, str(error), error.mend)
        return problem(HTTPStatus.FORBIDDEN, str(error), mend=error.mend, policy=error.policy.name)


def is_page() -> bool:
    """Whether a person reads the answer: a browser asks for HTML by name, a machine does not."""
    kinds = {kind.lower() for kind, _ in request.accept_mimetypes}
    return not request.path.startswith("/v1/") and "text/html" in kinds


def error_page(status: HTTPStatus, message: str, mend: str | None = None) -> tuple[str, int]:
    """What a person is told who asked for a page that is not there, or not theirs."""
    page = render_template("error.html", title=status.phrase, message=message, mend=mend)
    return page, int(status)


def counted_by() -> str:
    """By what a caller is counted: its key, or where it asks from."""
    try:
        return caller().name
    except UnknownCallerError:
        return address()


def address() -> str:
    """Where a caller asks from, as the last proxy that is trusted says."""
    return request.remote_addr or "nobody"
