"""Building the release of a draft: in a process that lives for one job, with progress and bounds.

Run as ``python -m api.service.authoring.building``: a job as JSON on standard input; on standard
output a line of JSON for each step of progress, and the report as the last one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from api.service import apart
from api.service.authoring import trees
from api.service.authoring.touching import Side, Touched, touched
from api.store.sources import Tree
from engine import release as releases
from engine.language.base import RuleBase, read_base
from engine.language.diagnostics import Diagnostic, RefusedError
from engine.language.source import read_source

PATIENCE = 300.0
"""Seconds that a build may take."""

Progress = Callable[[str, int, int], None]
"""Told the step, what of it is done, and how much there is."""


class Built(Struct, frozen=True, kw_only=True):
    """What came of a build: warnings, or the errors for which there is no release.

    *release* is its canonical JSON, not signed yet; *touched* is there where it is.
    """

    diagnostics: tuple[Diagnostic, ...]
    touched: Touched | None = None
    release: bytes | None = None


class Build(Protocol):
    """Builds the release of a tree, and compares it with the tree of its base."""

    def __call__(
        self, tree: Tree, base: Tree, day: date, progress: Progress, reasoner: str | None
    ) -> Built:
        """Check everything, let both engines agree. Raises `BuildError` where it cannot be done.

        *reasoner* says what classified the ontology of the base: where it is the same in both, a
        slow second classifier is not asked again.
        """


class BuildError(Exception):
    """The release could not be built, for no fault of the draft; the message says why."""


class _Job(Struct, frozen=True, kw_only=True):
    root: str
    base: str
    day: date
    release: str
    paths: tuple[str, ...]
    reasoner: str | None

    @property
    def known(self) -> str | None:
        """What classified the ontology before, if it is the same."""
        return None if any(path.startswith("ontology/") for path in self.paths) else self.reasoner


class _Line(apart.Line, frozen=True, kw_only=True, omit_defaults=True):
    """What came of it."""

    diagnostics: tuple[Diagnostic, ...] = ()
    touched: Touched | None = None


def built(
    tree: Tree,
    base: Tree,
    day: date,
    progress: Progress = releases.silent,
    reasoner: str | None = None,
    *,
    run: int | None = None,
) -> Built:
    """What `Build` asks for, in a process of its own. *run*: other items of the agreement run."""
    with (
        tempfile.TemporaryDirectory(prefix="commensura-") as folder,
        trees.unfolded(tree) as root,
        trees.unfolded(base) as former,
    ):
        release = Path(folder) / "release"
        job = _Job(
            root=str(root),
            base=str(former),
            day=day,
            release=str(release),
            paths=tuple(sorted(p for p in tree.keys() | base.keys() if tree.get(p) != base.get(p))),
            reasoner=reasoner,
        )
        last = _followed(job, [] if run is None else [str(run)], progress)
        return Built(
            diagnostics=last.diagnostics,
            touched=last.touched,
            release=release.read_bytes() if release.exists() else None,
        )


def _followed(job: _Job, arguments: list[str], progress: Progress) -> _Line:
    try:
        return apart.followed(
            __spec__.name,
            *arguments,
            job=msgspec.json.encode(job),
            patience=PATIENCE,
            kind=_Line,
            progress=progress,
        )
    except apart.ApartError as error:
        raise BuildError(f"the build {error}") from None


def _main() -> None:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=_Job)
    run = int(sys.argv[1]) if len(sys.argv) > 1 else releases.AGREEMENT_RUN

    try:
        release, warnings = releases.build(
            Path(job.root), job.day, apart.tell, run=run, reasoner=job.known
        )
        former = read_base(Path(job.base) / "rules", release.vocabulary).base
        before = Side(former, _tables(Path(job.base), former))
        after = Side(release.base, _tables(Path(job.root), release.base))
    except RefusedError as error:
        apart.say(_Line(diagnostics=error.diagnostics))
        return
    Path(job.release).write_bytes(releases.spoken(release))
    found = touched(before, after, release.vocabulary, job.paths)
    apart.say(_Line(diagnostics=tuple(warnings), touched=found))


def _tables(root: Path, base: RuleBase) -> dict[str, str]:
    """The file with rows of each table, by the id of the table, as a path from the root."""
    found = {}
    for table in {rule.table for rule in base.rules if rule.id != rule.table}:
        path = root / "rules" / f"{table}.toml"
        rows = path.parent / read_source(path, path.name).content["table"]["rows"]
        found[table] = rows.relative_to(root).as_posix()
    return found


if __name__ == "__main__":
    _main()
