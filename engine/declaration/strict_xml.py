"""XML without leniency: a small tree with lines, or a refusal that names the place.

Refused here: what is not XML in UTF-8, every DOCTYPE (and so every entity), and what is larger
or deeper than any declaration. Nothing outside the body is ever read.
Boundary: knows no declaration.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from engine.declaration.problems import malformed
from engine.declaration.strict_json import shown

MAX_XML = 5 * 1024 * 1024
"""Bytes of one message, checked before anything is parsed."""

MAX_LEVELS = 64
"""How deep elements may be nested."""

MAX_ELEMENTS = 200_000
"""Elements and attributes of one message: parsing must not cost more than deciding."""

MAX_NAME = 200

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\x00", b"\x00<")
_ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Element:
    """One element: its local name, namespace, line, attributes by local name, text, children."""

    __slots__ = (
        "attributes",
        "children",
        "counts",
        "line",
        "name",
        "namespace",
        "order",
        "parent",
        "text",
    )

    def __init__(self, name: str, namespace: str, line: int, parent: Element | None) -> None:
        self.name, self.namespace, self.line, self.parent = name, namespace, line, parent
        self.attributes: dict[str, str] = {}
        self.children: list[Element] = []
        self.counts: dict[str, int] = {}
        self.text = ""
        self.order = 1
        if parent is not None:
            # Counted here once: paths of ten thousand items must not each count their siblings.
            self.order = parent.counts[name] = parent.counts.get(name, 0) + 1
            parent.children.append(self)

    def all(self, name: str) -> list[Element]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def walk(self) -> Iterator[Element]:
        """The element and everything in it, in the order of the text."""
        ahead = [self]
        while ahead:
            element = ahead.pop()
            yield element
            ahead += reversed(element.children)

    @property
    def path(self) -> str:
        """The path from the root: ``/MetaData/Declaration/AuthorisationHolder[2]/ID``.

        A number tells apart the children of one name; it counts from 1.
        """
        if self.parent is None:
            return f"/{self.name}"
        number = f"[{self.order}]" if self.parent.counts[self.name] > 1 else ""
        return f"{self.parent.path}/{self.name}{number}"


def is_xml(body: bytes) -> bool:
    """Whether *body* looks like XML and not like JSON, in whatever encoding."""
    return body.startswith(_UTF_16) or body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<"


def parse_xml(body: bytes) -> Element:
    """The root of *body*, with white space of all text made single.

    Raises `MalformedError`: with the first fault and its line.
    """
    if len(body) > MAX_XML:
        _refuse(f"the message has more than {MAX_XML} bytes", "send fewer items", None)
    if body.startswith(_UTF_16):
        _refuse("not UTF-8 but UTF-16", "send the message as UTF-8", 1)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        _refuse(f"not UTF-8 at byte {error.start}", "send the message as UTF-8", line)
    return _Builder().read(body.removeprefix(codecs.BOM_UTF8).lstrip())


def _refuse(message: str, mend: str, line: int | None, path: str = "") -> NoReturn:
    raise malformed(path, message, mend, line)


class _Builder:
    """Builds the tree from the events of one parser; the first fault ends it."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.here: Element | None = None
        self.depth = self.count = 0
        self.texts: list[list[str]] = []
        parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser = parser

    def read(self, body: bytes) -> Element:
        try:
            self.parser.Parse(body, True)
        except expat.ExpatError as error:
            fault = expat.ErrorString(error.code)
            _refuse(
                f"not XML: {fault} at line {error.lineno}, column {error.offset + 1}",
                "send one complete XML document",
                error.lineno,
                self.here.path if self.here else "",
            )
        if self.root is None:
            _refuse("no element", "send one complete XML document", 1)
        return self.root

    def _line(self) -> int:
        return self.parser.CurrentLineNumber

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        del standalone
        if version != "1.0":
            _refuse(f"XML {shown(version)}", "send XML 1.0", self._line())
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            mend = "send the message as UTF-8 and say so"
            _refuse(f"encoding `{shown(encoding)}` is not read", mend, self._line())

    def _doctype(self, name: str, system: str | None, public: str | None, inside: int) -> None:
        del name, system, public, inside
        # Entities can only be declared there: without one there is none to expand or to fetch.
        _refuse("a DOCTYPE is never read", "leave it out, with all its entities", self._line())

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1 + len(attributes)
        at = self.here.path if self.here and self.depth > MAX_LEVELS else ""
        if self.depth > MAX_LEVELS:
            mend = "a declaration needs fewer"
            _refuse(f"nested more than {MAX_LEVELS} levels deep", mend, self._line(), at)
        if self.count > MAX_ELEMENTS:
            _refuse(f"more than {MAX_ELEMENTS} elements", "send fewer items", self._line())
        namespace, _, name = tag.rpartition(" ")
        if len(name) > MAX_NAME:
            _refuse(f"a name of {len(name)} characters: `{shown(name)}`", "remove it", self._line())
        element = Element(name, namespace, self._line(), self.here)
        element.attributes = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self.root = self.root or element
        self.here = element
        self.texts.append([])

    def _end(self, tag: str) -> None:
        del tag
        element = self.here
        assert element is not None  # expat closes only what it opened
        text = "".join(self.texts.pop())
        if found := _CONTROL.search(text):
            what = f"a control character (U+{ord(found.group()):04X})"
            _refuse(what, "remove it", element.line, element.path)
        element.text = " ".join(text.split())
        self.here = element.parent
        self.depth -= 1

    def _characters(self, text: str) -> None:
        if self.texts:
            self.texts[-1].append(text)
