"""WCO Data Model 3.6 messages: the same declaration as in JSON, spelled in XML.

Elements are found by local name, as prefixes and namespaces differ between administrations.
Boundary: what a message is; its declaration is for `wco_header` and `wco_goods`, the form of
what was read is judged by `form`, as for JSON.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn

import msgspec
from msgspec import Struct

from engine.declaration.declaration import Declaration, Known, Request
from engine.declaration.facts import Stage
from engine.declaration.form import MAX_VERSIONS, check_declaration
from engine.declaration.problems import MalformedError, Problem, Remarks, Report
from engine.declaration.strict_json import shown
from engine.declaration.strict_xml import Element, parse_xml
from engine.declaration.versions import merge
from engine.declaration.wco_header import read_declaration
from engine.declaration.wco_notes import Notes, Places


class Kind(StrEnum):
    """What a message is."""

    DECLARATION = "declaration"
    AMENDMENT = "amendment"
    CANCELLATION = "cancellation"
    PRESENTATION = "goods presentation"
    EXPORT = "export declaration"
    NOTIFICATION = "notification"
    MOVEMENT = "inventory message"
    STATUS = "status report"
    OTHER = "other"


NEEDS_EARLIER = frozenset({Kind.AMENDMENT, Kind.PRESENTATION})
_ABOUT_EARLIER = {
    "COR": Kind.AMENDMENT,
    "INV": Kind.CANCELLATION,
    "GPR": Kind.PRESENTATION,
}
_REFUSED = {
    Kind.AMENDMENT: (
        "an amendment alone: it needs what it amends",
        "give the declaration that it amends before it",
    ),
    Kind.PRESENTATION: (
        "a presentation of goods alone: it needs the declaration that it is about",
        "give the declaration before it",
    ),
    Kind.CANCELLATION: (
        "a cancellation: there is nothing to decide",
        "controls that were notified stand until an officer ends them",
    ),
    Kind.EXPORT: (
        "an export declaration: the criteria are for goods that enter",
        "send import declarations only",
    ),
    Kind.NOTIFICATION: (
        "a notification and no declaration",
        "send the declaration that it answers",
    ),
    Kind.MOVEMENT: ("an inventory message and no declaration", "send the declaration itself"),
    Kind.STATUS: ("a status report and no declaration", "send the declaration itself"),
    Kind.OTHER: (
        "no `Declaration` is in it",
        "send a WCO Data Model 3.6 declaration, or JSON",
    ),
}


class Message(Struct, frozen=True, kw_only=True):
    """What was read from one message.

    *number* is what customs gave the declaration, if it is stated. *declaration* is there for
    a declaration, an amendment and a presentation; the goods of the last two may be none.
    *earlier* holds the versions that the declaration has been laid over, oldest first.
    """

    kind: Kind
    root: Element
    at: Element
    number: str | None = None
    declaration: Declaration | None = None
    places: Places = Places({})
    reports: tuple[Report, ...] = ()
    earlier: tuple[Declaration, ...] = ()

    def request(self, known: Known | None = None) -> Request:
        """The request for a decision that the message is, beside what an agency knows.

        Raises `MalformedError`: there is nothing in it to decide on, or not by itself.
        """
        if self.kind is not Kind.DECLARATION or self.declaration is None:
            self.refuse()
        return Request(declaration=self.declaration, known=known or Known(), earlier=self.earlier)

    def refuse(self) -> NoReturn:
        """Say why there is no decision.

        Raises `MalformedError`: always.
        """
        message, mend = _REFUSED[self.kind]
        problem = Problem(pointer=self.at.path, message=message, help=mend, line=self.at.line)
        raise MalformedError([problem])

    def located(self, problem: Problem) -> Problem:
        """*problem* with the path and line of the element instead of a JSON pointer."""
        place = self.places.place(problem.pointer, self.declaration) if self.declaration else None
        if place is None:
            return problem
        return msgspec.structs.replace(problem, pointer=place.path, line=place.line)


def read_message(body: bytes) -> Message:
    """Read one message of whatever kind.

    Raises `MalformedError`: it cannot be read, or says what cannot be meant; each problem
    gives the path of the element and its line.
    """
    root = parse_xml(body)
    kind, at = _kind(root)
    if kind in (Kind.NOTIFICATION, Kind.MOVEMENT, Kind.STATUS, Kind.OTHER):
        return Message(kind=kind, root=root, at=at)
    notes = Notes()
    number = notes.text(at, "ID")
    if kind is Kind.CANCELLATION:
        notes.raise_problems()
        return Message(kind=kind, root=root, at=at, number=number)
    declaration = read_declaration(at, notes, amends=kind is Kind.AMENDMENT)
    message = Message(
        kind=kind,
        root=root,
        at=at,
        number=number,
        declaration=declaration,
        places=Places(notes.elements),
        reports=tuple(notes.reports),
    )
    if kind in (Kind.DECLARATION, Kind.EXPORT):
        _check(message, notes.problems)
    notes.raise_problems()
    return message


def amended(message: Message, earlier: Message) -> Message:
    """The declaration *earlier* with *message*, an amendment or presentation, laid over it.

    What an amendment would withdraw stays and is reported: nothing that was declared is taken
    back without an officer's act. Raises `MalformedError`: *earlier* is no declaration, or
    another one, or the two together cannot be meant.
    """
    if earlier.kind is not Kind.DECLARATION or earlier.declaration is None:
        earlier.refuse()
    if message.kind not in NEEDS_EARLIER or message.declaration is None:
        message.refuse()
    if message.number and earlier.number and message.number != earlier.number:
        at = message.at.all("ID")[0]
        text = f"it is about `{shown(message.number)}`, not about `{shown(earlier.number)}`"
        problem = Problem(pointer=at.path, message=text, line=at.line)
        raise MalformedError([msgspec.structs.replace(problem, help="give what it amends")])
    if len(earlier.earlier) + 1 > MAX_VERSIONS:
        problem = Problem(pointer=message.at.path, message=f"more than {MAX_VERSIONS} versions")
        raise MalformedError([msgspec.structs.replace(problem, help="give the last ones")])
    later = msgspec.structs.replace(message.declaration, id=earlier.declaration.id)
    if message.kind is Kind.PRESENTATION and earlier.declaration.stage is Stage.PRE_ARRIVAL:
        later = msgspec.structs.replace(later, stated_stage=Stage.ARRIVAL)
    together = msgspec.structs.replace(
        earlier,
        number=earlier.number or message.number,
        declaration=merge(earlier.declaration, later),
        places=Places(earlier.places.elements | message.places.elements),
        reports=(*earlier.reports, *message.reports),
        earlier=(*earlier.earlier, earlier.declaration),
    )
    problems: list[Problem] = []
    _check(together, problems)
    if problems:
        raise MalformedError(problems)
    return together


def _check(message: Message, problems: list[Problem]) -> None:
    """Judge the form as for JSON; what is wrong names the element."""
    remarks = Remarks()
    assert message.declaration is not None  # called for declarations only
    check_declaration(message.declaration, "/declaration", remarks)
    problems += (message.located(problem) for problem in remarks.problems)


def _kind(root: Element) -> tuple[Kind, Element]:
    """What the message is, and the element that says so: its one declaration, if it has one."""
    name = root.name.lower()
    if name.startswith("inventorylinking"):
        return Kind.MOVEMENT, root
    if name == "declarationstatusresponse":
        return Kind.STATUS, root
    found = {"Declaration": [], "Response": []}  # type: dict[str, list[Element]]
    for element in root.walk():
        if element.name in found:
            found[element.name].append(element)
    if found["Response"]:
        return Kind.NOTIFICATION, found["Response"][0]
    declarations = found["Declaration"]
    if not declarations:
        return Kind.OTHER, root
    if len(declarations) > 1:
        _refuse(declarations[1], "a second declaration", "send one declaration a message")
    version = next((e for e in root.walk() if e.name == "WCODataModelVersionCode"), None)
    if version is not None and not version.text.startswith("3."):
        message = f"version `{shown(version.text)}` of the data model is not read"
        _refuse(version, message, "send version 3.6")
    return _function(declarations[0]), declarations[0]


def _function(declaration: Element) -> Kind:
    notes = Notes()
    function = notes.one(declaration, "FunctionCode")
    kind = notes.one(declaration, "TypeCode")
    notes.raise_problems()
    if function is None or not function.text:
        mend = "add 9 for a declaration, 13 for an amendment or cancellation"
        _refuse(declaration, "no `FunctionCode`", mend)
    code = kind.text if kind is not None else ""
    if function.text == "9":
        return Kind.EXPORT if code.startswith("EX") else Kind.DECLARATION
    if function.text != "13":
        message = f"function code `{shown(function.text)}` is not read"
        _refuse(function, message, "write 9 for a declaration, 13 for what is about an earlier one")
    if code not in _ABOUT_EARLIER:
        mend = "write COR to amend, INV to cancel, GPR to present the goods"
        _refuse(kind or declaration, f"type `{shown(code)}` is not read with function 13", mend)
    return _ABOUT_EARLIER[code]


def _refuse(at: Element, message: str, mend: str) -> NoReturn:
    raise MalformedError([Problem(pointer=at.path, message=message, help=mend, line=at.line)])
