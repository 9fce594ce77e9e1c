"""Desks for drafts: the files of a base, read once, and one draft's changes laid over them.

Boundary: reads what is kept, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TypeVar

from api.service.authoring.office import changes_of
from api.service.authoring.trees import unfolded
from api.service.releases import opened
from api.store import Store
from api.store.drafts import Draft, State, Version
from engine.desk.desk import Desk
from engine.evidence.signing import Verifier
from engine.language.vocabulary import Vocabulary

KEPT = 2
"""Bases whose desks are kept: the one in force, and that of older drafts."""

DRAFTS = 8
"""Drafts whose desks are kept, at their latest revision: one asks of it at every pause."""

Key = TypeVar("Key")


class Desks:
    """The desks of one process; each base is read when first asked for, a second or two long."""

    def __init__(self, store: Store, trusted: Sequence[Verifier], serving: Vocabulary) -> None:
        """*serving* is the vocabulary of the release that serves, for a base that has the same."""
        self._store, self._trusted, self._serving = store, tuple(trusted), serving
        self._lock, self._reading = Lock(), Lock()
        self._bases: dict[str, Desk] = {}
        self._drafts: dict[tuple[str, int], Desk] = {}

    def of_base(self, release: str) -> Desk:
        """The desk of a release whose files are kept. Raises `MissingError`: they are not."""
        found = self._kept(self._bases, release)
        if found is None:
            # One base is read at a time; who asks for one that is there does not wait for it.
            with self._reading:
                found = self._kept(self._bases, release)
                if found is None:
                    found = self._read(release)
                    self._keep(self._bases, release, found, KEPT)
        return found

    def of_draft(self, draft: Draft, files: dict[str, Version]) -> Desk:
        """The desk of a draft as it stands."""
        key = draft.id, draft.revision
        found = self._kept(self._drafts, key)
        if found is None:
            changes = changes_of(files.values())
            found = self.of_base(draft.base).changed(encoded(changes))
            self._keep(self._drafts, key, found, DRAFTS)
        return found

    def _kept(self, held: dict[Key, Desk], key: Key) -> Desk | None:
        """What is kept under *key*, which is then the last to go."""
        with self._lock:
            found = held.pop(key, None)
            if found is not None:
                held[key] = found
            return found

    def _keep(self, held: dict[Key, Desk], key: Key, desk: Desk, most: int) -> None:
        with self._lock:
            held.pop(key, None)
            while len(held) >= most:
                del held[next(iter(held))]
            held[key] = desk
            # A desk of a draft would keep a base that went.
            for draft, other in list(self._drafts.items()):
                if other.in_force not in self._bases.values() and other is not desk:
                    del self._drafts[draft]

    def _read(self, release: str) -> Desk:
        tree = self._store.authoring.tree(release)
        vocabulary = opened(self._store, release, self._trusted).vocabulary
        if vocabulary == self._serving:
            vocabulary = self._serving  # one copy is enough
        with unfolded(tree) as folder:
            return Desk.of(folder, vocabulary)


def encoded(changes: dict[str, str | None]) -> dict[str, bytes | None]:
    """Changes of text as changes of bytes."""
    return {path: None if text is None else text.encode() for path, text in changes.items()}


def text_of(desk: Desk, path: str, files: dict[str, Version]) -> str | None:
    """The text of a file as a draft has it; None where it has none."""
    if path in files and files[path].state is not State.BASE:
        return files[path].text
    body = desk.tree.get(path)
    return None if body is None else body.decode()
