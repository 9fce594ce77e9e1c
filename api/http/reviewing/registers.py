"""What a review is looked up by: the matrix, one rule, readings, phrases, findings."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, render_template

from api.http.browsing import MAX_QUERY
from api.http.reviewing.parts import Reviewing
from api.words.matrix import matrix
from engine.language.rule import Rule
from engine.specs.review import touched
from engine.specs.safeguards import Verdict


def add_registers(room: Blueprint, reviewing: Reviewing) -> None:
    """Add it to *room*."""

    @room.get("/matrix")
    def shown_matrix() -> str:
        shown = reviewing.shown()
        return render_template(
            "review/matrix.html",
            matrix=matrix(shown.words, shown.release),
            hidden=len(shown.sight.hidden),
        )

    @room.get("/rules/<path:identifier>")
    def rule(identifier: str) -> str:
        shown = reviewing.shown()
        found = _found(identifier, shown.sight.rules)
        if found is None:
            abort(HTTPStatus.NOT_FOUND, f"there is no rule `{identifier[:MAX_QUERY]}`")
        resting = [
            seen
            for seen in map(shown.sight.result, shown.review.results)
            if seen is not None and found.id in touched([seen])
        ]
        return render_template(
            "review/rule.html",
            rule=found,
            ref=shown.words.rule(found),
            linked=reviewing.linked(found.id),
            score=next(
                one
                for one in reviewing.reviews.score(shown.review.release.digest).rules
                if one.rule == found.table
            ),
            scenarios=tuple(map(shown.words.scenario, resting)),
            findings=[
                one for one in shown.sight.findings(shown.review.findings) if found.id in one.rules
            ],
        )

    @room.get("/mutation")
    def mutation() -> str:
        shown = reviewing.shown()
        whole = reviewing.reviews.score(shown.review.release.digest)
        return render_template(
            "review/mutation.html",
            score=whole,
            survivors=[one for one in whole.survivors if one.rule in shown.sight.rules],
            rules=shown.sight.rules,
            hidden=len(shown.sight.hidden),
        )

    @room.get("/interpretations")
    def interpretations() -> str:
        shown = reviewing.shown()
        return render_template("review/interpretations.html", entries=list(shown.words.register()))

    @room.get("/vocabulary")
    def vocabulary() -> str:
        return render_template("review/vocabulary.html", subjects=reviewing.shown().words.phrases())

    @room.get("/findings")
    def findings() -> str:
        shown = reviewing.shown()
        found = shown.sight.findings(shown.review.findings)
        return render_template(
            "review/findings.html",
            on=shown.review.on,
            verdicts={
                verdict: [one for one in found if one.verdict is verdict] for verdict in Verdict
            },
            rules=shown.sight.rules,
            hidden=len(shown.sight.hidden),
        )


def _found(identifier: str, rules: dict[str, Rule]) -> Rule | None:
    """A rule that may be seen; a row is named ``table/row``, or ``table#row``."""
    table, _, row = identifier.rpartition("/")
    return rules.get(identifier) or rules.get(f"{table}#{row}")
