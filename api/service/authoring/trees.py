"""Trees and folders: read from one, written to one, and the first tree of a store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.service.clock import Clock
from api.store import MissingError, Store
from api.store.sources import InForce, Tree
from engine import publication
from engine.declaration.problems import malformed
from engine.language.diagnostics import RefusedError
from engine.publication import MismatchError
from engine.release import Release


def read(root: Path) -> dict[str, bytes]:
    """The files under *root* that a release is made from, by path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in publication.content(root)
    }


def write(tree: Tree, folder: Path) -> None:
    """Write a tree to a folder that is empty or not there yet. Raises `MalformedError`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise malformed("/folder", f"{folder} holds something", "name a folder that is empty")
    for path, body in tree.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


@contextmanager
def unfolded(tree: Tree) -> Iterator[Path]:
    """A folder with that tree, for a while."""
    with tempfile.TemporaryDirectory(prefix="commensura-") as folder:
        write(tree, Path(folder))
        yield Path(folder)


def seeded(store: Store, release: Release, root: Path, clock: Clock) -> InForce:
    """Keep the files under *root* as the tree of the release that serves, once.

    Raises `MissingError`, which says what to do, where they are not what it was made from.
    """
    digest = release.ref.digest
    last = store.authoring.in_force()
    if last is not None and last.release == digest:
        return last
    tree = read(root)
    try:
        with unfolded(tree) as folder:
            publication.match(release, folder)
    except (MismatchError, RefusedError, OSError) as error:
        raise MissingError(
            f"the files under {root} are not those of the release {release.ref.id} that serves "
            f"({error}): put its files there, or publish from these with `commensura publish`; "
            "nothing can be drafted before"
        ) from None
    return store.authoring.keep_tree(digest, tree, clock())
