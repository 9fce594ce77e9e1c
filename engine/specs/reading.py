"""A feature file, read strictly: each obligation says its source, force, addressee and regime.

Boundary: text to shapes. Which function a step means is for `matching`. What is refused is a
diagnostic at its line, with the mend.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from engine.language.diagnostics import Diagnostic, RefusedError
from engine.specs.feature import CLAUSE, Feature, Obligation, Scenario, Step
from engine.specs.record import read_record

MAX_TEXT, MAX_LINE = 100_000, 400
MAX_SCENARIOS, MAX_STEPS = 100, 40

_KINDS = {"Context": "given", "Action": "when", "Outcome": "then"}


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
    text = text.replace("\r\n", "\n").replace("\r", "\n")
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
        self.lines, self.file = text.split("\n"), file
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
        record = read_record(node["description"], line, self.lines, self.refuse)
        if record is None:
            return None
        return Obligation(
            file=self.file,
            line=line,
            name=node["name"],
            tags=tuple(dict.fromkeys((*above, *_tags(node)))),
            source=record.source,
            modal=record.modal,
            proviso=record.proviso,
            addressee=record.addressee,
            regimes=record.regimes,
            status=record.status,
            checked=record.checked,
            untested=record.untested,
            scenarios=tuple(scenarios),
        )

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
