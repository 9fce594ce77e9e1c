"""The shapes of what is shown of terms and facts, on pages and as JSON.

Boundary: plain data; `terms` fills them.
"""

from __future__ import annotations

from datetime import date

from api.lines import Line, Ref
from api.words.details import Code, Detail
from api.words.hierarchy import Branch
from api.words.uses import Use
from engine.decide.decision import Shape


class Asked(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A fact that a definition asks for."""

    id: str
    label: str
    definition: str
    unit: str | None = None


class Law(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A regulation with its standing towards a term: *through* which other terms, if any."""

    id: str
    label: str
    role: str
    citation: str | None = None
    href: str | None = None
    status: str | None = None
    checked: date | None = None
    through: tuple[Ref, ...] = ()


class Definition(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A class whose definition, or what it implies, names a term or a wider one."""

    id: str
    label: str
    through: Ref | None = None


class Bar(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A class of which nothing of this class can be, and the wider class that rules it out."""

    id: str
    label: str
    through: Ref | None = None


class TermPage(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """One term.

    *law* concerns all that is of the term, *partly* only some. *undisclosed* counts the rules of
    the whole release that are for agencies only, whatever terms they use.
    """

    id: str
    kind: str
    label: str
    definition: str
    citation: str | None = None
    notation: str | None = None
    means: tuple[Line, ...] = ()
    implies: tuple[Line, ...] = ()
    above: tuple[Branch, ...] = ()
    equals: tuple[Ref, ...] = ()
    below: tuple[Branch, ...] = ()
    disjoint: tuple[Bar, ...] = ()
    codes: tuple[Code, ...] = ()
    asks: tuple[Asked, ...] = ()
    scale: Ref | None = None
    stated: tuple[Ref, ...] = ()
    details: tuple[Detail, ...] = ()
    law: tuple[Law, ...] = ()
    partly: tuple[Law, ...] = ()
    rules: tuple[Use, ...] = ()
    undisclosed: int = 0
    definitions: tuple[Definition, ...] = ()
    dossiers: tuple[Ref, ...] = ()


class FactPage(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """One fact: what it may be, who may state it, and what asks for it."""

    id: str
    label: str
    definition: str
    type: str
    source: str
    scope: str
    citation: str | None = None
    unit: Ref | None = None
    minimum: str | None = None
    maximum: str | None = None
    range: str | None = None
    order: tuple[Ref, ...] = ()
    domain: tuple[Ref, ...] = ()
    details: tuple[Detail, ...] = ()
    rules: tuple[Use, ...] = ()
    undisclosed: int = 0
    definitions: tuple[Definition, ...] = ()
