"""Publishing from files beside the editor: what came into force by consent is not overwritten.

Whoever means to, names by digest the release that goes.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from api.service.authoring import trees
from api.store import StaleError, Store
from api.store.sources import InForce, Origin, Tree, digest_of


class Before(Struct, frozen=True):
    """What was so before a build: the release in force, and the *tree* of files to be built."""

    last: InForce
    tree: Tree


def checked(store: Store, root: Path, over: str | None) -> Before | None:
    """Refuse files that would undo what the editor put in force; None where no files are kept yet.

    *over* is the digest of the release in force, where that is meant. Raises `StaleError`.
    """
    last = store.authoring.in_force()
    if over is not None and (last is None or last.release != over):
        there = "none" if last is None else last.release
        raise StaleError(f"`--over` names {over}, and in force is {there}: read that one first")
    if last is None:
        return None
    before = Before(last, trees.read(root))
    edited = over is None and last.origin is Origin.EDITOR
    if edited and digest_of(store.authoring.tree(last.release)) != digest_of(before.tree):
        raise StaleError(
            f"the release in force, {last.release}, came from the editor, and these files are "
            "others: export its files and change those, or publish over it with "
            f"`--over {last.release}`"
        )
    return before


def enter(store: Store, body: bytes, root: Path, before: Before, at: datetime) -> InForce:
    """Keep the release file that was built from the files under *root*, and put it in force.

    Raises `StaleError` where the files or the release in force changed since.
    """
    if store.authoring.in_force() != before.last or trees.read(root) != before.tree:
        raise StaleError("files or the release in force changed meanwhile: publish again")
    kept = store.keep_release(body, at)
    return store.authoring.keep_tree(kept.digest, before.tree, at)
