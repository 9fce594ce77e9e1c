"""A scenario edited and run, beside the one as it stands. Nothing is kept."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, render_template, request

from api.http.access import counted_by, needs
from api.http.places import held_by
from api.http.reviewing.clauses import no_clause
from api.http.reviewing.parts import Reviewing, Shown
from api.service.policy import SUPPOSE
from api.service.scenarios import FILE, LIMIT, MAX_TEXT, text_of, tried
from engine.specs.runner import ScenarioResult


def add_trying(room: Blueprint, reviewing: Reviewing) -> None:
    """Add it to *room*."""

    @room.get("/<clause>/try")
    @needs(SUPPOSE)
    def trial(clause: str) -> str:
        shown = reviewing.shown()
        result = _result(clause, shown)
        return _page(clause, shown, result, text_of(result.scenario))

    @room.post("/<clause>/try")
    @needs(SUPPOSE)
    def tried_scenario(clause: str) -> str:
        shown = reviewing.shown()
        result = _result(clause, shown)
        text = request.form.get("scenario", "").replace("\r\n", "\n")
        declarations = reviewing.reviews.features / "declarations"
        with held_by(counted_by()):
            found = tried(text, result.obligation, shown.release, shown.sight, declarations)
        edited = None if found.result is None else shown.words.scenario(found.result)
        unclear = [one for step in edited.steps for one in step.diagnostics] if edited else []
        return _page(
            clause,
            shown,
            result,
            text[: 2 * MAX_TEXT],
            edited=edited,
            diagnostics=[*found.diagnostics, *(one for one in unclear if one.file == FILE)],
            withheld=found.withheld,
        )

    def _page(clause: str, shown: Shown, result: ScenarioResult, text: str, **more: object) -> str:
        return render_template(
            "review/try.html",
            clause=clause,
            at=result.scenario.line,
            obligation=result.obligation,
            stands=shown.words.scenario(result),
            text=text,
            limit=int(LIMIT),
            most=MAX_TEXT,
            **{"edited": None, "diagnostics": [], "withheld": False, **more},
        )


def _result(clause: str, shown: Shown) -> ScenarioResult:
    """The scenario that the address names, as far as who asks may see it."""
    obligations = shown.review.specifications.obligations.get(clause)
    if obligations is None:
        no_clause(clause, shown)
    at = request.args.get("at", "")
    named = [one for one in shown.words.results(obligations) if str(one.scenario.line) == at]
    seen = shown.sight.result(named[0]) if named else None
    if seen is None:
        abort(HTTPStatus.NOT_FOUND, f"clause `{clause}` has no scenario at line `{at[:20]}`")
    return seen
