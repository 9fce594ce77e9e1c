"""What is kept of one version of a declaration: what was decided on, by what, and the decision.

Each part of a record is written by itself, so that persons can be erased and the rest stands.
Boundary: structures ⇄ parts; where parts are kept is for the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from engine.decide.audience import TraderDecision
from engine.decide.decision import Decision
from engine.declaration.acts import Act
from engine.declaration.declaration import (
    Declaration,
    Known,
    Persons,
    Request,
    persons_of,
    with_persons,
    without_persons,
)
from engine.declaration.lodged import Lodged, Place
from engine.declaration.problems import Report
from engine.declaration.reading import prepare

T = TypeVar("T")

PERSONS = "persons"
"""The part that says who stands behind the goods."""


class Lodging(Struct, frozen=True, kw_only=True):
    """Where XML messages state what: a `Lodged` without its declarations, which stand elsewhere."""

    number: str | None
    places: dict[str, Place]
    reports: tuple[Report, ...]


class Version(Struct, frozen=True, kw_only=True):
    """One version and the decision on it.

    *request* is what was decided on, with the versions that it amends. *lodging* is there where it
    came as XML. *acts* are all that officers had done by then; *by_acts* is true of a decision
    that they, and no new declaration, called for. *first_seen* keys the draw. *told* is the
    decision as its trader sees it. *persons_erased*: they were taken out since.
    """

    request: Request
    lodging: Lodging | None
    acts: tuple[Act, ...]
    by_acts: bool
    first_seen: date
    decision: Decision
    told: TraderDecision
    persons_erased: bool = False

    @property
    def lodged(self) -> Lodged | None:
        """What a later message is laid over, where this version came as XML."""
        if self.lodging is None:
            return None
        return Lodged(
            number=self.lodging.number,
            declaration=self.request.declaration,
            places=self.lodging.places,
            reports=self.lodging.reports,
            earlier=self.request.earlier,
        )


class _Context(Struct, frozen=True, kw_only=True, rename="camel"):
    by_acts: bool
    first_seen: date


prepare(_Context, Declaration, Persons, Known, Lodging, Act, Decision, TraderDecision)


def parts_of(version: Version) -> dict[str, bytes]:
    """The parts of a version, each as JSON; none for what is empty or stands in one before."""
    declaration = version.request.declaration
    parts: dict[str, Any] = {
        "context": _Context(by_acts=version.by_acts, first_seen=version.first_seen),
        "decision": version.decision,
        "told": version.told,
        "acts": version.acts or None,
    }
    if not version.by_acts:
        parts |= {
            "declaration": without_persons(declaration),
            PERSONS: None if (found := persons_of(declaration)) == Persons() else found,
            "known": None if version.request.known == Known() else version.request.known,
            "lodging": version.lodging,
        }
    return {name: msgspec.json.encode(part) for name, part in parts.items() if part is not None}


def version_of(
    parts: Mapping[str, bytes], before: Version | None, *, persons_erased: bool = False
) -> Version:
    """The version that was written to *parts*, after the version *before* it."""
    context = msgspec.json.decode(parts["context"], type=_Context)
    if context.by_acts and before is not None:
        request, lodging = before.request, before.lodging
    else:
        request = Request(
            declaration=_declaration(parts),
            known=_optional(parts, "known", Known) or Known(),
            earlier=() if before is None else (*before.request.earlier, before.request.declaration),
        )
        lodging = _optional(parts, "lodging", Lodging)
    return Version(
        request=request,
        lodging=lodging,
        acts=_optional(parts, "acts", tuple[Act, ...]) or (),
        by_acts=context.by_acts,
        first_seen=context.first_seen,
        decision=msgspec.json.decode(parts["decision"], type=Decision),
        told=msgspec.json.decode(parts["told"], type=TraderDecision),
        persons_erased=persons_erased or (context.by_acts and _erased(before)),
    )


def _erased(version: Version | None) -> bool:
    return version is not None and version.persons_erased


def _declaration(parts: Mapping[str, bytes]) -> Declaration:
    declaration = msgspec.json.decode(parts["declaration"], type=Declaration)
    persons = _optional(parts, PERSONS, Persons)
    return declaration if persons is None else with_persons(declaration, persons)


def _optional(parts: Mapping[str, bytes], name: str, shape: type[T]) -> T | None:
    return msgspec.json.decode(parts[name], type=shape) if name in parts else None
