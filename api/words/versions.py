"""The versions of a declaration, latest first, and what each changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from api.service.comparing import Difference, differing
from api.service.history import History, Kept
from api.words.saying import spoken
from engine.declaration.declaration import Declaration, Request
from engine.declaration.versions import merged
from engine.language.vocabulary import Vocabulary


@dataclass(frozen=True)
class Change:
    """One value of the declaration, as it was and as it is; None where it is not stated."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class VersionView:
    """One version: why it came about, what was decided, what had changed."""

    id: str
    number: int
    recorded: datetime
    by_acts: bool
    channel: str
    status: str
    current: bool
    changes: tuple[Change, ...]


def declared(request: Request) -> Declaration:
    """What all versions up to this one together declare."""
    return merged(request.declaration, request.earlier)


def versions(whole: History, shown: Kept, vocabulary: Vocabulary) -> tuple[VersionView, ...]:
    """All versions of the declaration, latest first; *shown* is the one on the page."""
    found = []
    before: Kept | None = None
    for kept in whole.kept:
        version = kept.version
        found.append(
            VersionView(
                id=version.decision.id,
                number=version.decision.version,
                recorded=kept.stored.record.at,
                by_acts=version.by_acts,
                channel=str(version.decision.channel),
                status=vocabulary.label(version.decision.status),
                current=kept is shown,
                changes=() if before is None else _changes(before, kept),
            )
        )
        before = kept
    return tuple(reversed(found))


def _changes(before: Kept, after: Kept) -> tuple[Change, ...]:
    if after.version.by_acts:
        return ()
    sides = (_plain(declared(one.version.request)) for one in (before, after))
    return tuple(map(_change, differing(*sides)))


def _plain(declaration: Declaration) -> Any:
    """The declaration as plain data, its lists by what names their parts."""
    plain = msgspec.json.decode(msgspec.json.encode(declaration))
    plain["item"] = {str(item.pop("item")): _by_document(item) for item in plain.pop("goods")}
    return _by_document(plain)


def _by_document(part: dict[str, Any]) -> dict[str, Any]:
    documents = part.pop("documents", None) or ()
    part["document"] = {f"{one['type']} {one['id']}": one["status"] for one in documents}
    return part


def _change(one: Difference) -> Change:
    parts = [part.replace("~1", "/").replace("~0", "~") for part in one.pointer.split("/")[1:]]
    words = [spoken(part) if part.isalpha() else part for part in parts if part != "facts"]
    return Change(what=" ".join(words), before=_said(one.before), after=_said(one.after))


def _said(value: Any) -> str | None:
    if value in (None, "", {}, []):
        return None
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(
                f"{spoken(k)} {v}" for k, v in value.items() if v not in (None, {}, [])
            )
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
