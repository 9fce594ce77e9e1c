"""The pages and JSON of the ontology: terms, facts, regulations, and links between them.

Thin: what is shown is prepared by `terms`, `regulations`, `finding` and `neighbourhood`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import NoReturn

from flask import Flask, Response, abort, render_template, request
from markupsafe import Markup

from api.replies import json_of, problem
from api.words.addresses import address, rule_address
from api.words.details import kind_name
from api.words.finding import Finder
from api.words.neighbourhood import Neighbourhood, neighbourhood, svg
from api.words.regulations import RegulationPages
from api.words.terms import TermPages
from engine.decide.decision import ReleaseRef
from engine.decide.program import Program
from engine.language.diagnostics import did_you_mean
from engine.language.sentences import number

MAX_QUERY = 200


class Browsing:
    """What one release has to show, indexed once for all requests."""

    def __init__(self, program: Program, release: ReleaseRef, clock: Callable[[], date]) -> None:
        self.release, self.clock = release, clock
        rules = [compiled.rule for compiled in program.rules]
        self.terms = TermPages(rules, program.vocabulary, program.parameters)
        self.regulations = RegulationPages(self.terms)
        self.finder = Finder(self.terms)

    def missing(self, what: str, identifier: str) -> tuple[str, str | None]:
        """That there is no such thing, and what may have been meant."""
        shown = identifier[:MAX_QUERY]
        return f"there is no {what} `{shown}`", self.finder.near(shown)


def add_ontology(app: Flask, browsing: Browsing) -> None:
    """Add the pages and calls to *app*."""
    app.jinja_env.globals.update(
        address=_address, rule_address=lambda rule: request.script_root + rule_address(rule)
    )
    app.jinja_env.filters.update(kind_name=kind_name, number=number)
    _add_pages(app, browsing)
    _add_calls(app, browsing)


def _address(identifier: str) -> str:
    return request.script_root + address(identifier)


def _add_pages(app: Flask, browsing: Browsing) -> None:
    pages, finder, release = browsing.terms, browsing.finder, browsing.release

    def gone(what: str, identifier: str) -> NoReturn:
        message, mend = browsing.missing(what, identifier)
        abort(HTTPStatus.NOT_FOUND, message if mend is None else f"{message}; {mend}")

    @app.get("/terms")
    def terms() -> str:
        words, kind = request.args.get("q", "").strip(), request.args.get("kind") or None
        if kind is not None and kind not in finder.kinds:
            abort(HTTPStatus.NOT_FOUND, _no_kind(kind, finder))
        return render_template(
            "terms.html",
            release=release,
            words=words[:MAX_QUERY],
            kind=kind,
            kinds=finder.kinds,
            found=finder.find(words, kind) if words else None,
            near=finder.near(words[:MAX_QUERY]) if words else None,
            listed=finder.of_kind,
        )

    @app.get("/terms/<kind>/<name>")
    def term(kind: str, name: str) -> str | Response:
        identifier = f"{kind}:{name}"
        if identifier in pages.vocabulary.regulations:
            return Response(status=301, headers={"Location": _address(identifier)})
        page = pages.term(identifier)
        if page is None:
            gone("term", identifier)
        around = neighbourhood(page, pages.vocabulary)
        return render_template(
            "term.html", release=release, page=page, around=around, picture=_picture(around)
        )

    @app.get("/terms/<kind>/<name>/neighbourhood.svg")
    def picture(kind: str, name: str) -> Response:
        page = pages.term(f"{kind}:{name}")
        around = None if page is None else neighbourhood(page, pages.vocabulary)
        if around is None:
            gone("picture of a term", f"{kind}:{name}")
        return Response(svg(around, _address), content_type="image/svg+xml; charset=utf-8")

    @app.get("/facts")
    def facts() -> str:
        return render_template("facts.html", release=release, facts=finder.of_kind("fact"))

    @app.get("/facts/<name>")
    def fact(name: str) -> str:
        page = pages.fact(name)
        if page is None:
            gone("fact", name)
        return render_template("fact.html", release=release, page=page, kinds=finder.kinds)

    @app.get("/regulations")
    def regulations() -> str:
        entries = browsing.regulations.entries(browsing.clock())
        return render_template("regulations.html", release=release, entries=entries)

    @app.get("/regulations/<name>")
    def regulation(name: str) -> str:
        day = browsing.clock()
        page = browsing.regulations.page(f"regulation:{name}", day)
        if page is None:
            gone("regulation", f"regulation:{name}")
        return render_template("regulation.html", release=release, page=page, day=day)


def _add_calls(app: Flask, browsing: Browsing) -> None:
    pages, finder = browsing.terms, browsing.finder

    def gone(what: str, identifier: str) -> Response:
        message, mend = browsing.missing(what, identifier)
        return problem(HTTPStatus.NOT_FOUND, message, mend=mend)

    @app.get("/v1/terms")
    def terms_json() -> Response:
        kind, words = request.args.get("kind") or None, request.args.get("q", "").strip()
        if kind is not None and kind not in finder.kinds:
            return problem(HTTPStatus.BAD_REQUEST, _no_kind(kind, finder))
        found = finder.find(words, kind).terms if words else finder.of_kind(kind)
        return json_of({"terms": [one for one in found if one.kind != "fact"]})

    @app.get("/v1/terms/<path:identifier>")
    def term_json(identifier: str) -> Response:
        page = pages.term(identifier)
        return gone("term", identifier) if page is None else json_of(page)

    @app.get("/v1/facts")
    def facts_json() -> Response:
        words = request.args.get("q", "").strip()
        found = finder.find(words, "fact").terms if words else finder.of_kind("fact")
        return json_of({"facts": found})

    @app.get("/v1/facts/<path:name>")
    def fact_json(name: str) -> Response:
        page = pages.fact(name)
        return gone("fact", name) if page is None else json_of(page)

    @app.get("/v1/regulations")
    def regulations_json() -> Response:
        return json_of({"regulations": browsing.regulations.entries(browsing.clock())})

    @app.get("/v1/regulations/<path:identifier>")
    def regulation_json(identifier: str) -> Response:
        page = browsing.regulations.page(identifier, browsing.clock())
        return gone("regulation", identifier) if page is None else json_of(page)


def _no_kind(kind: str, finder: Finder) -> str:
    near = did_you_mean(kind, finder.kinds)
    return f"there is no kind of terms `{kind[:40]}`" + (f"; {near}" if near else "")


def _picture(around: Neighbourhood | None) -> Markup | None:
    # `svg` escapes all that it is given.
    return None if around is None else Markup(svg(around, _address))
