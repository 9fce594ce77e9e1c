"""Turtle modules and CSV tables, merged into one graph that remembers where each term stands.

Boundary: reads files and says where they cannot be read. Whether what they say makes sense is
`lint`'s to judge.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from msgspec import Struct
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from engine.knowledge.names import ALIGNING, BASE, CORE, HS, compact
from engine.language.diagnostics import Diagnostic, RefusedError

_PREFIX = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_SUBJECT = re.compile(r"^(?:<([^>\s]*)>|([A-Za-z][\w-]*):([\w.-]+))(?=\s)", re.MULTILINE)


SHAPES = "shapes.ttl"
"""What terms must say of themselves; see `shapes`."""


class Place(Struct, frozen=True):
    """Where a term is declared; *line* counts from 1."""

    file: str
    line: int = 1


class Reading(Struct, frozen=True, kw_only=True):
    """All that the folder says, before anyone judges it.

    *graph* holds every module and, as classes, HS 2022. *texts* are the modules by file name.
    *shapes* say what terms must say of themselves.
    *aligned* is where a block says no more of a subject than what it matches elsewhere: it declares
    nothing. *repeated* reports what is declared, or aligned, in two places.
    """

    graph: Graph
    places: dict[Node, Place]
    texts: dict[str, str]
    shapes: Graph
    codes: dict[str, str]
    countries: dict[str, str]
    currencies: dict[str, str]
    aligned: dict[Node, Place] = {}
    repeated: tuple[Diagnostic, ...] = ()

    def place(self, subject: Node, mention: str = "") -> Place:
        """Where *subject* is declared, or the next line after that which has *mention*."""
        return self._mentioned(self.places, self.aligned, subject, mention)

    def place_of_alignment(self, subject: Node, mention: str) -> Place:
        """The same where *subject* is aligned: in a block of its own, or with its declaration."""
        return self._mentioned(self.aligned, self.places, subject, mention)

    def _mentioned(
        self, first: dict[Node, Place], second: dict[Node, Place], subject: Node, mention: str
    ) -> Place:
        found = first.get(subject) or second.get(subject, Place("ontology"))
        lines = self.texts.get(found.file, "").splitlines()
        for number, line in enumerate(lines[found.line - 1 :], found.line):
            if mention and mention in line:
                return Place(found.file, number)
        return found


def read(folder: Path) -> Reading:
    """Read every Turtle module and table of *folder*; refuse what cannot be read."""
    problems: list[Diagnostic] = []
    repeated: list[Diagnostic] = []
    graph, places, aligned = Graph(), dict[Node, Place](), dict[Node, Place]()
    texts = _texts(folder, problems)
    for file, text in texts.items():
        module = _parse(file, text, problems)
        repeated += _locate(module, file, text, places, aligned)
        graph += module
    shapes = _shapes(folder, problems)
    codes = _table(folder, "hs2022.csv", _valid_code, problems)
    countries = _table(folder, "countries.csv", _letters(2), problems)
    currencies = _table(folder, "currencies.csv", _letters(3), problems)
    if problems:
        raise RefusedError(problems + repeated)
    for triple in _nomenclature(codes):
        graph.add(triple)
    return Reading(
        graph=graph,
        places=places,
        aligned=aligned,
        texts=texts,
        shapes=shapes,
        codes=codes,
        countries=countries,
        currencies=currencies,
        repeated=tuple(repeated),
    )


def _texts(folder: Path, problems: list[Diagnostic]) -> dict[str, str]:
    """Return the text of each Turtle module under its name, ``ontology/facts.ttl``."""
    texts = {}
    for path in sorted(folder.rglob("*.ttl")):
        if path == folder / SHAPES:
            continue  # shapes speak of the modules and are none
        file = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        text = _text(path, file, problems)
        if text is not None:
            texts[file] = text
    if not texts:
        message = "no Turtle module here"
        problems.append(Diagnostic(code="missing-file", message=message, file=folder.name))
    return texts


def _text(path: Path, file: str, problems: list[Diagnostic]) -> str | None:
    """Return the text of one *file*; nothing, and a diagnostic, where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(Diagnostic(code="missing-file", message=f"no `{path.name}`", file=file))
    except UnicodeDecodeError:
        problems.append(Diagnostic(code="encoding", message="not UTF-8", file=file))
    return None


def _shapes(folder: Path, problems: list[Diagnostic]) -> Graph:
    """Return the shapes: without them nobody would ask whether terms are complete."""
    file = f"{folder.name}/{SHAPES}"
    text = _text(folder / SHAPES, file, problems)
    return Graph() if text is None else _parse(file, text, problems)


def _parse(file: str, text: str, problems: list[Diagnostic]) -> Graph:
    """Return the graph of one file; of a broken one, nothing but its diagnostic."""
    try:
        return Graph().parse(data=text, format="turtle", publicID=BASE)
    except BadSyntax as error:
        problems.append(
            Diagnostic(
                code="turtle-syntax",
                message=f"not Turtle: {error._why}",
                file=file,
                line=error.lines + 1,  # rdflib counts from 0
            )
        )
        return Graph()


def _locate(
    module: Graph,
    file: str,
    text: str,
    places: dict[Node, Place],
    aligned: dict[Node, Place],
) -> Iterator[Diagnostic]:
    """Note the place of each subject; report one that stands in two places.

    RDF would merge the two silently, and a term would mean what no one wrote. A block of nothing
    but alignments may stand apart from the declaration: it adds no meaning.
    """
    prefixes: dict[str, str] = dict(_PREFIX.findall(text))
    only_aligned = set(module.subjects()) - {
        subject for subject, predicate in module.subject_predicates() if predicate not in ALIGNING
    }
    opened = set[Node]()
    for match in _SUBJECT.finditer(text):
        iri, prefix, local = (group or "" for group in match.groups())
        subject = URIRef(iri or prefixes.get(prefix, prefix) + local)
        opened.add(subject)
        noted = aligned if subject in only_aligned else places
        place = Place(file, text.count("\n", 0, match.start()) + 1)
        if noted.setdefault(subject, place) is not place:
            yield _duplicate(subject, place, noted[subject], noted is aligned)
    for node in set(module.subjects()) - opened:
        noted = aligned if node in only_aligned else places
        if noted.setdefault(node, Place(file)).file != file:
            yield _duplicate(node, Place(file), noted[node], noted is aligned)


def _duplicate(subject: Node, place: Place, first: Place, aligned: bool) -> Diagnostic:
    return Diagnostic(
        code="duplicate-id",
        message=f"`{compact(subject)}` is {'aligned' if aligned else 'declared'} twice",
        help=f"it stands at {first.file}:{first.line}",
        file=place.file,
        line=place.line,
    )


def _table(
    folder: Path, name: str, valid: Callable[[str, dict[str, str]], bool], found: list[Diagnostic]
) -> dict[str, str]:
    """Read a table of two columns, key and text; append what is wrong with it to *found*."""
    file, rows = f"{folder.name}/{name}", dict[str, str]()
    text = _text(folder / name, file, found)
    if text is None:
        return rows
    reader = csv.reader(text.splitlines(keepends=True))
    next(reader, None)
    for row in reader:
        if len(row) != 2 or not row[1] or row[0] in rows or not valid(row[0], rows):
            found.append(
                Diagnostic(
                    code="bad-row",
                    message=f"`{row[0] if row else ''}` is malformed, out of place or repeated",
                    file=file,
                    line=reader.line_num,
                )
            )
        else:
            rows[row[0]] = row[1]
    return rows


def _valid_code(code: str, above: dict[str, str]) -> bool:
    """Whether *code* is a chapter, or a heading or subheading of what stands *above* it."""
    return (
        code.isascii()
        and code.isdigit()
        and len(code) in (2, 4, 6)
        and (len(code) == 2 or code[:-2] in above)
    )


def _letters(count: int) -> Callable[[str, dict[str, str]], bool]:
    return lambda key, _: len(key) == count and key.isascii() and key.isalpha() and key.isupper()


def _nomenclature(codes: dict[str, str]) -> Iterator[tuple[Node, Node, Node]]:
    """Say that each code is a class of goods, within that of the code above it."""
    return chain.from_iterable(
        (
            (HS[code], RDF.type, OWL.Class),
            (HS[code], RDFS.subClassOf, HS[code[:-2]] if len(code) > 2 else CORE.CommodityCode),
            (HS[code], RDFS.label, Literal(text, lang="en")),
        )
        for code, text in codes.items()
    )
