"""Reviews of releases, kept as files: which there are, and how one is made.

A review is known by its release and by what it was made from beside that: the features and this
code. It is made in a process of its own, run as ``python -m api.service.reviews``: a job as JSON on
standard input; on standard output a line of JSON for each step of progress.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from api.service import apart
from api.service.clock import Clock, now
from api.service.releases import file_of, one_of, opened
from api.service.signing_off import fingerprints_of
from api.store import Store
from engine import files
from engine import release as releases
from engine.evidence.signing import Verifier, verifier_of
from engine.language.diagnostics import RefusedError
from engine.prove.record import Record, RecordError
from engine.prove.record import load as load_proofs
from engine.release import Progress, Release
from engine.specs import review as engine_review
from engine.specs.fingerprint import Fingerprint
from engine.specs.mutation import Score, score
from engine.specs.review import Review, Specifications
from engine.specs.world import Ground

Kept = TypeVar("Kept")
FEATURES = Path(__file__).resolve().parents[2] / engine_review.FOLDER
FOLDER = "reviews"
"""Beside the release file."""

PATIENCE = 600.0
"""Seconds that a review may take."""

REMEMBERED = 4
"""Reviews, and releases that do not serve, that a worker keeps in memory."""


class ReviewError(Exception):
    """There is no review, for no fault of the release; the message says why."""


class Job(Struct, frozen=True, kw_only=True):
    """A release file that one of the *trusted* signed, as PEM, to be reviewed by *features*."""

    release: str
    trusted: tuple[str, ...]
    features: str
    on: date
    sources: str
    out: str


Make = Callable[[Job, Progress], None]
"""Writes the review that a job asks for to its *out*. Raises `ReviewError`."""


def made(job: Job, progress: Progress) -> None:
    """What `Make` asks for, in a process of its own."""
    try:
        apart.followed(
            __spec__.name,
            job=msgspec.json.encode(job),
            patience=PATIENCE,
            kind=apart.Line,
            progress=progress,
        )
    except apart.ApartError as error:
        raise ReviewError(f"the review {error}") from None


class Reviews:
    """The reviews of the releases that a store keeps, in a *folder*."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        serving: Release,
        trusted: Sequence[Verifier] = (),
        clock: Clock = now,
        *,
        features: Path | None = None,
        proofs: Path | None = None,
        make: Make = made,
    ) -> None:
        """*serving* is the release in force, *ref* its name; others are opened when asked for.

        *proofs* is the file of what is proved of the one in force, if there is any.
        """
        features = features or FEATURES
        self.ref, self.features = serving.ref, features
        self._serving, self._proofs = serving, proofs
        self._folder, self._store, self._trusted, self._clock = folder, store, trusted, clock
        self._sources, self._make = engine_review.sources(features), make
        self._found: dict[str, Review] = {}
        self._opened: dict[str, Release] = {}
        self._scores: dict[str, Score] = {}
        self._prints: dict[str, dict[str, Fingerprint]] = {}

    def digest(self, name: str | None) -> str:
        """That of the release of that id or digest; of the one in force where none is named.

        Raises `MissingError`: none is kept.
        """
        return self.ref.digest if name is None else one_of(self._store, name).digest

    def release(self, digest: str) -> Release:
        """A kept release. Raises `MissingError`, `ReleaseError`."""
        if digest == self.ref.digest:
            return self._serving
        if digest not in self._opened:
            found = opened(self._store, digest, self._trusted)
            _remember(self._opened, digest, found)
        return self._opened[digest]

    def proofs(self, digest: str) -> Record:
        """What is proved of a release, as it is kept. Raises `RecordError`."""
        if self._proofs is None or digest != self.ref.digest or not self._proofs.exists():
            raise RecordError("No proofs of this release are kept here")
        return load_proofs(self._proofs, self.ref, *self._trusted)

    def found(self, digest: str) -> Review | None:
        """The review of a release, if it was made."""
        if digest not in self._found:
            try:
                review = engine_review.read(self._path(digest).read_bytes())
            except FileNotFoundError:
                return None
            if review is None:
                return None
            _remember(self._found, digest, review)
        return self._found[digest]

    def fingerprints(self, digest: str) -> dict[str, Fingerprint]:
        """What would be signed of each clause by the review of a release; empty without one.

        Raises as `release` does.
        """
        review = self.found(digest)
        if review is None:
            return {}
        if digest not in self._prints:
            rules = {rule.id: rule for rule in self.release(digest).base.rules}
            _remember(self._prints, digest, fingerprints_of(review, rules))
        return self._prints[digest]

    def score(self, digest: str) -> Score:
        """The mutation score of a release, by the examples of its rules: a second when first asked.

        Raises as `release` does.
        """
        if digest not in self._scores:
            release = self.release(digest)
            found = score(release.base, release.vocabulary)
            _remember(self._scores, digest, found)
        return self._scores[digest]

    def make(self, digest: str, progress: Progress) -> Review:
        """Review a release, and keep what comes of it.

        Raises `MissingError`: it is not kept; `ReviewError`: it cannot be done.
        """
        with tempfile.TemporaryDirectory(prefix="commensura-") as folder:
            path, out = Path(folder) / "release.json", Path(folder) / "review.json"
            path.write_bytes(file_of(self._store, digest))
            job = Job(
                release=str(path),
                trusted=tuple(verifier.pem for verifier in self._trusted),
                features=str(self.features),
                on=self._clock().date(),
                sources=self._sources,
                out=str(out),
            )
            self._make(job, progress)
            body = out.read_bytes()
        review = engine_review.read(body)
        if review is None or review.release.digest != digest:
            raise ReviewError("what was written is no review of this release")
        files.replace(self._path(digest), body)
        self._prints.pop(digest, None)
        _remember(self._found, digest, review)
        return review

    def _path(self, digest: str) -> Path:
        key = hashlib.sha256(f"{digest} {self._sources}".encode()).hexdigest()[:32]
        return self._folder / f"{key}.json"


def _remember(kept: dict[str, Kept], name: str, one: Kept) -> None:
    """Keep it in memory, and forget the one that was kept first."""
    while len(kept) >= REMEMBERED:
        kept.pop(next(iter(kept)), None)
    kept[name] = one


def reviewed(job: Job, progress: Progress) -> None:
    """What `Make` asks for, in this process. Raises `ReviewError`."""
    try:
        trusted = [verifier_of(pem.encode("ascii")) for pem in job.trusted]
        release = releases.load(Path(job.release), *trusted)
        specifications = Specifications.read(Path(job.features))
    except (releases.ReleaseError, RefusedError) as error:
        raise ReviewError(str(error)) from None
    ground = Ground.of(release, Path(job.features) / "declarations", releases.decider(release))
    found = engine_review.review(ground, specifications, job.on, progress, sources=job.sources)
    Path(job.out).write_bytes(engine_review.written(found))


def _main() -> None:
    apart.give_way()
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)

    try:
        reviewed(job, apart.tell)
    except ReviewError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    _main()
