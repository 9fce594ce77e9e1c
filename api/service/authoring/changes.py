"""Changes to a tree: their digest, laying them over it, finding them between two, carrying over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from api.service.authoring.paths import MAX_FILES, check_path, check_text
from api.store.sources import Tree
from engine.declaration.problems import malformed
from engine.evidence.canonical import canonical

Changes = Mapping[str, str | None]
"""The new text of files by path; None where the file goes."""

RULES = "rules/"


class Frozen(Struct, frozen=True, kw_only=True):
    """What a proposal proposes: *changes* to the tree of a *base* release, given by digest."""

    base: str
    changes: dict[str, str | None]

    @property
    def body(self) -> bytes:
        """Its canonical JSON."""
        return canonical(self)

    @property
    def digest(self) -> str:
        """``sha256:`` and the digest of that: the name of the proposal."""
        return digest_of(self.body)


def digest_of(body: bytes) -> str:
    """``sha256:`` and the digest."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def thawed(body: bytes) -> Frozen:
    """What was frozen to *body*."""
    return msgspec.json.decode(body, type=Frozen)


def applied(tree: Tree, changes: Changes) -> dict[str, bytes]:
    """The tree with the changes laid over it."""
    found = dict(tree)
    for path, text in changes.items():
        if text is None:
            found.pop(path, None)
        else:
            found[path] = text.encode()
    return found


def between(before: Tree, after: Tree) -> dict[str, str | None]:
    """The changes that lead from one tree to another.

    Raises `MalformedError` where more than rules and tables differs, or one is no text.
    """
    changes: dict[str, str | None] = {}
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) == after.get(path):
            continue
        if not path.startswith(RULES):
            raise malformed(
                "/tree",
                f"`{path}` differs, and only files under `{RULES}` are written here",
                "publish a change of the ontology from files",
            )
        body = after.get(path)
        if body is None:
            changes[path] = None
            continue
        try:
            changes[path] = body.decode()
        except UnicodeDecodeError:
            raise malformed("/tree", f"`{path}` is no UTF-8 text", "save it as UTF-8") from None
    check(changes, after)
    return changes


def check(changes: Changes, known: Iterable[str]) -> None:
    """Refuse changes that no draft may make. Raises `MalformedError`."""
    if len(changes) > MAX_FILES:
        raise malformed(
            "/changes", f"more than {MAX_FILES} files change at once", "change them in several goes"
        )
    there = {*known, *(path for path, text in changes.items() if text is not None)}
    for path, text in changes.items():
        if text is not None:
            check_path(path, there)
            check_text(text)


def conflicts(changes: Changes, old: Tree, new: Tree) -> tuple[str, ...]:
    """The changed files that differ between two bases, unless the newer says the same already."""

    def meant(path: str) -> bytes | None:
        text = changes[path]
        return None if text is None else text.encode()

    return tuple(
        path
        for path in sorted(changes)
        if old.get(path) != new.get(path) and new.get(path) != meant(path)
    )
