"""Amendments: a declaration is decided on what all its versions together state.

What a later version leaves out stays as it was; nothing can be withdrawn by silence.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import reduce
from typing import TypeVar

from msgspec import Raw, Struct
from msgspec.structs import replace

from engine.declaration.declaration import Declaration, Document, Item, fields_of

PartT = TypeVar("PartT", bound=Struct)


def merged(declaration: Declaration, earlier: Iterable[Declaration]) -> Declaration:
    """*declaration* amending the versions *earlier*, oldest first."""
    return reduce(merge, [*earlier, declaration])


def merge(earlier: Declaration, later: Declaration) -> Declaration:
    """*later* with everything that only *earlier* states.

    Goods meet by item number, documents by type and id, facts by name. A document that is
    named again without a status is declared again.
    """
    declaration = _laid_over(earlier, later)
    return replace(
        declaration,
        facts=_facts(earlier, later),
        documents=_united(earlier.documents, later.documents, _document_key, _laid_over),
        goods=_united(earlier.goods, later.goods, lambda item: item.item, _merged_item),
    )


def _merged_item(earlier: Item, later: Item) -> Item:
    return replace(
        _laid_over(earlier, later),
        facts=_facts(earlier, later),
        documents=_united(earlier.documents, later.documents, _document_key, _laid_over),
    )


def _document_key(document: Document) -> Hashable:
    return document.type, document.id


def _laid_over(earlier: PartT, later: PartT) -> PartT:
    """*later*, with what *earlier* says in each field that *later* leaves empty.

    A fact is one thing whether a field or `facts` states it: a later statement under `facts`
    silences the earlier field.
    """
    silenced: set[str] = set()
    if isinstance(later, Declaration | Item):
        silenced = {name for name, fact in fields_of(later).items() if _says(later.facts, fact)}
    kept = {
        name: getattr(earlier, name)
        for name in later.__struct_fields__
        if getattr(later, name) is None and name not in silenced
    }
    return replace(later, **kept)


def _facts(earlier: Declaration | Item, later: Declaration | Item) -> dict[str, Raw]:
    in_fields = {
        fact for name, fact in fields_of(later).items() if getattr(later, name) is not None
    }
    kept = {fact: raw for fact, raw in earlier.facts.items() if fact not in in_fields}
    stated = {fact: raw for fact, raw in later.facts.items() if _says(later.facts, fact)}
    return {**kept, **stated}


def _says(facts: dict[str, Raw], fact: str) -> bool:
    return fact in facts and bytes(facts[fact]) != b"null"


def _united(
    earlier: tuple[PartT, ...],
    later: tuple[PartT, ...],
    key: Callable[[PartT], Hashable],
    meet: Callable[[PartT, PartT], PartT],
) -> tuple[PartT, ...]:
    """The later parts in their order, each over its earlier self, then those no longer named."""
    former = {key(part): part for part in earlier}
    named = {key(part) for part in later}
    met = (meet(former[key(part)], part) if key(part) in former else part for part in later)
    return (*met, *(part for part in earlier if key(part) not in named))
