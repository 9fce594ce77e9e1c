"""A feature file, read strictly: each obligation says its source, force, addressee and regime.

Boundary: text to shapes. Which function a step means is for `matching`. What is refused is a
diagnostic at its line, with the mend.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from engine.language.diagnostics import Diagnostic, RefusedError, did_you_mean
from engine.language.rules import REGIMES
from engine.specs.feature import ALL, CLAUSE, MODALS, STATUSES, Feature, Obligation, Scenario, Step

MAX_TEXT, MAX_LINE = 100_000, 400
MAX_SCENARIOS, MAX_STEPS = 100, 40

_KINDS = {"Context": "given", "Action": "when", "Outcome": "then"}
_SAID = {
    "Source": "where the clause stands",
    "Modal": f"its force: {', '.join(MODALS)}, with a proviso after a comma if it has one",
    "Addressee": "whom it binds",
    "Regime": f"`{ALL}`, or some of {', '.join(REGIMES)}",
    "Confidence": f"{', '.join(STATUSES)}; then `, checked 2026-11-23`",
    "Not tested": "what no scenario here shows",
}
_CONFIDENCE = re.compile(r"(?P<status>\S+), checked (?P<day>\d{4}-\d{2}-\d{2})")
_Record = dict[str, tuple[int, str]]


def read_features(folder: Path) -> tuple[Feature, ...]:
    """Every feature below *folder*, by name of file.

    Raises `RefusedError` with every diagnostic of all files.
    """
    found: list[Diagnostic] = []
    features = []
    for path in sorted(folder.rglob("*.feature")):
        file = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        try:
            features.append(read_feature(path.read_text("utf-8"), file))
        except RefusedError as error:
            found += error.diagnostics
        except UnicodeDecodeError:
            found.append(Diagnostic(code="not-utf-8", message="the file is not UTF-8", file=file))
    if found:
        raise RefusedError(found)
    return tuple(features)


def read_feature(text: str, file: str) -> Feature:
    """The feature that *text* says; *file* is the name that diagnostics give.

    Raises `RefusedError`: it does not parse, or does not say what an obligation must say.
    """
    reading = _Reading(text, file)
    if len(text) > MAX_TEXT:
        reading.refuse(1, "too-long", f"a feature has at most {MAX_TEXT} characters")
        raise RefusedError(reading.found)
    try:
        document: Any = Parser().parse(text)
    except CompositeParserException as error:
        raise RefusedError(_unparsed(one, file) for one in error.errors) from None
    except ParserException as error:
        raise RefusedError([_unparsed(error, file)]) from None
    feature = reading.feature(document)
    if reading.found or feature is None:
        raise RefusedError(sorted(reading.found, key=lambda one: one.line))
    return feature


def _unparsed(error: ParserException, file: str) -> Diagnostic:
    words = re.sub(r"^\(\d+:\d+\): ", "", str(error))
    return Diagnostic(
        code="no-gherkin",
        message=f"this is no Gherkin: {words}",
        file=file,
        line=error.location["line"],
        help="a file is a `Feature:` with `Rule:`s, their `Scenario:`s, and steps that begin with "
        "Given, When, Then, And or But",
    )


class _Reading:
    """One file on its way; *found* collects what is refused."""

    def __init__(self, text: str, file: str) -> None:
        self.lines, self.file = text.splitlines(), file
        self.found: list[Diagnostic] = []

    def refuse(self, line: int, code: str, message: str, mend: str | None = None) -> None:
        self.found.append(
            Diagnostic(code=code, message=message, file=self.file, line=line, help=mend)
        )

    def feature(self, document: Any) -> Feature | None:
        node = document.get("feature")
        if node is None:
            self.refuse(1, "no-feature", "there is no feature", "begin with `Feature: …`")
            return None
        for number, text in enumerate(self.lines, 1):
            if len(text) > MAX_LINE:
                self.refuse(number, "too-long", f"a line has at most {MAX_LINE} characters")
        line, tags = _line(node), _tags(node)
        if not any(CLAUSE.fullmatch(tag) for tag in tags):
            self.refuse(
                line, "no-clause", "no tag names the clause", "write one above, as `@TFA-7.4.3`"
            )
        obligations = [
            self.obligation(rule, tags, scenarios) for rule, scenarios in self._rules(document)
        ]
        if not obligations:
            self.refuse(line, "no-obligation", "there is no obligation", "add a `Rule: …`")
        self._check_names([one for one in obligations if one is not None])
        return Feature(
            file=self.file,
            line=line,
            name=node["name"],
            tags=tags,
            gist=" ".join(node["description"].split()),
            obligations=tuple(one for one in obligations if one is not None),
        )

    def _rules(self, document: Any) -> Iterator[tuple[Any, list[Scenario]]]:
        """Each ``Rule:`` with its scenarios: backgrounds put in, outlines spelt out."""
        rows = 0
        for child in document["feature"]["children"]:
            if "scenario" in child:
                self.refuse(
                    _line(child["scenario"]),
                    "no-obligation",
                    "the scenario stands under no obligation",
                    "put it under the `Rule: …` that it shows",
                )
            rows += _rows(child.get("rule"))
        if rows > MAX_SCENARIOS:
            self.refuse(1, "too-long", f"a feature has at most {MAX_SCENARIOS} scenarios")
            return
        nodes = dict(_nodes(document["feature"]))
        found: dict[str, list[Scenario]] = defaultdict(list)
        whole: Any = {**document, "uri": self.file}
        for pickle in Compiler().compile(whole):
            node = nodes[pickle["astNodeIds"][0]]
            found[node["id"]].append(self.scenario(node, pickle, nodes))
        for child in document["feature"]["children"]:
            if "rule" in child:
                scenarios = [
                    one["scenario"] for one in child["rule"]["children"] if "scenario" in one
                ]
                yield child["rule"], [one for node in scenarios for one in found[node["id"]]]

    def scenario(self, node: Any, pickle: Any, nodes: Mapping[str, Any]) -> Scenario:
        """One case, at its line or at that of its row of examples."""
        line = pickle["location"]["line"]
        if not node["steps"]:
            self.refuse(line, "no-steps", "the scenario has no steps", "add Given, When and Then")
        if len(pickle["steps"]) > MAX_STEPS:
            self.refuse(line, "too-long", f"a scenario has at most {MAX_STEPS} steps")
        steps = []
        for one in pickle["steps"]:
            step = nodes[one["astNodeIds"][0]]
            if "dataTable" in step or "docString" in step:
                self.refuse(
                    _line(step),
                    "no-sentence",
                    "a step is one sentence, without a table or a text below it",
                    "say it in words, or use a `Scenario Outline:` with `Examples:`",
                )
            if one["type"] not in _KINDS:
                self.refuse(
                    _line(step),
                    "no-kind",
                    "nothing says whether this step is given, done or expected",
                    "begin with Given, When or Then",
                )
                continue
            steps.append(
                Step(
                    file=self.file,
                    line=_line(step),
                    kind=_KINDS[one["type"]],
                    keyword=step["keyword"].strip(),
                    text=one["text"],
                )
            )
        return Scenario(
            file=self.file,
            line=line,
            name=pickle["name"],
            tags=tuple(dict.fromkeys(tag["name"].removeprefix("@") for tag in pickle["tags"])),
            steps=tuple(steps),
        )

    def obligation(
        self, node: Any, above: tuple[str, ...], scenarios: Sequence[Scenario]
    ) -> Obligation | None:
        line = _line(node)
        if not scenarios:
            self.refuse(line, "no-scenario", "the obligation has no scenario", "add a `Scenario:`")
        said = self._said(node)
        for label, what in _SAID.items():
            if label not in said:
                self.refuse(
                    line, "missing-line", f"`{label}:` is missing", f"add `{label}: …` ({what})"
                )
        if said.keys() != _SAID.keys():
            return None
        modal, _, proviso = said["Modal"][1].partition(", ")
        self._check_word(said, "Modal", [modal], MODALS)
        regimes = tuple(said["Regime"][1].split(", "))
        self._check_word(said, "Regime", regimes, (ALL, *REGIMES))
        status, checked = self._confidence(*said["Confidence"])
        return Obligation(
            file=self.file,
            line=line,
            name=node["name"],
            tags=tuple(dict.fromkeys((*above, *_tags(node)))),
            source=said["Source"][1],
            modal=modal,
            proviso=proviso or None,
            addressee=said["Addressee"][1],
            regimes=regimes,
            status=status,
            checked=checked,
            untested=said["Not tested"][1],
            scenarios=tuple(scenarios),
        )

    def _said(self, node: Any) -> _Record:
        """The labelled lines of an obligation. What is indented further continues a line."""
        said: _Record = {}
        label, margin = "", 0
        for line, text in self._described(node):
            indent = len(text) - len(text.lstrip())
            if label and indent > margin:
                number, begun = said[label]
                said[label] = (number, f"{begun} {text.strip()}")
                continue
            label, _, value = (part.strip() for part in text.partition(":"))
            margin = indent
            if label not in _SAID:
                self.refuse(
                    line,
                    "unknown-line",
                    f"an obligation has no line `{label}`",
                    did_you_mean(label, _SAID) or f"its lines are {', '.join(_SAID)}",
                )
                label = ""
            elif label in said:
                self.refuse(line, "twice", f"`{label}:` is said twice", "keep one")
            elif not value:
                self.refuse(line, "empty-line", f"`{label}:` is empty", f"say {_SAID[label]}")
                said[label] = (line, "")
            else:
                said[label] = (line, value)
        return said

    def _described(self, node: Any) -> Iterator[tuple[int, str]]:
        """The lines of a description, with their numbers; it holds no comments."""
        number = _line(node)
        for text in node["description"].splitlines():
            if not text.strip():
                continue
            number = self.lines.index(text, number) + 1
            yield number, text

    def _check_word(
        self, said: _Record, label: str, words: Sequence[str], known: Sequence[str]
    ) -> None:
        for word in words:
            if word not in known:
                self.refuse(
                    said[label][0],
                    "unknown-word",
                    f"`{label}:` does not know `{word}`",
                    did_you_mean(word, known) or f"write {_SAID[label]}",
                )

    def _confidence(self, line: int, text: str) -> tuple[str, date]:
        match = _CONFIDENCE.fullmatch(text)
        try:
            day = date.fromisoformat(match["day"]) if match else None
        except ValueError:
            day = None
        if match is None or day is None or match["status"] not in STATUSES:
            self.refuse(
                line,
                "unknown-word",
                f"`Confidence:` does not know `{text}`",
                f"write {_SAID['Confidence']}",
            )
            return STATUSES[1], date.min
        return match["status"], day

    def _check_names(self, obligations: Sequence[Obligation]) -> None:
        seen: dict[str, int] = {}
        for scenario in (one for obligation in obligations for one in obligation.scenarios):
            if scenario.name in seen:
                self.refuse(
                    scenario.line,
                    "twice",
                    f"line {seen[scenario.name]} has a scenario of the same name",
                    "give each its own, with what differs",
                )
            seen[scenario.name] = scenario.line


def _line(node: Any) -> int:
    return int(node["location"]["line"])


def _tags(node: Any) -> tuple[str, ...]:
    return tuple(tag["name"].removeprefix("@") for tag in node["tags"])


def _rows(rule: Any) -> int:
    """How many scenarios a ``Rule:`` spells out to."""
    scenarios = [one["scenario"] for one in (rule or {}).get("children", ()) if "scenario" in one]
    return sum(
        sum(len(table.get("tableBody", ())) for table in one["examples"]) if one["examples"] else 1
        for one in scenarios
    )


def _nodes(node: Any) -> Iterator[tuple[str, Any]]:
    """Every scenario and step below *node*, by its id."""
    for child in node["children"]:
        for kind in ("background", "scenario"):
            if kind in child:
                yield child[kind]["id"], child[kind]
                yield from ((step["id"], step) for step in child[kind]["steps"])
        if "rule" in child:
            yield from _nodes(child["rule"])
