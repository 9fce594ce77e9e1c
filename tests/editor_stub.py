"""The editor's calls as their contract says them, over the real language, for a draft of one file.

It stands where drafts and desk will: what a front end may see of them, and no more.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask, Response, abort, render_template_string, request

from api.http.app import SECURITY
from api.http.assets import serve_assets
from engine.decide.examples import GivenError, verdict
from engine.decide.program import Program
from engine.language.base import read_text
from engine.language.condition import Operator
from engine.language.diagnostics import Diagnostic, RefusedError
from engine.language.operands import _BY_TYPE, _ORDERED
from engine.language.rule import Rule
from engine.language.sentences import Reading
from engine.language.source import Source
from engine.language.vocabulary import Fact, FactType
from engine.language.writing import write_content
from engine.release import Release

STATIC = Path(__file__).resolve().parent.parent / "api" / "static"
DRAFT, TOKEN = "d1", "token-of-this-session"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
FORESEEN = [
    {
        "words": "No control is above the ladder: not so: physical at 100%",
        "article": "WTO TBT, Article 5.1.2",
        "goods": "Given goods of which nothing is known",
    },
    {"words": "`one`, `two`: apply to the same", "article": None, "goods": None},
]
WORDS = {
    Operator.IS: "is",
    Operator.IS_A: "is a kind of",
    Operator.ONE_OF: "is one of",
    Operator.WITHIN: "falls under",
    Operator.HAS: "hold",
    Operator.UNDER: "less than",
    Operator.AT_MOST: "at most",
    Operator.OVER: "more than",
    Operator.AT_LEAST: "at least",
    Operator.BETWEEN: "from … to …",
    Operator.KNOWN: "is known",
}
PAGE = """<!doctype html>
<html lang="{{ lang }}" dir="{{ 'rtl' if lang == 'ar' else 'ltr' }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf-token" content="{{ token }}"><title>Draft</title>
<link rel="stylesheet" href="{{ url_for('static', filename='style.css') }}">
{{ asset(island) }}</head>
<body><main id="main"><h1>{{ path }}</h1>
<div data-island="{{ island }}"><script type="application/json">{{ brought|tojson }}</script></div>
</main></body></html>"""


class Desk:
    """One draft of one file, and whoever else saves it."""

    def __init__(self, release: Release, path: str, text: str) -> None:
        self.release, self.path, self.text = release, path, text
        self.revision, self.by = 7, "Ana Souza"
        self.down = False
        self.asked: list[dict[str, Any]] = []

    def save_by_another(self, text: str) -> None:
        self.text, self.revision = text, self.revision + 1

    def answer(self, text: str, content: Any = None) -> dict[str, Any]:
        began = time.perf_counter()
        if content is not None:
            text = write_content(_read(content), text)
        answer: dict[str, Any] = {"text": text, "content": None, "trader": None}
        answer |= {"sentence": [], "diagnostics": [], "examples": []}
        if self.path.endswith(".toml"):
            try:
                answer["content"] = _plain(Source(self.path, text.encode()).content)
                answer |= self._explained(self._rule(text))
            except RefusedError as error:
                answer["diagnostics"] = [_told(each) for each in error.diagnostics]
        else:
            answer["diagnostics"] = _faults(text)
        return answer | {"ms": (time.perf_counter() - began) * 1000}

    def _rule(self, text: str) -> Rule:
        name = self.path.removeprefix("rules/").removesuffix(".toml")
        base = self.release.base
        return read_text(text.encode(), name, self.release.vocabulary, base.parameters)

    def _explained(self, rule: Rule) -> dict[str, Any]:
        vocabulary = self.release.vocabulary
        lines = Reading(vocabulary, self.release.base.parameters).rule(rule).split("\n")
        program = Program(msgspec.structs.replace(self.release.base, rules=(rule,)), vocabulary)
        examples, faults = [], []
        for index, example in enumerate(rule.examples):
            try:
                found = verdict(program, rule, example)
            except GivenError as error:
                place = ["example", index, "given", error.name]
                faults.append(_fault("wrong-example", str(error), place, error.mend))
                continue
            examples.append(
                {
                    "name": example.name,
                    "expect": example.expect,
                    "verdict": found,
                    "holds": found == example.expect,
                }
            )
        reason = vocabulary.terms.get(rule.reason_class or "")
        trader = {
            "reason": reason.label if reason else "",
            "remedy": rule.remedy or "",
            "basis": [basis.cite for basis in rule.bases.values()],
            "appeal": vocabulary.agencies[rule.agency].appeal_body,
        }
        sentence = [
            {
                "depth": (len(line) - len(line.lstrip())) // 2,
                "words": line.strip().removeprefix("- "),
            }
            for line in lines
        ]
        return {"sentence": sentence, "examples": examples, "diagnostics": faults, "trader": trader}

    def words(self, kind: str, more: dict[str, str]) -> Iterator[dict[str, Any]]:
        vocabulary = self.release.vocabulary
        match kind:
            case "fact":
                yield from (self._fact(fact) for fact in vocabulary.facts.values())
            case "term" | "hazard":
                of = more.get("of") or ("hazard" if kind == "hazard" else "")
                terms = [*vocabulary.terms.values(), *vocabulary.certificates.values()]
                for term in terms:
                    if not of or term.id.startswith(f"{of}:"):
                        yield _word(kind, term.id, term.label, term.definition)
            case "task":
                for term in vocabulary.of_kind("control"):
                    yield _word(kind, term.id, term.label, term.definition)
            case "agency" | "group":
                held: dict[str, Any] = (
                    vocabulary.agencies if kind == "agency" else vocabulary.groups
                )
                yield from (
                    _word(kind, each.id, each.label, each.definition) for each in held.values()
                )
            case "country":
                yield from (_word(kind, id_, name) for id_, name in vocabulary.countries.items())
            case "currency":
                yield from (_word(kind, id_, id_) for id_ in sorted(vocabulary.currencies))
            case "basis":
                for id_, basis in vocabulary.bases.items():
                    yield _word(kind, id_, basis.cite, basis.gist)
            case "parameter":
                for parameter in self.release.base.parameters.values():
                    yield _word(kind, parameter.id, parameter.title)
            case "code":
                under = more.get("under")
                for code, words in vocabulary.codes.items():
                    if under is None or (code.startswith(under) and len(code) == len(under) + 2):
                        yield _word(kind, code, words)

    def _fact(self, fact: Fact) -> dict[str, Any]:
        allowed = _BY_TYPE[fact.type] | (_ORDERED if fact.order else frozenset())
        if fact.type is not FactType.DOCUMENTS:
            allowed |= {Operator.KNOWN}
        operators = [
            {"name": each.value, "words": WORDS[each]} for each in Operator if each in allowed
        ]
        unit = None if fact.unit is None else self.release.vocabulary.label(fact.unit)
        return _word("fact", fact.id, fact.label, fact.definition) | {
            "type": fact.type.value,
            "unit": unit,
            "operators": operators,
            "order": list(fact.order),
            "of": fact.range,
        }


def stub(desk: Desk) -> Flask:
    """The pages and calls of an editor that holds one draft."""
    app = Flask(__name__, static_folder=str(STATIC), static_url_path="/static")
    serve_assets(app)

    @app.before_request
    def guard() -> None:
        if desk.down and request.path.startswith("/editor/d"):
            abort(503)
        if request.method != "GET" and request.headers.get("X-CSRF-Token") != TOKEN:
            abort(403)

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.update(SECURITY)
        return response

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    @app.get("/draft")
    def page() -> str:
        table = desk.path.endswith(".csv")
        brought = {"draft": DRAFT, "path": desk.path, "revision": desk.revision, "text": desk.text}
        if table:
            brought |= {"desk": True, "exports": [{"href": "/export.csv", "label": "CSV"}]}
        else:
            brought |= {"content": desk.answer(desk.text)["content"]}
        lang = request.args.get("lang", "en")
        island = "table" if table else "rule"
        return render_template_string(
            PAGE, lang=lang, token=TOKEN, island=island, path=desk.path, brought=brought
        )

    @app.post("/editor/desk")
    def ask() -> dict[str, Any]:
        sent = json.loads(request.data, parse_float=Decimal)
        desk.asked.append(sent)
        return desk.answer(sent["text"], sent.get("content"))

    @app.post("/editor/foreseen")
    def foresee() -> dict[str, Any]:
        return {"found": FORESEEN, "open": 1, "why": None, "ms": 900.0}

    @app.put(f"/editor/drafts/{DRAFT}")
    def save() -> Any:
        sent = request.get_json()
        if sent["revision"] != desk.revision:
            told = {"revision": desk.revision, "by": desk.by, "text": desk.text}
            return {"title": "saved by someone else", "status": 409, **told}, 409
        desk.text, desk.revision = sent["text"], desk.revision + 1
        return {"revision": desk.revision}

    @app.post(f"/editor/drafts/{DRAFT}/sheet")
    def sheet() -> Any:
        raw = request.files["file"].read()
        if b"=SUM" in raw:
            mend = "replace it by its value"
            return {"title": "cell A2 holds a formula", "status": 422, "detail": mend}, 422
        return {"text": raw.decode()}

    @app.get("/editor/words")
    def words() -> list[dict[str, Any]]:
        args = request.args.to_dict()
        sought = args.pop("q").lower()
        limit = int(args.pop("limit"))
        found = [
            word
            for word in desk.words(args.pop("kind"), args)
            if sought in f"{word['id']} {word['label']} {word['definition']}".lower()
        ]
        found.sort(key=lambda word: (word["id"].lower() != sought, word["id"]))
        return found[:limit]

    return app


def _word(kind: str, id_: str, label: str, definition: str | None = None) -> dict[str, Any]:
    return {"id": id_, "label": label, "definition": definition, "kind": kind}


def _told(fault: Diagnostic) -> dict[str, Any]:
    steps = [int(step) if step.isdecimal() else step for step in _steps(fault.path)]
    return _fault(fault.code, fault.message, steps, fault.help, fault.line, fault.severity.value)


def _steps(path: str) -> list[str]:
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|([^.\[\]"]+)', path)]


def _fault(
    code: str,
    message: str,
    path: list[Any],
    mend: str | None,
    line: int = 1,
    severity: str = "error",
) -> dict[str, Any]:
    told = {"code": code, "severity": severity, "message": message, "help": mend}
    return {**told, "line": line, "path": path}


def _faults(text: str) -> list[dict[str, Any]]:
    """A table may hold no cell that says ``wrong``: enough to see where it is shown."""
    return [
        _fault("wrong-cell", "a cell is wrong", [], "mend it", number)
        for number, line in enumerate(text.splitlines(), 1)
        if "wrong" in line
    ]


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(held) for key, held in value.items()}
        case list():
            return [_plain(held) for held in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
    return value


def _read(value: Any) -> Any:
    match value:
        case dict():
            return {key: _read(held) for key, held in value.items()}
        case list():
            return [_read(held) for held in value]
        case str() if DAY.fullmatch(value):
            return date.fromisoformat(value)
        case float():
            return Decimal(str(value))
    return value
