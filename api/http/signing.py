"""Signing in and out: by name and password, by a key, by a provider; a password of one's own.

Whoever signs in gets a new session, and the one before ends. No answer says whether a name or its
password was wrong.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from flask import (
    Blueprint,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from api.http.access import address, caller, forget, needs, outside, remember
from api.http.oidc import ElsewhereError, Leave, Provider
from api.service.accounts import Accounts, TooManyError
from api.service.policy import CHOOSE
from api.words.spoken import spoken
from engine.declaration.problems import MalformedError, Problem, malformed

MAX_NEXT = 300
AWAY = 600
"""Seconds that somebody may take to sign in elsewhere."""

_AWAY = "away"
WRONG = spoken("the name or the password is wrong")
_TOO_MANY = spoken("too many attempts failed")
_WAIT = spoken("wait 15 minutes, then try again; whoever runs the service can set another password")

Answer = str | Response | tuple[str, int]


def signing(accounts: Accounts, provider: Provider | None) -> Blueprint:
    """The ways in and out."""
    room = Blueprint("signing", __name__)
    log = structlog.get_logger("commensura")

    def form(status: HTTPStatus = HTTPStatus.OK, *problems: Problem) -> tuple[str, int]:
        return render_template(
            "sign-in.html",
            next=_next(),
            problems=problems,
            elsewhere=provider is not None,
            name=request.form.get("name", "")[:100],
        ), int(status)

    def entered(token: str) -> None:
        before = forget()
        if before is not None:
            accounts.sign_out(before)
        remember(token)

    @room.get("/sign-in")
    def sign_in() -> Answer:
        return form()

    @room.post("/sign-in")
    def signed_in() -> Answer:
        try:
            token = _by_key(accounts) if "key" in request.form else _by_name(accounts)
        except MalformedError as error:
            log.info("not signed in")
            return form(HTTPStatus.FORBIDDEN, *error.problems)
        except TooManyError:
            log.warning("too many attempts to sign in")
            too_many = Problem(pointer="/name", message=_TOO_MANY, help=_WAIT)
            return form(HTTPStatus.TOO_MANY_REQUESTS, too_many)
        entered(token)
        return redirect(_next(), HTTPStatus.SEE_OTHER)

    @room.post("/sign-out")
    def sign_out() -> Response:
        token = forget()
        if token is not None:
            accounts.sign_out(token)
        return redirect(url_for("pages.index"), HTTPStatus.SEE_OTHER)

    @room.get("/password")
    @needs(CHOOSE)
    def password() -> Answer:
        return render_template("password.html", next=_next(), problems=())

    @room.post("/password")
    @needs(CHOOSE)
    def choose() -> Answer:
        who = caller().person
        assert who is not None  # the policy is for persons
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            chosen = _chosen()
            present = request.form.get("present", "")
            token = accounts.choose(who.id, present, chosen, address())
            if token is None:
                mend = spoken("type the password with which you signed in")
                raise malformed("/present", spoken("the present password is wrong"), mend)
        except MalformedError as error:
            page = render_template("password.html", next=_next(), problems=error.problems)
            return page, int(status)
        except TooManyError:
            too_many = Problem(pointer="/present", message=_TOO_MANY, help=_WAIT)
            page = render_template("password.html", next=_next(), problems=[too_many])
            return page, int(HTTPStatus.TOO_MANY_REQUESTS)
        entered(token)
        return redirect(_next(), HTTPStatus.SEE_OTHER)

    if provider is not None:
        _add_provider(room, provider, accounts, entered)
    return room


def _add_provider(room: Blueprint, provider: Provider, accounts: Accounts, entered: Any) -> None:
    """The way to the provider and back. What is kept meanwhile travels in a cookie of its own.

    The cookie of the session is not sent by a browser that comes from another site.
    """
    log = structlog.get_logger("commensura")

    def failed(message: str, mend: str) -> tuple[str, int]:
        log.warning("not signed in by the provider", reason=message)
        problem = Problem(pointer="", message=message, help=mend)
        page = render_template(
            "sign-in.html", next=_next(), problems=[problem], elsewhere=True, name=""
        )
        return page, int(HTTPStatus.FORBIDDEN)

    @room.get("/sign-in/elsewhere")
    def leave() -> Answer:
        try:
            url, kept = provider.leave(_back())
        except ElsewhereError as error:
            return failed(str(error), spoken("try again in a while, or sign in with a password"))
        answer = redirect(url, HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            _AWAY,
            _signer().dumps([msgspec.to_builtins(kept), _next()]),
            max_age=AWAY,
            path=url_for("signing.sign_in"),
            secure=outside(),
            httponly=True,
            samesite="Lax",
        )
        return answer

    @room.get("/sign-in/return")
    def returned() -> Answer:
        try:
            kept, wanted = _signer().loads(request.cookies.get(_AWAY, ""), max_age=AWAY)
            name = provider.vouched(request.args, msgspec.convert(kept, Leave), _back())
        except BadData:
            return failed(
                spoken("this browser did not set out to sign in"),
                spoken("start again from this page"),
            )
        except ElsewhereError as error:
            return failed(str(error), spoken("start again from this page"))
        token = accounts.sign_in_elsewhere(name)
        if token is None:
            mend = spoken("ask an administrator of your agency to add you")
            return failed(spoken("the provider knows you, but you are nobody here"), mend)
        entered(token)
        # A redirect would still count as coming from the other site: the page itself goes on.
        answer = make_response(render_template("going-on.html", next=wanted))
        answer.delete_cookie(_AWAY, path=url_for("signing.sign_in"))
        return answer


def _by_key(accounts: Accounts) -> str:
    token = accounts.sign_in_by_key(request.form["key"].strip())
    if token is None:
        mend = spoken("copy the key whole, or ask whoever runs the service for another")
        raise malformed("/key", spoken("this key is not known, or no longer holds"), mend)
    return token


def _by_name(accounts: Accounts) -> str:
    name, password = request.form.get("name", ""), request.form.get("password", "")
    token = accounts.sign_in(name, password, address())
    if token is None:
        mend = spoken("look at both; after 10 attempts a name has to wait")
        raise malformed("/name", WRONG, mend)
    return token


def _chosen() -> str:
    """The new password, which was typed twice."""
    chosen = request.form.get("password", "")
    if chosen != request.form.get("again", ""):
        raise malformed(
            "/again", spoken("the new password was not typed alike twice"), spoken("type it again")
        )
    return chosen


def _back() -> str:
    scheme = "https" if outside() else "http"
    return url_for("signing.returned", _external=True, _scheme=scheme)


def _signer() -> URLSafeTimedSerializer:
    secret = current_app.secret_key
    assert secret is not None
    return URLSafeTimedSerializer(secret, salt="commensura-away")


def _next() -> str:
    """Where to go on after signing in: a page of ours, whatever the address says."""
    wanted = request.values.get("next", "")
    # Browsers read `\` as `/`, skip what does not print, and take `//` for another host.
    ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    if ours and wanted.isprintable() and len(wanted) < MAX_NEXT:
        return wanted
    return url_for("pages.index")
