"""WCO Data Model 3.6 messages: the same declaration as in JSON, spelled in XML.

Elements are found by local name, as prefixes and namespaces differ between administrations.
Boundary: what a message is; its declaration is for `wco_header` and `wco_goods`, the form of
what was read is judged by `form`, as for JSON.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn

from msgspec import Struct
from msgspec.structs import replace

from engine.declaration.declaration import Known, Request
from engine.declaration.facts import Stage
from engine.declaration.form import MAX_VERSIONS, check_declaration
from engine.declaration.lodged import Lodged
from engine.declaration.problems import MalformedError, Problem, Remarks, malformed
from engine.declaration.strict_json import shown
from engine.declaration.strict_xml import Element, parse_xml
from engine.declaration.versions import merge
from engine.declaration.wco_header import read_declaration
from engine.declaration.wco_notes import Notes


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
REFUSALS = {
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
"""What is wrong with a message by itself, and the mend."""


class Message(Struct, frozen=True, kw_only=True):
    """What was read from one message.

    *number* is what customs gave the declaration, if it is stated. *lodged* is the declaration
    that it brings; of an amendment or presentation, only what it says anew.
    """

    kind: Kind
    root: Element
    at: Element
    number: str | None = None
    lodged: Lodged | None = None

    def request(self, known: Known | None = None) -> Request:
        """The request for a decision that the message is, beside what an agency knows.

        Raises `MalformedError`: there is nothing in it to decide on, or not by itself.
        """
        if self.kind is not Kind.DECLARATION or self.lodged is None:
            self.refuse()
        return self.lodged.request(known)

    def refuse(self) -> NoReturn:
        """Say why there is no decision.

        Raises `MalformedError`: always.
        """
        refuse(self.at, *REFUSALS[self.kind])


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
    lodged = None
    if kind is not Kind.CANCELLATION:
        declaration = read_declaration(at, notes, amends=kind is Kind.AMENDMENT)
        lodged = Lodged(
            number=number,
            declaration=declaration,
            places=notes.places,
            reports=tuple(notes.reports),
        )
        if kind not in NEEDS_EARLIER:
            notes.problems += _faults(lodged)
    notes.raise_problems()
    return Message(kind=kind, root=root, at=at, number=number, lodged=lodged)


def amended(message: Message, earlier: Lodged) -> Lodged:
    """The declaration *earlier* with *message*, an amendment or presentation, laid over it.

    What an amendment would withdraw stays and is reported: nothing that was declared is taken
    back without an officer's act. Raises `MalformedError`: *message* amends nothing, or another
    declaration, or the two together cannot be meant.
    """
    if message.kind not in NEEDS_EARLIER or message.lodged is None:
        message.refuse()
    anew = message.lodged
    if anew.number and earlier.number and anew.number != earlier.number:
        text = f"it is about `{shown(anew.number)}`, not about `{shown(earlier.number)}`"
        refuse(message.at.all("ID")[0], text, "give what it amends")
    if len(earlier.earlier) + 1 > MAX_VERSIONS:
        refuse(message.at, f"more than {MAX_VERSIONS} versions", "give the last ones")
    later = replace(anew.declaration, id=earlier.declaration.id)
    if message.kind is Kind.PRESENTATION and earlier.declaration.stage is Stage.PRE_ARRIVAL:
        later = replace(later, stated_stage=Stage.ARRIVAL)
    together = Lodged(
        number=earlier.number or anew.number,
        declaration=merge(earlier.declaration, later),
        places=earlier.places | anew.places,
        reports=(*earlier.reports, *anew.reports),
        earlier=(*earlier.earlier, earlier.declaration),
    )
    if problems := _faults(together):
        raise MalformedError(problems)
    return together


def _faults(lodged: Lodged) -> list[Problem]:
    """What is wrong with its form, judged as for JSON; each problem names the element."""
    remarks = Remarks()
    check_declaration(lodged.declaration, "/declaration", remarks)
    return [lodged.located(problem) for problem in remarks.problems]


def _kind(root: Element) -> tuple[Kind, Element]:
    """What the message is, and the element that says so: its one declaration, if it has one."""
    name = root.name.lower()
    if name.startswith("inventorylinking"):
        return Kind.MOVEMENT, root
    if name == "declarationstatusresponse":
        return Kind.STATUS, root
    found: dict[str, list[Element]] = {"Declaration": [], "Response": []}
    for element in root.walk():
        if element.name in found:
            found[element.name].append(element)
    if found["Response"]:
        return Kind.NOTIFICATION, found["Response"][0]
    declarations = found["Declaration"]
    if not declarations:
        return Kind.OTHER, root
    if len(declarations) > 1:
        refuse(declarations[1], "a second declaration", "send one declaration a message")
    version = next((e for e in root.walk() if e.name == "WCODataModelVersionCode"), None)
    if version is not None and not version.text.startswith("3."):
        message = f"version `{shown(version.text)}` of the data model is not read"
        refuse(version, message, "send version 3.6")
    return _function(declarations[0]), declarations[0]


def _function(declaration: Element) -> Kind:
    notes = Notes()
    function = notes.one(declaration, "FunctionCode")
    kind = notes.one(declaration, "TypeCode")
    notes.raise_problems()
    if function is None or not function.text:
        mend = "add 9 for a declaration, 13 for an amendment or cancellation"
        refuse(declaration, "no `FunctionCode`", mend)
    code = kind.text if kind is not None else ""
    if function.text == "9":
        return Kind.EXPORT if code.startswith("EX") else Kind.DECLARATION
    if function.text != "13":
        message = f"function code `{shown(function.text)}` is not read"
        refuse(function, message, "write 9 for a declaration, 13 for what is about an earlier one")
    if code not in _ABOUT_EARLIER:
        mend = "write COR to amend, INV to cancel, GPR to present the goods"
        refuse(kind or declaration, f"type `{shown(code)}` is not read with function 13", mend)
    return _ABOUT_EARLIER[code]


def refuse(at: Element, message: str, mend: str) -> NoReturn:
    """Refuse a message for what stands *at* an element.

    Raises `MalformedError`: always.
    """
    raise malformed(at.path, message, mend, at.line)
