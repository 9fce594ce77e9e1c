"""Where a review begins: its contents, making one, and two releases compared."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from flask import Blueprint, abort, redirect, render_template, request, url_for
from markupsafe import escape
from werkzeug.wrappers import Response

from api.http.access import needs
from api.http.languages import gettext, told
from api.http.reviewing.parts import Reviewing, here
from api.http.work import Outcome, worked
from api.service.policy import SUPPOSE
from api.service.reviews import ReviewError
from api.store import MissingError, StoreError
from api.words.comparing import compared
from api.words.reviewing import counted
from api.words.spoken import spoken
from engine.release import Progress, ReleaseError
from engine.specs.review import verdict

REFUSALS = (ReviewError, MissingError, StoreError, ReleaseError)


def add_contents(room: Blueprint, reviewing: Reviewing) -> None:
    """Add it to *room*."""

    @room.get("/")
    def contents() -> str:
        shown = reviewing.shown()
        clauses = shown.review.specifications.obligations
        standings = {one: reviewing.standing(one, shown.sight) for one in clauses}
        results = shown.review.results
        return render_template(
            "review/contents.html",
            review=shown.review,
            agreements=shown.words.agreements(standings),
            outcome=verdict(results),
            count=counted(results),
            standings=[one.words for one in standings.values()],
            hidden=len(shown.sight.hidden),
            releases=reviewing.service.store.releases(),
        )

    @room.post("/run")
    @needs(SUPPOSE)
    def run() -> Response:
        digest = reviewing.reviews.digest(request.form.get("release") or None)

        def work(progress: Progress) -> Outcome:
            reviewing.reviews.make(digest, progress)
            return gettext("The release is reviewed."), here("contents")

        return worked(spoken("Reviewing the release"), work, refusal)

    @room.get("/compare")
    def compare() -> str | Response:
        other = request.args.get("with", "")
        if not other:
            return redirect(url_for("review.contents"), HTTPStatus.SEE_OTHER)
        now, then = reviewing.shown(), reviewing.shown(other)
        if now.review.release == then.review.release:
            abort(HTTPStatus.BAD_REQUEST, "these are one release: name another")
        return render_template(
            "review/compare.html",
            before=then.review,
            after=now.review,
            clauses=compared(
                (then.words, reviewing.reviews.fingerprints(then.review.release.digest)),
                (now.words, reviewing.reviews.fingerprints(now.review.release.digest)),
            ),
        )


def refusal(error: Exception) -> str:
    """What stopped a review, in words."""
    if not isinstance(error, REFUSALS):
        structlog.get_logger("commensura").exception("unexpected error", exc_info=error)
        return f"<p>{escape(gettext('An unexpected error; it was logged.'))}</p>"
    return f"<p>{told(str(error), capital=True)}</p>"
