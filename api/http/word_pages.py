"""The pages of rules and their words: rules, terms, facts, regulations, and links between them.

Thin: what is shown is prepared by `api.words`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import NoReturn

from flask import Blueprint, Response, abort, render_template, request
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

from api.http.access import caller_or_public
from api.http.browsing import MAX_QUERY, Browsing, no_kind
from api.words.addresses import address, rule_address
from api.words.details import kind_name
from api.words.neighbourhood import Neighbourhood, neighbourhood, svg
from engine.language.sentences import number


def add_word_pages(room: Blueprint, browsing: Browsing) -> None:
    """Add the pages to *room*."""
    pages, finder = browsing.terms, browsing.finder

    @room.record
    def prepare(state: BlueprintSetupState) -> None:
        environment = state.app.jinja_env
        environment.globals.update(
            address=_address,
            rule_address=lambda rule: request.script_root + rule_address(rule),
        )
        environment.filters.update(kind_name=kind_name, number=number)

    def gone(what: str, identifier: str) -> NoReturn:
        message, mend = browsing.missing(what, identifier)
        abort(HTTPStatus.NOT_FOUND, message if mend is None else f"{message}; {mend}")

    @room.get("/rules")
    def rules() -> str:
        shown = browsing.rules(caller_or_public())
        return render_template("rules.html", folders=shown.folders(), undisclosed=shown.undisclosed)

    @room.get("/rules/<path:identifier>")
    def rule(identifier: str) -> str:
        page = browsing.rules(caller_or_public()).page(identifier)
        if page is None:
            abort(HTTPStatus.NOT_FOUND, f"there is no public rule `{identifier[:MAX_QUERY]}`")
        return render_template("rule.html", page=page)

    @room.get("/terms")
    def terms() -> str:
        words, kind = request.args.get("q", "").strip(), request.args.get("kind") or None
        if kind is not None and kind not in finder.kinds:
            abort(HTTPStatus.NOT_FOUND, no_kind(kind, finder))
        return render_template(
            "terms.html",
            words=words[:MAX_QUERY],
            kind=kind,
            kinds=finder.kinds,
            found=finder.find(words, kind) if words else None,
            near=finder.near(words[:MAX_QUERY]) if words else None,
            listed=finder.of_kind,
        )

    @room.get("/terms/<kind>/<name>")
    def term(kind: str, name: str) -> str | Response:
        identifier = f"{kind}:{name}"
        if identifier in pages.vocabulary.regulations:
            return Response(status=301, headers={"Location": _address(identifier)})
        page = pages.term(identifier)
        if page is None:
            gone("term", identifier)
        around = neighbourhood(page, pages.vocabulary)
        return render_template("term.html", page=page, around=around, picture=_picture(around))

    @room.get("/terms/<kind>/<name>/neighbourhood.svg")
    def picture(kind: str, name: str) -> Response:
        page = pages.term(f"{kind}:{name}")
        around = None if page is None else neighbourhood(page, pages.vocabulary)
        if around is None:
            gone("picture of a term", f"{kind}:{name}")
        return Response(svg(around, _address), content_type="image/svg+xml; charset=utf-8")

    @room.get("/facts")
    def facts() -> str:
        return render_template("facts.html", facts=finder.of_kind("fact"))

    @room.get("/facts/<name>")
    def fact(name: str) -> str:
        page = pages.fact(name)
        if page is None:
            gone("fact", name)
        return render_template("fact.html", page=page, kinds=finder.kinds)

    @room.get("/regulations")
    def regulations() -> str:
        entries = browsing.regulations.entries(browsing.clock())
        return render_template("regulations.html", entries=entries)

    @room.get("/regulations/<name>")
    def regulation(name: str) -> str:
        on = browsing.clock()
        page = browsing.regulations.page(f"regulation:{name}", on)
        if page is None:
            gone("regulation", f"regulation:{name}")
        return render_template("regulation.html", page=page, on=on)


def _address(identifier: str) -> str:
    return request.script_root + address(identifier)


def _picture(around: Neighbourhood | None) -> Markup | None:
    # `svg` escapes all that it is given.
    return None if around is None else Markup(svg(around, _address))
