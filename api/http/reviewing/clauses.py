"""A clause: what it demands, its scenarios with their evidence, and counsel's word on it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, NoReturn

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from api.http.access import caller, needs
from api.http.browsing import MAX_QUERY
from api.http.reviewing.parts import Reviewing, Shown, here
from api.service.policy import SIGN
from api.service.signing_off import SignOff
from api.words.reviewing import counted, named
from api.words.spoken import spoken
from engine.declaration.problems import MalformedError, malformed
from engine.language.diagnostics import did_you_mean
from engine.specs.fingerprint import Fingerprint, digest
from engine.specs.review import verdict

SIGNED, OBJECTED = "sign", "object"
MAX_DIGITS = 12


def add_clauses(room: Blueprint, reviewing: Reviewing) -> None:
    """Add it to *room*."""

    @room.get("/<clause>")
    def clause(clause: str) -> str:
        return _page(clause, reviewing.shown())

    @room.post("/<clause>/sign")
    @needs(SIGN)
    def sign(clause: str) -> Response | tuple[str, int]:
        person = caller().person
        assert person is not None  # a key has no duty
        shown = reviewing.shown()
        now = reviewing.now(clause)
        if now is None:
            no_clause(clause, shown)
        given, words = request.form.get("word", ""), request.form.get("words", "")
        try:
            _check(given, now)
            signed = SignOff(
                clause=clause,
                agrees=given == SIGNED,
                words=words,
                release=reviewing.reviews.ref,
                fingerprint=now,
            )
            reviewing.signoffs.sign(person, signed, _last())
        except MalformedError as error:
            page = _page(clause, shown, problems=error.problems, given=given, words=words)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        return redirect(here("clause", clause=clause, _anchor="signing"), HTTPStatus.SEE_OTHER)

    def _page(clause: str, shown: Shown, **more: Any) -> str:
        obligations = shown.words.obligations(clause)
        if not obligations:
            no_clause(clause, shown)
        said, now = reviewing.signoffs.of(clause), reviewing.now(clause)
        results = shown.words.results(one.obligation for one in obligations)
        return render_template(
            "review/clause.html",
            clause=clause,
            gists=shown.words.gists(clause),
            obligations=obligations,
            outcome=verdict(results),
            count=counted(results),
            standing=reviewing.standing(clause, shown.sight),
            history=[
                (told, tuple(named(told.changed(now), shown.sight))) for told in reversed(said)
            ],
            last=said[-1].index if said else -1,
            seen=None if now is None else digest(now),
            of_force=shown.review.release == reviewing.reviews.ref,
            hidden=len(shown.sight.hidden),
            **{"problems": (), "given": "", "words": "", **more},
        )


def no_clause(clause: str, shown: Shown) -> NoReturn:
    """Say that there is no such clause, and what may have been meant."""
    near = did_you_mean(clause, shown.review.specifications.obligations)
    words = f"there is no clause `{clause[:MAX_QUERY]}`"
    abort(HTTPStatus.NOT_FOUND, f"{words}: {near}" if near else words)


def _check(given: str, now: Fingerprint) -> None:
    """Refuse what is neither a signature nor an objection, or is about another state of things."""
    if given not in (SIGNED, OBJECTED):
        raise malformed(
            "/word", spoken("say whether you sign or object"), spoken("choose one of the two")
        )
    if request.form.get("seen") != digest(now):
        raise malformed(
            "/words",
            spoken("the clause, its rules or their law changed since you opened this page"),
            spoken("read what is there now, and send yours again"),
        )


def _last() -> int:
    """The entry after which counsel spoke, as the page said."""
    text = request.form.get("last", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else -1
