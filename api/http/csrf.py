"""That a change was asked for by a page of ours: the token of a form, or of a script's header.

A browser sends its cookie whoever made the form; only our pages know the token. A key in
`Authorization` no browser sends by itself: who shows one needs no token.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, request
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from api.http.access import FORMS, error_page, is_page
from api.http.replies import problem
from api.words.spoken import spoken

FIELD, HEADER = "csrf_token", "X-CSRF-Token"
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class ForgedError(Exception):
    """Nothing shows that one of our pages asked for it."""


def refuse_forgeries(app: Flask) -> None:
    """Refuse changes that a cookie vouches for, without the token of its session."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # it holds as long as its session
    app.jinja_env.globals["csrf_token"] = generate_csrf

    @app.before_request
    def check() -> None:
        if request.method not in _CHANGING or "Authorization" in request.headers:
            return
        if request.endpoint is None:
            return
        token = request.headers.get(HEADER)
        if token is None and request.blueprint in FORMS:
            token = request.form.get(FIELD)
        try:
            validate_csrf(token)
        except ValidationError:
            raise ForgedError from None

    @app.errorhandler(ForgedError)
    def forged(_: ForgedError) -> Any:
        if is_page():
            return error_page(
                HTTPStatus.BAD_REQUEST,
                spoken("this form was not made for your session, or its session has ended"),
                spoken(
                    "go back, reload the page, and send the form again; cookies must be allowed"
                ),
            )
        return problem(
            HTTPStatus.BAD_REQUEST,
            "the token of this session is missing or wrong",
            mend=f'send `{HEADER}` as `<meta name="csrf-token">` of a page of this session says, '
            "or a key in `Authorization`",
        )
